//! What a value is taken to be where it is left out.

use serde_json::Value;

use super::{Difference, Effect, SchemaWalk, shown};
use crate::{
    compare::{draft::Place, rules},
    rule::Rule,
    schema::{SchemaRef, Type, accept::equal},
    verdict::{Direction, Verdict},
};

impl<'d> SchemaWalk<'_, 'd> {
    /// A default matters to those who leave the value out of a request.
    pub(super) fn compare_defaults(
        &mut self,
        node: usize,
        before: &Type<'d>,
        after: &Type<'d>,
        optional: bool,
    ) {
        let (Some(base), Some(head)) = (before.first(), after.first()) else { return };
        let effective = |schema: &SchemaRef<'d>| {
            schema.keyword("default").or_else(|| self.schemas.resolve(schema).keyword("default"))
        };
        let (before, after) = (effective(base), effective(head));
        let (rule, harm): (&'static Rule, _) = match (before, after) {
            (None, None) => return,
            (Some(before), Some(after)) if equal(before, after) => return,
            (Some(_), Some(_)) => (&rules::DEFAULT_CHANGED, Verdict::Breaking),
            (None, Some(_)) => (&rules::DEFAULT_ADDED, Verdict::Warning),
            (Some(_), None) => (&rules::DEFAULT_REMOVED, Verdict::Warning),
        };
        let relied_on = optional && self.nodes[node].direction == Direction::Request;
        let about = match (relied_on, before, after) {
            (false, ..) => "nobody on the wire relies on this default".to_owned(),
            (true, Some(before), Some(after)) => format!(
                "a deployed client that leaves it out meant {}, and is now taken to mean {}",
                shown(before),
                shown(after)
            ),
            (true, None, _) => {
                "whether the server did so before, where it was left out, can't be told".to_owned()
            }
            (true, _, None) => {
                "what the server does now, where it is left out, can't be told".to_owned()
            }
        };
        self.report(
            node,
            Difference {
                rule,
                effect: Effect::Fixed(if relied_on { harm } else { Verdict::Compatible }),
                place: Place { base: base.place("default"), head: head.place("default") },
                before: before.cloned().unwrap_or_default(),
                after: after.cloned().unwrap_or_default(),
                about,
                candidates: Vec::<Value>::new(),
            },
        );
    }
}
