//! What each rule finds beside its example, and what is near to it and is none.

#![expect(clippy::needless_pass_by_value, reason = "changes are written where they are used")]

use serde_json::{Value, json};

use super::broken_by;

/// A change of the sample, and the one rule that it breaks, if it breaks any.
fn case(change: Value, broken: Option<&'static str>) {
    let change = change.to_string();
    let found: Vec<_> = broken_by(&change).into_iter().collect();
    assert_eq!(found, Vec::from_iter(broken), "{change}");
}

fn operation(members: Value) -> Value {
    json!({ "paths": { "/v1/orders/{id}": { "get": members } } })
}

fn ordered(name: &str, mut property: Value) -> Value {
    property["description"] = "What it is.".into();
    json!({ "components": { "schemas": { "Order": { "properties": { name: property } } } } })
}

fn sent(name: &str, mut property: Value) -> Value {
    property["description"] = "What it is.".into();
    json!({ "components": { "schemas": { "NewOrder": { "properties": { name: property } } } } })
}

fn schema(name: &str, mut schema: Value) -> Value {
    schema["description"] = "What it is.".into();
    json!({ "components": { "schemas": { name: schema } } })
}

#[test]
fn documents() {
    case(json!({ "info": { "contact": { "email": null, "url": "https://example.com" } } }), None);
    case(json!({ "info": { "contact": { "email": null } } }), Some("document-contact"));
    case(json!({ "info": { "license": { "name": " " } } }), Some("document-licence"));
    case(json!({ "servers": [{ "url": "https://example.com" }] }), Some("document-servers"));
    case(operation(json!({ "tags": ["baskets"] })), Some("tag-description"));
}

#[test]
fn paths() {
    let path = |path: &str| json!({ "paths": { path: {} } });
    case(path("/"), None);
    case(path("/v1//baskets"), Some("path-no-trailing-slash"));
    case(path("/v1/gift_cards"), Some("path-segment-kebab-case"));
    case(path("/v1/people/{id}"), None);
    case(path("/v1/orders/{id}/{part}"), None);
    case(path("/v1/updates"), None);
    case(path("/v1/send-mail"), Some("path-no-verb"));
    case(path("/v1/baskets/{id}.json"), Some("path-variable-alone"));
}

#[test]
fn names() {
    case(operation(json!({ "operationId": "get" })), Some("operation-id-verb-noun"));
    case(operation(json!({ "operationId": "fetch_order" })), Some("operation-id-verb-noun"));
    case(operation(json!({ "operationId": "get_Order" })), Some("operation-id-verb-noun"));
    case(operation(json!({ "operationId": "explain_order" })), None);
    case(ordered("orderID", json!({ "type": "boolean" })), Some("property-name-camel-case"));
    case(ordered("line2", json!({ "type": "boolean" })), None);
    // A name that only narrows is found where it is described.
    let narrowed = json!({ "anyOf": [{ "properties": { "gift_wrap": { "type": "boolean" } } }] });
    case(json!({ "components": { "schemas": { "NewOrder": narrowed } } }), None);
    let header = |name: &str| {
        let parameter = json!({ "in": "header", "name": name, "description": "Which.",
            "schema": { "type": "boolean" } });
        json!({ "components": { "parameters": { "One": parameter } } })
    };
    case(header("If-None-Match"), None);
    case(header("x_trace"), Some("parameter-name-case"));
    let shared = json!([{ "in": "query", "name": "locale", "schema": { "type": "boolean" } }]);
    let shared = json!({ "paths": { "/v1/orders": { "parameters": shared } } });
    case(shared, Some("parameter-description"));
}

#[test]
fn operations() {
    case(operation(json!({ "tags": ["orders", "orders"] })), Some("operation-tag"));
    case(operation(json!({ "security": [] })), Some("operation-security"));
    case(operation(json!({ "security": null })), Some("operation-security"));
    let mut by_default = operation(json!({ "security": null }));
    by_default["security"] = json!([{ "bearer": [] }]);
    case(by_default, None);
    for status in ["400", "401", "429", "500", "503"] {
        case(operation(json!({ "responses": { status: null } })), Some("error-statuses"));
    }
    for status in ["403", "408", "413", "415"] {
        let change =
            json!({ "paths": { "/v1/orders": { "post": { "responses": { status: null } } } } });
        case(change, Some("error-statuses-of-inputs"));
    }
    let condition = json!([
        { "in": "path", "name": "id", "required": true, "description": "Which order.",
          "schema": { "type": "string", "format": "uuid" } },
        { "in": "header", "name": "If-Match", "description": "Which version.",
          "schema": { "type": "string", "maxLength": 50 } },
    ]);
    let mut change = operation(json!({ "parameters": condition }));
    case(change.clone(), Some("error-statuses-of-inputs"));
    let failure = json!({ "$ref": "#/components/responses/Failure" });
    change["paths"]["/v1/orders/{id}"]["get"]["responses"] = json!({ "412": failure });
    case(change, None);
}

