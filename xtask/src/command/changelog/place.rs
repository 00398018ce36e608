//! A place in a document, in words of those who call the service.

use openapi_contract::Document;

/// What the pointer leads to; `None` where it is a whole operation, which is named already, or the
/// document.
pub(super) fn in_words(document: &Document, pointer: &str) -> Option<String> {
    let parts: Vec<String> =
        pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [] | ["paths", _, _] => None,
        ["components", "schemas", name, rest @ ..] => Some(field(name, rest)),
        ["components", "securitySchemes", name, ..] => Some(format!("security scheme `{name}`")),
        ["components", "responses", name, rest @ ..] => {
            Some(join(format!("response `{name}`"), of_body(rest)))
        }
        ["components", kind, name, ..] => Some(format!("`{name}` of the {kind}")),
        ["paths", path] => Some(format!("`{path}`")),
        ["paths", _, "parameters", ..] | ["paths", _, _, "parameters", ..] => {
            parameter(document, pointer)
        }
        ["paths", _, _, "requestBody", rest @ ..] => {
            Some(join("the request body".to_owned(), of_body(rest)))
        }
        ["paths", _, _, "responses", status, rest @ ..] => {
            Some(join(format!("answer {status}"), of_body(rest)))
        }
        ["paths", _, _, rest @ ..] | rest => Some(format!("`{}`", rest.join("."))),
    }
}

fn join(what: String, of_it: Option<String>) -> String {
    match of_it {
        Some(part) => format!("{part} of {what}"),
        None => what,
    }
}

/// `Customer.address.city`: the fields on the way, and nothing of how the schema is written.
fn field(name: &str, rest: &[&str]) -> String {
    format!("`{}`", [name].into_iter().chain(fields(rest)).collect::<Vec<_>>().join("."))
}

fn fields<'a>(mut rest: &[&'a str]) -> Vec<&'a str> {
    let mut fields = Vec::new();
    loop {
        rest = match rest {
            ["properties", name, more @ ..] => {
                fields.push(*name);
                more
            }
            ["items", more @ ..] => {
                fields.push("[]");
                more
            }
            [_, more @ ..] => more,
            [] => return fields,
        };
    }
}

/// A header, or a field, in a body or an answer.
fn of_body(rest: &[&str]) -> Option<String> {
    match rest {
        ["headers", name, ..] => Some(format!("header `{name}`")),
        ["content", media_type] => Some(format!("`{media_type}`")),
        rest => {
            let fields = fields(rest);
            (!fields.is_empty()).then(|| format!("`{}`", fields.join(".")))
        }
    }
}

/// A parameter by its name, which its index does not show.
fn parameter(document: &Document, pointer: &str) -> Option<String> {
    let mut rest = pointer;
    while let Some((shorter, _)) = rest.rsplit_once('/') {
        if let Some(name) = document.get(rest).and_then(|it| it.get("name")?.as_str()) {
            return Some(format!("parameter `{name}`"));
        }
        rest = shorter;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn assert_words(pointer: &str, expected: Option<&str>) {
        let document = Document::from_value(json!({
            "openapi": "3.0.3",
            "info": { "title": "t", "version": "1.0.0" },
            "paths": { "/a/{b}": { "get": {
                "parameters": [
                    { "in": "query", "name": "limit", "schema": { "type": "integer" } },
                ],
                "responses": { "204": { "description": "Done." } },
            } } },
        }));
        assert_eq!(in_words(&document.unwrap(), pointer).as_deref(), expected);
    }

    #[test]
    fn places_are_named_as_callers_know_them() {
        assert_words("/paths/~1a~1{b}/get", None);
        assert_words("/paths/~1a~1{b}/get/parameters/0/schema", Some("parameter `limit`"));
        assert_words("/components/schemas/User/properties/city/maxLength", Some("`User.city`"));
        assert_words(
            "/paths/~1a~1{b}/get/responses/200/headers/etag/schema",
            Some("header `etag` of answer 200"),
        );
        assert_words(
            "/paths/~1a~1{b}/get/requestBody/content/application~1json/schema/properties/a/items",
            Some("`a.[]` of the request body"),
        );
        assert_words("/servers/0", Some("`servers.0`"));
    }
}
