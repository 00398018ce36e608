//! What only people read: descriptions, examples, and extensions that nobody here knows.

use serde_json::{Map, Value};

use super::{
    Comparer,
    draft::{Draft, Place},
    rules,
};
use crate::{
    document::{Document, Pointer},
    verdict::Verdict,
};

const READ_BY_PEOPLE: [&str; 9] = [
    "contact",
    "description",
    "example",
    "examples",
    "externalDocs",
    "license",
    "summary",
    "termsOfService",
    "title",
];

/// Extensions that other modules compare.
const COMPARED: [&str; 3] = ["x-dropshot-pagination", "x-dropshot-websocket", "x-sunset"];

/// Members whose own members are names that the document gives.
const NAMES: [&str; 16] = [
    "callbacks",
    "content",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
];

impl Comparer<'_, '_> {
    /// Compares what stands at the same place in both documents.
    pub(super) fn compare_documentation(&mut self) {
        let mut waiting =
            vec![(self.base.as_value(), self.head.as_value(), Pointer::root(), false)];
        while let Some((base, head, place, names)) = waiting.pop() {
            match (base, head) {
                (Value::Object(before), Value::Object(after)) => {
                    if !names
                        && (before.contains_key("$ref"), after.contains_key("$ref")) != (true, true)
                    {
                        self.compare_texts_of(
                            what_is_said(self.base, base, before),
                            what_is_said(self.head, head, after),
                            &place,
                        );
                    }
                    for (name, before) in before {
                        let passed =
                            !names && (READ_BY_PEOPLE.contains(&name.as_str()) || is_data(name));
                        if let Some(after) =
                            after.get(name).filter(|after| *after != before && !passed)
                        {
                            let names = !names && NAMES.contains(&name.as_str());
                            waiting.push((before, after, place.join(name), names));
                        }
                    }
                }
                (Value::Array(before), Value::Array(after)) => {
                    for (index, (before, after)) in before.iter().zip(after).enumerate() {
                        waiting.push((before, after, place.join(index), false));
                    }
                }
                _ => {}
            }
        }
    }

    fn compare_texts_of(
        &mut self,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
        place: &Pointer,
    ) {
        let texts = |members: &Map<String, Value>,
                     other: &Map<String, Value>|
         -> Map<String, Value> {
            let differs = |name: &str| members.get(name) != other.get(name);
            let chosen = members.iter().filter(|(name, _)| is_for_people(name) && differs(name));
            chosen.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let (before, after) = (texts(before, after), texts(after, before));
        if before.is_empty() && after.is_empty() {
            return;
        }
        let operation = self.operation_at(place);
        let place = Place::new(place, place);
        let draft = Draft::new(
            &rules::DOCUMENTATION_CHANGED,
            Verdict::Compatible,
            place,
            "only people read it",
        );
        let draft = draft.values(before, after);
        self.drafts.push(match operation {
            Some(operation) => draft.for_operation(operation),
            None => draft,
        });
    }

    /// The operation that a place in the head belongs to.
    fn operation_at(&self, place: &Pointer) -> Option<usize> {
        let mut parts = place.as_str().splitn(5, '/').skip(1);
        if parts.next() != Some("paths") {
            return None;
        }
        let (path, method) = (parts.next()?, parts.next()?);
        let operation = self.head.get(&format!("/paths/{path}/{method}"))?;
        let id = operation.get("operationId")?.as_str()?;
        self.operations.iter().position(|known| known == id)
    }
}

/// What is said of something that is only referred to is said where it stands.
fn what_is_said<'v>(
    document: &'v Document,
    value: &'v Value,
    members: &'v Map<String, Value>,
) -> &'v Map<String, Value> {
    let resolved = document.resolve(value, &Pointer::root());
    resolved.and_then(|resolved| resolved.value.as_object()).unwrap_or(members)
}

fn is_for_people(name: &str) -> bool {
    READ_BY_PEOPLE.contains(&name) || (name.starts_with("x-") && !COMPARED.contains(&name))
}

/// Values of the service's own, in which nothing is documentation.
fn is_data(name: &str) -> bool {
    matches!(name, "default" | "enum") || name.starts_with("x-")
}
