//! What the generator is given: the document, without what Rust types can't say.
//!
//! Three things that typify would make useless types of, or none:
//!
//! - `oneOf`, `anyOf` and `not` beside a `type` only narrow it: which fields have to be there
//!   together, or which formats a text may have. The server holds requests to that; the type is
//!   the one beside them.
//! - A property that can have any value is one that is passed over, such as the address of a
//!   customer who is removed: there is no use in sending it.
//! - A required text with one possible value, such as the `type` of a record, leaves nothing to
//!   choose. With that value as its default, whoever builds the object need not name it. A flag
//!   is no such text: what is `deleted` is to be said, and never to be read where it is not.

use serde_json::{Map, Value};

/// Simplifies all schemas below a value.
pub fn simplify(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("type").is_some_and(Value::is_string) {
                for narrowing in ["oneOf", "anyOf", "not"] {
                    members.remove(narrowing);
                }
                give_defaults(members);
                leave_out_what_is_passed_over(members);
            }
            members.values_mut().for_each(simplify);
        }
        Value::Array(items) => items.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// Leaves out the properties that can have any value whatever, because nobody reads it.
fn leave_out_what_is_passed_over(schema: &mut Map<String, Value>) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(properties) = properties {
        let says_what = ["type", "$ref", "allOf", "anyOf", "oneOf"];
        properties.retain(|_, property| says_what.iter().any(|it| property.get(it).is_some()));
    }
}

/// Gives each required text with one possible value that value, and requires it no more.
fn give_defaults(schema: &mut Map<String, Value>) {
    let Some(Value::Array(mut required)) = schema.remove("required") else { return };
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        let values = property.get("enum").and_then(Value::as_array).map(Vec::as_slice);
        let Some([only @ Value::String(_)]) = values else { continue };
        let Some(place) = required.iter().position(|required| required == name) else { continue };
        let only = only.clone();
        property["default"] = only;
        required.remove(place);
    }
    schema.insert("required".to_owned(), required.into());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_only_narrows_a_type_is_left_out_and_what_is_a_choice_of_types_stays() {
        let mut schema = json!({
            "type": "object",
            "properties": {
                "address": { "type": "string", "anyOf": [{ "format": "ipv4" }] },
                "choice": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
                "passed over": { "description": "Whatever it is." },
                "type": { "type": "string" },
            },
            "oneOf": [{ "required": ["address"] }],
            "not": { "required": ["choice"] },
        });
        simplify(&mut schema);
        let expected = json!({
            "type": "object",
            "properties": {
                "address": { "type": "string" },
                "choice": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
                "type": { "type": "string" },
            },
        });
        assert_eq!(schema, expected);
    }

    #[test]
    fn a_required_text_with_one_value_need_not_be_named_and_anything_else_must() {
        let property = |kind, values: Value| json!({ "type": kind, "enum": values });
        let mut schema = json!({
            "type": "object",
            "properties": {
                "deleted": property("boolean", json!([true])),
                "kind": property("string", json!(["a", "b"])),
                "optional": property("string", json!(["a"])),
                "type": property("string", json!(["user"])),
            },
            "required": ["deleted", "kind", "type"],
        });
        let mut expected = schema.clone();
        expected["properties"]["type"]["default"] = "user".into();
        expected["required"] = json!(["deleted", "kind"]);
        simplify(&mut schema);
        assert_eq!(schema, expected);
    }
}
