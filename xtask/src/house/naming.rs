//! Rules about names.

use std::collections::HashMap;

use heck::{ToKebabCase, ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};

use super::{Fault, Rule, View, view::Role};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "operation-id-present",
        text: "Every operation has an `operationId`.",
        reason: "The method of the generated client is named after it, and the generator refuses \
                 a document in which one is missing.",
        good: r#"{ "paths": { "/v1/orders": { "get": { "operationId": "list_orders" } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "operationId": null } } } }"#,
        check: id_present,
    },
    Rule {
        id: "operation-id-verb-noun",
        text: "Every operation id is in snake_case: a known verb, then what it is done to.",
        reason: "Ids are the method names of the client. With one small set of verbs a caller can \
                 guess the name of the next.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "operationId": "get_order" } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "operationId": "orderDetails" } } } }"#,
        check: id_verb_noun,
    },
    Rule {
        id: "operation-id-fits-method",
        text: "The verb of an operation id is one for its method.",
        reason: "Who reads `get_order` in a program expects that nothing changes, and that it may \
                 be repeated; only the method promises that.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "operationId": "get_order" } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "operationId": "delete_order" } } } }"#,
        check: id_fits_method,
    },
    Rule {
        id: "operation-id-unique",
        text: "No two operations have the same id.",
        reason: "The client can't have two methods of one name.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "operationId": "get_order" } } } }"#,
        bad: r#"{ "paths": { "/v1/orders": { "get": { "operationId": "get_order" } } } }"#,
        check: id_unique,
    },
    Rule {
        id: "schema-name-pascal-case",
        text: "The name of every schema is in PascalCase.",
        reason: "Types of the client are named after schemas; a name in another case is changed, \
                 and then can't be found in the document any more.",
        good: r#"{ "components": { "schemas": { "GiftCard": {
    "description": "A gift card, by its code.", "type": "string", "example": "SPRING" } } } }"#,
        bad: r#"{ "components": { "schemas": { "gift_card": {
    "description": "A gift card, by its code.", "type": "string", "example": "SPRING" } } } }"#,
        check: schema_name,
    },
    Rule {
        id: "property-name-camel-case",
        text: "The name of every property is in camelCase.",
        reason: "Callers write these names by hand in every language; two spellings in one \
                 document are a mistake that waits to be made.",
        good: r#"{ "components": { "schemas": { "Order": { "properties": {
    "giftWrap": { "type": "boolean", "description": "Whether it is wrapped." } } } } } }"#,
        bad: r#"{ "components": { "schemas": { "Order": { "properties": {
    "gift_wrap": { "type": "boolean", "description": "Whether it is wrapped." } } } } } }"#,
        check: property_name,
    },
    Rule {
        id: "parameter-name-case",
        text: "Parameters of query and path are in camelCase, headers in kebab-case.",
        reason: "A parameter filters by a property, and is to be called as the property is; the \
                 names of headers are compared without attention to case, so there it can't help.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "parameters": [
    { "in": "path", "name": "id", "required": true, "description": "Which order.",
      "schema": { "type": "string", "format": "uuid" } },
    { "in": "query", "name": "withItems", "description": "Whether to show the items.",
      "schema": { "type": "boolean" } } ] } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "parameters": [
    { "in": "path", "name": "id", "required": true, "description": "Which order.",
      "schema": { "type": "string", "format": "uuid" } },
    { "in": "query", "name": "with_items", "description": "Whether to show the items.",
      "schema": { "type": "boolean" } } ] } } } }"#,
        check: parameter_name,
    },
];

/// The verbs of operation ids, and the methods for which each can stand.
const VERBS: [(&str, &[&str]); 17] = [
    ("get", &["get"]),
    ("list", &["get"]),
    ("search", &["get", "post"]),
    ("count", &["get"]),
    ("explain", &["get"]),
    ("create", &["post", "put"]),
    ("add", &["post", "put"]),
    ("apply", &["post"]),
    ("cancel", &["post"]),
    ("retry", &["post"]),
    ("rotate", &["post"]),
    ("send", &["post"]),
    ("replace", &["put"]),
    ("set", &["put"]),
    ("update", &["patch", "put"]),
    ("delete", &["delete"]),
    ("remove", &["delete"]),
];

