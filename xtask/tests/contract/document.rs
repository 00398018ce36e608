//! Small documents that differ in one thing.

use serde_json::{Value, json};

/// A document of this version with one operation, which answers with a user.
pub(crate) fn document(version: &str) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Users", "version": version },
        "paths": { "/users": { "get": {
            "operationId": "get_user",
            "responses": { "200": {
                "description": "The user.",
                "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/User" },
                } },
            } },
        } } },
        "components": { "schemas": { "User": {
            "type": "object",
            "required": ["name"],
            "properties": { "name": { "type": "string" }, "city": { "type": "string" } },
        } } },
    })
}

/// As others see it: a name that was always there may be missing.
pub(crate) fn broken(version: &str) -> Value {
    let mut document = document(version);
    document["components"]["schemas"]["User"]["required"] = json!([]);
    document
}

/// With one operation more.
pub(crate) fn extended(version: &str) -> Value {
    let mut document = document(version);
    document["paths"]["/health"] = json!({ "get": {
        "operationId": "get_health",
        "responses": { "204": { "description": "All is well." } },
    } });
    document
}
