//! A comparison as people and machines read it.
//!
//! Everything here makes text of what was found; nothing reads or writes a file. `outline` has
//! what all formats share (order, counts, places, acceptances), and one file each makes a format
//! of it. Names, values and descriptions come from documents that anybody may have written: each
//! format escapes all of them.

pub mod example;
mod facts;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod outline;
pub mod position;
mod sarif;
mod text;
mod wording;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use openapi_contract::{Change, Comparison};

use self::outline::Outline;
use crate::edition::{Edition, Place};

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For the comment on a pull request.
    Markdown,
    /// All that was found, as in `xtask/contract/diff.schema.json`.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// GitHub annotations: lines of the log that GitHub shows beside the document.
    Github,
    /// One page for a reviewer, which needs nothing else.
    Html,
    /// The XML of `JUnit`: one test case for each change.
    Junit,
}

/// One of the documents that were compared.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// What people call it: `openapi.json at 1a2b3c4`, or a file's path.
    pub name: &'a str,
    /// As it is written.
    pub text: &'a str,
    /// Where programs find it.
    pub place: &'a Place,
}

impl<'a> Document<'a> {
    /// The one that was read.
    #[must_use]
    pub fn of(edition: &'a Edition) -> Self {
        Self { name: &edition.name, text: &edition.text, place: &edition.place }
    }
}

/// What was compared, and what of it is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What others depend on.
    pub base: Document<'a>,
    /// What is to take its place.
    pub head: Document<'a>,
    /// The ids of changes that may break somebody, and why they may.
    pub accepted: &'a BTreeMap<String, String>,
    /// The day of the report: the acceptances that it suggests run from it.
    pub today: NaiveDate,
    /// Whether the text for a terminal is coloured.
    pub colour: bool,
}

/// Makes a report.
#[must_use]
pub fn render(format: Format, comparison: &Comparison, subject: &Subject<'_>) -> String {
    let comparison = &with_members_in_order(comparison);
    let outline = Outline::new(comparison, subject);
    match format {
        Format::Text => text::render(&outline),
        Format::Markdown => markdown::render(&outline),
        Format::Json => json::render(&outline),
        Format::Sarif => sarif::render(&outline),
        Format::Github => github::render(&outline),
        Format::Html => html::render(&outline),
        Format::Junit => junit::render(&outline),
    }
}

/// The place by which an acceptance names a change: in the head, or in the base where the head has
/// nothing of it.
#[must_use]
pub fn place(change: &Change) -> &str {
    if change.after.is_null() { &change.base } else { &change.head }
}

/// Which features of `serde_json` are on depends on what else is built, and with it the order of
/// members in what it prints.
fn with_members_in_order(comparison: &Comparison) -> Comparison {
    let mut comparison = comparison.clone();
    for change in &mut comparison.changes {
        change.before.sort_all_objects();
        change.after.sort_all_objects();
        if let Some(witness) = &mut change.witness {
            witness.value.sort_all_objects();
        }
    }
    comparison
}
