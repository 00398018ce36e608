//! Differences between texts: their length, patterns and formats.

use serde_json::Value;

use super::{Sides, rule_of_formats};
use crate::{
    compare::{
        rules,
        schema::{Effect, SchemaWalk, count::LENGTHS},
    },
    rule::Rule,
    schema::{
        atom::Texts,
        sample::{telling_counts, text_of_length},
        text,
    },
};

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_texts(&mut self, sides: Sides<'_, 'd>, from: &Texts<'d>, to: &Texts<'d>) {
        if (from.length, &from.patterns) != (to.length, &to.patterns) {
            let lengths = telling_counts(from.length, to.length);
            let lengths = lengths.into_iter().chain(telling_counts(to.length, from.length));
            let mut candidates: Vec<Value> =
                lengths.filter_map(text_of_length).map(Value::from).collect();
            let patterns = from.patterns.iter().chain(&to.patterns);
            candidates.extend(patterns.flat_map(|it| text::examples_of(it)).map(Value::from));
            self.compare_counts(sides, from.length, to.length, &LENGTHS, &candidates);
            self.compare_patterns(sides, from, to, candidates);
        }
        if from.formats != to.formats {
            self.compare_text_formats(sides, from, to);
        }
    }

    fn compare_patterns(
        &mut self,
        sides: Sides<'_, 'd>,
        from: &Texts<'d>,
        to: &Texts<'d>,
        candidates: Vec<Value>,
    ) {
        let (rule, effect): (&'static Rule, _) =
            match (to.patterns.is_subset(&from.patterns), from.patterns.is_subset(&to.patterns)) {
                (true, true) => return,
                (false, true) => (&rules::PATTERN_ADDED, Effect::MayNarrow),
                (true, false) => (&rules::PATTERN_REMOVED, Effect::MayWiden),
                (false, false) => (&rules::PATTERN_CHANGED, Effect::MayChange),
            };
        let about = match effect {
            Effect::MayNarrow => "a text that the new regular expression does not match",
            Effect::MayWiden => "a text that the old regular expression does not match",
            _ => "a text that matches one of the regular expressions and not the other",
        };
        let mut difference = sides.difference(rule, effect, "pattern", about);
        // What is refused for another reason, such as its length, says nothing of the expressions.
        let one_sided = from.patterns.symmetric_difference(&to.patterns);
        let one_sided: Vec<_> = one_sided.collect();
        let is_about_them = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            one_sided.iter().any(|it| self.schemas.texts.matches(it, text) == Some(false))
        };
        difference.candidates = candidates;
        difference.candidates.extend(text::PLAIN.map(Value::from));
        difference.candidates.retain(is_about_them);
        self.report(sides.node, difference);
    }

    fn compare_text_formats(&mut self, sides: Sides<'_, 'd>, from: &Texts<'d>, to: &Texts<'d>) {
        let within = |from: &Texts<'d>, to: &Texts<'d>| {
            to.formats.iter().all(|to| from.formats.iter().any(|it| text::is_format_within(it, to)))
        };
        let formats = || from.formats.iter().chain(&to.formats);
        let effect = match (within(from, to), within(to, from)) {
            (true, true) => return,
            (true, false) => Effect::MayWiden,
            (false, true) => Effect::MayNarrow,
            (false, false) => Effect::MayChange,
        };
        let rule = rule_of_formats(from.formats.is_empty(), to.formats.is_empty());
        let about = "a text that is of one format and not of the other";
        let mut difference = sides.difference(rule, effect, "format", about);
        let examples = formats().flat_map(|it| text::examples_of_format(it)).copied();
        difference.candidates = examples.chain(["", "a"]).map(Value::from).collect();
        self.report(sides.node, difference);
    }
}
