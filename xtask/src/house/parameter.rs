//! Rules about parameters.

use super::{Fault, Rule, View};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "parameter-description",
        text: "Every parameter has a description.",
        reason: "A name says what is meant only to those who chose it.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "parameters": [
    { "in": "path", "name": "id", "required": true, "description": "Which order.",
      "schema": { "type": "string", "format": "uuid" } } ] } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "parameters": [
    { "in": "path", "name": "id", "required": true,
      "schema": { "type": "string", "format": "uuid" } } ] } } } }"#,
        check: description,
    },
    Rule {
        id: "parameter-not-in-cookie",
        text: "No parameter is a cookie.",
        reason: "Browsers send cookies without being asked, which makes requests that the user \
                 did not mean; and the generator of the client refuses them.",
        good: r#"{ "paths": { "/v1/orders/{id}": { "get": { "parameters": [
    { "in": "path", "name": "id", "required": true, "description": "Which order.",
      "schema": { "type": "string", "format": "uuid" } },
    { "in": "header", "name": "x-session", "description": "Which session.",
      "schema": { "type": "string", "format": "uuid" } } ] } } } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}": { "get": { "parameters": [
    { "in": "path", "name": "id", "required": true, "description": "Which order.",
      "schema": { "type": "string", "format": "uuid" } },
    { "in": "cookie", "name": "session", "description": "Which session.",
      "schema": { "type": "string", "format": "uuid" } } ] } } } }"#,
        check: cookie,
    },
];

fn description(view: &View<'_>) -> Vec<Fault> {
    let silent = view.parameters.iter().filter(|parameter| !parameter.says("description"));
    let faults = silent.map(|parameter| {
        let name = parameter.text("name");
        let message = format!("parameter `{name}` has no description: say what it does");
        Fault::new(parameter, message)
    });
    faults.collect()
}

fn cookie(view: &View<'_>) -> Vec<Fault> {
    let cookies = view.parameters.iter().filter(|parameter| parameter.text("in") == "cookie");
    let faults = cookies.map(|parameter| {
        let name = parameter.text("name");
        Fault::new(parameter, format!("parameter `{name}` is a cookie: make it a header"))
    });
    faults.collect()
}
