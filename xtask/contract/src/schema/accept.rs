//! Does a schema accept a value?

use serde_json::{Map, Value};

use super::{
    SchemaRef, Schemas, Type,
    atom::{Additional, Kind},
    keyword::Keywords,
    number::Num,
    text,
};
use crate::verdict::Direction;

/// Three-valued: `None` where it can't be told, such as for a pattern that can't be read.
pub(crate) type Answer = Option<bool>;

/// True if all are, false if one is not.
pub(crate) fn all(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

/// Items of arrays and properties of objects beyond these are not looked at, but for their number.
const MOST_MEMBERS: usize = 2000;

impl<'d> Schemas<'d> {
    /// Whether the type accepts a value that travels in this direction.
    pub(crate) fn accepts(&self, ty: &Type<'d>, value: &Value, direction: Direction) -> Answer {
        all(ty.parts.iter().map(|part| self.schema_accepts(part, value, direction)))
    }

    fn schema_accepts(
        &self,
        schema: &SchemaRef<'d>,
        value: &Value,
        direction: Direction,
    ) -> Answer {
        let schema = self.resolve(schema);
        let members = match schema.value {
            Value::Bool(any) => return Some(*any),
            Value::Object(members) if !members.contains_key("$ref") => members,
            _ => return None,
        };
        if !self.step() {
            return None;
        }
        let keywords = Keywords { schema: &schema, members };
        self.deeper(|| {
            if value.is_null() && keywords.is_nullable() {
                return Some(true);
            }
            let own = self.own_accepts(keywords, value, direction);
            if own == Some(false) {
                return own;
            }
            all([own, self.composition_accepts(keywords, value, direction)])
        })
        .flatten()
    }

    fn composition_accepts(
        &self,
        keywords: Keywords<'_, 'd>,
        value: &Value,
        direction: Direction,
    ) -> Answer {
        let each = |keyword| {
            keywords.parts(keyword).map(|part| self.schema_accepts(&part, value, direction))
        };
        let mut answer = all(each("allOf"));
        if keywords.has_list("anyOf") {
            let refused = all(each("anyOf").map(|answer| answer.map(|it| !it)));
            answer = all([answer, refused.map(|it| !it)]);
        }
        if keywords.has_list("oneOf") {
            answer = all([answer, exactly_one(each("oneOf"))]);
        }
        if let Some(not) = keywords.part("not") {
            let not = self.schema_accepts(&not, value, direction);
            answer = all([answer, not.map(|it| !it)]);
        }
        answer
    }

    fn own_accepts(
        &self,
        keywords: Keywords<'_, 'd>,
        value: &Value,
        direction: Direction,
    ) -> Answer {
        if !keywords.names_kind(Kind::of(value)) {
            return Some(false);
        }
        if let Some(values) = keywords.get("enum").and_then(Value::as_array) {
            // To look through a long list takes as long as some steps.
            if !self.steps(values.len() / 16) {
                return None;
            }
            if !values.iter().any(|listed| equal(listed, value)) {
                return Some(false);
            }
        }
        match value {
            Value::Number(_) => Some(number_accepts(keywords, value)),
            Value::String(value) => self.text_accepts(keywords, value),
            Value::Array(items) => self.array_accepts(keywords, items, direction),
            Value::Object(given) => self.object_accepts(keywords, given, direction),
            Value::Null | Value::Bool(_) => Some(true),
        }
    }

    fn text_accepts(&self, keywords: Keywords<'_, '_>, value: &str) -> Answer {
        let texts = keywords.texts();
        if !texts.length.has(value.chars().count() as u64) {
            return Some(false);
        }
        let formats = texts.formats.iter().filter_map(|format| text::is_of_format(format, value));
        let patterns = texts.patterns.iter().map(|pattern| self.texts.matches(pattern, value));
        all(formats.map(Some).chain(patterns))
    }

    fn array_accepts(
        &self,
        keywords: Keywords<'_, 'd>,
        values: &[Value],
        direction: Direction,
    ) -> Answer {
        if !keywords.count("minItems", "maxItems").has(values.len() as u64) {
            return Some(false);
        }
        if keywords.get("uniqueItems") == Some(&Value::Bool(true)) && has_twins(values) {
            return Some(false);
        }
        let Some(items) = keywords.part("items").map(Type::of) else { return Some(true) };
        let looked_at = values.iter().take(MOST_MEMBERS);
        all(looked_at.map(|value| self.part_accepts(&items, value, direction)))
    }

    fn object_accepts(
        &self,
        keywords: Keywords<'_, 'd>,
        given: &Map<String, Value>,
        direction: Direction,
    ) -> Answer {
        if !keywords.count("minProperties", "maxProperties").has(given.len() as u64) {
            return Some(false);
        }
        if !self.steps(given.len()) {
            return None;
        }
        let schema = keywords.schema;
        let pointer = schema.pointer.join("properties");
        let declared = keywords.get("properties").and_then(Value::as_object);
        let property = |name: &str| {
            let value = declared?.get(name)?;
            let property = SchemaRef { side: schema.side, pointer: pointer.join(name), value };
            Some(property).filter(|property| self.travels(property, direction))
        };
        let is_declared = |name: &str| declared.is_some_and(|it| it.contains_key(name));
        let is_missing = |name: &str| {
            !given.contains_key(name) && (!is_declared(name) || property(name).is_some())
        };
        if keywords.list("required").iter().filter_map(Value::as_str).any(is_missing) {
            return Some(false);
        }
        let additional = keywords.additional();
        all(given.iter().take(MOST_MEMBERS).map(|(name, value)| {
            match (property(name), &additional) {
                (Some(property), _) => self.part_accepts(&Type::of(property), value, direction),
                (None, Additional::Open) => Some(true),
                (None, Additional::Closed) => Some(false),
                (None, Additional::Typed(typed)) => self.part_accepts(typed, value, direction),
            }
        }))
    }
}

fn number_accepts(keywords: Keywords<'_, '_>, value: &Value) -> bool {
    let numbers = keywords.numbers();
    let Some(value) = Num::of(value) else { return false };
    (!numbers.integer || value.is_whole())
        && numbers.range.has(value)
        && numbers.multiple_of.iter().all(|step| value.is_multiple_of(*step))
}

fn exactly_one(answers: impl Iterator<Item = Answer>) -> Answer {
    let (mut yes, mut open) = (0_usize, false);
    for answer in answers {
        match answer {
            Some(true) => yes += 1,
            Some(false) => {}
            None => open = true,
        }
    }
    match (yes, open) {
        (0 | 1, true) => None,
        (1, false) => Some(true),
        _ => Some(false),
    }
}

fn has_twins(values: &[Value]) -> bool {
    let looked_at = &values[..values.len().min(100)];
    looked_at
        .iter()
        .enumerate()
        .any(|(at, one)| looked_at[..at].iter().any(|other| equal(one, other)))
}

/// `1` and `1.0` are the same number, wherever they stand.
pub(crate) fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has = |(name, value)| other.get(name).is_some_and(|it| equal(value, it));
            one.len() == other.len() && one.iter().all(has)
        }
        _ => match (Num::of(one), Num::of(other)) {
            (Some(one), Some(other)) => one.compare(other).is_eq(),
            _ => one == other,
        },
    }
}
