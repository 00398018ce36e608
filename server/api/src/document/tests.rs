mod records;

use serde_json::Value;
use strum::VariantArray;

use super::*;
use crate::error::ErrorCode;

/// Every object in the document, with the JSON pointer to it.
fn objects(value: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), value)];
    while let Some((at, value)) = waiting.pop() {
        match value {
            Value::Object(members) => {
                found.push((at.clone(), value));
                waiting.extend(members.iter().map(|(key, v)| (format!("{at}/{key}"), v)));
            }
            Value::Array(items) => {
                waiting.extend(items.iter().enumerate().map(|(i, v)| (format!("{at}/{i}"), v)));
            }
            _ => {}
        }
    }
    found
}

/// The schema as JSON Schema, with the components that it may refer to beside it.
fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut schema = serde_json::json!({ "allOf": [schema], "components": document["components"] });
    allow_null(&mut schema);
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft4)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// JSON Schema has no `nullable`.
fn allow_null(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("nullable") == Some(&Value::Bool(true)) {
                let present = members.remove("type");
                members.insert("type".to_owned(), serde_json::json!([present, "null"]));
            }
            members.values_mut().for_each(allow_null);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_null),
        _ => {}
    }
}

#[test]
fn it_is_canonical() {
    let text = canonical().unwrap();
    assert!(text.ends_with("}\n") && !text.ends_with("\n\n") && !text.contains('\r'));
    for (at, object) in objects(&document().unwrap()) {
        let keys: Vec<_> = object.as_object().unwrap().keys().collect();
        assert!(keys.is_sorted(), "{at}");
    }
}

#[test]
fn every_example_is_valid_against_its_schema() {
    let document = document().unwrap();
    let mut checked = 0;
    for (at, object) in objects(&document) {
        let mut examples: Vec<&Value> = object.get("example").into_iter().collect();
        let named = object.get("examples").and_then(Value::as_object);
        examples.extend(named.into_iter().flatten().map(|(_, named)| &named["value"]));
        let schema = object.get("schema").unwrap_or(object);
        for example in examples {
            let errors: Vec<_> = validator(&document, schema)
                .iter_errors(example)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{at}: {errors:?}");
            checked += 1;
        }
    }
    assert!(checked > 20, "only {checked} examples found");
}

#[test]
fn an_example_with_a_wrong_value_would_be_noticed() {
    let document = document().unwrap();
    let customer = validator(&document, &document["components"]["schemas"]["Customer"]);
    let mut example = document["components"]["schemas"]["Customer"]["example"].clone();
    assert!(customer.is_valid(&example));
    example["id"] = "usr_01h455vb4pex5vsknk084sn02q".into();
    assert!(!customer.is_valid(&example));
}

#[test]
fn every_schema_has_an_example_and_a_description() {
    let document = document().unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema.get("example").is_some(), "{name} has no example");
        assert!(schema["description"].is_string(), "{name} has no description");
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(property["description"].is_string(), "{name}.{field} has no description");
        }
        let mut alternatives = schema["oneOf"].as_array().into_iter().flatten();
        let is_value = |alternative: &Value| alternative.get("enum").is_some();
        assert!(!alternatives.any(is_value), "{name} is no plain list of values");
        for value in schema["enum"].as_array().into_iter().flatten() {
            let described = format!("`{}`: ", value.as_str().unwrap());
            let description = schema["description"].as_str().unwrap();
            assert!(description.contains(&described), "{name}: {value} has no description");
        }
    }
}

#[test]
fn every_operation_is_complete() {
    let document = document().unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            for field in ["operationId", "summary", "description"] {
                assert!(operation[field].is_string(), "{at} has no {field}");
            }
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{at}");
            assert_eq!(operation["security"], serde_json::json!([{ "bearer": [] }]), "{at}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{at}: {parameter}");
                assert!(parameter.get("example").is_some(), "{at}: {parameter}");
            }
            for status in ["400", "401", "429", "500", "503"] {
                assert!(operation["responses"].get(status).is_some(), "{at} has no {status}");
            }
        }
    }
}

#[test]
fn nothing_is_nullable_or_null_where_it_is_just_absent() {
    for (at, object) in objects(&document().unwrap()) {
        // In an update, `null` means something: to clear the field.
        let schemas = ["/components/schemas/Clearable", "/components/schemas/CustomerUpdate"];
        if schemas.iter().any(|schema| at.starts_with(schema)) || at.contains("/requestBody/") {
            continue;
        }
        assert!(object.get("nullable").is_none(), "{at}");
        assert!(object.as_object().unwrap().values().all(|value| !value.is_null()), "{at}");
    }
}

#[test]
fn every_header_has_a_description_and_an_example() {
    let document = document().unwrap();
    let mut checked = 0;
    for (at, object) in objects(&document) {
        let headers = object.get("headers").and_then(Value::as_object);
        for (name, header) in headers.into_iter().flatten() {
            assert!(header["description"].is_string(), "{at}/{name}");
            assert!(!header["schema"]["example"].is_null(), "{at}/{name}");
            checked += 1;
        }
    }
    assert!(checked >= 9, "only {checked} headers found");
}

#[test]
fn every_answer_says_what_is_left_of_the_quota() {
    let document = document().unwrap();
    let items = document["paths"].as_object().unwrap().values();
    for operation in items.flat_map(|item| item.as_object().unwrap().values()) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let shared = response["$ref"].as_str().map(|at| at.trim_start_matches('#'));
            let response = shared.map_or(response, |at| document.pointer(at).unwrap());
            for field in ["ratelimit", "ratelimit-policy"] {
                // A failure can come before any token is counted; nothing else can.
                let always = status.starts_with('2') || status == "429";
                assert_eq!(response["headers"][field]["required"], always, "{status} {field}");
            }
            let waits = !response["headers"]["retry-after"].is_null();
            assert_eq!(waits, ["429", "503"].contains(&status.as_str()), "{status}");
        }
    }
}

#[test]
fn the_description_of_an_error_code_begins_with_its_status() {
    let document = document().unwrap();
    let schema = &document["components"]["schemas"]["ErrorCode"];
    let names: Vec<_> = ErrorCode::VARIANTS.iter().map(|code| code.name()).collect();
    assert_eq!(schema["enum"], serde_json::json!(names));
    for code in ErrorCode::VARIANTS {
        let line = format!("- `{}`: {}: ", code.name(), code.status().as_str());
        assert!(schema["description"].as_str().unwrap().contains(&line), "{line}");
    }
}
