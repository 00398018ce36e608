//! What Dropshot does not emit, added by rule to every operation.

use std::{collections::BTreeSet, fmt::Write};

use http::StatusCode;
use serde_json::{Value, json};
use strum::VariantArray;

use super::{DocumentError, example, rate_limit};
use crate::error::ErrorCode;

/// The name of the security scheme.
const BEARER: &str = "bearer";

/// The operations that need no permission, and so never answer 403.
const FOR_ANY_PRINCIPAL: [&str; 2] = ["get_my_permissions", "list_permissions"];

/// The operations that look for what their body names, and so can answer 404 without a variable in
/// their path.
const NAMES_OBJECTS_IN_BODY: [&str; 1] = ["create_token"];

/// The operations that depend on the state of an object, and so can answer 409.
const DEPENDS_ON_STATE: [&str; 2] = ["apply_directory_records", "rotate_token"];

pub(super) fn finish(document: &mut Value) -> Result<(), DocumentError> {
    document["servers"] = servers();
    document["components"]["securitySchemes"] = json!({ BEARER: security_scheme() });
    document["components"]["responses"] = error_responses()?;
    let schemas = member(document, "/components/schemas", "the schemas")?;
    schemas.as_object_mut().into_iter().flat_map(|all| all.values_mut()).for_each(flatten_enum);
    for (name, example) in example::of_schemas()? {
        member(schemas, &format!("/{name}"), "a schema that has an example")?["example"] = example;
    }
    let schemas = schemas.clone();
    let paths = member(document, "/paths", "the paths")?;
    for operation in operations(paths) {
        finish_operation(operation, &schemas);
    }
    Ok(())
}

fn member<'v>(
    value: &'v mut Value,
    pointer: &str,
    what: &'static str,
) -> Result<&'v mut Value, DocumentError> {
    value.pointer_mut(pointer).ok_or(DocumentError::Shape(what))
}

/// A path has more than operations, but nothing else has an `operationId`.
fn operations(paths: &mut Value) -> impl Iterator<Item = &mut Value> {
    let items = paths.as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    let members = items.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    members.filter(|member| member.get("operationId").is_some())
}

/// Dropshot writes an enum with described values as alternatives of one value each, in an order
/// that depends on which are described, and leaves others as a plain list. Here all become a
/// plain list, which every generator knows; what the values mean joins the description.
fn flatten_enum(schema: &mut Value) {
    let alternatives = schema["oneOf"].as_array().cloned().unwrap_or_default();
    let value_of = |alternative: &Value| match alternative["enum"].as_array().map(Vec::as_slice) {
        Some([value]) if alternative["type"] == "string" => Some(value.clone()),
        _ => None,
    };
    let Some(values) = alternatives.iter().map(value_of).collect::<Option<Vec<_>>>() else {
        return;
    };
    let Some(schema) = schema.as_object_mut().filter(|_| !values.is_empty()) else { return };
    let mut description =
        schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (index, (alternative, value)) in alternatives.iter().zip(&values).enumerate() {
        let (value, meaning) = (value.as_str(), alternative["description"].as_str());
        let start = if index == 0 { "\n\n" } else { "\n" };
        if let (Some(value), Some(meaning)) = (value, meaning) {
            let _ = write!(description, "{start}- `{value}`: {meaning}");
        }
    }
    schema.remove("oneOf");
    schema.insert("type".to_owned(), "string".into());
    schema.insert("enum".to_owned(), values.into());
    schema.insert("description".to_owned(), description.into());
}

/// Where the service runs is the deployer's choice.
fn servers() -> Value {
    json!([{
        "url": "https://{host}",
        "description": "A deployment of the service",
        "variables": {
            "host": {
                "default": "customers.example.com",
                "description": "Host, and port if it is not 443, of the deployment",
            },
        },
    }])
}

fn security_scheme() -> Value {
    json!({
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "sk_ and 49 base62 characters",
        "description": "A token of this service (RFC 6750). It acts for a user or for an \
            organization, may be narrowed by scopes, may expire and can be revoked.",
    })
}

