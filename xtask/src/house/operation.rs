//! Rules about operations.

mod failure;
mod list;

use serde_json::Value;

use super::{Fault, Rule, View, view::Operation};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "operation-summary",
        text: "Every operation has a summary.",
        reason: "It is the line in every table of contents, and the first of the documentation \
                 of the client's method.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "summary": "Retrieve an order" } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "summary": null } } } }"#,
        check: summary,
    },
    Rule {
        id: "operation-description",
        text: "Every operation has a description.",
        reason: "A summary has no room for what the caller must hold, what happens twice, and \
                 what is not promised.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": {
    "description": "Needs OrderRead. An order that may not be seen is not found." } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "description": " " } } } }"#,
        check: description,
    },
    Rule {
        id: "operation-tag",
        text: "Every operation has exactly one tag.",
        reason: "A tag is the chapter of the reference in which the operation stands; in two it \
                 is found twice, in none not at all.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "tags": ["orders"] } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "tags": [] } } } }"#,
        check: tag,
    },
    Rule {
        id: "operation-security",
        text: "Every operation says what authenticates its caller, and never that nothing does.",
        reason: "What is left out is open to everybody for whoever reads the document, and tests \
                 of authentication that are made from it pass the operation over.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "security": [{ "bearer": [] }] } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "security": [{}] } } } }"#,
        check: security,
    },
    failure::ALWAYS,
    failure::BY_INPUT,
    list::PAGINATED,
    list::LIMIT,
];

fn all_that(
    view: &View<'_>,
    is_wrong: impl Fn(&Operation<'_>) -> bool,
    message: &str,
) -> Vec<Fault> {
    let wrong = view.operations.iter().filter(|operation| is_wrong(operation));
    wrong.map(|operation| Fault::new(&operation.part, message)).collect()
}

fn summary(view: &View<'_>) -> Vec<Fault> {
    let message = "the operation has no summary: say in a few words what it does";
    all_that(view, |operation| !operation.part.says("summary"), message)
}

fn description(view: &View<'_>) -> Vec<Fault> {
    let message = "the operation has no description: say what it needs, does and promises";
    all_that(view, |operation| !operation.part.says("description"), message)
}

fn tag(view: &View<'_>) -> Vec<Fault> {
    let tags = |operation: &Operation<'_>| {
        operation.part.value.get("tags").and_then(Value::as_array).map_or(0, Vec::len)
    };
    all_that(view, |operation| tags(operation) != 1, "the operation needs one tag, and only one")
}

fn security(view: &View<'_>) -> Vec<Fault> {
    let by_default = view.root.get("security");
    let open = |operation: &Operation<'_>| {
        let ways = operation.part.value.get("security").or(by_default).and_then(Value::as_array);
        let ways = ways.map(Vec::as_slice).unwrap_or_default();
        ways.is_empty()
            || ways.iter().any(|way| way.as_object().is_none_or(serde_json::Map::is_empty))
    };
    let message = "the operation can be called without authentication: name the schemes in \
                   `security`, and let none of the alternatives be empty";
    all_that(view, open, message)
}
