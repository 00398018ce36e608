//! What a request may send has bounds.

use std::collections::HashMap;

use regex_syntax::hir::Look;
use serde_json::Value;

use crate::house::{
    Fault, Part, Rule, View,
    view::{join, resolve},
};

pub(super) const STRING: Rule = Rule {
    id: "string-bounded",
    text: "Every text in a request has a `maxLength`, or values, a format or a pattern that \
           bound it.",
    reason: "What has no bound in the document has one all the same, in a column or a limit of \
             bytes, and then fails late and without a word. What is bounded can also be tested \
             at its bounds.",
    good: r#"{ "components": { "schemas": { "NewOrder": { "properties": { "giftMessage": {
    "type": "string", "maxLength": 200, "description": "What is on the card." } } } } } }"#,
    bad: r#"{ "components": { "schemas": { "NewOrder": { "properties": { "giftMessage": {
    "type": "string", "description": "What is on the card." } } } } } }"#,
    check: string,
};

pub(super) const ARRAY: Rule = Rule {
    id: "array-bounded",
    text: "Every array in a request has a `maxItems`, or different items of a list of values.",
    reason: "Each item costs the service something: without a bound, one request can cost it \
             everything.",
    good: r#"{ "components": { "schemas": { "NewOrder": { "properties": { "coupons": {
    "type": "array", "maxItems": 10, "items": { "type": "string", "format": "uuid" },
    "description": "What to take off the price." } } } } } }"#,
    bad: r#"{ "components": { "schemas": { "NewOrder": { "properties": { "coupons": {
    "type": "array", "items": { "type": "string", "format": "uuid" },
    "description": "What to take off the price." } } } } } }"#,
    check: array,
};

pub(super) const NUMBER: Rule = Rule {
    id: "number-bounded",
    text: "Every number in a request has a least and a greatest value.",
    reason: "Quantities, durations and sums overflow at the edges of the type, which differ from \
             language to language; the edges of what is meant don't.",
    good: r#"{ "components": { "schemas": { "NewOrder": { "properties": { "boxes": {
    "type": "integer", "minimum": 1, "maximum": 20, "description": "Into how many boxes." } } } } } }"#,
    bad: r#"{ "components": { "schemas": { "NewOrder": { "properties": { "boxes": {
    "type": "integer", "minimum": 1, "description": "Into how many boxes." } } } } } }"#,
    check: number,
};

/// The formats whose values are all of about one length.
const BOUNDED_FORMATS: [&str; 6] = ["date", "date-time", "ipv4", "ipv6", "time", "uuid"];

/// How deep schemas are followed into each other. Real ones are followed twice or thrice; those
/// that go round in a circle end here.
const DEPTH: usize = 16;

fn string(view: &View<'_>) -> Vec<Fault> {
    let message = "the text has no bound: give it `maxLength`, values, a pattern from `^` to `$` \
                   without open repetitions, or a format such as `uuid`";
    all_without(view, &["string"], &is_bounded_text, message)
}

fn array(view: &View<'_>) -> Vec<Fault> {
    let is_bounded = |root: &Value, value: &Value| {
        let items = value.get("items").map(|value| {
            resolve(root, Part { value, at: String::new(), subject: String::new() }).value
        });
        let of_values = items.is_some_and(|items| items.get("enum").is_some());
        value.get("maxItems").is_some_and(Value::is_number)
            || (of_values && value.get("uniqueItems") == Some(&Value::Bool(true)))
    };
    let message = "the array has no bound: give it `maxItems`";
    all_without(view, &["array"], &is_bounded, message)
}

fn number(view: &View<'_>) -> Vec<Fault> {
    let is_bounded = |_: &Value, value: &Value| {
        let has = |name: &str| value.get(name).is_some_and(Value::is_number);
        value.get("enum").is_some() || (has("minimum") && has("maximum"))
    };
    let message = "the number has no bound on one side or both: give it `minimum` and `maximum`";
    all_without(view, &["integer", "number"], &is_bounded, message)
}

/// The schemas of these types in requests that have no bounds.
fn all_without(
    view: &View<'_>,
    types: &[&str],
    is_bounded: &dyn Fn(&Value, &Value) -> bool,
    message: &str,
) -> Vec<Fault> {
    let sent = view.schemas.iter().filter(|schema| schema.sent && !schema.narrows);
    let mut judgement = Judgement { root: view.root, is_bounded, known: HashMap::new() };
    let unbounded = sent.filter(|schema| {
        types.contains(&schema.part.text("type")) && !judgement.of(&schema.part, DEPTH)
    });
    unbounded.map(|schema| Fault::new(&schema.part, message)).collect()
}

/// Which schemas are bounded, as far as that is known.
struct Judgement<'c> {
    root: &'c Value,
    is_bounded: &'c dyn Fn(&Value, &Value) -> bool,
    /// By place, so that schemas that refer to each other many times are judged once.
    known: HashMap<String, bool>,
}

impl Judgement<'_> {
    /// By itself; or by each of its alternatives, or by one of what it has to be at the same time.
    fn of(&mut self, part: &Part<'_>, depth: usize) -> bool {
        let part = resolve(self.root, part.clone());
        if depth == 0 {
            return false;
        }
        if let Some(known) = self.known.get(&part.at) {
            return *known;
        }
        // What is met again on the way to its own bound has none.
        self.known.insert(part.at.clone(), false);
        let bounded = (self.is_bounded)(self.root, part.value)
            || self.inner(&part, "allOf", depth).contains(&true)
            || ["anyOf", "oneOf"].into_iter().any(|name| {
                let alternatives = self.inner(&part, name, depth);
                !alternatives.is_empty() && !alternatives.contains(&false)
            });
        self.known.insert(part.at, bounded);
        bounded
    }

    fn inner(&mut self, part: &Part<'_>, name: &str, depth: usize) -> Vec<bool> {
        let list = part.value.get(name).and_then(Value::as_array);
        let list = list.into_iter().flatten().enumerate();
        let judged = list.map(|(index, value)| {
            let at = join(&join(&part.at, name), index.to_string());
            self.of(&Part { value, at, subject: String::new() }, depth - 1)
        });
        judged.collect()
    }
}

fn is_bounded_text(_: &Value, value: &Value) -> bool {
    let format = value.get("format").and_then(Value::as_str).unwrap_or_default();
    let pattern = value.get("pattern").and_then(Value::as_str);
    value.get("enum").is_some()
        || value.get("maxLength").is_some_and(Value::is_number)
        || BOUNDED_FORMATS.contains(&format)
        || pattern.is_some_and(bounds)
}

/// Whether all texts of the pattern are at most of some length. One that only other dialects of
/// regular expressions can read is not believed to.
fn bounds(pattern: &str) -> bool {
    regex_syntax::parse(pattern).is_ok_and(|expression| {
        let properties = expression.properties();
        properties.look_set_prefix().contains(Look::Start)
            && properties.look_set_suffix().contains(Look::End)
            && properties.maximum_len().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::bounds;

    #[test]
    fn a_pattern_bounds_a_text_only_as_a_whole() {
        for pattern in ["^[a-z]{3}$", "^(a|bc)$", r"^\+[1-9][0-9]{6,14}$", r"^[^\u0000-\u001f]$"] {
            assert!(bounds(pattern), "{pattern}");
        }
        for pattern in ["[a-z]{3}", "^a", "a$", "^a+$", "^a|b$", "^(?=a)a$", "("] {
            assert!(!bounds(pattern), "{pattern}");
        }
    }
}