/// A verb of its own, for what is kept as a record and only stops to count.
const REVOKE: (&str, &[&str]) = ("revoke", &["delete", "post"]);

fn methods_of(id: &str) -> Option<&'static [&'static str]> {
    let verb = id.split('_').next()?;
    let mut verbs = VERBS.iter().chain([&REVOKE]);
    verbs.find(|(known, _)| *known == verb).map(|(_, methods)| *methods)
}

fn id_present(view: &View<'_>) -> Vec<Fault> {
    let missing = view.operations.iter().filter(|operation| operation.id.trim().is_empty());
    let message = "the operation has no `operationId`: give it one, such as `get_order`";
    missing.map(|operation| Fault::new(&operation.part, message)).collect()
}

fn id_verb_noun(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for operation in view.operations.iter().filter(|one| !one.id.trim().is_empty()) {
        let id = operation.id;
        let snake = id.to_snake_case();
        let message = if snake != id {
            format!("`{id}` is not in snake_case: write `{snake}`")
        } else if !id.contains('_') {
            format!("`{id}` does not say what it is done to: add a noun, as in `get_order`")
        } else if methods_of(id).is_none() {
            let known = VERBS.iter().chain([&REVOKE]).map(|(verb, _)| *verb);
            let known = known.collect::<Vec<_>>().join(", ");
            format!(
                "`{id}` does not begin with a verb that we use ({known}): take one of these, or \
                 add one to xtask/src/house/naming.rs"
            )
        } else {
            continue;
        };
        faults.push(Fault::new(&operation.part, message));
    }
    faults
}

fn id_fits_method(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for operation in &view.operations {
        let methods = methods_of(operation.id).unwrap_or_default();
        if !methods.is_empty() && !methods.contains(&operation.method) {
            let message = format!(
                "`{}` is called by {}, but its verb is one for {}: change either",
                operation.id,
                operation.method.to_uppercase(),
                methods.join(" or ").to_uppercase(),
            );
            faults.push(Fault::new(&operation.part, message));
        }
    }
    faults
}

fn id_unique(view: &View<'_>) -> Vec<Fault> {
    let mut first = HashMap::new();
    let mut faults = Vec::new();
    for operation in view.operations.iter().filter(|one| !one.id.is_empty()) {
        if let Some(other) = first.insert(operation.id, &operation.part) {
            let message =
                format!("`{}` is the id of {} too: rename either", operation.id, other.at);
            faults.push(Fault::new(&operation.part, message));
        }
    }
    faults
}

fn schema_name(view: &View<'_>) -> Vec<Fault> {
    let components = view.schemas.iter().filter(|schema| schema.role == Role::Component);
    let wrong = components.filter_map(|schema| {
        let name = &schema.part.subject;
        let wanted = name.to_upper_camel_case();
        let message = format!("schema `{name}` is not in PascalCase: call it `{wanted}`");
        (wanted != *name).then(|| Fault::new(&schema.part, message))
    });
    wrong.collect()
}

fn property_name(view: &View<'_>) -> Vec<Fault> {
    let properties = view.schemas.iter().filter(|schema| {
        // What narrows a property is about one that is described elsewhere.
        matches!(schema.role, Role::Property { .. }) && !schema.narrows
    });
    let wrong = properties.filter_map(|schema| {
        let name = schema.part.name();
        let wanted = name.to_lower_camel_case();
        let message = format!("property `{name}` is not in camelCase: call it `{wanted}`");
        (wanted != name).then(|| Fault::new(&schema.part, message))
    });
    wrong.collect()
}

fn parameter_name(view: &View<'_>) -> Vec<Fault> {
    let wrong = view.parameters.iter().filter_map(|parameter| {
        let name = parameter.text("name");
        let (case, wanted) = match parameter.text("in") {
            "query" | "path" => ("camelCase", name.to_lower_camel_case()),
            // Their case does not count, and some are usually written with capitals.
            "header" => ("kebab-case", name.to_lowercase().to_kebab_case()),
            _ => return None,
        };
        let is_header = parameter.text("in") == "header";
        let right = if is_header { name.eq_ignore_ascii_case(&wanted) } else { name == wanted };
        let message = format!("parameter `{name}` is not in {case}: call it `{wanted}`");
        (!right).then(|| Fault::new(parameter, message))
    });
    wrong.collect()
}
