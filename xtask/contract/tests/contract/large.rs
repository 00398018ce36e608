//! Unions of hundreds are compared as small ones are, and what has thousands of parts comes to an end:
//! the last two tests would take many minutes if the work grew with the square of it.

use openapi_contract::{Category, Document, Options, Verdict, compare};
use serde_json::{Value, json};

use crate::case;

fn document(schema: &Value) -> Document {
    let fragment = json!({ "object": { "kind": schema } });
    Document::from_value(case::document(&fragment, None)).unwrap()
}

fn tagged(numbers: impl Iterator<Item = usize>) -> Document {
    let variants = numbers.map(|number| {
        json!({
            "type": "object",
            "properties": {
                "type": { "type": "string", "enum": [format!("kind_{number}")] },
                "size": { "type": "integer" },
            },
            "required": ["type", "size"],
        })
    });
    document(&json!({ "oneOf": variants.collect::<Vec<_>>() }))
}

/// The rules and verdicts on the wire, but for what only callers of the client notice.
fn told(base: &Document, head: &Document) -> Vec<(&'static str, Verdict)> {
    let changes = compare(base, head, Options::default()).changes.into_iter();
    let changes = changes.filter(|change| change.rule.category != Category::Client);
    changes.map(|change| (change.rule.id, change.wire)).collect()
}

#[test]
fn one_tagged_variant_among_hundreds_is_found() {
    let (all, more) = (tagged(0..400), tagged(0..401));
    assert_eq!(told(&all, &more), [("variant-added", Verdict::Breaking)]);
    assert_eq!(told(&more, &all), [("variant-removed", Verdict::Breaking)]);
    assert_eq!(told(&all, &tagged((0..400).rev())), []);
}

#[test]
fn hundreds_of_schemas_of_one_value_are_one_list() {
    let name = |number| format!("value_{number}");
    let list = |count| {
        document(&json!({ "type": "string", "enum": (0..count).map(name).collect::<Vec<_>>() }))
    };
    let variants = |count| {
        let variant = |number| json!({ "type": "string", "enum": [name(number)] });
        document(&json!({ "oneOf": (0..count).map(variant).collect::<Vec<_>>() }))
    };
    assert_eq!(told(&list(400), &variants(400)), []);
    assert_eq!(told(&variants(400), &list(400)), []);
    let added = [("enum-value-added", Verdict::Breaking)];
    assert_eq!(told(&list(400), &variants(401)), added);
    assert_eq!(told(&variants(400), &variants(401)), added);
    let reversed = |count: usize| {
        let variant = |number| json!({ "type": "string", "enum": [name(number)] });
        document(&json!({ "oneOf": (0..count).rev().map(variant).collect::<Vec<_>>() }))
    };
    assert_eq!(told(&variants(3_000), &reversed(3_000)), []);
}

#[test]
fn tens_of_thousands_of_values_come_to_an_end() {
    let values = |prefix: &str| {
        let values: Vec<_> = (0..30_000).map(|number| format!("{prefix}{number}")).collect();
        json!({ "type": "string", "enum": values })
    };
    let of = |prefix: &str| document(&values(prefix));
    let told = told(&of("one"), &of("other"));
    assert_eq!(told.iter().filter(|(rule, _)| *rule == "enum-value-added").count(), 30_000);
    assert_eq!(told.iter().filter(|(rule, _)| *rule == "enum-value-removed").count(), 30_000);
    assert!(told.iter().any(|(_, wire)| *wire == Verdict::Breaking));
}

#[test]
fn hundreds_of_required_properties_come_to_an_end() {
    let object = |prefix: &str| {
        let names: Vec<_> = (0..600).map(|number| format!("{prefix}{number}")).collect();
        let properties = names.iter().map(|name| (name.clone(), json!({ "type": "string" })));
        let properties: Value = properties.collect::<serde_json::Map<_, _>>().into();
        document(&json!({ "type": "object", "properties": properties, "required": names }))
    };
    let told = told(&object("one"), &object("other"));
    assert_eq!(told.iter().filter(|(rule, _)| *rule == "property-removed").count(), 600);
}
