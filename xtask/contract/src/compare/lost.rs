//! References to parameters that lead nowhere: what would be there can't be compared.

use serde_json::Value;

use super::{
    Comparer, Pair,
    draft::{Draft, Place},
    parameter::{Lost, Parameter},
    rules,
};
use crate::verdict::{Direction, Side, Verdict};

impl<'d> Comparer<'_, 'd> {
    /// Tells of references that lead nowhere in one of the documents only. Those of both may have been
    /// the same parameter, and say nothing of what changed.
    pub(super) fn report_lost(&mut self, pair: Pair<'_, 'd>, lost: [&[Lost<'d>]; 2]) {
        let [base, head] = lost;
        for (side, lost, others) in [(Side::Base, base, head), (Side::Head, head, base)] {
            for lost in lost.iter().filter(|lost| !is_lost(lost.reference, others)) {
                let value = || Value::from(lost.reference);
                let (name, place, values) = match side {
                    Side::Base => {
                        let place = Place::new(&lost.pointer, &pair.head.part.pointer);
                        ("base", place, (value(), Value::Null))
                    }
                    Side::Head => {
                        let place = Place::new(&pair.base.part.pointer, &lost.pointer);
                        ("head", place, (Value::Null, value()))
                    }
                };
                let reason = format!(
                    "the reference `{}` of the {name} leads to no parameter, so that what it stands for \
                     can't be compared",
                    lost.reference
                );
                let draft = Draft::new(&rules::UNDECIDED, Verdict::Warning, place, reason)
                    .values(values.0, values.1)
                    .direction(Direction::Request);
                self.drafts.push(draft.for_operation(pair.number));
            }
        }
    }
}

fn is_lost(reference: &str, lost: &[Lost<'_>]) -> bool {
    lost.iter().any(|lost| lost.reference == reference)
}

/// Leaves out what is not missing on the other side, but may be behind a reference there that leads
/// nowhere, and not on this side as well.
pub(super) fn leave_to_lost(
    unmatched: &mut Vec<Parameter<'_>>,
    elsewhere: &[Lost<'_>],
    here: &[Lost<'_>],
) {
    let mut lost: Vec<&str> = elsewhere.iter().map(|lost| lost.reference).collect();
    lost.retain(|reference| !is_lost(reference, here));
    unmatched.retain(|parameter| {
        let found = lost.iter().position(|lost| Some(*lost) == parameter.reference);
        found.map(|at| lost.remove(at)).is_none()
    });
    if unmatched.len() <= lost.len() {
        unmatched.clear();
    }
}
