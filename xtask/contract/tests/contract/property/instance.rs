//! Values of a schema, not all of which are right: a validator sorts them out.

use openapi_contract::Direction;
use serde_json::{Map, Value, json};

use super::{
    dice::Dice,
    generate::{FORMATS, PATTERNS},
};

/// A value, unless it would be nested too deeply.
pub(crate) fn instance(
    document: &Value,
    schema: &Value,
    direction: Direction,
    dice: &mut Dice<'_>,
    depth: usize,
) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    if let Some(target) = schema["$ref"].as_str() {
        let target = document.pointer(target.strip_prefix('#')?)?;
        return instance(document, target, direction, dice, depth);
    }
    if schema["nullable"] == true && dice.once_in(3) {
        return Some(Value::Null);
    }
    if let Some(values) = schema["enum"].as_array() {
        return dice.pick(values).cloned();
    }
    if let Some(variants) = schema["oneOf"].as_array().or(schema["allOf"].as_array()) {
        return instance(document, dice.pick(variants)?, direction, dice, depth);
    }
    match schema["type"].as_str()? {
        "string" => Some(text(schema, dice)),
        "integer" => Some(number(schema, dice, 1.0)),
        "number" => Some(number(schema, dice, 0.5)),
        "boolean" => Some(json!(dice.once_in(2))),
        "array" => {
            let items = (0..dice.below(4))
                .map(|_| instance(document, &schema["items"], direction, dice, depth));
            Some(json!(items.collect::<Option<Vec<_>>>()?))
        }
        "object" => object(document, schema, direction, dice, depth),
        _ => None,
    }
}

fn text(schema: &Value, dice: &mut Dice<'_>) -> Value {
    let known = [("pattern", &PATTERNS), ("format", &FORMATS)];
    for (key, samples) in known {
        if let Some(wanted) = schema[key].as_str() {
            let sample = samples.iter().find(|(known, _)| *known == wanted);
            return json!(sample.map_or("", |(_, sample)| sample));
        }
    }
    let least = schema["minLength"].as_u64().unwrap_or(0);
    let most = schema["maxLength"].as_u64().unwrap_or(least + 4);
    let length = if dice.once_in(2) { least } else { most };
    json!("n".repeat(usize::try_from(length).unwrap_or_default()))
}

/// One of the bounds, or what is a little further in or out.
fn number(schema: &Value, dice: &mut Dice<'_>, step: f64) -> Value {
    let least = schema["minimum"].as_f64().unwrap_or(-3.0);
    let most = schema["maximum"].as_f64().unwrap_or(300.0);
    let choices = [least, most, least + step, most - step, 0.0, 5_000_000_000.0];
    let number = *dice.pick(&choices).unwrap();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "they are small and whole where it matters"
    )]
    if step >= 1.0 { json!(number as i64) } else { json!(number) }
}

fn object(
    document: &Value,
    schema: &Value,
    direction: Direction,
    dice: &mut Dice<'_>,
    depth: usize,
) -> Option<Value> {
    let required = schema["required"].as_array();
    let mut object = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let needed = required.is_some_and(|required| required.iter().any(|other| other == name));
        if needed || dice.once_in(2) {
            match instance(document, property, direction, dice, depth) {
                Some(value) => drop(object.insert(name.clone(), value)),
                None if needed => return None,
                None => {}
            }
        }
    }
    if schema["additionalProperties"].is_object() && dice.once_in(2) {
        let values = &schema["additionalProperties"];
        object.insert("zzz".to_owned(), instance(document, values, direction, dice, depth)?);
    }
    Some(Value::Object(object))
}
