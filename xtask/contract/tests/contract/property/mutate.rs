//! Small changes, such as people make.

use serde_json::{Value, json};

use super::{
    dice::Dice,
    generate::{self, FORMATS, PATTERNS, PROPERTIES, VALUES},
    schemas::places,
};

/// Whether what a union or a list offers may come and go. Properties always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choices {
    MayChange,
    /// Where variants overlap, one step may leave open what two at once decide.
    Stay,
}

/// Makes one change, or a few.
pub(crate) fn mutate(document: &mut Value, dice: &mut Dice<'_>, choices: Choices) {
    for _ in 0..=dice.below(2) {
        let places = places(document);
        let Some(schema) = dice.pick(&places).and_then(|place| document.pointer_mut(place)) else {
            continue;
        };
        change(schema, dice, choices);
    }
}

fn change(schema: &mut Value, dice: &mut Dice<'_>, choices: Choices) {
    if schema.get("$ref").is_some() {
        return;
    }
    if dice.once_in(6) {
        schema["nullable"] = json!(schema["nullable"] != true);
        return;
    }
    if schema.get("oneOf").is_some() {
        return variants(schema, dice, choices);
    }
    match schema["type"].as_str() {
        Some("string") if schema.get("enum").is_some() => values(schema, dice, choices),
        Some("string") => string(schema, dice),
        Some("integer" | "number") => number(schema, dice),
        Some("array") => bound(schema, ["minItems", "maxItems"], dice),
        Some("object") => object(schema, dice),
        _ => {}
    }
}

fn string(schema: &mut Value, dice: &mut Dice<'_>) {
    match dice.below(5) {
        0 | 1 => bound(schema, ["minLength", "maxLength"], dice),
        2 => toggle(schema, "pattern", json!(dice.pick(&PATTERNS).unwrap().0)),
        3 => toggle(schema, "format", json!(dice.pick(&FORMATS).unwrap().0)),
        _ => *schema = json!({ "type": "integer" }),
    }
}

fn number(schema: &mut Value, dice: &mut Dice<'_>) {
    match dice.below(5) {
        0 | 1 => bound(schema, ["minimum", "maximum"], dice),
        2 => toggle(schema, "multipleOf", json!(1 + dice.below(3))),
        3 if schema.get("minimum").is_some() => {
            toggle(schema, "exclusiveMinimum", json!(true));
        }
        _ => {
            let other = if schema["type"] == "number" { "integer" } else { "number" };
            schema["type"] = json!(other);
        }
    }
}

fn object(schema: &mut Value, dice: &mut Dice<'_>) {
    let present: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    match dice.below(4) {
        0 => require(schema, dice.pick(&present)),
        1 if schema.get("properties").is_some() => {
            toggle(schema, "additionalProperties", json!(false));
        }
        2 if present.len() > 1 => {
            if let Some(gone) = dice.pick(&present) {
                schema["properties"].as_object_mut().unwrap().remove(gone);
                unrequire(schema, gone);
            }
        }
        3 if schema.get("properties").is_some() => {
            let name = if dice.once_in(2) { dice.pick(&PROPERTIES).unwrap() } else { "new" };
            schema["properties"][name] = generate::plain(dice);
            if dice.once_in(2) {
                require(schema, Some(&name.to_owned()));
            }
        }
        _ => {}
    }
}

/// Makes a property required, or optional if it was.
fn require(schema: &mut Value, name: Option<&String>) {
    let Some(name) = name else { return };
    let required =
        schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    if required {
        return unrequire(schema, name);
    }
    if schema.get("required").is_none() {
        schema["required"] = json!([]);
    }
    schema["required"].as_array_mut().unwrap().push(json!(name));
}

fn unrequire(schema: &mut Value, name: &str) {
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|other| other != name);
    }
}

fn values(schema: &mut Value, dice: &mut Dice<'_>, choices: Choices) {
    let values = schema["enum"].as_array_mut().unwrap();
    if choices == Choices::Stay {
        values.reverse();
    } else if dice.once_in(2) && values.len() > 1 {
        values.remove(0);
    } else if let Some(value) = VALUES.iter().find(|value| !values.iter().any(|one| one == *value))
    {
        values.push(json!(value));
    }
}

fn variants(schema: &mut Value, dice: &mut Dice<'_>, choices: Choices) {
    let variants = schema["oneOf"].as_array_mut().unwrap();
    if choices == Choices::Stay {
        variants.reverse();
    } else if dice.once_in(2) && variants.len() > 1 {
        variants.remove(0);
    } else {
        variants.push(json!({ "type": "boolean" }));
    }
}

/// Moves one of two bounds by one, or adds or removes it.
fn bound(schema: &mut Value, [least, most]: [&str; 2], dice: &mut Dice<'_>) {
    let (key, otherwise) = if dice.once_in(2) { (least, 1) } else { (most, 9) };
    match (schema[key].as_u64(), dice.below(3)) {
        (None, _) => schema[key] = json!(otherwise),
        (Some(_), 0) => drop(schema.as_object_mut().unwrap().remove(key)),
        (Some(bound), 1) => schema[key] = json!(bound + 1),
        (Some(bound), _) => schema[key] = json!(bound.saturating_sub(1)),
    }
}

fn toggle(schema: &mut Value, key: &str, value: Value) {
    let schema = schema.as_object_mut().unwrap();
    if schema.remove(key).is_none() {
        schema.insert(key.to_owned(), value);
    }
}
