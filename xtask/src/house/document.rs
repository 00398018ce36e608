//! Rules about the document as a whole.

use serde_json::Value;

use super::{Fault, Part, Rule, View, view::members};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "document-contact",
        text: "The document names a contact, with an address or a page.",
        reason: "Whoever calls the service from outside has nobody else to ask.",
        good: r#"{ "info": { "contact": { "name": "The orders team", "email": "orders@example.com" } } }"#,
        bad: r#"{ "info": { "contact": null } }"#,
        check: contact,
    },
    Rule {
        id: "document-licence",
        text: "The document names its licence.",
        reason: "Without one nobody may keep, publish or generate from the document.",
        good: r#"{ "info": { "license": { "name": "Apache-2.0" } } }"#,
        bad: r#"{ "info": { "license": null } }"#,
        check: licence,
    },
    Rule {
        id: "document-servers",
        text: "The document names at least one server, each with a description.",
        reason: "Without servers, tools send their requests to wherever the document was loaded \
                 from.",
        good: r#"{ "servers": [{ "url": "https://orders.example.com", "description": "Production" }] }"#,
        bad: r#"{ "servers": [] }"#,
        check: servers,
    },
    Rule {
        id: "tag-description",
        text: "Every tag that an operation has is in the document's `tags`, with a description.",
        reason: "Tags are the chapters of the reference: one without a description is a chapter \
                 that starts in the middle.",
        good: r#"{ "tags": [{ "name": "orders", "description": "Orders, from cart to delivery." }] }"#,
        bad: r#"{ "tags": [{ "name": "orders" }] }"#,
        check: tags,
    },
];

fn top(view: &View<'_>, at: &str, message: &str) -> Fault {
    let pointer = if view.root.pointer(at).is_some() { at } else { "" };
    Fault {
        pointer: pointer.to_owned(),
        subject: "document".to_owned(),
        message: message.to_owned(),
    }
}

fn contact(view: &View<'_>) -> Vec<Fault> {
    let known = members(view.root, "/info/contact")
        .any(|(name, value)| ["email", "url"].contains(&name) && value.is_string());
    if known {
        return Vec::new();
    }
    vec![top(
        view,
        "/info",
        "nobody is named who answers questions: give `contact` an `email` or a `url`",
    )]
}

fn licence(view: &View<'_>) -> Vec<Fault> {
    let name = view.root.pointer("/info/license/name").and_then(Value::as_str);
    if name.is_some_and(|name| !name.trim().is_empty()) {
        return Vec::new();
    }
    vec![top(view, "/info", "no licence is named: give `license` a `name`, and best its `url`")]
}

fn servers(view: &View<'_>) -> Vec<Fault> {
    let servers = view.root.get("servers").and_then(Value::as_array);
    let Some(servers) = servers.filter(|servers| !servers.is_empty()) else {
        return vec![top(
            view,
            "/servers",
            "no server is named: say in `servers` where the service runs",
        )];
    };
    let parts = servers.iter().enumerate().map(|(index, value)| Part {
        value,
        at: format!("/servers/{index}"),
        subject: "document".to_owned(),
    });
    parts
        .filter(|server| !server.says("description"))
        .map(|server| Fault::new(&server, "the server has no description: say what it is for"))
        .collect()
}

fn tags(view: &View<'_>) -> Vec<Fault> {
    let declared = view.root.get("tags").and_then(Value::as_array).into_iter().flatten();
    let declared = declared.enumerate().map(|(index, value)| {
        let part = Part { value, at: format!("/tags/{index}"), subject: String::new() };
        Part { subject: part.text("name").to_owned(), ..part }
    });
    let declared: Vec<_> = declared.collect();
    let mut faults: Vec<_> = declared
        .iter()
        .filter(|tag| !tag.says("description"))
        .map(|tag| {
            let message =
                format!("tag `{}` has no description: say what belongs to it", tag.subject);
            Fault::new(tag, message)
        })
        .collect();
    for operation in &view.operations {
        let tags = operation.part.value.get("tags").and_then(Value::as_array).into_iter().flatten();
        for tag in tags.filter_map(Value::as_str) {
            if !declared.iter().any(|one| one.subject == tag) {
                let message =
                    format!("tag `{tag}` is not in the `tags` of the document: add it there");
                faults.push(Fault::new(&operation.part, message));
            }
        }
    }
    faults
}
