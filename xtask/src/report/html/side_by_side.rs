//! Two texts beside each other, line by line.

use maud::{Markup, html};
use openapi_contract::Signature;
use serde_json::Value;
use similar::{DiffOp, TextDiff};

use crate::report::wording;

/// Equal lines that are shown around those that differ.
const AROUND: usize = 3;
/// More lines than a reviewer reads; what follows is left out, and says so.
const LINES: usize = 300;
const LINE: usize = 300;

/// What stood and stands in the documents.
pub(super) fn json(caption: &str, before: &Value, after: &Value) -> Markup {
    let text = |value: &Value| (!value.is_null()).then(|| format!("{value:#}"));
    table(caption, text(before).as_deref(), text(after).as_deref())
}

/// An item of the generated client.
pub(super) fn rust(signature: &Signature) -> Markup {
    table("Generated Rust", signature.before.as_deref(), signature.after.as_deref())
}

fn table(caption: &str, before: Option<&str>, after: Option<&str>) -> Markup {
    // Beside what came or went there is nothing, and a reader should not have to guess that.
    let beside = if before.is_none() || after.is_none() { wording::NOTHING } else { "" };
    let (old, new) = (lines(before), lines(after));
    let diff = TextDiff::from_slices(&old, &new);
    let hunks = diff.grouped_ops(AROUND);
    html! {
        table .sides {
            caption { (caption) }
            thead { tr { th scope="col" { "Before" } th scope="col" { "After" } } }
            tbody {
                @for (place, hunk) in hunks.iter().enumerate() {
                    @if place > 0 || hunk.first().is_some_and(|op| op.old_range().start > 0) {
                        tr { td .gap { "…" } td .gap { "…" } }
                    }
                    @for op in hunk { (rows(op, &old, &new, beside)) }
                }
            }
        }
    }
}

fn lines(text: Option<&str>) -> Vec<&str> {
    let text = text.unwrap_or_default();
    let mut lines: Vec<_> = text.lines().take(LINES).collect();
    if text.lines().nth(LINES).is_some() {
        lines.push("… (cut here; `--format json` has all of it)");
    }
    lines
}

fn rows(op: &DiffOp, before: &[&str], after: &[&str], beside: &str) -> Markup {
    let old = before.get(op.old_range()).unwrap_or_default();
    let new = after.get(op.new_range()).unwrap_or_default();
    let same = matches!(op, DiffOp::Equal { .. });
    html! {
        @for place in 0..old.len().max(new.len()) {
            tr {
                @match old.get(place) {
                    Some(line) if same => td { (shown(line)) },
                    Some(line) => td .removed { del { (shown(line)) } },
                    None => td .none { @if place == 0 { (beside) } },
                }
                @match new.get(place) {
                    Some(line) if same => td { (shown(line)) },
                    Some(line) => td .added { ins { (shown(line)) } },
                    None => td .none { @if place == 0 { (beside) } },
                }
            }
        }
    }
}

fn shown(line: &str) -> String {
    wording::clipped(line, LINE)
}
