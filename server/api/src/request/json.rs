//! Bodies in JSON, strictly (RFC 8259): one value and nothing after it, no member of an object
//! twice, no unknown member.
//!
//! Two steps: the text becomes a tree; the tree becomes the value, with errors that point at the
//! place and do not repeat what stands there.

use std::{fmt, fmt::Write};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::Number;
use serde_path_to_error::{Path, Segment};

use super::{
    InvalidInput,
    refusal::{LONGEST_NAME, Refusal},
};

/// Reads the value that a text is.
pub(super) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, InvalidInput> {
    let tree = parse(text)?;
    serde_path_to_error::deserialize(tree).map_err(|error| {
        let mut param = pointer(error.path());
        let Refusal { field, message } = error.into_inner();
        // The path of a member that there should not be is its own, that of one that is missing
        // is that of the object.
        let mut at_field = String::new();
        push(&mut at_field, field.as_deref().unwrap_or_default());
        if field.is_some() && !param.ends_with(&at_field) {
            param.push_str(&at_field);
        }
        InvalidInput { param, message }
    })
}

fn parse(text: &[u8]) -> Result<Tree, InvalidInput> {
    serde_json::from_slice(text)
        .map_err(|error| InvalidInput { param: String::new(), message: not_json(&error) })
}

/// Where and why a text is no JSON. The messages of the parser for these cases are fixed texts.
fn not_json(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "is not JSON: it ends too early".to_owned();
    }
    // A line of a file has a number of its own.
    let reason = error.to_string().replace(" at line 1 column ", " at column ");
    format!("is not JSON that can be read: {reason}")
}

/// The path as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                let _ = write!(pointer, "/{index}");
            }
            Segment::Map { key } => push(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// A member that is none of ours may have a name of any length, of which enough is repeated.
fn push(pointer: &mut String, member: &str) {
    let member: String = member.chars().take(LONGEST_NAME).collect();
    pointer.push('/');
    pointer.push_str(&member.replace('~', "~0").replace('/', "~1"));
}

/// A JSON value.
enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = array.next_element()? {
            items.push(item);
        }
        Ok(Tree::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let mut members: Vec<(String, Tree)> = Vec::new();
        while let Some(member) = object.next_entry::<String, Tree>()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

/// The name of a member that an object has more than once.
fn repeated(members: &[(String, Tree)]) -> Option<&str> {
    let mut names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.array_windows().find_map(|[a, b]| (a == b).then_some(*a))
}

/// Puts the members that a struct declares in the order of the declaration, before all others:
/// one of them may say what the others are.
fn put_first(members: &mut [(String, Tree)], declared: &[&str]) {
    let mut waiting = members;
    for name in declared {
        if let Some(place) = waiting.iter().position(|(member, _)| member == name) {
            waiting[..=place].rotate_right(1);
            waiting = &mut waiting[1..];
        }
    }
}

impl IntoDeserializer<'_, Refusal> for Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), ..) => visitor.visit_u64(value),
                (None, Some(value), _) => visitor.visit_i64(value),
                (None, None, value) => visitor.visit_f64(value.unwrap_or(f64::NAN)),
            },
            Self::Text(text) => visitor.visit_string(text),
            Self::Array(items) => {
                visitor.visit_seq(SeqDeserializer::<_, Refusal>::new(items.into_iter()))
            }
            Self::Object(members) => {
                if let Some(name) = repeated(&members) {
                    return Err(Refusal::repeated(name));
                }
                visitor.visit_map(MapDeserializer::<_, Refusal>::new(members.into_iter()))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    /// A body is an object where a struct is wanted: serde would take an array too.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match self {
            Self::Object(mut members) => {
                put_first(&mut members, fields);
                Self::Object(members).deserialize_any(visitor)
            }
            _ => Err(Refusal::custom("expected a JSON object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match self {
            Self::Text(name) => visitor.visit_enum(name.into_deserializer()),
            _ => Err(Refusal::custom("expected a string")),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Self::Array(_) => self.deserialize_any(visitor),
            _ => Err(Refusal::custom("expected an array")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
