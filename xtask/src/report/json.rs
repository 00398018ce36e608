//! All that was found, for programs; `xtask/contract/diff.schema.json` describes it.

use openapi_contract::{Change, Verdict};
use serde::Serialize;

use super::outline::Outline;

#[derive(Serialize)]
struct Report<'a> {
    wire: Verdict,
    client: Verdict,
    base_version: Option<&'a str>,
    head_version: Option<&'a str>,
    changes: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    #[serde(flatten)]
    change: &'a Change,
    base_line: Option<usize>,
    head_line: Option<usize>,
    accepted: Option<&'a str>,
}

pub(super) fn render(outline: &Outline<'_>) -> String {
    let comparison = outline.comparison;
    let findings = outline.entries().map(|entry| Finding {
        change: entry.change,
        base_line: entry.base.map(|position| position.line),
        head_line: entry.head.map(|position| position.line),
        accepted: entry.accepted,
    });
    let report = Report {
        wire: comparison.wire,
        client: comparison.client,
        base_version: comparison.base_version.as_deref(),
        head_version: comparison.head_version.as_deref(),
        changes: findings.collect(),
    };
    // Maps have strings for keys here, and numbers come from JSON: all of it can be written.
    let json = serde_json::to_string_pretty(&report).unwrap_or_default();
    json + "\n"
}
