//! What the keywords of one schema say, read from the document.

use serde_json::{Map, Value};

use super::{
    ANY, SchemaRef, Type,
    atom::{Additional, Arrays, Count, Kind, Numbers, Texts},
    number::{Bound, Num, Range, range_of},
    text,
};

/// A schema and its keywords.
#[derive(Clone, Copy)]
pub(super) struct Keywords<'s, 'd> {
    pub(super) schema: &'s SchemaRef<'d>,
    pub(super) members: &'d Map<String, Value>,
}

impl<'d> Keywords<'_, 'd> {
    pub(super) fn get(&self, keyword: &str) -> Option<&'d Value> {
        self.members.get(keyword)
    }

    pub(super) fn list(&self, keyword: &str) -> &'d [Value] {
        self.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn has_list(&self, keyword: &str) -> bool {
        self.get(keyword).is_some_and(Value::is_array)
    }

    /// The schemas that a keyword lists.
    pub(super) fn parts(&self, keyword: &str) -> impl Iterator<Item = SchemaRef<'d>> {
        let parts = self.list(keyword).iter().enumerate();
        parts.map(move |(index, part)| self.schema.item(keyword, index, part))
    }

    /// The schema that a keyword has.
    pub(super) fn part(&self, keyword: &str) -> Option<SchemaRef<'d>> {
        Some(self.schema.member(keyword, self.get(keyword)?))
    }

    /// What properties that are not named may be.
    pub(super) fn additional(&self) -> Additional<'d> {
        match self.get("additionalProperties") {
            Some(Value::Bool(false)) => Additional::Closed,
            Some(value @ Value::Object(members)) if !members.is_empty() => {
                Additional::Typed(Type::of(self.schema.member("additionalProperties", value)))
            }
            _ => Additional::Open,
        }
    }

    /// `nullable`, or a `null` among the listed values, which some write beside a `type`.
    pub(super) fn is_nullable(&self) -> bool {
        self.get("nullable") == Some(&Value::Bool(true)) || self.list("enum").contains(&Value::Null)
    }

    /// Whether values of this kind are accepted, by `type` alone.
    pub(super) fn names_kind(&self, kind: Kind) -> bool {
        let Some(named) = self.get("type") else { return true };
        match kind {
            Kind::Null => names_type(named, "null"),
            Kind::Boolean => names_type(named, "boolean"),
            Kind::Number => names_type(named, "number") || names_type(named, "integer"),
            Kind::Text => names_type(named, "string"),
            Kind::Array => names_type(named, "array"),
            Kind::Object => names_type(named, "object"),
        }
    }

    pub(super) fn count(&self, min: &str, max: &str) -> Count {
        let number = |name| self.get(name).and_then(whole);
        Count { min: number(min).unwrap_or(0), max: number(max) }
    }

    pub(super) fn numbers(&self) -> Numbers {
        let integer = self
            .get("type")
            .is_some_and(|named| names_type(named, "integer") && !names_type(named, "number"));
        let bound = |name: &str, exclusive: &str| {
            let at = self.get(name).and_then(Num::of)?;
            Some(Bound::new(at, self.get(exclusive) == Some(&Value::Bool(true))))
        };
        let mut range = Range {
            min: bound("minimum", "exclusiveMinimum"),
            max: bound("maximum", "exclusiveMaximum"),
        };
        if integer {
            let format = self.get("format").and_then(Value::as_str).and_then(range_of);
            range = range.of_whole_numbers().and(format.unwrap_or_default());
        }
        let step = self.get("multipleOf").and_then(Num::of);
        // The multiples of a whole number are whole.
        let whole = step.is_some_and(|step| matches!(step, Num::Whole(step) if step != 0));
        if whole {
            range = range.of_whole_numbers();
        }
        Numbers { integer: integer || whole, range, multiple_of: step.into_iter().collect() }
    }

    pub(super) fn texts(&self) -> Texts<'d> {
        let text = |name| self.get(name).and_then(Value::as_str);
        let pattern = text("pattern").filter(|it| !text::matches_everything(it));
        Texts {
            length: self.count("minLength", "maxLength"),
            patterns: pattern.into_iter().collect(),
            formats: text("format").into_iter().collect(),
        }
    }

    pub(super) fn arrays(&self) -> Arrays<'d> {
        let items = self.part("items").unwrap_or_else(|| self.schema.implied(&ANY));
        Arrays {
            items: Type::of(items),
            count: self.count("minItems", "maxItems"),
            unique: self.get("uniqueItems") == Some(&Value::Bool(true)),
        }
    }
}

/// Whether the value of `type` names this one.
fn names_type(named: &Value, name: &str) -> bool {
    match named {
        Value::String(named) => named == name,
        // Not OpenAPI 3.0, but clear.
        Value::Array(several) => several.iter().any(|named| named == name),
        _ => false,
    }
}

/// A count; some write `10.0`.
fn whole(value: &Value) -> Option<u64> {
    match Num::of(value)? {
        Num::Whole(whole) => u64::try_from(whole).ok(),
        Num::Real(_) => None,
    }
}
