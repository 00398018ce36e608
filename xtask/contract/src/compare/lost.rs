//! References that lead nowhere: what would be there can't be compared.

use serde_json::Value;

use super::{
    Comparer, Pair, Part,
    draft::{Draft, Place},
    parameter::{Lost, Parameter},
    rules,
};
use crate::verdict::{Direction, Side, Verdict};

impl<'d> Comparer<'_, 'd> {
    /// Whether one of these is behind a reference that leads nowhere, which is told. The same
    /// reference on both sides may have been the same thing, and says nothing of what changed.
    pub(super) fn is_out_of_sight(
        &mut self,
        operation: usize,
        what: &str,
        place: Place,
        [base, head]: [Option<&Part<'d>>; 2],
        direction: Direction,
    ) -> bool {
        let dangling = |part: Option<&Part<'d>>| part.and_then(Part::dangling);
        let (lost_base, lost_head) = (dangling(base), dangling(head));
        if lost_base != lost_head {
            let sides = [("base", lost_base), ("head", lost_head)];
            let told = sides.into_iter().filter_map(|(side, reference)| {
                Some(format!("the reference `{}` of the {side} leads to no {what}", reference?))
            });
            let told = told.collect::<Vec<_>>().join(", and ");
            let reason = format!("{told}, so that what it stands for can't be compared");
            let value = |part: Option<&Part<'d>>| part.map_or(Value::Null, |it| it.value.clone());
            let draft = Draft::new(&rules::UNDECIDED, Verdict::Warning, place, reason)
                .values(value(base), value(head))
                .direction(direction);
            self.drafts.push(draft.for_operation(operation));
        }
        lost_base.is_some() || lost_head.is_some()
    }

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
