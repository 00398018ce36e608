//! What all formats share: the order for a reviewer, the counts, where things stand.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::NaiveDate;
use openapi_contract::{Category, Change, Comparison, Verdict};

use super::{
    Subject,
    position::{Position, Positions},
};

/// A comparison in the order in which it is read.
pub(super) struct Outline<'a> {
    pub(super) comparison: &'a Comparison,
    pub(super) subject: &'a Subject<'a>,
    /// What breaks somebody, or may; worst first.
    pub(super) causes: Vec<Entry<'a>>,
    /// What nobody notices who does not want to.
    pub(super) additions: Vec<Entry<'a>>,
    /// What only people read.
    pub(super) documentation: Vec<Entry<'a>>,
}

/// A change, with what the documents' texts and the acceptances say about it.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) change: &'a Change,
    pub(super) base: Option<Position>,
    pub(super) head: Option<Position>,
    /// Why it may break somebody, if it may.
    pub(super) accepted: Option<&'a str>,
    /// The day of the report, from which an acceptance would run.
    pub(super) today: NaiveDate,
}

/// What happens to one operation.
#[derive(Default)]
pub(super) struct Row<'a> {
    /// `None` for what is about the document as a whole.
    pub(super) operation: Option<&'a str>,
    pub(super) wire: Verdict,
    pub(super) client: Verdict,
    pub(super) changes: usize,
}

impl<'a> Outline<'a> {
    pub(super) fn new(comparison: &'a Comparison, subject: &'a Subject<'a>) -> Self {
        let [base, head] = positions(comparison, subject);
        let mut outline = Self {
            comparison,
            subject,
            causes: Vec::new(),
            additions: Vec::new(),
            documentation: Vec::new(),
        };
        for (change, (base, head)) in comparison.changes.iter().zip(base.into_iter().zip(head)) {
            let entry = Entry {
                change,
                base,
                head,
                accepted: subject.accepted.get(&change.id).map(String::as_str),
                today: subject.today,
            };
            if change.worst() > Verdict::Compatible {
                outline.causes.push(entry);
            } else if change.rule.category == Category::Documentation {
                outline.documentation.push(entry);
            } else {
                outline.additions.push(entry);
            }
        }
        outline.causes.sort_by_key(|entry| {
            let change = entry.change;
            Reverse((change.worst(), change.wire, change.client))
        });
        outline
    }

    /// All entries in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.causes.iter().chain(&self.additions).chain(&self.documentation)
    }

    /// One line that says it all: `API: major, client: major, 2 breaking, 1 accepted`.
    pub(super) fn verdict_line(&self) -> String {
        let breaking = || self.causes.iter().filter(|entry| entry.breaks());
        let warnings = self.causes.len() - breaking().count();
        let counts = [
            (breaking().count(), "breaking"),
            (breaking().filter(|entry| entry.accepted.is_some()).count(), "accepted"),
            (warnings, if warnings == 1 { "warning" } else { "warnings" }),
            (self.additions.len(), "compatible"),
            (self.documentation.len(), "documentation"),
        ];
        let (wire, client) = (self.comparison.wire, self.comparison.client);
        let mut parts =
            vec![format!("API: {}", self.part(wire)), format!("client: {}", self.part(client))];
        // That nothing breaks is said, too.
        let told = counts.iter().filter(|(count, what)| *count > 0 || *what == "breaking");
        parts.extend(told.map(|(count, what)| format!("{count} {what}")));
        parts.join(", ")
    }

    /// Which part of a semantic version has to rise.
    fn part(&self, verdict: Verdict) -> &'static str {
        if verdict == Verdict::Breaking {
            "major"
        } else if !self.causes.is_empty() || !self.additions.is_empty() {
            "minor"
        } else if !self.documentation.is_empty() {
            "patch"
        } else {
            "unchanged"
        }
    }

    /// By operation, worst first; documentation does not count.
    pub(super) fn rows(&self) -> Vec<Row<'a>> {
        let mut rows = BTreeMap::<_, Row<'a>>::new();
        for entry in self.causes.iter().chain(&self.additions) {
            for operation in entry.operations() {
                let row = rows.entry(operation).or_default();
                row.operation = operation;
                row.wire = row.wire.max(entry.change.wire);
                row.client = row.client.max(entry.change.client);
                row.changes += 1;
            }
        }
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.sort_by_key(|row| Reverse((row.wire.max(row.client), row.wire, row.client)));
        rows
    }

    /// `1.0.0 → 2.0.0`, where the documents have versions.
    pub(super) fn versions(&self) -> Option<String> {
        let (base, head) = (&self.comparison.base_version, &self.comparison.head_version);
        let named = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
        (base.is_some() || head.is_some()).then(|| format!("{} → {}", named(base), named(head)))
    }
}

/// Where all changes are in both texts. These are long, so they are read side by side.
fn positions(comparison: &Comparison, subject: &Subject<'_>) -> [Vec<Option<Position>>; 2] {
    let in_text = |text, pointer: fn(&Change) -> &str| {
        let positions = Positions::new(text);
        comparison.changes.iter().map(|change| positions.of(pointer(change))).collect::<Vec<_>>()
    };
    rayon::join(
        || in_text(subject.base.text, |change| &change.base),
        || in_text(subject.head.text, |change| &change.head),
    )
    .into()
}

impl<'a> Entry<'a> {
    /// Whether it breaks somebody, accepted or not.
    pub(super) fn breaks(&self) -> bool {
        self.change.worst() == Verdict::Breaking
    }

    /// The operations that it reaches, or once `None` for the document as a whole.
    pub(super) fn operations(&self) -> Vec<Option<&'a str>> {
        let operations = self.change.operations.iter();
        let operations: Vec<_> = operations.map(|operation| Some(operation.as_str())).collect();
        if operations.is_empty() { vec![None] } else { operations }
    }
}
