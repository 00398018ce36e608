//! Rules about responses and their headers.

use super::{
    Fault, Rule, View,
    view::{contents, without_references},
};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "response-description",
        text: "Every response has a description.",
        reason: "The status says how it went; only the description says what the caller has now.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "responses": { "200": {
    "description": "The order." } } } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "responses": { "200": {
    "description": "" } } } } } }"#,
        check: description,
    },
    Rule {
        id: "header-description",
        text: "Every header of a response has a description.",
        reason: "Headers carry what programs act upon, such as when to try again, in forms that \
                 can't be guessed.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "responses": { "200": { "headers": {
    "last-modified": { "description": "When it changed: a date of RFC 9110.", "schema": { "type": "string" } } } } } } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "responses": { "200": { "headers": {
    "last-modified": { "schema": { "type": "string" } } } } } } } } }"#,
        check: header,
    },
    Rule {
        id: "error-schema",
        text: "Every failure has the one schema `Error` as JSON.",
        reason: "Callers handle failures in one place, and the generated client has one type for \
                 them: its generator refuses two.",
        good: r##"{ "paths": { "/v1/orders/{id}": { "get": { "responses": { "409": {
    "description": "The order has been shipped.",
    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } } } } } } }"##,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "responses": { "409": {
    "description": "The order has been shipped.",
    "content": { "text/plain": { "schema": { "type": "string" } } } } } } } } }"#,
        check: error_schema,
    },
];

/// Where the one schema of failures stands.
const ERROR: &str = "/components/schemas/Error";

fn description(view: &View<'_>) -> Vec<Fault> {
    let silent = view.responses.iter().filter(|response| !response.says("description"));
    let message = "the response has no description: say what it means for the caller";
    silent.map(|response| Fault::new(response, message)).collect()
}

fn header(view: &View<'_>) -> Vec<Fault> {
    let silent = view.headers.iter().filter(|header| !header.says("description"));
    let faults = silent.map(|header| {
        let name = &header.subject;
        let message = format!("header `{name}` has no description: say what it tells, and how");
        Fault::new(header, message)
    });
    faults.collect()
}

fn error_schema(view: &View<'_>) -> Vec<Fault> {
    let answers = view.operations.iter().flat_map(|operation| &operation.responses);
    let mut failures: Vec<_> = answers
        .filter(|(status, _)| status.starts_with(['4', '5']))
        .map(|(_, response)| response)
        .collect();
    // Most are shared by many operations.
    failures.sort_by(|a, b| a.at.cmp(&b.at));
    failures.dedup_by(|a, b| a.at == b.at);
    let other = failures.into_iter().filter(|failure| {
        let json = failure.value.pointer("/content/application~1json").is_some();
        let schemas = contents(failure);
        let only = schemas.len() == 1;
        let same =
            schemas.into_iter().all(|schema| without_references(view.root, schema).at == ERROR);
        !(json && only && same)
    });
    let message = "the failure has another body than all others: give it `application/json` with \
                   the schema `Error`, and nothing else";
    other.map(|failure| Fault::new(failure, message)).collect()
}
