//! Every schema of a document, and which way its values go.

use std::collections::HashSet;

use serde_json::Value;

use super::{Part, join, members, resolve};

/// A schema, where it stands and what it is for.
pub(in crate::house) struct Schema<'d> {
    pub(in crate::house) part: Part<'d>,
    pub(in crate::house) role: Role,
    /// It only narrows a schema that stands around it, and describes nothing of its own.
    pub(in crate::house) narrows: bool,
    /// A request can have a value of it.
    pub(in crate::house) sent: bool,
    /// An answer can have a value of it.
    pub(in crate::house) received: bool,
}

/// What a schema is for, where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::house) enum Role {
    /// It has a name of its own.
    Component,
    /// The whole of a body, a parameter or a header.
    Whole,
    /// A property, which has to be there or not.
    Property { required: bool },
    /// The items of an array, or the values of a map.
    Element,
    /// A part of `allOf`, `anyOf`, `oneOf` or `not`.
    Alternative,
}

/// All schemas: the components, and what stands inline.
pub(super) fn all<'d>(
    root: &'d Value,
    sent: Vec<Part<'d>>,
    received: Vec<Part<'d>>,
) -> Vec<Schema<'d>> {
    let (in_requests, in_answers) = (reach(root, &sent), reach(root, &received));
    let named = members(root, "/components/schemas").map(|(name, value)| {
        let at = join("/components/schemas", name);
        (Part { value, at, subject: name.to_owned() }, Role::Component, false)
    });
    let inline = sent.into_iter().chain(received).map(|part| (part, Role::Whole, false));
    let mut waiting: Vec<_> = named.chain(inline).collect();
    // What comes first in the document is to be found first.
    waiting.reverse();
    let mut seen = HashSet::new();
    let mut schemas = Vec::new();
    while let Some((part, role, narrows)) = waiting.pop() {
        if !seen.insert(part.at.clone()) {
            continue;
        }
        let inner = children(&part);
        waiting.extend(inner.into_iter().rev().map(|(inner, role)| {
            let describes = part.value.get("type").or_else(|| part.value.get("properties"));
            let negated = inner.at.ends_with("/not");
            let around = role == Role::Alternative && (negated || describes.is_some());
            (inner, role, narrows || around)
        }));
        let (sent, received) = (in_requests.contains(&part.at), in_answers.contains(&part.at));
        schemas.push(Schema { part, role, narrows, sent, received });
    }
    schemas
}

/// The places of all schemas that these have in them or refer to.
fn reach<'d>(root: &'d Value, from: &[Part<'d>]) -> HashSet<String> {
    let mut reached = HashSet::new();
    let mut waiting = from.to_vec();
    while let Some(part) = waiting.pop() {
        if reached.insert(part.at.clone()) {
            waiting.extend(children(&part).into_iter().map(|(inner, _)| inner));
            waiting.push(resolve(root, part));
        }
    }
    reached
}

/// The schemas right inside of this one.
fn children<'d>(part: &Part<'d>) -> Vec<(Part<'d>, Role)> {
    let mut inner = Vec::new();
    let required = part.value.get("required").and_then(Value::as_array).into_iter().flatten();
    let required: HashSet<_> = required.filter_map(Value::as_str).collect();
    if let Some(properties) = part.member("properties") {
        for (name, value) in members(properties.value, "") {
            let subject = format!("{}.{name}", part.subject);
            let required = required.contains(name);
            let part = Part { value, at: join(&properties.at, name), subject };
            inner.push((part, Role::Property { required }));
        }
    }
    for name in ["items", "additionalProperties"] {
        // `additionalProperties` can be a truth value.
        let element = part.member(name).filter(|element| element.value.is_object());
        inner.extend(element.map(|element| {
            (Part { subject: format!("{}[]", part.subject), ..element }, Role::Element)
        }));
    }
    for name in ["allOf", "anyOf", "oneOf"] {
        let Some(list) = part.member(name) else { continue };
        for (index, value) in list.value.as_array().into_iter().flatten().enumerate() {
            let at = join(&list.at, index.to_string());
            let part = Part { value, at, subject: part.subject.clone() };
            inner.push((part, Role::Alternative));
        }
    }
    inner.extend(part.member("not").map(|not| (not, Role::Alternative)));
    inner
}

/// What stands behind `$ref`, and behind an `allOf` of nothing but one.
///
/// An `allOf` around a reference is how OpenAPI 3.0 lets a property have a description of its own.
pub(in crate::house) fn without_references<'d>(root: &'d Value, part: Part<'d>) -> Part<'d> {
    let mut found = resolve(root, part);
    let mut seen = HashSet::new();
    while let Some([only]) = found.value.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        if found.value.get("type").is_some() || !seen.insert(found.at.clone()) {
            break;
        }
        let at = join(&join(&found.at, "allOf"), "0");
        found = resolve(root, Part { value: only, at, subject: found.subject });
    }
    found
}
