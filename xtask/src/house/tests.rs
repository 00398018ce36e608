mod cases;

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use super::*;

/// A document that follows all rules; the examples of the rules are changes of it.
fn sample() -> Value {
    serde_json::from_str(include_str!("tests/sample.json")).unwrap()
}

fn committed() -> Value {
    let file = crate::workspace_root().join(crate::artifact::DOCUMENT);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// A merge patch (RFC 7396): `null` takes a member away.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let members = target.as_object_mut().unwrap();
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), change);
        }
    }
}

/// The rules that this change of the sample breaks.
fn broken_by(example: &str) -> BTreeSet<&'static str> {
    let patch = serde_json::from_str(example).unwrap_or_else(|error| panic!("{error}: {example}"));
    let mut document = sample();
    merge(&mut document, &patch);
    check(&document).iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn the_sample_follows_all_rules() {
    let said: Vec<_> = check(&sample()).into_iter().map(|it| (it.pointer, it.message)).collect();
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn a_bad_example_breaks_its_rule_and_no_other() {
    for rule in all() {
        assert_eq!(broken_by(rule.bad), BTreeSet::from([rule.id]), "{}", rule.id);
    }
}

#[test]
fn a_good_example_breaks_nothing() {
    for rule in all() {
        assert_eq!(broken_by(rule.good), BTreeSet::new(), "{}", rule.id);
    }
}

#[test]
fn every_finding_points_into_the_document_and_says_what_to_do() {
    for rule in all() {
        let mut document = sample();
        merge(&mut document, &serde_json::from_str(rule.bad).unwrap());
        for finding in check(&document) {
            assert!(document.pointer(&finding.pointer).is_some(), "{}", finding.pointer);
            let message = &finding.message;
            assert!(message.contains([':', ',']) && !message.ends_with('.'), "{message}");
        }
    }
}

#[test]
fn ids_are_unique_and_in_kebab_case_and_every_rule_is_explained() {
    let mut seen = HashSet::new();
    for rule in all() {
        assert!(seen.insert(rule.id), "{} stands there twice", rule.id);
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        assert!(rule.id.bytes().all(letter) && !rule.id.contains("--"), "{}", rule.id);
        for text in [rule.text, rule.reason] {
            assert!(text.ends_with('.') && text.len() > 20, "{}: {text}", rule.id);
        }
    }
    assert!(seen.len() > 30, "only {} rules", seen.len());
}

#[test]
fn the_committed_document_follows_all_rules() {
    let said: Vec<_> = check(&committed())
        .into_iter()
        .map(|it| format!("{} {}: {}", it.rule.id, it.pointer, it.message))
        .collect();
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn every_exception_is_needed_and_of_a_rule_that_there_is() {
    let findings = check_without_exceptions(&committed());
    for exception in EXCEPTIONS {
        let needed = findings.iter().any(|finding| exception.covers(finding));
        assert!(needed, "nothing needs {} on {}", exception.rule, exception.subject);
    }
}

#[test]
fn an_exception_covers_its_rule_alone() {
    let findings = check_without_exceptions(&committed());
    let exception = &EXCEPTIONS[0];
    let covered: Vec<_> = findings.iter().filter(|finding| exception.covers(finding)).collect();
    assert!(!covered.is_empty());
    let other = EXCEPTIONS.iter().find(|other| other.rule != exception.rule).unwrap();
    let other = Exception { rule: other.rule, ..*exception };
    assert!(covered.iter().all(|finding| !other.covers(finding)));
}

/// Puts each kind of JSON in each place of the sample, one at a time: no check may panic.
#[test]
fn no_document_makes_a_check_panic() {
    let odd = [
        Value::Null,
        json!(true),
        json!(-1.5),
        json!("#/components/schemas/Order"),
        json!(["", 0, {}]),
        json!({ "$ref": "#/" }),
        json!({ "": { "get": { "parameters": { "schema": [] } } } }),
        json!({ "$ref": "#/components/schemas/Order", "properties": [], "allOf": [{}] }),
    ];
    let mut pointers = vec![String::new()];
    let sample = sample();
    let mut tried = 0;
    while let Some(pointer) = pointers.pop() {
        let inner: Vec<String> = match sample.pointer(&pointer).unwrap() {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        pointers.extend(inner.iter().map(|name| view::join(&pointer, name)));
        for odd in &odd {
            let mut document = sample.clone();
            *document.pointer_mut(&pointer).unwrap() = odd.clone();
            drop(check(&document));
            tried += 1;
        }
    }
    assert!(tried > 1000, "only {tried} documents");
}

#[test]
fn references_in_a_circle_and_deep_nesting_end() {
    let mut document = sample();
    let schemas = &mut document["components"]["schemas"];
    schemas["A"] = json!({ "$ref": "#/components/schemas/B" });
    schemas["B"] = json!({ "$ref": "#/components/schemas/A" });
    schemas["C"] = json!({ "allOf": [{ "$ref": "#/components/schemas/C" }] });
    // If each way through these were followed, there would be no end of it.
    for index in 0..40 {
        let next = json!({ "$ref": format!("#/components/schemas/D{}", (index + 1) % 40) });
        schemas[format!("D{index}")] =
            json!({ "type": "string", "oneOf": [next, next, next, next] });
    }
    schemas["NewOrder"]["properties"]["a"] = json!({ "$ref": "#/components/schemas/D0" });
    let mut deep = json!({ "type": "string" });
    for _ in 0..100 {
        deep = json!({ "oneOf": [deep], "properties": { "deeper": {} } });
    }
    schemas["NewOrder"]["properties"]["deep"] = deep;
    assert!(!check(&document).is_empty());
}
