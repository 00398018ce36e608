//! Schemas are described, and shown.

use crate::house::{
    Fault, Rule, View,
    view::{Role, without_references},
};

pub(super) const SCHEMA_DESCRIPTION: Rule = Rule {
    id: "schema-description",
    text: "Every schema that has a name has a description.",
    reason: "It is the page of the reference, and the documentation of the type in the generated \
             client.",
    good: r#"{ "components": { "schemas": { "Order": { "description": "An order, from cart to delivery." } } } }"#,
    bad: r#"{ "components": { "schemas": { "Order": { "description": null } } } }"#,
    check: schema_description,
};

pub(super) const PROPERTY_DESCRIPTION: Rule = Rule {
    id: "property-description",
    text: "Every property has a description of its own, beside an `allOf` if it refers to a schema.",
    reason: "What `createdAt` is seems clear until somebody asks whose clock, which zone, and \
             whether it can change. What stands beside a `$ref` is ignored, so it goes beside an \
             `allOf`.",
    good: r##"{ "components": { "schemas": { "Order": { "properties": { "paymentStatus": {
    "allOf": [{ "$ref": "#/components/schemas/OrderStatus" }],
    "description": "Where the payment of the order stands." } } } } } }"##,
    bad: r##"{ "components": { "schemas": { "Order": { "properties": { "paymentStatus": {
    "$ref": "#/components/schemas/OrderStatus" } } } } } }"##,
    check: property_description,
};

pub(super) const EXAMPLE: Rule = Rule {
    id: "schema-example",
    text: "Every schema that has a name has an example, or is a list of values, or another by name.",
    reason: "An example is read before everything else, and is what mock servers and tests send. \
             A list of values shows itself.",
    good: r#"{ "components": { "schemas": { "Failure": {
    "description": "What failed.", "type": "string", "maxLength": 20, "example": "NotFound" } } } }"#,
    bad: r#"{ "components": { "schemas": { "Failure": {
    "description": "What failed.", "type": "string", "maxLength": 20 } } } }"#,
    check: example,
};

fn schema_description(view: &View<'_>) -> Vec<Fault> {
    let components = view.schemas.iter().filter(|schema| schema.role == Role::Component);
    let silent = components.filter(|schema| !schema.part.says("description"));
    let faults = silent.map(|schema| {
        let name = &schema.part.subject;
        let message = format!(
            "schema `{name}` has no description: give its Rust type a doc comment for a stranger"
        );
        Fault::new(&schema.part, message)
    });
    faults.collect()
}

fn property_description(view: &View<'_>) -> Vec<Fault> {
    let properties = view
        .schemas
        .iter()
        .filter(|schema| matches!(schema.role, Role::Property { .. }) && !schema.narrows);
    let silent = properties.filter(|schema| {
        schema.part.value.get("$ref").is_some() || !schema.part.says("description")
    });
    let faults = silent.map(|schema| {
        let name = &schema.part.subject;
        let message = format!(
            "property `{name}` has no description of its own: give its field a doc comment"
        );
        Fault::new(&schema.part, message)
    });
    faults.collect()
}

fn example(view: &View<'_>) -> Vec<Fault> {
    let components = view.schemas.iter().filter(|schema| schema.role == Role::Component);
    let unseen = components.filter(|schema| {
        let behind = without_references(view.root, schema.part.clone());
        let places = [schema.part.value, behind.value];
        let shows = |name| places.iter().any(|value| value.get(name).is_some());
        !["example", "enum"].into_iter().any(shows)
    });
    let faults = unseen.map(|schema| {
        let name = &schema.part.subject;
        let message = format!(
            "schema `{name}` has no example: add one to server/api/src/document/example.rs"
        );
        Fault::new(&schema.part, message)
    });
    faults.collect()
}
