//! Whether a difference breaks anybody, and how that is told.

use serde_json::Value;

use super::{
    Difference, Effect, Node, SchemaWalk, by_direction,
    written::{is_of_kinds, shows_as_text, text_reason},
};
use crate::{
    change::Witness,
    compare::{draft::Draft, rules},
    schema::contain::Containment,
    verdict::{Direction, Side, Verdict},
};

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn report(&mut self, index: usize, difference: Difference) {
        let node = &self.nodes[index];
        let direction = node.direction;
        let (wire, witness) = self.judge(node, &difference);
        let as_text = (node.light.wire.is_text() && is_of_kinds(&difference))
            .then(|| text_reason(&difference.about, wire, direction));
        let reason = as_text.flatten().unwrap_or_else(|| reason(&difference, wire, direction));
        let mut draft = Draft::new(difference.rule, wire, difference.place, reason)
            .values(difference.before, difference.after)
            .direction(direction);
        draft.witness = witness;
        self.nodes[index].drafts.push(draft);
    }

    fn judge(&self, node: &Node<'d>, difference: &Difference) -> (Verdict, Option<Witness>) {
        let request = node.direction == Direction::Request;
        let (harmful, certain) = match difference.effect {
            Effect::Narrows => (request, true),
            Effect::Widens => (!request, true),
            Effect::Changes => (true, true),
            Effect::MayNarrow => (request, false),
            Effect::MayWiden => (!request, false),
            Effect::MayChange => (true, false),
            Effect::Nothing => (false, true),
            Effect::Fixed(verdict) => {
                // What is refused for any other reason would prove nothing of this one.
                let witness = (verdict == Verdict::Breaking)
                    .then(|| self.first_refused(node, &difference.candidates))
                    .flatten();
                return (verdict, witness.map(|value| as_witness(node, value)));
            }
        };
        if !harmful || node.light.covered {
            return (Verdict::Compatible, None);
        }
        // What the comparison found by itself may be refused for any other reason, and would prove
        // nothing of this one.
        let found = self.first_refused(node, &difference.candidates);
        let witness = found.map(|value| as_witness(node, value));
        // A witness of a part proves nothing of a whole that may be accepted otherwise.
        if node.light.ambiguous {
            return (Verdict::Warning, None);
        }
        // Where all is text, what is of another type may be read all the same.
        let certain = certain && !(node.light.wire.is_text() && is_of_kinds(difference));
        let verdict =
            if certain || witness.is_some() { Verdict::Breaking } else { Verdict::Warning };
        (verdict, witness)
    }

    /// A value that is sent and not accepted: one of these, or the one that the comparison found.
    pub(super) fn witness(&self, node: &Node<'d>, candidates: &[Value]) -> Option<Witness> {
        let found = self.first_refused(node, candidates).or_else(|| match &node.containment {
            Containment::Refuted(value) => Some(value.clone()),
            _ => None,
        });
        found.map(|value| as_witness(node, value))
    }

    /// The first of these values that is sent and not accepted.
    fn first_refused(&self, node: &Node<'d>, candidates: &[Value]) -> Option<Value> {
        let (sent, accepted) = by_direction(&node.base, &node.head, node.direction);
        self.schemas.compare_on(node.light.wire);
        let shows = |value: &&Value| {
            self.schemas.reads(accepted, value, node.direction) == Some(false)
                && self.schemas.accepts(sent, value, node.direction) == Some(true)
        };
        let clear = candidates.iter().filter(|value| shows_as_text(value));
        clear.chain(candidates).find(shows).cloned()
    }
}

fn as_witness(node: &Node<'_>, value: Value) -> Witness {
    let (accepted_by, refused_by) = match node.direction {
        Direction::Request => (Side::Base, Side::Head),
        Direction::Response => (Side::Head, Side::Base),
    };
    Witness::new(value, accepted_by, refused_by)
}

fn reason(difference: &Difference, wire: Verdict, direction: Direction) -> String {
    let about = &difference.about;
    match difference.effect {
        Effect::Fixed(_) | Effect::Nothing => return about.clone(),
        _ if wire == Verdict::Warning => {
            return format!("whether this breaks anybody can't be decided: {about}");
        }
        _ => {}
    }
    let closed = [&rules::ENUM_VALUE_ADDED, &rules::VARIANT_ADDED];
    let closed = closed.iter().any(|rule| rule.id == difference.rule.id);
    match (direction, wire) {
        (Direction::Request, Verdict::Compatible) => match difference.effect {
            Effect::Widens | Effect::MayWiden => format!("the server accepts {about}, too"),
            _ => format!(
                "the server still accepts all that deployed clients send, which can't be {about}"
            ),
        },
        (Direction::Response, Verdict::Compatible) => match difference.effect {
            Effect::Narrows | Effect::MayNarrow => format!("the server no longer sends {about}"),
            _ => format!(
                "deployed clients still read all that the server sends, which can't be {about}"
            ),
        },
        (Direction::Request, _) => {
            format!("a deployed client may send {about}, and the server would refuse it")
        }
        (Direction::Response, _) if closed => format!(
            "the server may send {about}, and a deployed client whose generated enum is closed would \
             fail to read the whole answer"
        ),
        (Direction::Response, _) => {
            format!("the server may send {about}, and a deployed client would fail to read it")
        }
    }
}
