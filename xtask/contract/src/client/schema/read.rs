//! Reads schemas out of a document.

use std::borrow::Cow;

use serde_json::Value;

use super::{Array, Form, Kind, Number, Object, Schema, Text};
use crate::client::place::Place;

/// How deep schemas may stand in one another; what is deeper is not looked into.
const MAX_DEPTH: usize = 100;

/// Reads the schema that stands at this place.
pub(in crate::client) fn read<'a>(value: &'a Value, place: &Place<'a>) -> Schema<'a> {
    schema(value, place, MAX_DEPTH)
}

fn schema<'a>(value: &'a Value, place: &Place<'a>, depth: usize) -> Schema<'a> {
    let mut form = Form { place: place.clone(), raw: Some(value), ..Form::default() };
    let Some(members) = value.as_object() else {
        form.problem = Some("a schema is no object");
        return form.into();
    };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        form.reference = Some(reference);
        return form.into();
    }
    let Some(depth) = depth.checked_sub(1) else {
        form.problem = Some("its schemas stand too deep in one another");
        return form.into();
    };
    let mut found = Members::default();
    for (name, value) in members {
        found.take(&mut form, (name, value), place, depth);
    }
    found.finish(form)
}

/// What is read of a schema before it is known whether there is anything of its kind.
#[derive(Default)]
struct Members<'a> {
    kind: Option<&'a Value>,
    nullable: bool,
    exclusive_minimum: bool,
    exclusive_maximum: bool,
    number: Number,
    text: Text<'a>,
    array: Array<'a>,
    object: Object<'a>,
}

impl<'a> Members<'a> {
    fn take(
        &mut self,
        form: &mut Form<'a>,
        (name, value): (&'a str, &'a Value),
        place: &Place<'a>,
        depth: usize,
    ) {
        let list = || value.as_array().filter(|items| !items.is_empty());
        let inner = || schema(value, &place.member(name), depth);
        let parts = || {
            let place = place.member(name);
            let part = |(index, part)| schema(part, &place.item(index), depth);
            list().map(|parts| parts.iter().enumerate().map(part).collect())
        };
        match name {
            "type" => self.kind = Some(value),
            "nullable" => self.nullable = value.as_bool().unwrap_or(false),
            "title" => (form.title, form.annotated) = (value.as_str(), true),
            "default" => (form.default, form.annotated) = (Some(value), true),
            "description" | "deprecated" | "readOnly" | "writeOnly" | "example" => {
                form.annotated = true;
            }
            "format" => form.format = value.as_str(),
            "enum" => form.values = list().map(|values| values.iter().collect()),
            "allOf" => form.all_of = parts(),
            "anyOf" => form.any_of = parts(),
            "oneOf" => form.one_of = parts(),
            "not" => form.not = Some(inner()),
            "minimum" => self.number.minimum = value.as_f64(),
            "maximum" => self.number.maximum = value.as_f64(),
            "exclusiveMinimum" => self.exclusive_minimum = value.as_bool().unwrap_or(false),
            "exclusiveMaximum" => self.exclusive_maximum = value.as_bool().unwrap_or(false),
            "multipleOf" => self.number.multiple_of = value.as_f64(),
            "minLength" => self.text.min_length = value.as_u64(),
            "maxLength" => self.text.max_length = value.as_u64(),
            "pattern" => self.text.pattern = value.as_str().map(Cow::Borrowed),
            "items" => self.array.items = Some(inner()),
            "minItems" => self.array.min_items = value.as_u64(),
            "maxItems" => self.array.max_items = value.as_u64(),
            "uniqueItems" => self.array.unique = value.as_bool().filter(|unique| *unique),
            "minProperties" => self.object.min_properties = value.as_u64(),
            "maxProperties" => self.object.max_properties = value.as_u64(),
            "required" => {
                self.object.required =
                    list().into_iter().flatten().filter_map(Value::as_str).collect();
            }
            "additionalProperties" => {
                self.object.additional = Some(match value {
                    Value::Bool(all) => Schema::Bool(*all),
                    _ => inner(),
                });
            }
            "properties" => {
                let place = place.member(name);
                let property = |(name, value): (&'a String, _)| {
                    (name.as_str(), schema(value, &place.member(name), depth))
                };
                let properties = value.as_object().into_iter().flatten();
                self.object.properties = properties.map(property).collect();
            }
            _ => {}
        }
    }

    fn finish(mut self, mut form: Form<'a>) -> Schema<'a> {
        if self.exclusive_minimum {
            self.number.exclusive_minimum = self.number.minimum.take();
        }
        if self.exclusive_maximum {
            self.number.exclusive_maximum = self.number.maximum.take();
        }
        form.number = (self.number != Number::default()).then_some(self.number);
        form.text = (self.text != Text::default()).then_some(self.text);
        form.array = (!self.array.is_empty()).then_some(self.array);
        form.object = (!self.object.is_empty()).then_some(self.object);
        kinds(form, self.kind, self.nullable)
    }
}

/// Works out the types, of which `null` is one.
fn kinds<'a>(mut form: Form<'a>, kind: Option<&Value>, nullable: bool) -> Schema<'a> {
    match kind {
        Some(kind) => match kind.as_str().and_then(named) {
            Some(kind) => form.kinds.push(kind),
            None => form.problem = Some("its `type` is none that OpenAPI 3.0 has"),
        },
        None if nullable => return nullable_without_type(form),
        None => {
            let nothing_else = form.has_no_bounds() && form.format.is_none();
            if nothing_else
                && !form.is_composed()
                && form.values.as_deref() == Some(&[&Value::Null])
            {
                form.values = None;
                form.kinds.push(Kind::Null);
            }
        }
    }
    if nullable && form.problem.is_none() {
        form.kinds.push(Kind::Null);
    }
    form.into()
}

/// Progenitor infers the type from the bounds, and takes those of numbers and texts for those of
/// arrays.
fn nullable_without_type(mut form: Form<'_>) -> Schema<'_> {
    if form.has_no_bounds() && form.is_composed() {
        let outer = Form {
            place: form.place.clone(),
            raw: form.raw,
            title: form.title.take(),
            annotated: std::mem::take(&mut form.annotated),
            default: form.default.take(),
            ..Form::default()
        };
        let null = Form { kinds: vec![Kind::Null], place: form.place.clone(), ..Form::default() };
        return Form { one_of: Some(vec![null.into(), form.into()]), ..outer }.into();
    }
    let only_null = form.values.as_deref() == Some(&[&Value::Null]);
    if form.is_plain() && !form.is_composed() || only_null && form.has_no_bounds() {
        if only_null {
            form.values = None;
            form.kinds.push(Kind::Null);
        }
        return form.into();
    }
    let inferred = [
        form.object.is_some().then_some(Kind::Object),
        form.array.is_some().then_some(Kind::Array),
        form.number.is_some().then_some(Kind::Array),
        form.text.is_some().then_some(Kind::Array),
        Some(Kind::Null),
    ];
    form.kinds = inferred.into_iter().flatten().collect();
    form.into()
}

fn named(kind: &str) -> Option<Kind> {
    Some(match kind {
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "string" => Kind::String,
        "array" => Kind::Array,
        "object" => Kind::Object,
        _ => return None,
    })
}
