//! `deprecated`, and `x-sunset`: until when something is served.

use serde_json::Value;

use super::{
    draft::{Draft, Place},
    rules,
};
use crate::verdict::Verdict;

/// What changed of it, for an operation, a parameter or a property.
pub(super) fn compare(base: &Value, head: &Value, place: &Place) -> Vec<Draft> {
    let is_deprecated = |value: &Value| value.get("deprecated") == Some(&Value::Bool(true));
    let sunset = |value: &'_ Value| value.get("x-sunset").cloned();
    let mut drafts = Vec::new();
    match (is_deprecated(base), is_deprecated(head)) {
        (false, true) => drafts.push(
            Draft::new(
                &rules::DEPRECATED_SET,
                Verdict::Compatible,
                place.clone(),
                "it is served as before",
            )
            .values(false, true),
        ),
        (true, false) => drafts.push(
            Draft::new(
                &rules::DEPRECATED_UNSET,
                Verdict::Compatible,
                place.clone(),
                "it is served as before",
            )
            .values(true, false),
        ),
        _ => {}
    }
    match (sunset(base), sunset(head)) {
        // Days are written so that the earlier one sorts first.
        (Some(Value::String(before)), Some(Value::String(after))) if after > before => drafts.push(
            Draft::new(
                &rules::DOCUMENTATION_CHANGED,
                Verdict::Compatible,
                place.clone(),
                "it is served longer than was announced",
            )
            .values(before, after),
        ),
        (Some(before), Some(after)) if before != after => drafts.push(
            Draft::new(
                &rules::SUNSET_EARLIER,
                Verdict::Warning,
                place.clone(),
                "who planned by the date that was announced may be late",
            )
            .values(before, after),
        ),
        (Some(before), None) if is_deprecated(head) => drafts.push(
            Draft::new(
                &rules::SUNSET_REMOVED,
                Verdict::Warning,
                place.clone(),
                "nobody can tell any more until when it is served",
            )
            .values(before, Value::Null),
        ),
        (before, after) if before != after => drafts.push(
            Draft::new(
                &rules::DOCUMENTATION_CHANGED,
                Verdict::Compatible,
                place.clone(),
                "only people read until when it is served",
            )
            .values(before, after),
        ),
        _ => {}
    }
    drafts
}
