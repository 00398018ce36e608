use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Difference, differences, refusals};
use crate::{ClientStyle, Document, Verdict};

const STYLES: [ClientStyle; 2] = [ClientStyle::Builder, ClientStyle::Positional];

/// A document with one operation, which takes and answers the component `Thing`.
fn document(schemas: &Value) -> Value {
    let content =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1.0.0" },
        "paths": { "/v1/things/{id}": { "put": {
            "operationId": "replace_thing",
            "parameters": [{ "in": "path", "name": "id", "required": true, "schema": { "type": "string" } }],
            "requestBody": { "content": content },
            "responses": { "200": { "description": "done", "content": content } },
        } } },
        "components": { "schemas": schemas },
    })
}

fn read(document: &Value) -> Document {
    Document::from_value(document.clone()).unwrap()
}

fn found(base: &Value, head: &Value) -> Vec<Difference> {
    differences(&read(base), &read(head), ClientStyle::Builder)
}

/// Rule and places of the only difference.
fn only(base: &Value, head: &Value) -> (&'static str, String, String) {
    let found = found(base, head);
    assert_eq!(found.len(), 1, "{found:#?}");
    (found[0].rule.id, found[0].base.clone(), found[0].head.clone())
}

fn object(properties: &Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

#[test]
fn a_property_is_named_where_it_stands() {
    let base = document(&json!({ "Thing": object(&json!({ "a/b": { "type": "string" } })) }));
    let mut head = base.clone();
    head["components"]["schemas"]["Thing"]["properties"]["a/b"] = json!({ "type": "integer" });
    let place = "/components/schemas/Thing/properties/a~1b".to_owned();
    assert_eq!(only(&base, &head), ("client-field-type-changed", place.clone(), place));
}

#[test]
fn what_is_gone_is_named_by_what_was_around_it() {
    let base = document(&json!({ "Thing": object(&json!({ "a": {}, "b": {} })) }));
    let head = document(&json!({ "Thing": object(&json!({ "a": {} })) }));
    let (rule, base, head) = only(&base, &head);
    assert_eq!(rule, "client-field-removed");
    assert_eq!(base, "/components/schemas/Thing/properties/b");
    assert_eq!(head, "/components/schemas/Thing/properties");
}

#[test]
fn a_method_and_what_it_takes_are_named_with_their_operation() {
    let base = document(&json!({ "Thing": object(&json!({})) }));
    let mut head = base.clone();
    head["paths"]["/v1/things/{id}"]["put"]["operationId"] = json!("put_thing");
    let found = found(&base, &head);
    assert_eq!(found[0].rule.id, "client-method-renamed");
    assert_eq!(found[0].base, "/paths/~1v1~1things~1{id}/put");
    assert_eq!(found[0].operations, ["replace_thing"]);
    assert_eq!(found[0].after.as_deref(), Some("Client::put_thing"));

    let mut head = base.clone();
    head["paths"]["/v1/things/{id}"]["put"]["parameters"][0]["schema"]["format"] = json!("date");
    let (rule, base, head) = only(&base, &head);
    assert_eq!(rule, "client-argument-type-changed");
    assert_eq!(
        (base.as_str(), head.as_str()),
        (
            "/paths/~1v1~1things~1{id}/put/parameters/0",
            "/paths/~1v1~1things~1{id}/put/parameters/0",
        )
    );
}

#[test]
fn a_renamed_component_is_one_difference_and_what_is_in_it_none() {
    let inner = object(&json!({ "kind": { "type": "string", "enum": ["a", "b"] } }));
    let thing = |name: &str| {
        object(&json!({ "inner": { "$ref": format!("#/components/schemas/{name}") } }))
    };
    let base = document(&json!({ "Thing": thing("Inner"), "Inner": inner }));
    let head = document(&json!({ "Thing": thing("Core"), "Core": inner }));
    let (rule, base, head) = only(&base, &head);
    assert_eq!(rule, "client-type-renamed");
    assert_eq!(base, "/components/schemas/Inner");
    assert_eq!(head, "/components/schemas/Core");
}

#[test]
fn twins_that_change_their_names_are_told() {
    let text = object(&json!({ "text": { "type": "string" } }));
    let size = object(&json!({ "size": { "type": "integer" } }));
    let thing = |one: &str, other: &str| {
        object(&json!({
            "one": { "$ref": format!("#/components/schemas/{one}") },
            "other": { "$ref": format!("#/components/schemas/{other}") },
        }))
    };
    let base = document(&json!({ "Thing": thing("Part", "Part2"), "Part": text, "Part2": size }));
    let head = document(&json!({ "Thing": thing("Part2", "Part"), "Part": size, "Part2": text }));
    let rules: Vec<_> = found(&base, &head).iter().map(|it| (it.rule.id, it.verdict)).collect();
    assert_eq!(rules, [("client-type-renamed", Verdict::Breaking); 2]);
}

#[test]
fn methods_that_change_their_names_are_told() {
    let base = document(&json!({ "Thing": object(&json!({})) }));
    let mut base = base;
    let put = base["paths"]["/v1/things/{id}"]["put"].clone();
    base["paths"]["/v1/things/{id}"]["patch"] = put;
    base["paths"]["/v1/things/{id}"]["patch"]["operationId"] = json!("update_thing");
    let mut head = base.clone();
    head["paths"]["/v1/things/{id}"]["patch"]["operationId"] = json!("replace_thing");
    head["paths"]["/v1/things/{id}"]["put"]["operationId"] = json!("update_thing");
    let rules: Vec<_> = found(&base, &head).iter().map(|it| it.rule.id).collect();
    assert_eq!(rules, ["client-method-renamed"; 2]);
}

#[test]
fn what_is_refused_names_operation_and_place() {
    let mut refused = document(&json!({ "Thing": object(&json!({})) }));
    let cookie = json!({ "in": "cookie", "name": "c", "schema": { "type": "string" } });
    refused["paths"]["/v1/things/{id}"]["parameters"] = json!([cookie]);
    let found = refusals(&read(&refused), ClientStyle::Builder);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].pointer, "/paths/~1v1~1things~1{id}/parameters/0");
    assert_eq!(found[0].operation.as_deref(), Some("replace_thing"));
    let base = document(&json!({ "Thing": object(&json!({})) }));
    let (rule, base, head) = only(&base, &refused);
    assert_eq!(rule, "generator-refuses");
    assert_eq!(base, "/paths/~1v1~1things~1{id}");
    assert_eq!(head, "/paths/~1v1~1things~1{id}/parameters/0");
}

