//! What schemas are made of.

use serde_json::Value;

use crate::house::{
    Fault, Rule, View,
    view::{Role, Schema, members, without_references},
};

pub(super) const NULLABLE: Rule = Rule {
    id: "no-nullable-and-optional",
    text: "A property that may be left out is never `null` as well; but for a field of a request \
           where `null` clears what is there, by a schema of its own name.",
    reason: "Two ways to say that there is nothing are two cases for every caller, and an \
             `Option` in the client can't tell them apart. It is what Dropshot writes for each \
             `Option`, so it comes by accident.",
    good: r#"{ "components": { "schemas": { "Order": { "properties": { "shippedAt": {
    "type": "string", "format": "date-time", "description": "Left out until it is." } } } } } }"#,
    bad: r#"{ "components": { "schemas": { "Order": { "properties": { "shippedAt": {
    "type": "string", "format": "date-time", "description": "When it was.",
    "nullable": true } } } } } }"#,
    check: nullable,
};

pub(super) const FREE_FORM: Rule = Rule {
    id: "no-free-form",
    text: "No schema accepts whatever there is: an object has properties, or values of a schema.",
    reason: "A contract that promises nothing can't be broken, compared or tested, and the \
             client has only untyped JSON to offer.",
    good: r#"{ "components": { "schemas": { "Order": { "properties": { "prices": {
    "type": "object", "description": "The price in each currency.",
    "additionalProperties": { "type": "integer" } } } } } } }"#,
    bad: r#"{ "components": { "schemas": { "Order": { "properties": { "prices": {
    "type": "object", "description": "The price in each currency.",
    "additionalProperties": true } } } } } }"#,
    check: free_form,
};

pub(super) const INLINE: Rule = Rule {
    id: "no-inline-object",
    text: "An object inside of another, of an array or of a body is a schema of its own name.",
    reason: "The generated client needs a type for it, and makes up a name that changes when its \
             surroundings do.",
    good: r##"{ "components": { "schemas": { "Order": { "properties": { "status": {
    "allOf": [{ "$ref": "#/components/schemas/OrderStatus" }],
    "description": "Where it stands." } } } } } }"##,
    bad: r#"{ "components": { "schemas": { "Order": { "properties": { "payment": {
    "type": "object", "description": "How it is paid.", "properties": {
        "card": { "type": "boolean", "description": "Whether by card." } } } } } } } }"#,
    check: inline,
};

pub(super) const ENUM: Rule = Rule {
    id: "enum-as-list",
    text: "Texts to choose from are one `enum`, and not alternatives of one value each.",
    reason: "Generators know `enum`; alternatives become a union of types. Dropshot writes them \
             as soon as one value has a doc comment, in another order than the values have.",
    good: r#"{ "components": { "schemas": { "OrderStatus": { "type": "string",
    "enum": ["open", "shipped"] } } } }"#,
    bad: r#"{ "components": { "schemas": { "OrderStatus": { "type": null, "enum": null, "example": "open",
    "oneOf": [{ "type": "string", "enum": ["open"] },
              { "type": "string", "enum": ["shipped"] }] } } } }"#,
    check: enum_as_list,
};

pub(super) const DEFAULT: Rule = Rule {
    id: "no-default-in-answer",
    text: "What only answers have has no `default`.",
    reason: "A default says what the service takes where the caller says nothing. In an answer \
             the client would put it where the service said nothing, and could not tell.",
    good: r#"{ "components": { "schemas": { "NewOrder": { "properties": {
    "quantity": { "default": 1 } } } } } }"#,
    bad: r#"{ "components": { "schemas": { "Order": { "properties": {
    "id": { "default": "018f0000-0000-7000-8000-000000000000" } } } } } }"#,
    check: default,
};

/// How deep alternatives are looked into.
const DEPTH: usize = 16;

