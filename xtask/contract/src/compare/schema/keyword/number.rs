//! Differences between numbers: whole or not, their format, bounds and steps.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Sides, rule_of_formats};
use crate::{
    compare::{
        rules,
        schema::{Effect, SchemaWalk},
    },
    rule::Rule,
    schema::{
        atom::Numbers,
        number::{Bound, Num, at_least_as_tight},
    },
    verdict::{Direction, Verdict},
};

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_numbers(&mut self, sides: Sides<'_, 'd>, from: &Numbers, to: &Numbers) {
        if from.integer != to.integer {
            let (rule, effect): (&'static Rule, _) = if to.integer {
                (&rules::TYPE_NARROWED, Effect::MayNarrow)
            } else {
                (&rules::TYPE_WIDENED, Effect::MayWiden)
            };
            let mut difference = sides.difference(rule, effect, "type", "a number with a fraction");
            difference.candidates = [0.5, 1.5, -0.5, 100.5].map(Value::from).into();
            self.report(sides.node, difference);
        }
        let (before, after) = sides.written("format");
        if before != after {
            self.compare_number_formats(sides, from, to);
        }
        self.compare_bounds(sides, from, to, before != after);
        self.compare_steps(sides, from, to);
    }

    fn compare_number_formats(&mut self, sides: Sides<'_, 'd>, from: &Numbers, to: &Numbers) {
        let (before, after) = sides.written("format");
        let is_range = from.integer && to.integer;
        let effect = match (from.range.is_within(&to.range), to.range.is_within(&from.range)) {
            _ if !is_range => Effect::Fixed(self.judge_precision(sides.node, &before, &after)),
            (false, false) => Effect::MayChange,
            (false, true) => Effect::MayNarrow,
            (true, false) => Effect::MayWiden,
            (true, true) => Effect::Nothing,
        };
        let about = match effect {
            Effect::Nothing => "the same numbers are accepted as before",
            Effect::Fixed(Verdict::Compatible) => "numbers are read as precisely as they are sent",
            Effect::Fixed(_) => "a number may be sent more precisely, or greater, than it is read",
            _ => "a number outside the range of the other format",
        };
        let rule = rule_of_formats(before.is_null(), after.is_null());
        let mut difference = sides.difference(rule, effect, "format", about);
        let ends = [from.range.min, from.range.max, to.range.min, to.range.max];
        difference.candidates =
            ends.into_iter().flatten().filter_map(|bound| bound.at.value()).collect();
        self.report(sides.node, difference);
    }

    /// `float` and `double` differ in precision, which refuses nothing.
    fn judge_precision(&self, node: usize, before: &Value, after: &Value) -> Verdict {
        let (sent, accepted) = match self.nodes[node].direction {
            Direction::Request => (before, after),
            Direction::Response => (after, before),
        };
        let precision = |format: &Value| match format.as_str() {
            Some("float") => 1,
            Some("double") | None => 2,
            Some(_) => 3,
        };
        let is_known = |format: &Value| precision(format) < 3;
        if is_known(sent) && is_known(accepted) && precision(sent) <= precision(accepted) {
            Verdict::Compatible
        } else {
            Verdict::Warning
        }
    }

    /// `format_differs`: what only the format says of the range is told as a change of format.
    fn compare_bounds(
        &mut self,
        sides: Sides<'_, 'd>,
        from: &Numbers,
        to: &Numbers,
        format_differs: bool,
    ) {
        let ends: [(_, _, _, Ordering, &'static Rule, &'static Rule); 2] = [
            (
                ["minimum", "exclusiveMinimum"],
                from.range.min,
                to.range.min,
                Ordering::Greater,
                &rules::MINIMUM_RAISED,
                &rules::MINIMUM_LOWERED,
            ),
            (
                ["maximum", "exclusiveMaximum"],
                from.range.max,
                to.range.max,
                Ordering::Less,
                &rules::MAXIMUM_LOWERED,
                &rules::MAXIMUM_RAISED,
            ),
        ];
        for (keywords, before, after, inside, tightened, loosened) in ends {
            let narrows = !at_least_as_tight(before, after, inside);
            let widens = !at_least_as_tight(after, before, inside);
            let as_written = keywords.iter().all(|it| {
                let (before, after) = sides.written(it);
                before == after
            });
            if narrows == widens || (format_differs && as_written) {
                continue;
            }
            let (rule, effect, limit) = if narrows {
                (tightened, Effect::MayNarrow, after)
            } else {
                (loosened, Effect::MayWiden, before)
            };
            let relation = if inside == Ordering::Greater { "less" } else { "greater" };
            let about = limit.map_or_else(String::new, |limit| {
                let or_equal = if limit.exclusive { ", or equal to it" } else { "" };
                format!(
                    "a number {relation} than {}{or_equal}",
                    limit.at.value().unwrap_or_default()
                )
            });
            let mut difference = sides.difference(rule, effect, keywords[0], &about);
            difference.before = end_as_written(before, difference.before);
            difference.after = end_as_written(after, difference.after);
            difference.candidates = around([before, after]);
            self.report(sides.node, difference);
        }
    }

    fn compare_steps(&mut self, sides: Sides<'_, 'd>, from: &Numbers, to: &Numbers) {
        let covers = |from: &Numbers, to: &Numbers| {
            to.multiple_of.iter().all(|step| {
                from.multiple_of.iter().any(|from| from.is_multiple_of(*step))
                    || (from.integer && Num::Whole(1).is_multiple_of(*step))
            })
        };
        let effect = match (covers(from, to), covers(to, from)) {
            (true, true) => return,
            (true, false) => Effect::MayWiden,
            (false, true) => Effect::MayNarrow,
            (false, false) => Effect::MayChange,
        };
        let about = "a number that is no multiple of the other step";
        let mut difference =
            sides.difference(&rules::MULTIPLE_OF_CHANGED, effect, "multipleOf", about);
        let steps = from.multiple_of.iter().chain(&to.multiple_of).copied();
        let beside = steps
            .flat_map(|step| [step, step.plus(1), step.plus(-1), Num::Real(step.real() / 2.0)]);
        let free = if effect == Effect::MayNarrow { sides.base } else { sides.head };
        difference.candidates =
            beside.chain((1..10).map(Num::Whole)).filter_map(Num::value).collect();
        let samples = self.schemas.samples_of(free, self.nodes[sides.node].direction);
        difference.candidates.extend(samples);
        self.report(sides.node, difference);
    }
}

/// What is written, or what follows from the rest of the schema.
fn end_as_written(bound: Option<Bound>, written: Value) -> Value {
    if written.is_null() {
        bound.and_then(|bound| bound.at.value()).unwrap_or_default()
    } else {
        written
    }
}

fn around(bounds: [Option<Bound>; 2]) -> Vec<Value> {
    let numbers = bounds.into_iter().flatten().flat_map(|bound| {
        let real = bound.at.real();
        [
            bound.at,
            bound.at.plus(-1),
            bound.at.plus(1),
            Num::Real(real - 0.5),
            Num::Real(real + 0.5),
        ]
    });
    numbers.filter_map(Num::value).collect()
}
