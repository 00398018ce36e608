//! Moments in time.

use crate::house::{
    Fault, Rule, View,
    view::{Part, Role, Schema, join, members, without_references},
};

pub(super) const FORMAT: Rule = Rule {
    id: "date-time-format",
    text: "A property that is called after a moment is a text of the format `date-time`.",
    reason: "Numbers have units that nobody writes down, and dates without a time have a zone \
             that nobody knows.",
    good: r#"{ "components": { "schemas": { "Order": { "properties": { "shippedAt": {
    "type": "string", "format": "date-time", "description": "When it was sent." } } } } } }"#,
    bad: r#"{ "components": { "schemas": { "Order": { "properties": { "shippedAt": {
    "type": "integer", "description": "When it was sent." } } } } } }"#,
    check: format,
};

pub(super) const EXAMPLE: Rule = Rule {
    id: "date-time-example-utc",
    text: "Moments in examples are RFC 3339 in UTC, and end with `Z`.",
    reason: "Examples are copied. With an offset they teach that the service keeps it, and two \
             spellings of one moment are compared as texts.",
    good: r#"{ "components": { "schemas": { "Order": { "example": {
    "createdAt": "2026-02-04T03:45:27Z" } } } } }"#,
    bad: r#"{ "components": { "schemas": { "Order": { "example": {
    "createdAt": "2026-02-04T05:45:27+02:00" } } } } }"#,
    check: example,
};

/// How the names of moments end.
const ENDINGS: [&str; 5] = ["At", "Date", "Time", "Timestamp", "Until"];

fn is_named_after_a_moment(name: &str) -> bool {
    let whole = ["date", "time", "timestamp"];
    whole.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn is_moment(view: &View<'_>, part: &Part<'_>) -> bool {
    let schema = without_references(view.root, part.clone());
    schema.text("format") == "date-time"
}

fn format(view: &View<'_>) -> Vec<Fault> {
    let properties = view
        .schemas
        .iter()
        .filter(|schema| matches!(schema.role, Role::Property { .. }) && !schema.narrows);
    let wrong = properties.filter(|schema| {
        let kind = without_references(view.root, schema.part.clone()).text("type");
        is_named_after_a_moment(&schema.part.name())
            && ["string", "integer", "number"].contains(&kind)
            && !is_moment(view, &schema.part)
    });
    let faults = wrong.map(|schema| {
        let name = schema.part.name();
        let message = format!(
            "`{name}` is called after a moment and is none: make it a string of the format \
             `date-time`, or name its unit (`{name}Seconds`)"
        );
        Fault::new(&schema.part, message)
    });
    faults.collect()
}

fn example(view: &View<'_>) -> Vec<Fault> {
    let shown = view.schemas.iter().flat_map(|schema| {
        let own = schema.part.member("example").filter(|_| is_moment(view, &schema.part));
        own.into_iter().chain(examples_of_properties(view, schema))
    });
    let wrong = shown.filter(|part| part.value.as_str().is_some_and(|text| !is_utc(text)));
    let message = "the moment in the example is not in UTC: write it as `2026-02-04T03:45:27Z`";
    wrong.map(|part| Fault::new(&part, message)).collect()
}

/// What the example of an object shows of its moments.
fn examples_of_properties<'d>(view: &View<'d>, schema: &Schema<'d>) -> Vec<Part<'d>> {
    let Some(example) = schema.part.member("example") else { return Vec::new() };
    let moments = members(schema.part.value, "/properties").filter(|(name, value)| {
        let at = join(&join(&schema.part.at, "properties"), name);
        is_moment(view, &Part { value, at, subject: String::new() })
    });
    moments
        .filter_map(|(name, _)| {
            let part = example.member(name)?;
            Some(Part { subject: format!("{}.{name}", part.subject), ..part })
        })
        .collect()
}

/// As RFC 3339 has it, with `Z`; whether there is such a day is for the test of examples.
fn is_utc(text: &str) -> bool {
    let digits = |part: &str, shape: &str| {
        part.len() == shape.len()
            && part.bytes().zip(shape.bytes()).all(|(byte, shape)| {
                if shape == b'0' { byte.is_ascii_digit() } else { byte == shape }
            })
    };
    let Some((date, time)) = text.split_once('T') else { return false };
    let Some(time) = time.strip_suffix('Z') else { return false };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    digits(date, "0000-00-00") && digits(time, "00:00:00") && fraction
}
