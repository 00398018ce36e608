//! Validation by a library that knows nothing of the comparison: `jsonschema`, draft 4, which is
//! what the schemas of OpenAPI 3.0 are derived from.

use jsonschema::{Draft, Validator};
use openapi_contract::Direction;
use serde_json::{Map, Value, json};

/// How the properties are read that a schema does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As whoever sends reads it: a client or a server made from the document has no others.
    Sent,
    /// As whoever receives reads it: others are allowed where they are not forbidden.
    Received,
}

/// What is needed to read a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) document: &'a Value,
    pub(crate) direction: Direction,
    pub(crate) reading: Reading,
}

/// A validator of what `schema` describes; `None` if the library can't read it.
pub(crate) fn validator(context: Context<'_>, schema: &Value) -> Option<Validator> {
    let mut components = context.document["components"].clone();
    if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
        for schema in schemas.values_mut() {
            *schema = convert(context, schema);
        }
    }
    // A reference forbids members beside it, so that `components` is one level further up.
    let schema = json!({ "allOf": [convert(context, schema)], "components": components });
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format("uuid", |text: &str| is_uuid(text))
        .with_format("ip", |text: &str| text.parse::<std::net::IpAddr>().is_ok())
        .with_format("date", |text: &str| is_date(text))
        .build(&schema)
        .ok()
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    let number = |at: usize| parts[at].parse::<u32>().unwrap_or_default();
    lengths == [4, 2, 2] && (1..=12).contains(&number(1)) && (1..=31).contains(&number(2))
}

/// The same schema in draft 4.
fn convert(context: Context<'_>, schema: &Value) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    if members.contains_key("$ref") {
        return json!({ "$ref": members["$ref"] });
    }
    let mut converted = members.clone();
    converted.remove("nullable");
    bound(&mut converted);
    one_way(context, &mut converted);
    for key in ["allOf", "anyOf", "oneOf"] {
        let parts = converted.get_mut(key).and_then(Value::as_array_mut);
        // The parts of an object that is all of them would close each other.
        let reading = if key == "allOf" { Reading::Received } else { context.reading };
        for part in parts.into_iter().flatten() {
            *part = convert(Context { reading, ..context }, part);
        }
    }
    for key in ["items", "additionalProperties", "not"] {
        // What is forbidden is not sent, and so is not closed either.
        let reading = if key == "not" { Reading::Received } else { context.reading };
        if let Some(part) = converted.get_mut(key) {
            *part = convert(Context { reading, ..context }, part);
        }
    }
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        return json!({ "anyOf": [{ "enum": [null] }, converted] });
    }
    Value::Object(converted)
}

/// Properties travel one way only where they say so; others than the declared ones are not sent.
fn one_way(context: Context<'_>, schema: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object).cloned() else {
        return;
    };
    let hidden = match context.direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    let travels = |property: &Value| property.get(hidden) != Some(&Value::Bool(true));
    let required = schema.get_mut("required").and_then(Value::as_array_mut);
    if let Some(required) = required {
        required
            .retain(|name| name.as_str().and_then(|name| properties.get(name)).is_none_or(travels));
        if required.is_empty() {
            // Draft 4 allows no empty list.
            schema.remove("required");
        }
    }
    let sent = properties.iter().filter(|(_, property)| travels(property));
    let converted: Map<_, _> =
        sent.map(|(name, property)| (name.clone(), convert(context, property))).collect();
    let open = matches!(schema.get("additionalProperties"), None | Some(Value::Bool(true)));
    if context.reading == Reading::Sent && open && !converted.is_empty() {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    schema.insert("properties".to_owned(), Value::Object(converted));
}

/// Formats of numbers are bounds, which JSON Schema does not know; it allows no exclusive bound
/// without the bound.
fn bound(schema: &mut Map<String, Value>) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if !schema.contains_key(bound) {
            schema.remove(exclusive);
        }
    }
    let word = |key| schema.get(key).and_then(Value::as_str).unwrap_or_default();
    let (least, most) = match (word("type"), word("format")) {
        ("integer", "int8") => (json!(i8::MIN), json!(i8::MAX)),
        ("integer", "int16") => (json!(i16::MIN), json!(i16::MAX)),
        ("integer", "int32") => (json!(i32::MIN), json!(i32::MAX)),
        ("integer", "int64") => (json!(i64::MIN), json!(i64::MAX)),
        ("integer", "uint8") => (json!(0), json!(u8::MAX)),
        ("integer", "uint16") => (json!(0), json!(u16::MAX)),
        ("integer", "uint32") => (json!(0), json!(u32::MAX)),
        ("integer", "uint64") => (json!(0), json!(u64::MAX)),
        ("number", "float") => (json!(f32::MIN), json!(f32::MAX)),
        _ => return,
    };
    schema.remove("format");
    let own = Value::Object(std::mem::take(schema));
    schema.insert("allOf".to_owned(), json!([own, { "minimum": least, "maximum": most }]));
}