/// Members of the wrong kind, circles and nonsense: whatever it is, it is compared with itself
/// without a difference, and with a document that is right without a panic.
#[test]
fn nonsense_is_no_panic_and_no_difference_from_itself() {
    let right = document(&json!({ "Thing": object(&json!({ "a": { "type": "string" } })) }));
    let nonsense =
        [Value::Null, json!(1), json!("x"), json!([]), json!([[1]]), json!({ "$ref": "#" })];
    let mut places = Vec::new();
    pointers(&right, String::new(), &mut places);
    for place in places.iter().filter(|it| !["", "/openapi", "/paths"].contains(&it.as_str())) {
        for value in &nonsense {
            let mut wrong = right.clone();
            *wrong.pointer_mut(place).unwrap() = value.clone();
            // What is no OpenAPI at all is not read in the first place.
            let Ok(wrong) = Document::from_value(wrong) else { continue };
            for style in STYLES {
                let right = read(&right);
                assert!(differences(&wrong, &wrong, style).is_empty(), "{value} at {place}");
                differences(&right, &wrong, style);
                differences(&wrong, &right, style);
            }
        }
    }
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(value, format!("{at}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
    all.push(at);
}

#[test]
fn circles_and_long_chains_end_soon() {
    let reference = |name: String| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut documents = Vec::new();
    // Each refers to the next, in all ways in which that can be done.
    for kind in ["properties", "allOf", "oneOf", "anyOf", "alias", "twice"] {
        let count = 2_000;
        let mut schemas = serde_json::Map::new();
        schemas.insert("Thing".to_owned(), reference("C0".to_owned()));
        for index in 0..count {
            let next = reference(format!("C{}", (index + 1) % count));
            let own = object(&json!({ format!("p{index}"): { "type": "string" } }));
            let schema = match kind {
                "properties" => object(&json!({ "next": next })),
                "alias" => next,
                "twice" => json!({ "allOf": [next, next, own] }),
                kind => json!({ kind: [next, own] }),
            };
            schemas.insert(format!("C{index}"), schema);
        }
        documents.push(document(&Value::Object(schemas)));
    }
    // A schema in a schema, nearly as deep as a document may be.
    let mut deep = json!({ "type": "string" });
    for _ in 0..110 {
        deep = json!({ "type": "array", "items": deep });
    }
    documents.push(document(&json!({ "Thing": deep })));
    let start = Instant::now();
    for document in &documents {
        let document = read(document);
        assert!(differences(&document, &document, ClientStyle::Builder).is_empty());
    }
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}
