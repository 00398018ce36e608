//! Reads schemas out of a document.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Array, Form, Kind, Number, Object, Schema, Text};
use crate::client::place::Place;

/// How deep schemas may stand in one another; what is deeper is not looked into.
const MAX_DEPTH: usize = 100;

/// Members that say something about a schema and change no type.
const ANNOTATIONS: [&str; 7] =
    ["title", "description", "default", "deprecated", "readOnly", "writeOnly", "example"];

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
    if depth == 0 {
        form.problem = Some("its schemas stand too deep in one another");
        return form.into();
    }
    form.title = members.get("title").and_then(Value::as_str);
    form.annotated = ANNOTATIONS.iter().any(|it| members.contains_key(*it));
    form.default = members.get("default");
    form.format = members.get("format").and_then(Value::as_str);
    form.values = values(members);
    form.number = number(members);
    form.text = text(members);
    form.array = array(members, place, depth);
    form.object = object(members, place, depth);
    form.all_of = parts(members, "allOf", place, depth);
    form.any_of = parts(members, "anyOf", place, depth);
    form.one_of = parts(members, "oneOf", place, depth);
    form.not = members.get("not").map(|not| schema(not, &place.member("not"), depth - 1));
    kinds(form, members)
}

fn parts<'a>(
    members: &'a Map<String, Value>,
    name: &'a str,
    place: &Place<'a>,
    depth: usize,
) -> Option<Vec<Schema<'a>>> {
    let parts = members.get(name)?.as_array()?;
    let place = place.member(name);
    let part = |(index, part)| schema(part, &place.item(index), depth - 1);
    let parts: Vec<_> = parts.iter().enumerate().map(part).collect();
    (!parts.is_empty()).then_some(parts)
}

fn array<'a>(
    members: &'a Map<String, Value>,
    place: &Place<'a>,
    depth: usize,
) -> Option<Array<'a>> {
    let array = Array {
        items: members.get("items").map(|items| schema(items, &place.member("items"), depth - 1)),
        min_items: count(members, "minItems"),
        max_items: count(members, "maxItems"),
        unique: members.get("uniqueItems").and_then(Value::as_bool).filter(|unique| *unique),
    };
    let any = array.items.is_some()
        || array.min_items.is_some()
        || array.max_items.is_some()
        || array.unique.is_some();
    any.then_some(array)
}

fn object<'a>(
    members: &'a Map<String, Value>,
    place: &Place<'a>,
    depth: usize,
) -> Option<Object<'a>> {
    let inside = place.member("properties");
    let properties = members.get("properties").and_then(Value::as_object);
    let property = |(name, property): (&'a String, _)| {
        (name.as_str(), schema(property, &inside.member(name), depth - 1))
    };
    let required = members.get("required").and_then(Value::as_array);
    let object = Object {
        properties: properties.into_iter().flatten().map(property).collect(),
        required: required.into_iter().flatten().filter_map(Value::as_str).collect(),
        additional: members.get("additionalProperties").map(|additional| match additional {
            Value::Bool(all) => Schema::Bool(*all),
            other => schema(other, &place.member("additionalProperties"), depth - 1),
        }),
        min_properties: count(members, "minProperties"),
        max_properties: count(members, "maxProperties"),
    };
    let any = !object.properties.is_empty()
        || !object.required.is_empty()
        || object.additional.is_some()
        || object.min_properties.is_some()
        || object.max_properties.is_some();
    any.then_some(object)
}

fn values(members: &Map<String, Value>) -> Option<Vec<&Value>> {
    let values: Vec<_> = members.get("enum")?.as_array()?.iter().collect();
    (!values.is_empty()).then_some(values)
}

fn count(members: &Map<String, Value>, name: &str) -> Option<u64> {
    members.get(name)?.as_u64()
}

fn number(members: &Map<String, Value>) -> Option<Number> {
    let get = |name| members.get(name).and_then(Value::as_f64);
    let exclusive = |name| members.get(name).and_then(Value::as_bool).unwrap_or(false);
    let mut number = Number { multiple_of: get("multipleOf"), ..Number::default() };
    if exclusive("exclusiveMinimum") {
        number.exclusive_minimum = get("minimum");
    } else {
        number.minimum = get("minimum");
    }
    if exclusive("exclusiveMaximum") {
        number.exclusive_maximum = get("maximum");
    } else {
        number.maximum = get("maximum");
    }
    (number != Number::default()).then_some(number)
}

fn text(members: &Map<String, Value>) -> Option<Text<'_>> {
    let text = Text {
        min_length: count(members, "minLength"),
        max_length: count(members, "maxLength"),
        pattern: members.get("pattern").and_then(Value::as_str).map(Cow::Borrowed),
    };
    (text != Text::default()).then_some(text)
}

/// Works out the types, of which `null` is one.
fn kinds<'a>(mut form: Form<'a>, members: &Map<String, Value>) -> Schema<'a> {
    let nullable = members.get("nullable").and_then(Value::as_bool).unwrap_or(false);
    match members.get("type") {
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
