//! With which statuses an operation can fail.

use crate::house::{
    Fault, Rule, View,
    view::{Operation, join},
};

pub(super) const ALWAYS: Rule = Rule {
    id: "error-statuses",
    text: "Every operation lists 400, 401, 429, 500 and 503.",
    reason: "Each operation can meet a fault in the request, a token that does not count, a quota \
             that is used up, and a service that fails. What is not listed, the generated client \
             can't read.",
    good: r##"{ "paths": { "/v1/orders": { "get": { "responses": {
    "503": { "$ref": "#/components/responses/Failure" } } } } } }"##,
    bad: r#"{ "paths": { "/v1/orders": { "get": { "responses": { "503": null } } } } }"#,
    check: always,
};

pub(super) const BY_INPUT: Rule = Rule {
    id: "error-statuses-of-inputs",
    text: "An operation lists 403; 404 if its path has a variable; 412 if it takes `if-match`; \
           408, 413 and 415 if it takes a body.",
    reason: "These follow from what an operation is given. A caller who isn't told of them treats \
             the ordinary case that something is gone as a failure of the service.",
    good: r##"{ "paths": { "/v1/orders/{id}": { "get": { "responses": {
    "404": { "$ref": "#/components/responses/Failure" } } } } } }"##,
    bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "responses": { "404": null } } } } }"#,
    check: by_input,
};

fn always(view: &View<'_>) -> Vec<Fault> {
    let faults = view.operations.iter().flat_map(|operation| {
        ["400", "401", "429", "500", "503"]
            .into_iter()
            .filter_map(|status| missing(operation, status, "any request can be answered with it"))
    });
    faults.collect()
}

fn by_input(view: &View<'_>) -> Vec<Fault> {
    let faults = view.operations.iter().flat_map(|operation| {
        let in_path = operation.parameters.iter().any(|one| one.text("in") == "path");
        let mut headers = operation.parameters.iter().filter(|one| one.text("in") == "header");
        let condition = headers.any(|one| one.text("name").eq_ignore_ascii_case("if-match"));
        let body = operation.body.is_some();
        let expected = [
            ("403", true, "a caller can lack the permission"),
            ("404", in_path, "what the path names can be missing"),
            ("408", body, "the body can fail to come"),
            ("412", condition, "the condition `if-match` can fail"),
            ("413", body, "the body can be too large"),
            ("415", body, "the body can be no JSON"),
        ];
        let expected = expected.into_iter().filter(|(_, applies, _)| *applies);
        expected.filter_map(|(status, _, why)| missing(operation, status, why))
    });
    faults.collect()
}

fn missing(operation: &Operation<'_>, status: &str, why: &str) -> Option<Fault> {
    if operation.responses.iter().any(|(listed, _)| *listed == status) {
        return None;
    }
    let message = format!(
        "status {status} is not listed, but {why}: list it (server/api/src/document/finish.rs)"
    );
    let mut fault = Fault::new(&operation.part, message);
    if operation.part.member("responses").is_some() {
        fault.pointer = join(&fault.pointer, "responses");
    }
    fault.subject = format!("{}.{status}", operation.part.subject);
    Some(fault)
}