#[test]
fn lists() {
    let parameter =
        |name: &str, change| json!({ "components": { "parameters": { name: change } } });
    let page = |properties| json!({ "components": { "schemas": { "OrderPage": { "properties": properties } } } });
    case(parameter("Limit", json!({ "required": true })), Some("list-paginated"));
    case(
        parameter("PageToken", json!({ "name": "cursor", "schema": { "maxLength": 9 } })),
        Some("list-paginated"),
    );
    case(
        page(json!({ "total": { "type": "integer", "description": "All of them." } })),
        Some("list-paginated"),
    );
    let renamed = |id| json!({ "paths": { "/v1/orders": { "get": { "operationId": id } } } });
    case(renamed("get_orders"), None);
    let mut disguised = renamed("get_orders");
    disguised["paths"]["/v1/orders"]["get"]["x-dropshot-pagination"] = Value::Null;
    case(disguised, Some("list-paginated"));
    for wrong in [
        json!({ "maximum": 101 }),
        json!({ "maximum": null }),
        json!({ "minimum": 0 }),
        json!({ "type": "number" }),
    ] {
        let bounded = wrong.get("maximum") != Some(&Value::Null);
        let change = parameter("Limit", json!({ "schema": wrong }));
        if bounded {
            case(change, Some("list-limit"));
        } else {
            // It is a number in a request, too.
            assert!(broken_by(&change.to_string()).contains("list-limit"));
        }
    }
}

#[test]
fn answers() {
    let answer = |change| operation(json!({ "responses": { "409": change } }));
    let schema = json!({ "schema": { "$ref": "#/components/schemas/Error" } });
    let other = json!({ "schema": { "$ref": "#/components/schemas/Order" } });
    let described = |content| json!({ "description": "It is shipped.", "content": content });
    case(answer(described(json!({ "application/json": other }))), Some("error-schema"));
    case(answer(described(json!({ "application/xml": schema }))), Some("error-schema"));
    let both = json!({ "application/json": schema, "application/xml": schema });
    case(answer(described(both)), Some("error-schema"));
    case(answer(json!({ "description": "It is shipped." })), Some("error-schema"));
    let wrapped = json!({ "schema": { "allOf": [{ "$ref": "#/components/schemas/Error" }] } });
    case(answer(described(json!({ "application/json": wrapped }))), None);
}

#[test]
fn descriptions_and_examples() {
    let reference = json!({ "$ref": "#/components/schemas/OrderStatus" });
    case(ordered("a", reference), Some("property-description"));
    case(schema("Alias", json!({ "$ref": "#/components/schemas/Order" })), None);
    case(schema("Count", json!({ "type": "integer" })), Some("schema-example"));
    // What narrows an object describes nothing of its own.
    let narrowed = json!({ "anyOf": [{ "properties": { "note": { "type": "string" } } }] });
    case(json!({ "components": { "schemas": { "NewOrder": narrowed } } }), None);
}

#[test]
fn bounds() {
    case(sent("a", json!({ "type": "string", "enum": ["x", "y"] })), None);
    case(sent("a", json!({ "type": "string", "format": "ipv6" })), None);
    case(sent("a", json!({ "type": "string", "pattern": "^[A-Z]{2}$" })), None);
    case(sent("a", json!({ "type": "string", "pattern": "^[A-Z]+$" })), Some("string-bounded"));
    case(sent("a", json!({ "type": "string", "format": "email" })), Some("string-bounded"));
    let formats =
        json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] });
    case(sent("a", formats), None);
    let formats = json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "minLength": 1 }] });
    case(sent("a", formats), Some("string-bounded"));
    case(ordered("a", json!({ "type": "string" })), None);
    let values = json!({ "$ref": "#/components/schemas/OrderStatus" });
    let set = json!({ "type": "array", "uniqueItems": true, "items": values });
    case(sent("a", set), None);
    case(sent("a", json!({ "type": "array", "items": values })), Some("array-bounded"));
    let flags = json!({ "type": "array", "uniqueItems": true, "items": { "type": "boolean" } });
    case(sent("a", flags), Some("array-bounded"));
    case(ordered("a", json!({ "type": "array", "items": values })), None);
    case(sent("a", json!({ "type": "number", "maximum": 1 })), Some("number-bounded"));
    case(ordered("a", json!({ "type": "integer" })), None);
}

