//! Whatever is given, there is an answer.

use std::{fs, path::Path, sync::LazyLock};

use openapi_contract::{Document, Options, compare};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::dice::Dice;

/// The words of OpenAPI in places where they do not belong.
fn json_of_any_kind() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(
        &[
            "$ref",
            "type",
            "enum",
            "properties",
            "required",
            "items",
            "oneOf",
            "anyOf",
            "allOf",
            "not",
            "nullable",
            "additionalProperties",
            "pattern",
            "format",
            "minimum",
            "maximum",
            "multipleOf",
            "minLength",
            "maxItems",
            "uniqueItems",
            "default",
            "discriminator",
            "parameters",
            "name",
            "in",
            "schema",
            "content",
            "responses",
            "requestBody",
            "headers",
            "200",
            "4XX",
            "application/json",
            "get",
            "/things/{id}",
            "security",
            "servers",
            "url",
            "operationId",
            "tags",
            "deprecated",
            "x-sunset",
            "readOnly",
            "description",
        ][..],
    );
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(
            &[
                "string",
                "object",
                "array",
                "integer",
                "#/components/schemas/A",
                "#/paths",
                "(",
                "["
            ][..],
        )
        .prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|members| {
                members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }),
        ]
    })
}

/// As little as has to be there, with anything in all other places.
fn skeleton() -> impl Strategy<Value = Value> {
    let any = json_of_any_kind;
    (any(), any(), any(), any(), any()).prop_map(|(operation, schema, path, servers, security)| {
        json!({
            "openapi": "3.0.3",
            "info": schema,
            "servers": servers,
            "security": security,
            "paths": {
                "/things": path,
                "/a/{b}": { "get": operation },
                "/typed": { "post": {
                    "operationId": "post_typed",
                    "requestBody": { "content": { "application/json": { "schema": schema } } },
                    "responses": { "200": { "content": { "application/json": { "schema": schema } } } },
                } },
            },
            "components": { "schemas": { "A": schema }, "parameters": path },
        })
    })
}

/// Compares there and back, if these are documents at all.
fn survive(base: Value, head: Value) {
    let documents = (Document::from_value(base), Document::from_value(head));
    if let (Ok(base), Ok(head)) = documents {
        for comparison in
            [compare(&base, &head, Options::default()), compare(&head, &base, Options::default())]
        {
            let worst = comparison.changes.iter().map(|change| change.wire).max();
            assert_eq!(comparison.wire, worst.unwrap_or_default());
        }
    }
}

/// Our own document, the largest that is at hand.
static REAL: LazyLock<Value> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
});

/// Goes down by chance, and damages what is there.
fn damage(value: &mut Value, dice: &mut Dice<'_>) {
    let inner = match value {
        Value::Object(members) if !members.is_empty() => {
            let keys: Vec<_> = members.keys().cloned().collect();
            let key = dice.pick(&keys).unwrap().clone();
            if dice.once_in(6) {
                members.remove(&key);
                return;
            }
            members.get_mut(&key)
        }
        Value::Array(items) if !items.is_empty() => {
            let at = dice.below(items.len());
            if dice.once_in(6) {
                items.remove(at);
                return;
            }
            items.get_mut(at)
        }
        _ => None,
    };
    match inner {
        Some(inner) if !dice.once_in(12) => damage(inner, dice),
        _ => {
            let other = [json!(null), json!([]), json!({}), json!("x"), json!(-1), json!(true)];
            *value = dice.pick(&other).unwrap().clone();
        }
    }
}

proptest! {
    #[test]
    fn anything_is_a_document_or_refused(base in json_of_any_kind(), head in json_of_any_kind()) {
        survive(base, head);
    }

    #[test]
    fn nonsense_in_a_document_is_no_harm(base in skeleton(), head in skeleton()) {
        survive(base, head);
    }
}

proptest! {
    // Each compares a document of 160 kB four times.
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_damaged_document_is_no_harm(numbers in vec(any::<u8>(), 200)) {
        let mut damaged = REAL.clone();
        let mut dice = Dice::new(&numbers);
        for _ in 0..=dice.below(6) {
            damage(&mut damaged, &mut dice);
        }
        survive(REAL.clone(), damaged);
    }
}
