//! Other ways to say the same.

use serde_json::{Value, json};

use super::{dice::Dice, schemas::places};

/// Says some things in another way, and names how.
pub(crate) fn rewrite(document: &mut Value, dice: &mut Dice<'_>) -> Vec<&'static str> {
    let mut done = Vec::new();
    for _ in 0..=dice.below(4) {
        let places = places(document);
        let Some(place) = dice.pick(&places).cloned() else { continue };
        let way = dice.below(9);
        done.extend(rewrite_at(document, &place, way));
    }
    if dice.once_in(4) {
        done.extend(hoist(document));
    }
    done
}

fn rewrite_at(document: &mut Value, place: &str, way: usize) -> Option<&'static str> {
    match way {
        0 => return inline(document, place),
        1 => return extract(document, place),
        _ => {}
    }
    let schema = document.pointer_mut(place)?;
    match way {
        2 => reorder(schema),
        3 => {
            *schema = json!({ "allOf": [schema.take()] });
            Some("wrapped as all of one")
        }
        4 => null_apart(schema),
        5 => values_apart(schema),
        6 => spelled_out(schema),
        7 => {
            *schema = json!({ "oneOf": [schema.take()] });
            Some("wrapped as one of one")
        }
        _ => null_outside(schema),
    }
}

/// A component in the place of a reference to it.
fn inline(document: &mut Value, place: &str) -> Option<&'static str> {
    let target = document.pointer(place)?["$ref"].as_str()?.strip_prefix('#')?.to_owned();
    let component = document.pointer(&target)?.clone();
    *document.pointer_mut(place)? = component;
    Some("inlined")
}

/// A reference to a new component.
fn extract(document: &mut Value, place: &str) -> Option<&'static str> {
    let schemas = document["components"]["schemas"].as_object()?;
    let name = format!("Extracted{}", schemas.len());
    let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
    let schema = std::mem::replace(document.pointer_mut(place)?, reference);
    document["components"]["schemas"][name] = schema;
    Some("extracted")
}

fn reorder(schema: &mut Value) -> Option<&'static str> {
    let mut done = None;
    for key in ["required", "enum", "oneOf", "anyOf", "allOf"] {
        if let Some(members) = schema.get_mut(key).and_then(Value::as_array_mut) {
            members.reverse();
            done = Some("reordered");
        }
    }
    done
}

/// `nullable` as an alternative that is only null.
fn null_apart(schema: &mut Value) -> Option<&'static str> {
    let members = schema.as_object_mut()?;
    if members.remove("nullable")? != true {
        return None;
    }
    *schema = json!({ "oneOf": [schema.take(), { "enum": [null], "nullable": true }] });
    Some("null apart")
}

/// `nullable` beside `allOf`, as where it is about a reference.
fn null_outside(schema: &mut Value) -> Option<&'static str> {
    let members = schema.as_object_mut()?;
    if members.remove("nullable")? != true {
        return None;
    }
    *schema = json!({ "allOf": [schema.take()], "nullable": true });
    Some("null outside")
}

/// A list of values as alternatives of one value each.
fn values_apart(schema: &mut Value) -> Option<&'static str> {
    if schema.get("nullable").is_some() {
        return None;
    }
    let values = schema.get("enum")?.as_array()?;
    let one = |value| json!({ "type": "string", "enum": [value] });
    *schema = json!({ "oneOf": values.iter().map(one).collect::<Vec<_>>() });
    Some("values apart")
}

/// What holds anyway.
fn spelled_out(schema: &mut Value) -> Option<&'static str> {
    let more = match schema.get("type")?.as_str()? {
        "string" if schema.get("minLength").is_none() => ("minLength", json!(0)),
        "array" if schema.get("uniqueItems").is_none() => ("uniqueItems", json!(false)),
        "object" if schema.get("additionalProperties").is_none() => {
            ("additionalProperties", json!(true))
        }
        "number" | "integer" => ("exclusiveMaximum", json!(false)),
        _ => return None,
    };
    schema.as_object_mut()?.insert(more.0.to_owned(), more.1);
    Some("spelled out")
}

/// The parameters of the operation at its path.
fn hoist(document: &mut Value) -> Option<&'static str> {
    let path = document["paths"]["/things"].as_object_mut()?;
    let parameters = path.get_mut("put")?.as_object_mut()?.remove("parameters")?;
    path.insert("parameters".to_owned(), parameters);
    Some("hoisted")
}