#[test]
fn shapes() {
    let values = json!({ "type": "string", "nullable": true, "enum": ["x", null] });
    case(ordered("a", values), Some("no-nullable-and-optional"));
    let values = json!({ "type": "string", "enum": ["x", null] });
    case(ordered("a", values), Some("no-nullable-and-optional"));
    let reference = json!({ "$ref": "#/components/schemas/OrderStatus" });
    let inline = json!({ "nullable": true, "allOf": [reference] });
    case(sent("a", inline), Some("no-nullable-and-optional"));
    let nullable = json!({ "type": "boolean", "nullable": true });
    let mut required = ordered("a", nullable.clone());
    required["components"]["schemas"]["Order"]["required"] = json!(["a"]);
    case(required, None);
    // By a schema of its own name a request clears a field; an answer has nothing to clear.
    let clears = json!({ "allOf": [{ "$ref": "#/components/schemas/ClearableFlag" }] });
    for (mut change, broken) in [
        (sent("a", clears.clone()), None),
        (ordered("a", clears), Some("no-nullable-and-optional")),
    ] {
        let mut flag = nullable.clone();
        flag["description"] = "A new value, or `null`.".into();
        flag["example"] = true.into();
        change["components"]["schemas"]["ClearableFlag"] = flag;
        case(change, broken);
    }
    case(ordered("a", json!({})), Some("no-free-form"));
    case(ordered("a", json!({ "type": "object" })), Some("no-free-form"));
    case(ordered("a", json!({ "type": "object", "additionalProperties": false })), None);
    let inner = json!({ "type": "object", "properties": {
        "b": { "type": "boolean", "description": "What." } } });
    case(
        sent("a", json!({ "type": "array", "maxItems": 1, "items": inner })),
        Some("no-inline-object"),
    );
    let body = json!({ "requestBody": { "content": { "application/json": { "schema": {
        "$ref": null, "type": "object", "properties": {
            "b": { "type": "boolean", "description": "What." } } } } } } });
    case(json!({ "paths": { "/v1/orders": { "post": body } } }), Some("no-inline-object"));
    let mixed =
        json!([{ "type": "string", "enum": ["a", "b"] }, { "type": "string", "enum": ["c"] }]);
    case(ordered("a", json!({ "oneOf": mixed })), Some("enum-as-list"));
    case(ordered("a", json!({ "oneOf": [reference, { "type": "boolean" }] })), None);
    case(
        ordered("a", json!({ "type": "boolean", "default": false })),
        Some("no-default-in-answer"),
    );
    let mut both_ways = ordered("a", json!({ "type": "boolean", "default": false }));
    let order = json!({ "schema": { "$ref": "#/components/schemas/Order" } });
    both_ways["paths"]["/v1/orders"]["post"]["requestBody"]["content"]["application/json"] = order;
    case(both_ways, None);
}

#[test]
fn moments() {
    case(ordered("wrapDate", json!({ "type": "string" })), Some("date-time-format"));
    case(ordered("seconds", json!({ "type": "integer" })), None);
    case(ordered("flat", json!({ "type": "string" })), None);
    let day = json!({ "type": "string", "format": "date" });
    case(ordered("wrapDate", day), Some("date-time-format"));
    let example = |moment: &str| json!({ "components": { "schemas": { "Order": { "example": { "createdAt": moment } } } } });
    case(example("2026-02-04T03:45:27.5Z"), None);
    for moment in
        ["2026-02-04", "2026-02-04T03:45Z", "2026-02-04 03:45:27Z", "2026-02-04T03:45:27.Z"]
    {
        case(example(moment), Some("date-time-example-utc"));
    }
    let moment = json!({ "type": "string", "format": "date-time", "example": "yesterday" });
    case(ordered("a", moment), Some("date-time-example-utc"));
}
