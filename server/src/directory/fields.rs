//! The fields of one JSON object, taken one by one.
//!
//! Serde's own messages repeat what they could not read. These records are about people, so
//! their faults name the field and what was expected, and nothing else.

use std::{fmt, str::FromStr};

use customers_types::given::Given;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, error::Category};

/// A field that is at fault, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldFault {
    pub(super) field: String,
    pub(super) reason: String,
}

impl FieldFault {
    pub(super) fn new(field: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), reason: reason.into() }
    }
}

/// The fields that were not taken yet.
pub(super) struct Fields(Vec<(String, Value)>);

impl Fields {
    /// Reads a JSON object; the error says why the text is none.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(text).map_err(|error| match error.classify() {
            Category::Data => "is not a JSON object".to_owned(),
            Category::Eof => "is not a JSON object: it ends too early".to_owned(),
            Category::Syntax | Category::Io => {
                format!("is not a JSON object: wrong at column {}", error.column())
            }
        })
    }

    /// A field that has to be there.
    pub(super) fn required<T>(&mut self, name: &str) -> Result<T, FieldFault>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        self.optional(name)?.ok_or_else(|| FieldFault::new(name, "is required"))
    }

    /// A field that may be left out, but not be null.
    pub(super) fn optional<T>(&mut self, name: &str) -> Result<Option<T>, FieldFault>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        match self.given(name)? {
            Given::LeftOut => Ok(None),
            Given::Value(value) => Ok(Some(value)),
            Given::Cleared => Err(FieldFault::new(name, "can't be null: leave it out")),
        }
    }

    /// A field that may be left out or be null.
    pub(super) fn given<T>(&mut self, name: &str) -> Result<Given<T>, FieldFault>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        match self.take(name)? {
            None => Ok(Given::LeftOut),
            Some(Value::Null) => Ok(Given::Cleared),
            Some(Value::String(text)) => {
                let value = text
                    .parse()
                    .map_err(|error: T::Err| FieldFault::new(name, error.to_string()))?;
                Ok(Given::Value(value))
            }
            Some(_) => Err(FieldFault::new(name, "expected a string")),
        }
    }

    /// A list of names; empty if the field is left out.
    pub(super) fn list<T, C>(&mut self, name: &str) -> Result<C, FieldFault>
    where
        T: FromStr,
        T::Err: fmt::Display,
        C: FromIterator<T>,
    {
        let items = match self.take(name)? {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(FieldFault::new(name, "expected an array of strings")),
        };
        let item = |(index, item): (usize, Value)| {
            let at = format!("{name}/{index}");
            let text = item.as_str().ok_or_else(|| FieldFault::new(&at, "expected a string"))?;
            text.parse().map_err(|error: T::Err| FieldFault::new(&at, error.to_string()))
        };
        items.into_iter().enumerate().map(item).collect()
    }

    /// Whether the field is there and true.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, FieldFault> {
        match self.take(name)? {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(FieldFault::new(name, "expected true or false")),
        }
    }

    /// Refuses what was not taken, unless it is one of these: there is no such field.
    pub(super) fn finish_among(self, known: &[&str]) -> Result<(), FieldFault> {
        let unknown = self.0.into_iter().find(|(name, _)| !known.contains(&name.as_str()));
        match unknown {
            None => Ok(()),
            Some((name, _)) => Err(FieldFault::new(&name, "this type of record has no such field")),
        }
    }

    fn take(&mut self, name: &str) -> Result<Option<Value>, FieldFault> {
        let Some(index) = self.0.iter().position(|(field, _)| field == name) else {
            return Ok(None);
        };
        let (_, value) = self.0.swap_remove(index);
        if self.0.iter().any(|(field, _)| field == name) {
            return Err(FieldFault::new(name, "is given more than once"));
        }
        Ok(Some(value))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}
