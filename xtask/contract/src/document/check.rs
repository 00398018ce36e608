//! Is it an OpenAPI 3.0 document?
//!
//! A comparison passes over what has no form that it knows. So that nothing is passed over in
//! silence, what has a wrong form is refused here, with its place.

use serde_json::{Map, Value};

use super::{DocumentError, Pointer};

/// Where something stands. The pointer is only written where something is wrong.
enum Place<'a> {
    Top,
    Member(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    fn join(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    fn pointer(&self) -> Pointer {
        match self {
            Self::Top => Pointer::root(),
            Self::Member(parent, name) => parent.pointer().join(name),
            Self::Item(parent, index) => parent.pointer().join(index),
        }
    }
}

/// Refuses what is no OpenAPI 3.0 document.
pub(crate) fn check(root: &Value) -> Result<(), DocumentError> {
    let top = &Place::Top;
    let members = object(root, top)?;
    match members.get("openapi").and_then(Value::as_str) {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => {}
        Some(_) => return refuse(&top.join("openapi"), "only version 3.0 is understood"),
        None => return refuse(top, "it has no `openapi` with its version"),
    }
    let Some(paths) = members.get("paths") else { return refuse(top, "it has no `paths`") };
    each(paths, &top.join("paths"), path_item)?;
    if let Some(info) = members.get("info") {
        object(info, &top.join("info"))?;
    }
    if let Some(components) = members.get("components") {
        check_components(components, &top.join("components"))?;
    }
    for name in ["servers", "security", "tags"] {
        items(members, top, name, |value, at| object(value, at).map(drop))?;
    }
    Ok(())
}

type Checked = Result<(), DocumentError>;
type Check = fn(&Value, &Place<'_>) -> Checked;

fn refuse<T>(at: &Place<'_>, problem: impl Into<String>) -> Result<T, DocumentError> {
    Err(DocumentError::NotOpenApi {
        pointer: at.pointer().as_str().to_owned(),
        problem: problem.into(),
    })
}

fn object<'v>(value: &'v Value, at: &Place<'_>) -> Result<&'v Map<String, Value>, DocumentError> {
    value.as_object().map_or_else(|| refuse(at, "an object is expected here"), Ok)
}

/// Every member of a map, but for extensions.
fn each(map: &Value, at: &Place<'_>, check: Check) -> Checked {
    for (name, value) in object(map, at)?.iter().filter(|(name, _)| !name.starts_with("x-")) {
        check(value, &at.join(name))?;
    }
    Ok(())
}

/// Every item of a list, if it is there.
fn items(members: &Map<String, Value>, at: &Place<'_>, name: &str, check: Check) -> Checked {
    let Some(list) = members.get(name) else { return Ok(()) };
    let at = at.join(name);
    let Some(list) = list.as_array() else { return refuse(&at, "a list is expected here") };
    list.iter().enumerate().try_for_each(|(index, value)| check(value, &Place::Item(&at, index)))
}

/// A member, if it is there.
fn member(members: &Map<String, Value>, at: &Place<'_>, name: &str, check: Check) -> Checked {
    members.get(name).map_or(Ok(()), |value| check(value, &at.join(name)))
}

/// A map among the members, if it is there.
fn map(members: &Map<String, Value>, at: &Place<'_>, name: &str, check: Check) -> Checked {
    members.get(name).map_or(Ok(()), |value| each(value, &at.join(name), check))
}

/// A reference has to say to what; anything else is for the check.
fn or_reference(value: &Value, at: &Place<'_>, check: Check) -> Checked {
    match object(value, at)?.get("$ref") {
        None => check(value, at),
        Some(Value::String(_)) => Ok(()),
        Some(_) => refuse(&at.join("$ref"), "a text is expected here"),
    }
}

fn check_components(components: &Value, at: &Place<'_>) -> Checked {
    let members = object(components, at)?;
    let parts: [(&str, Check); 9] = [
        ("callbacks", anything),
        ("examples", anything),
        ("headers", header),
        ("links", anything),
        ("parameters", parameter),
        ("requestBodies", body),
        ("responses", response),
        ("schemas", schema),
        ("securitySchemes", anything),
    ];
    parts.into_iter().try_for_each(|(name, check)| map(members, at, name, check))
}

fn anything(value: &Value, at: &Place<'_>) -> Checked {
    object(value, at).map(drop)
}

fn path_item(value: &Value, at: &Place<'_>) -> Checked {
    or_reference(value, at, |value, at| {
        let members = object(value, at)?;
        items(members, at, "parameters", parameter)?;
        let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
        methods.into_iter().try_for_each(|method| member(members, at, method, operation))
    })
}

fn operation(value: &Value, at: &Place<'_>) -> Checked {
    let members = object(value, at)?;
    if members.get("operationId").is_some_and(|id| !id.is_string()) {
        return refuse(&at.join("operationId"), "a text is expected here");
    }
    items(members, at, "parameters", parameter)?;
    items(members, at, "security", |value, at| object(value, at).map(drop))?;
    member(members, at, "requestBody", body)?;
    match members.get("responses") {
        Some(responses) => each(responses, &at.join("responses"), response),
        None => refuse(at, "the operation has no `responses`"),
    }
}

fn parameter(value: &Value, at: &Place<'_>) -> Checked {
    or_reference(value, at, |value, at| {
        for name in ["name", "in"] {
            if !value.get(name).is_some_and(Value::is_string) {
                return refuse(at, format!("the parameter has no `{name}`"));
            }
        }
        let places = ["query", "header", "path", "cookie"];
        if !places.iter().any(|place| value["in"] == *place) {
            return refuse(&at.join("in"), "expected `query`, `header`, `path` or `cookie`");
        }
        header(value, at)
    })
}

/// What headers and parameters have in common.
fn header(value: &Value, at: &Place<'_>) -> Checked {
    or_reference(value, at, |value, at| {
        let members = object(value, at)?;
        member(members, at, "schema", schema)?;
        map(members, at, "content", media_type)
    })
}

fn body(value: &Value, at: &Place<'_>) -> Checked {
    or_reference(value, at, |value, at| map(object(value, at)?, at, "content", media_type))
}

fn response(value: &Value, at: &Place<'_>) -> Checked {
    or_reference(value, at, |value, at| {
        let members = object(value, at)?;
        map(members, at, "headers", header)?;
        map(members, at, "content", media_type)
    })
}

fn media_type(value: &Value, at: &Place<'_>) -> Checked {
    member(object(value, at)?, at, "schema", schema)
}

/// A schema and all within it. How deep they are nested is bounded by the depth of documents.
fn schema(value: &Value, at: &Place<'_>) -> Checked {
    // Newer versions know `true` and `false`, and what they mean is clear.
    if value.is_boolean() {
        return Ok(());
    }
    let members = object(value, at)?;
    if members.contains_key("$ref") {
        return or_reference(value, at, anything);
    }
    check_keywords(members, at)?;
    for name in ["items", "not", "additionalProperties"] {
        member(members, at, name, schema)?;
    }
    for name in ["allOf", "oneOf", "anyOf"] {
        items(members, at, name, schema)?;
    }
    let Some(properties) = members.get("properties") else { return Ok(()) };
    let at = at.join("properties");
    // A property may have any name, that of an extension too.
    object(properties, &at)?.iter().try_for_each(|(name, value)| schema(value, &at.join(name)))
}

/// Keywords whose value decides what is accepted. A schema has a few of them, so it is gone through
/// once, and no keyword is looked up.
fn check_keywords(members: &Map<String, Value>, at: &Place<'_>) -> Checked {
    let is_count = |value: &Value| value.as_f64().is_some_and(|it| it >= 0.0 && it.fract() == 0.0);
    let are_names =
        |value: &Value| value.as_array().is_some_and(|names| names.iter().all(Value::is_string));
    for (keyword, value) in members {
        let (is, expected) = match keyword.as_str() {
            "type" => (value.is_string() || value.is_array(), "a text is expected here"),
            "format" | "pattern" => (value.is_string(), "a text is expected here"),
            "enum" => (value.is_array(), "a list is expected here"),
            "required" => (are_names(value), "a list of names is expected here"),
            "minimum" | "maximum" | "multipleOf" => {
                (value.is_number(), "a number is expected here")
            }
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => {
                (is_count(value), "a whole number, zero or more, is expected here")
            }
            "nullable" | "readOnly" | "writeOnly" | "uniqueItems" | "deprecated"
            | "exclusiveMinimum" | "exclusiveMaximum" => {
                (value.is_boolean(), "`true` or `false` is expected here")
            }
            _ => continue,
        };
        if !is {
            return refuse(&at.join(keyword), expected);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(document: &Value) -> String {
        check(document).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            (json!([]), "an object is expected here, at its top"),
            (json!({ "paths": {} }), "it has no `openapi` with its version, at its top"),
            (
                json!({ "openapi": "3.1.0", "paths": {} }),
                "only version 3.0 is understood, at /openapi",
            ),
            (json!({ "openapi": "3.0.3" }), "it has no `paths`, at its top"),
            (
                json!({ "openapi": "3.0.3", "paths": { "/a": { "get": {} } } }),
                "the operation has no `responses`, at /paths/~1a/get",
            ),
            (
                json!({ "openapi": "3.0.3", "paths": {}, "components": { "schemas": { "A": {
                    "properties": { "b": { "maxLength": -1 } },
                } } } }),
                "a whole number, zero or more, is expected here, at \
                 /components/schemas/A/properties/b/maxLength",
            ),
        ];
        for (document, expected) in cases {
            assert!(problem(&document).ends_with(expected), "{}", problem(&document));
        }
    }

    #[test]
    fn extensions_and_references_may_be_anything_and_anywhere() {
        let document = json!({
            "openapi": "3.0.3",
            "x-a": 1,
            "paths": { "x-b": [], "/a": { "get": {
                "responses": { "x-c": 2, "200": { "$ref": "#/components/responses/R" } },
            } } },
        });
        assert!(check(&document).is_ok());
    }
}
