//! SARIF 2.1.0, for code scanning.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    ffi::OsStr,
    path::{Component, Path},
};

use heck::ToUpperCamelCase;
use openapi_contract::{Rule, Verdict};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use serde_json::{Value, json};

use super::{
    Document,
    outline::{Entry, Outline},
    position::Position,
    wording,
};
use crate::edition::Place;

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
        "locations": [location(subject.head, entry.head, &change.head)],
        "relatedLocations": [related(subject.base, entry.base, &change.base)],
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

/// What is in no file is named by its pointer alone.
fn location(document: Document<'_>, position: Option<Position>, pointer: &str) -> Value {
    let mut location = json!({
        "logicalLocations": [{ "fullyQualifiedName": pointer, "kind": "element" }],
    });
    if let Some(artifact) = artifact(document.place) {
        location["physicalLocation"] = json!({ "artifactLocation": artifact });
        if let Some(Position { line, column }) = position {
            location["physicalLocation"]["region"] =
                json!({ "startLine": line, "startColumn": column });
        }
    }
    location
}

fn related(document: Document<'_>, position: Option<Position>, pointer: &str) -> Value {
    let mut location = location(document, position, pointer);
    let line = position.map(|at| format!(", line {}", at.line)).unwrap_or_default();
    location["id"] = json!(1);
    location["message"] =
        json!({ "text": format!("Before, in {}{line}", wording::visible(document.name)) });
    location
}

/// A file's URI: from the top of the repository, or the whole of it.
fn artifact(place: &Place) -> Option<Value> {
    match place {
        Place::Nowhere => None,
        Place::InRepository(path) => {
            Some(json!({ "uri": reference(path), "uriBaseId": "%SRCROOT%" }))
        }
        Place::Elsewhere(path) => Some(json!({ "uri": format!("file:///{}", reference(path)) })),
    }
}

/// The path as a reference, without the slash that it may begin with.
fn reference(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::RootDir);
    let parts =
        parts.map(|part| percent_encode(&bytes(part.as_os_str()), NOT_IN_PATHS).to_string());
    parts.collect::<Vec<_>>().join("/")
}

/// A name need not be text.
#[cfg(unix)]
fn bytes(name: &OsStr) -> Cow<'_, [u8]> {
    std::os::unix::ffi::OsStrExt::as_bytes(name).into()
}

#[cfg(not(unix))]
fn bytes(name: &OsStr) -> Cow<'_, [u8]> {
    name.to_string_lossy().into_owned().into_bytes().into()
}
