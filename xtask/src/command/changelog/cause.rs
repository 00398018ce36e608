//! What callers of the client notice, joined to the change that it follows from.
//!
//! The comparison joins them where both stand at one place. Whoever reads a change log wants to
//! read of one change once, also where the client shows it further up: at the body of a schema, or
//! the type of a field.

use openapi_contract::{Category, Change, Verdict};

use crate::{gate, report};

/// Rules about names: that one is gone follows from no change of what it names.
const OF_NAMES: [&str; 5] = [
    "client-method-removed",
    "client-method-renamed",
    "client-type-added",
    "client-type-removed",
    "client-type-renamed",
];

/// A change, and what follows from it.
pub(super) struct Cause<'a> {
    pub(super) change: &'a Change,
    consequences: Vec<&'a Change>,
}

impl<'a> Cause<'a> {
    /// All of them, but for the change of the version.
    pub(super) fn all(changes: &'a [Change]) -> Vec<Self> {
        let told = changes.iter().filter(|change| report::place(change) != gate::VERSION);
        let (of_client, others): (Vec<_>, Vec<_>) =
            told.partition(|change| change.rule.category == Category::Client);
        let of = |change| Self { change, consequences: Vec::new() };
        let mut causes: Vec<Self> = others.into_iter().map(of).collect();
        let mut alone = Vec::new();
        for change in of_client {
            match causes.iter_mut().find(|cause| is_cause(cause.change, change)) {
                Some(cause) => cause.consequences.push(change),
                None => alone.push(of(change)),
            }
        }
        causes.extend(alone);
        causes
    }

    /// The change and what follows from it.
    pub(super) fn all_of_it(&self) -> impl Iterator<Item = &'a Change> {
        std::iter::once(self.change).chain(self.consequences.iter().copied())
    }

    /// The worst verdict on any of it.
    pub(super) fn worst(&self) -> Verdict {
        self.all_of_it().map(Change::worst).max().unwrap_or_default()
    }
}

/// Whether a caller of the client notices that change at this place: it stands there, or within.
fn is_cause(change: &Change, consequence: &Change) -> bool {
    let shown = report::place(consequence);
    let stands = if consequence.after.is_null() { &change.base } else { &change.head };
    let is_within =
        stands.strip_prefix(shown).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let reaches = consequence.operations.is_empty()
        || consequence.operations.iter().any(|operation| change.operations.contains(operation));
    change.rule.category != Category::Documentation
        && !OF_NAMES.contains(&consequence.rule.id)
        && is_within
        && reaches
}
