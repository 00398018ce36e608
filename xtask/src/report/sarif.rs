//! SARIF 2.1.0, for code scanning.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use openapi_contract::{Rule, Verdict};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    outline::{Entry, Outline},
    position::Position,
    wording,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What can't stand in the path of a relative reference. A colon could end a scheme.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

pub(super) fn render(outline: &Outline<'_>) -> String {
    let mut rules = BTreeMap::new();
    for entry in outline.entries() {
        rules.insert(entry.change.rule.id, entry.change.rule);
    }
    let places: BTreeMap<_, _> = rules.keys().copied().zip(0_usize..).collect();
    let mut log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "openapi-contract",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().map(described).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": outline
                .entries()
                .map(|entry| result(outline, entry, places.get(entry.change.rule.id)))
                .collect::<Vec<_>>(),
            "properties": {
                "verdict": outline.verdict_line(),
                "wire": outline.comparison.wire,
                "client": outline.comparison.client,
            },
        }],
    });
    log.sort_all_objects();
    format!("{log:#}\n")
}

fn described(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": rule.id.to_upper_camel_case(),
        "shortDescription": { "text": wording::sentence(rule.title) },
        "help": { "text": rule.remedy },
        "properties": { "tags": ["contract", rule.category.as_str()] },
    })
}

fn result(outline: &Outline<'_>, entry: &Entry<'_>, rule: Option<&usize>) -> Value {
    let change = entry.change;
    let subject = outline.subject;
    let mut result = json!({
        "ruleId": change.rule.id,
        "ruleIndex": rule,
        "level": match change.worst() {
            Verdict::Breaking => "error",
            Verdict::Warning => "warning",
            Verdict::Compatible => "note",
        },
        "message": { "text": message(entry) },
        "locations": [location(subject.head_name, entry.head, &change.head)],
        "relatedLocations": [related(subject.base_name, entry.base, &change.base)],
        "partialFingerprints": { "change/v1": change.id },
        "properties": {
            "wire": change.wire,
            "client": change.client,
            "directions": change.directions,
            "operations": change.operations,
            "before": change.before,
            "after": change.after,
            "witness": change.witness,
            "signature": change.signature,
        },
    });
    if let Some(reason) = entry.accepted {
        result["suppressions"] =
            json!([{ "kind": "external", "status": "accepted", "justification": reason }]);
    }
    result
}

fn message(entry: &Entry<'_>) -> String {
    let change = entry.change;
    let operations = wording::operations(change, wording::visible);
    let sentences = [
        wording::sentence(change.rule.title),
        wording::sentence(&change.reason),
        format!("Operations: {operations}."),
        format!("Wire: {}, client: {}.", change.wire, change.client),
    ];
    let said: Vec<_> = sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect();
    said.join(" ")
}

fn location(name: &str, position: Option<Position>, pointer: &str) -> Value {
    let mut place = json!({
        "artifactLocation": { "uri": utf8_percent_encode(name, NOT_IN_PATHS).to_string() },
    });
    if let Some(Position { line, column }) = position {
        place["region"] = json!({ "startLine": line, "startColumn": column });
    }
    json!({
        "physicalLocation": place,
        "logicalLocations": [{ "fullyQualifiedName": pointer, "kind": "element" }],
    })
}

fn related(name: &str, position: Option<Position>, pointer: &str) -> Value {
    let mut location = location(name, position, pointer);
    location["id"] = json!(1);
    location["message"] = json!({ "text": format!("Before, in {}", wording::visible(name)) });
    location
}
