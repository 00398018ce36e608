//! Documents of one operation, with the kinds of schemas that Dropshot emits.

use openapi_contract::Direction;
use serde_json::{Map, Value, json};

use super::dice::Dice;

/// Few, so that schemas meet each other again.
const COMPONENTS: [&str; 3] = ["Alpha", "Beta", "Gamma"];
pub(crate) const PROPERTIES: [&str; 4] = ["a", "b", "c", "d"];
pub(crate) const VALUES: [&str; 4] = ["red", "green", "blue", "pink"];
/// A pattern, and a text that matches it.
pub(crate) const PATTERNS: [(&str, &str); 4] =
    [("^[a-z]+$", "abc"), ("^[a-z0-9]+$", "a1"), ("^[0-9]{2,4}$", "123"), ("^x", "xy")];
/// A format, and a text of it.
pub(crate) const FORMATS: [(&str, &str); 4] = [
    ("date-time", "2026-11-24T10:00:00Z"),
    ("uuid", "0188d2f4-7f3a-7c54-8f5b-1d2f3a4b5c6d"),
    ("date", "2026-11-24"),
    ("ipv4", "192.0.2.1"),
];
const INTEGERS: [&str; 4] = ["int32", "int64", "uint32", "uint8"];

/// A document.
pub(crate) fn document(dice: &mut Dice<'_>) -> Value {
    let (request, response) = (schema(dice, 3), schema(dice, 3));
    // Objects, since what only refers to itself describes nothing.
    let components: Map<_, _> =
        COMPONENTS.iter().map(|name| ((*name).to_owned(), object(dice, 2))).collect();
    let parameters: Vec<_> = (0..dice.below(3)).map(|number| parameter(dice, number)).collect();
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1.0.0" },
        "paths": { "/things": { "put": {
            "operationId": "replace_thing",
            "parameters": parameters,
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": request } },
            },
            "responses": { "200": {
                "description": "done",
                "content": { "application/json": { "schema": response } },
            } },
        } } },
        "components": { "schemas": components },
    })
}

/// What is taken or answered.
pub(crate) fn body(document: &Value, direction: Direction) -> &Value {
    let operation = &document["paths"]["/things"]["put"];
    let body = match direction {
        Direction::Request => &operation["requestBody"],
        Direction::Response => &operation["responses"]["200"],
    };
    &body["content"]["application/json"]["schema"]
}

fn parameter(dice: &mut Dice<'_>, number: usize) -> Value {
    json!({
        "name": format!("p{number}"),
        "in": "query",
        "required": dice.once_in(2),
        "schema": plain(dice),
    })
}

/// A schema that is nested at most `depth` times, but for references.
pub(crate) fn schema(dice: &mut Dice<'_>, depth: usize) -> Value {
    if depth == 0 {
        return plain(dice);
    }
    let mut schema = match dice.below(9) {
        0 | 1 => object(dice, depth),
        2 => return reference(dice),
        3 => json!({ "type": "array", "items": self::schema(dice, depth - 1) }),
        4 => json!({ "type": "object", "additionalProperties": self::schema(dice, depth - 1) }),
        5 => return tagged(dice, depth),
        6 => return json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
        _ => return plain(dice),
    };
    if schema["type"] == "array" && dice.once_in(3) {
        schema["maxItems"] = json!(1 + dice.below(3));
    }
    nullable(dice, schema)
}

fn nullable(dice: &mut Dice<'_>, mut schema: Value) -> Value {
    if dice.once_in(6) {
        schema["nullable"] = json!(true);
    }
    schema
}

fn reference(dice: &mut Dice<'_>) -> Value {
    let name = dice.pick(&COMPONENTS).unwrap();
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A schema without others in it.
pub(crate) fn plain(dice: &mut Dice<'_>) -> Value {
    let schema = match dice.below(6) {
        0 => string(dice),
        1 => integer(dice),
        2 => json!({ "type": "number", "minimum": dice.below(4), "maximum": 4 + dice.below(4) }),
        3 => json!({ "type": "boolean" }),
        4 => json!({ "type": "string", "enum": VALUES[..=dice.below(VALUES.len())] }),
        _ => json!({ "type": "string", "format": dice.pick(&FORMATS).unwrap().0 }),
    };
    nullable(dice, schema)
}

fn string(dice: &mut Dice<'_>) -> Value {
    let mut schema = json!({ "type": "string" });
    match dice.below(4) {
        0 => {}
        1 => schema["minLength"] = json!(1 + dice.below(3)),
        2 => schema["maxLength"] = json!(3 + dice.below(3)),
        _ => schema["pattern"] = json!(dice.pick(&PATTERNS).unwrap().0),
    }
    schema
}

fn integer(dice: &mut Dice<'_>) -> Value {
    let mut schema = json!({ "type": "integer" });
    match dice.below(3) {
        0 => {}
        1 => schema["format"] = json!(dice.pick(&INTEGERS).unwrap()),
        _ => schema["minimum"] = json!(dice.below(3)),
    }
    schema
}

fn object(dice: &mut Dice<'_>, depth: usize) -> Value {
    let mut object = json!({ "type": "object" });
    let mut required = Vec::new();
    for name in &PROPERTIES[..=dice.below(PROPERTIES.len())] {
        object["properties"][name] = schema(dice, depth - 1);
        if dice.once_in(2) {
            required.push(name);
        }
    }
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    if dice.once_in(5) {
        object["additionalProperties"] = json!(false);
    }
    object
}

fn tagged(dice: &mut Dice<'_>, depth: usize) -> Value {
    let variants = VALUES[..=dice.below(VALUES.len())].iter().map(|value| {
        json!({
            "type": "object",
            "properties": { "type": { "type": "string", "enum": [value] }, "a": schema(dice, depth - 1) },
            "required": ["type"],
        })
    });
    json!({ "oneOf": variants.collect::<Vec<_>>() })
}