fn nullable(view: &View<'_>) -> Vec<Fault> {
    let optional = view
        .schemas
        .iter()
        .filter(|schema| schema.role == (Role::Property { required: false }) && !schema.narrows);
    let faults = optional.filter_map(|schema| {
        let target = without_references(view.root, schema.part.clone());
        let name = &schema.part.subject;
        let message = if takes_null(schema.part.value, DEPTH) {
            format!(
                "`{name}` may be left out and may be `null`: take `nullable` away; or, if `null` \
                 is to clear it in a request, make it `Given` (a schema such as `ClearablePhone`)"
            )
        } else if schema.received && takes_null(target.value, DEPTH) {
            format!(
                "`{name}` may be left out, and in an answer may be `null` too: refer to a schema \
                 without `nullable`"
            )
        } else {
            return None;
        };
        Some(Fault::new(&schema.part, message))
    });
    faults.collect()
}

/// Whether the schema takes `null`, as far as it stands here and does not refer to another.
fn takes_null(schema: &Value, depth: usize) -> bool {
    let values = schema.get("enum").and_then(Value::as_array);
    let inner = ["allOf", "anyOf", "oneOf"].into_iter();
    let mut inner = inner.filter_map(|name| schema.get(name)?.as_array()).flatten();
    schema.get("nullable") == Some(&Value::Bool(true))
        || values.is_some_and(|values| values.contains(&Value::Null))
        || (depth > 0 && inner.any(|schema| takes_null(schema, depth - 1)))
}

/// What says of which kind a value is.
const KINDS: [&str; 9] =
    ["$ref", "allOf", "anyOf", "enum", "items", "not", "oneOf", "properties", "type"];

fn free_form(view: &View<'_>) -> Vec<Fault> {
    let described =
        view.schemas.iter().filter(|schema| !schema.narrows && schema.role != Role::Alternative);
    let faults = described.filter_map(|schema| {
        let value = schema.part.value;
        let message = if is_any_object(value) {
            "the object can have whatever properties: name them, or give `additionalProperties` \
             a schema"
        } else if !KINDS.iter().any(|kind| value.get(kind).is_some()) && !has_values(value) {
            "the value can be whatever there is: say of which type it is"
        } else {
            return None;
        };
        Some(Fault::new(&schema.part, message))
    });
    faults.collect()
}

fn is_any_object(value: &Value) -> bool {
    let composed = ["allOf", "anyOf", "oneOf"].iter().any(|name| value.get(name).is_some());
    let closed = value.get("additionalProperties") == Some(&Value::Bool(false));
    value.get("type").is_some_and(|kind| kind == "object")
        && members(value, "/properties").next().is_none()
        && !(composed || closed || has_values(value))
}

/// Whether the values of a map are of a schema that says something.
fn has_values(value: &Value) -> bool {
    let values = value.get("additionalProperties").and_then(Value::as_object);
    values.is_some_and(|schema| !schema.is_empty())
}

fn inline(view: &View<'_>) -> Vec<Fault> {
    let inside = view.schemas.iter().filter(|schema| {
        !schema.narrows && ![Role::Component, Role::Alternative].contains(&schema.role)
    });
    let objects =
        inside.filter(|schema| members(schema.part.value, "/properties").next().is_some());
    let message = "the object has no name: make it a schema of its own and refer to it, and the \
                   client has a type of that name";
    objects.map(|schema| Fault::new(&schema.part, message)).collect()
}

fn enum_as_list(view: &View<'_>) -> Vec<Fault> {
    let is_value = |alternative: &Value| {
        alternative.get("enum").is_some()
            && alternative.get("type").is_some_and(|it| it == "string")
    };
    let spread = |schema: &&Schema<'_>| {
        let alternatives = schema.part.value.get("oneOf").and_then(Value::as_array);
        alternatives.is_some_and(|all| !all.is_empty() && all.iter().all(is_value))
    };
    let message = "the values to choose from are alternatives: write them as one `enum`, and what \
                   each means into the description";
    view.schemas.iter().filter(spread).map(|schema| Fault::new(&schema.part, message)).collect()
}

fn default(view: &View<'_>) -> Vec<Fault> {
    let answers = view.schemas.iter().filter(|schema| schema.received && !schema.sent);
    let with = answers.filter(|schema| schema.part.value.get("default").is_some());
    let message = "only answers have this, and it has a `default`: take it away, or say `required`";
    with.map(|schema| Fault::new(&schema.part, message)).collect()
}