fn finish_operation(operation: &mut Value, schemas: &Value) {
    operation["security"] = json!([{ BEARER: [] }]);
    // Indexing a value that is changed would put a null where there is nothing.
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        if parameter["name"] == "page_token" {
            parameter["example"] = schemas["CustomerPage"]["example"]["next_page"].clone();
        } else if let Some(example) = example_of(&parameter["schema"], schemas) {
            parameter["example"] = example;
        }
    }
    if parameter_named(operation, "page_token") {
        // Progenitor makes a stream of all pages of it. No parameter has to be there.
        operation["x-dropshot-pagination"] = json!({ "required": [] });
    }
    let failures = failures(operation);
    let body = operation.pointer_mut("/requestBody/content/application~1json");
    if let Some(media) = body
        && let Some(example) = example_of(&media["schema"], schemas)
    {
        media["example"] = example;
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    responses.retain(|status, _| !status.ends_with("XX"));
    for response in responses.values_mut() {
        response["headers"]["x-request-id"] = request_id_header();
        rate_limit::describe(&mut response["headers"], true);
        let content = response.get_mut("content").and_then(Value::as_object_mut);
        for media in content.into_iter().flat_map(|content| content.values_mut()) {
            if let Some(example) = example_of(&media["schema"], schemas) {
                media["example"] = example;
            }
        }
        let headers = response["headers"].as_object_mut();
        if let Some(etag) = headers.and_then(|headers| headers.get_mut("etag")) {
            etag["schema"]["example"] = "\"1a208cbcd99-1a208cbcd99\"".into();
        }
    }
    for status in failures {
        let reference = format!("#/components/responses/{}", response_name(status));
        responses.insert(status.as_str().to_owned(), json!({ "$ref": reference }));
    }
}

fn parameter_named(operation: &Value, name: &str) -> bool {
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.any(|parameter| parameter["name"] == name)
}

/// The example of the schema, or of the schema that it refers to.
fn example_of(schema: &Value, schemas: &Value) -> Option<Value> {
    let referred = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    let schema = referred.map_or(schema, |name| &schemas[name]);
    schema.get("example").cloned()
}

/// The statuses with which every operation can fail.
const ALWAYS: [StatusCode; 5] = [
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// The statuses with which one with a body can fail, too.
const WITH_BODY: [StatusCode; 3] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
];

/// The statuses with which this operation can fail.
fn failures(operation: &Value) -> Vec<StatusCode> {
    let in_path = |parameter: &Value| parameter["in"] == "path";
    let has_path = operation["parameters"].as_array().is_some_and(|all| all.iter().any(in_path));
    let id = operation["operationId"].as_str().unwrap_or_default();
    let mut statuses = ALWAYS.to_vec();
    if !FOR_ANY_PRINCIPAL.contains(&id) {
        statuses.push(StatusCode::FORBIDDEN);
    }
    if has_path || NAMES_OBJECTS_IN_BODY.contains(&id) {
        statuses.push(StatusCode::NOT_FOUND);
    }
    if DEPENDS_ON_STATE.contains(&id) {
        statuses.push(StatusCode::CONFLICT);
    }
    if parameter_named(operation, "if-match") {
        statuses.push(StatusCode::PRECONDITION_FAILED);
    }
    if operation.get("requestBody").is_some() {
        statuses.extend(WITH_BODY);
    }
    statuses
}

/// `Not Found` becomes `NotFound`.
fn response_name(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or_default().replace(' ', "")
}

fn error_responses() -> Result<Value, DocumentError> {
    let mut responses = json!({});
    let statuses: BTreeSet<_> = ErrorCode::VARIANTS.iter().map(|code| code.status()).collect();
    // An operation is never asked about a method that its path does not have.
    for status in statuses.into_iter().filter(|status| *status != StatusCode::METHOD_NOT_ALLOWED) {
        let codes: Vec<_> = codes_of(status).map(|code| format!("`{}`", code.name())).collect();
        let mut examples = json!({});
        for code in codes_of(status) {
            examples[code.name()] = json!({
                "summary": code.name(),
                "value": serde_json::to_value(example::error(code))?,
            });
        }
        responses[response_name(status)] = json!({
            "description": format!(
                "{}: `error_code` is {}.",
                status.canonical_reason().unwrap_or_default(),
                codes.join(" or "),
            ),
            "headers": headers_of(status),
            "content": {
                "application/json": {
                    "schema": { "$ref": "#/components/schemas/Error" },
                    "examples": examples,
                },
            },
        });
    }
    Ok(responses)
}

fn codes_of(status: StatusCode) -> impl Iterator<Item = ErrorCode> {
    ErrorCode::VARIANTS.iter().copied().filter(move |code| code.status() == status)
}

fn headers_of(status: StatusCode) -> Value {
    let mut headers = json!({ "x-request-id": request_id_header() });
    if status == StatusCode::UNAUTHORIZED {
        headers["www-authenticate"] = header(
            "Always `Bearer`: the kind of token that is wanted (RFC 6750, 3).",
            &json!({ "type": "string", "example": "Bearer" }),
        );
    }
    rate_limit::describe(&mut headers, status == StatusCode::TOO_MANY_REQUESTS);
    if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status) {
        headers["retry-after"] = header(
            "Seconds to wait before the request is repeated (RFC 9110, 10.2.3).",
            &json!({ "type": "integer", "minimum": 0, "example": 1 }),
        );
    }
    headers
}

fn request_id_header() -> Value {
    header(
        "Identifies this request in the logs of the service.",
        &json!({ "type": "string", "example": "5a2b6f0e-3c1d-4e8f-9a7b-6c5d4e3f2a1b" }),
    )
}

pub(super) fn header(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "required": true, "schema": schema })
}
