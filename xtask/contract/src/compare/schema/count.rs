//! How long, how many: differences between two counts.

use serde_json::Value;

use super::{Difference, Effect, SchemaWalk, keyword::Sides};
use crate::{compare::rules, rule::Rule, schema::atom::Count};

/// How the differences of a count are called.
pub(super) struct CountRules {
    /// `a text of … characters`.
    of: &'static str,
    unit: &'static str,
    min: &'static str,
    max: &'static str,
    min_raised: &'static Rule,
    min_lowered: &'static Rule,
    max_raised: &'static Rule,
    max_lowered: &'static Rule,
}

pub(super) static LENGTHS: CountRules = CountRules {
    of: "a text",
    unit: "characters",
    min: "minLength",
    max: "maxLength",
    min_raised: &rules::MIN_LENGTH_RAISED,
    min_lowered: &rules::MIN_LENGTH_LOWERED,
    max_raised: &rules::MAX_LENGTH_RAISED,
    max_lowered: &rules::MAX_LENGTH_LOWERED,
};

pub(super) static ITEMS: CountRules = CountRules {
    of: "a list",
    unit: "items",
    min: "minItems",
    max: "maxItems",
    min_raised: &rules::MIN_ITEMS_RAISED,
    min_lowered: &rules::MIN_ITEMS_LOWERED,
    max_raised: &rules::MAX_ITEMS_RAISED,
    max_lowered: &rules::MAX_ITEMS_LOWERED,
};

pub(super) static PROPERTIES: CountRules = CountRules {
    of: "an object",
    unit: "properties",
    min: "minProperties",
    max: "maxProperties",
    min_raised: &rules::MIN_PROPERTIES_RAISED,
    min_lowered: &rules::MIN_PROPERTIES_LOWERED,
    max_raised: &rules::MAX_PROPERTIES_RAISED,
    max_lowered: &rules::MAX_PROPERTIES_LOWERED,
};

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_counts(
        &mut self,
        sides: Sides<'_, 'd>,
        from: Count,
        to: Count,
        rules: &CountRules,
        candidates: &[Value],
    ) {
        if from.min != to.min {
            let (rule, effect) = if to.min > from.min {
                (rules.min_raised, Effect::MayNarrow)
            } else {
                (rules.min_lowered, Effect::MayWiden)
            };
            let least = from.min.max(to.min);
            let about = format!("{} of fewer than {least} {}", rules.of, rules.unit);
            self.report_count(sides, rule, effect, rules.min, about, candidates);
        }
        if from.max != to.max {
            let narrows = to.max.is_some_and(|to| from.max.is_none_or(|from| to < from));
            let (rule, effect) = if narrows {
                (rules.max_lowered, Effect::MayNarrow)
            } else {
                (rules.max_raised, Effect::MayWiden)
            };
            let most = [from.max, to.max].into_iter().flatten().min().unwrap_or_default();
            let about = format!("{} of more than {most} {}", rules.of, rules.unit);
            self.report_count(sides, rule, effect, rules.max, about, candidates);
        }
    }

    fn report_count(
        &mut self,
        sides: Sides<'_, 'd>,
        rule: &'static Rule,
        effect: Effect,
        keyword: &str,
        about: String,
        candidates: &[Value],
    ) {
        let (before, after) = sides.written(keyword);
        let candidates = candidates.to_vec();
        let place = sides.place(keyword);
        self.report(
            sides.node,
            Difference { rule, effect, place, before, after, about, candidates },
        );
    }
}
