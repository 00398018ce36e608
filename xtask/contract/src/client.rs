//! What Progenitor makes of a document, as far as callers can see it, and what a change does to
//! code that was written against it.
//!
//! This is a model: no client is generated. It follows Progenitor 0.15 and typify 0.8 with the
//! settings that this repository has, one interface style or the other, and tags merged.
//! `xtask/tests/client_truth` holds it to the items of real clients, and `cargo xtask prove` has
//! callers of them compiled.
//!
//! It is about the plain generator. A pipeline may do more: ours simplifies the document first
//! (`xtask/src/client/simplify.rs`), so that some schemas become other types than here, and opens
//! enums afterwards, so that a new variant breaks no `match` there. Here it does.

mod compare;
mod listing;
mod name;
mod operation;
mod place;
mod refusal;
pub(crate) mod rules;
mod schema;
mod surface;
mod types;

#[cfg(test)]
mod tests;

pub(crate) use self::refusal::Refusal;
use self::{compare::Comparison, surface::Surface};
use crate::{ClientStyle, Document, Rule, Verdict};

/// One thing that callers of the generated client notice.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    pub(crate) rule: &'static Rule,
    /// Breaking or a warning; what is compatible is no difference.
    pub(crate) verdict: Verdict,
    /// JSON pointer into the base: the place that changed, or the nearest enclosing one that is
    /// there.
    pub(crate) base: String,
    /// JSON pointer into the head, likewise.
    pub(crate) head: String,
    /// Operation ids, where it is about an operation.
    pub(crate) operations: Vec<String>,
    /// The Rust in the client of the base.
    pub(crate) before: Option<String>,
    /// The Rust in the client of the head.
    pub(crate) after: Option<String>,
    /// One sentence.
    pub(crate) reason: String,
}

/// What callers of the client of the base notice when it is that of the head. Where the generator
/// refuses the base, there are no callers.
pub(crate) fn differences(base: &Document, head: &Document, style: ClientStyle) -> Vec<Difference> {
    if base.as_value() == head.as_value() {
        return Vec::new();
    }
    let base = Surface::of(base, style);
    if let Some(refusal) = base.refusals.iter().next() {
        return vec![refused(refusal)];
    }
    let head = Surface::of(head, style);
    Comparison::of(&base, &head, style).differences()
}

fn refused(refusal: &Refusal) -> Difference {
    Difference {
        rule: &rules::UNDECIDED,
        verdict: Verdict::Warning,
        base: refusal.pointer.clone(),
        head: refusal.pointer.clone(),
        operations: refusal.operation.iter().map(ToString::to_string).collect(),
        before: None,
        after: None,
        reason: format!("no client can be made of the base: {}", refusal.problem),
    }
}

/// What the generator refuses to make a client of.
pub(crate) fn refusals(document: &Document, style: ClientStyle) -> Vec<Refusal> {
    Surface::of(document, style).refusals.into_iter().collect()
}

/// All public items of the generated client as lines, for tests of the model.
#[doc(hidden)]
#[must_use]
pub fn client_surface(document: &Document, style: ClientStyle) -> Vec<String> {
    listing::lines(&Surface::of(document, style), style)
}

/// What callers notice, one line each with the verdict first, for tests of the model.
#[doc(hidden)]
#[must_use]
pub fn client_differences(
    base: &Document,
    head: &Document,
    style: ClientStyle,
) -> Vec<(Verdict, String)> {
    let line = |it: Difference| {
        let Difference { rule, verdict, base, head, before, after, reason, .. } = it;
        (verdict, format!("{} {base} {head} {before:?} {after:?} {reason}", rule.id))
    };
    differences(base, head, style).into_iter().map(line).collect()
}

/// What the generator refuses, one line each, for tests of the model.
#[doc(hidden)]
#[must_use]
pub fn client_refusals(document: &Document, style: ClientStyle) -> Vec<String> {
    let line = |it: Refusal| format!("{} {:?} {}", it.pointer, it.operation, it.problem);
    refusals(document, style).into_iter().map(line).collect()
}
