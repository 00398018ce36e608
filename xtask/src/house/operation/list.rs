//! Lists come in pages.

use serde_json::Value;

use crate::house::{
    Fault, Rule, View,
    view::{Operation, members, without_references},
};

pub(super) const PAGINATED: Rule = Rule {
    id: "list-paginated",
    text: "An operation that answers a list has `x-dropshot-pagination`, optional query \
           parameters `limit` and `page_token`, and answers `items` and `next_page` and nothing \
           else.",
    reason: "Every list grows. One that starts without pages can't get them later without a \
             break, and only this very form becomes a stream in the generated client.",
    good: r#"{ "paths": { "/v1/orders": { "get": { "x-dropshot-pagination": { "required": [] } } } } }"#,
    bad: r#"{ "paths": { "/v1/orders": { "get": { "x-dropshot-pagination": null } } } }"#,
    check: paginated,
};

pub(super) const LIMIT: Rule = Rule {
    id: "list-limit",
    text: "The parameter `limit` of a list is a whole number from 1 to at most 100.",
    reason: "A page without a bound is the whole list again: one request then takes what others \
             need.",
    good: r#"{ "components": { "parameters": { "Limit": { "schema": {
    "type": "integer", "minimum": 1, "maximum": 100 } } } } }"#,
    bad: r#"{ "components": { "parameters": { "Limit": { "schema": {
    "type": "integer", "minimum": 1, "maximum": 10000 } } } } }"#,
    check: limit,
};

const EXTENSION: &str = "x-dropshot-pagination";

/// The most items that a page may have.
const MOST: f64 = 100.0;

/// By what it is called, by what it answers, or by what it says of itself.
fn is_list(view: &View<'_>, operation: &Operation<'_>) -> bool {
    operation.id.starts_with("list_")
        || operation.part.value.get(EXTENSION).is_some()
        || (operation.method == "get"
            && operation.answers().any(|schema| {
                let schema = without_references(view.root, schema).value;
                let items = schema.pointer("/properties/items/type");
                [schema.get("type"), items].into_iter().flatten().any(|kind| kind == "array")
            }))
}

fn paginated(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for operation in view.operations.iter().filter(|operation| is_list(view, operation)) {
        let missing: Vec<_> = what_is_missing(view, operation);
        if !missing.is_empty() {
            let message = format!(
                "the list does not come in pages as the client needs them: it lacks {}",
                missing.join(", and ")
            );
            faults.push(Fault::new(&operation.part, message));
        }
    }
    faults
}

fn what_is_missing(view: &View<'_>, operation: &Operation<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    if operation.part.value.get(EXTENSION).is_none() {
        missing.push(format!("`{EXTENSION}`"));
    }
    for name in ["limit", "page_token"] {
        let parameter = operation.parameter("query", name);
        let optional = |required: Option<&Value>| required != Some(&Value::Bool(true));
        if parameter.is_none_or(|one| !optional(one.value.get("required"))) {
            missing.push(format!("an optional query parameter `{name}`"));
        }
    }
    let is_page = |schema| {
        let schema = without_references(view.root, schema).value;
        let mut names: Vec<_> = members(schema, "/properties").map(|(name, _)| name).collect();
        names.sort_unstable();
        names == ["items", "next_page"]
    };
    let mut answers = operation.answers().peekable();
    if answers.peek().is_none() || !answers.all(is_page) {
        missing.push("an answer of `items` and `next_page` alone".to_owned());
    }
    missing
}

fn limit(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for operation in view.operations.iter().filter(|operation| is_list(view, operation)) {
        let Some(parameter) = operation.parameter("query", "limit") else { continue };
        let schema = parameter.member("schema").map(|schema| without_references(view.root, schema));
        let bound = |name: &str| schema.as_ref()?.value.get(name)?.as_f64();
        let whole = schema.as_ref().is_some_and(|schema| schema.text("type") == "integer");
        let from_one = bound("minimum").is_some_and(|least| least >= 1.0);
        let bounded = bound("maximum").is_some_and(|most| most <= MOST);
        if !(whole && from_one && bounded) {
            let message = "`limit` is no integer with `minimum` 1 and a `maximum` of at most 100: \
                           bound it";
            faults.push(Fault::new(parameter, message));
        }
    }
    faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    faults.dedup_by(|a, b| a.pointer == b.pointer);
    faults
}
