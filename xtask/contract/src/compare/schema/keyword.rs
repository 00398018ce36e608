//! Differences between two alternatives of one kind, but for objects.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    Difference, Effect, SchemaWalk,
    count::{ITEMS, LENGTHS},
    shown,
};
use crate::{
    compare::{draft::Place, rules},
    document::Pointer,
    rule::Rule,
    schema::{
        Type,
        accept::equal,
        atom::{Arrays, Atom, Body, Numbers, Texts},
        number::{Bound, Num, at_least_as_tight},
        sample::{telling_counts, text_of_length},
        text,
    },
    verdict::{Direction, Verdict},
};

/// Both sides of an alternative, where the difference is reported.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a, 'd> {
    pub(super) node: usize,
    pub(super) base: &'a Atom<'d>,
    pub(super) head: &'a Atom<'d>,
}

impl Sides<'_, '_> {
    /// Where the keyword stands on each side, or the schema where it does not.
    pub(super) fn place(&self, keyword: &str) -> Place {
        Place { base: self.base.origin.place(keyword), head: self.head.origin.place(keyword) }
    }

    /// What the keyword says on each side.
    pub(super) fn written(&self, keyword: &str) -> (Value, Value) {
        let written = |atom: &Atom<'_>| atom.origin.keyword(keyword).cloned().unwrap_or_default();
        (written(self.base), written(self.head))
    }

    fn difference(
        &self,
        rule: &'static Rule,
        effect: Effect,
        keyword: &str,
        about: &str,
    ) -> Difference {
        let (before, after) = self.written(keyword);
        Difference {
            rule,
            effect,
            place: self.place(keyword),
            before,
            after,
            about: about.to_owned(),
            candidates: Vec::new(),
        }
    }
}

impl<'d> SchemaWalk<'_, 'd> {
    /// Everything that differs between two alternatives of one kind.
    pub(super) fn compare_atoms(&mut self, node: usize, base: &Atom<'d>, head: &Atom<'d>) {
        let sides = Sides { node, base, head };
        if base.values.is_some() || head.values.is_some() {
            self.compare_values(sides);
        }
        match (&base.body, &head.body) {
            (Body::Number(from), Body::Number(to)) => self.compare_numbers(sides, from, to),
            (Body::Text(from), Body::Text(to)) => self.compare_texts(sides, from, to),
            (Body::Array(from), Body::Array(to)) => self.compare_arrays(sides, from, to),
            (Body::Object(from), Body::Object(to)) => self.compare_objects(sides, from, to),
            _ => {}
        }
        self.compare_not(sides);
    }

    fn compare_values(&mut self, sides: Sides<'_, 'd>) {
        match (&sides.base.values, &sides.head.values) {
            (Some(before), Some(after)) => {
                for value in missing(before, after) {
                    self.report_value(sides, value, &rules::ENUM_VALUE_REMOVED, Effect::MayNarrow);
                }
                for value in missing(after, before) {
                    self.report_value(sides, value, &rules::ENUM_VALUE_ADDED, Effect::MayWiden);
                }
                self.compare_spellings(sides);
            }
            (before, after) => {
                let (rule, effect, free): (&'static Rule, _, _) = if before.is_none() {
                    (&rules::ENUM_ADDED, Effect::MayNarrow, sides.base)
                } else {
                    (&rules::ENUM_REMOVED, Effect::MayWiden, sides.head)
                };
                let all =
                    |values: &Option<Vec<Value>>| values.clone().map_or(Value::Null, Value::Array);
                let mut difference =
                    sides.difference(rule, effect, "enum", "a value that is not listed");
                (difference.before, difference.after) = (all(before), all(after));
                difference.candidates =
                    self.schemas.samples_of(free, self.nodes[sides.node].direction);
                self.report(sides.node, difference);
            }
        }
    }

    /// A list of values, or one alternative for each so that it can be described: only people care.
    fn compare_spellings(&mut self, sides: Sides<'_, 'd>) {
        let is_list = |atom: &Atom<'d>| atom.origin.keyword("enum").is_some();
        if is_list(sides.base) != is_list(sides.head)
            && descriptions(sides.base) != descriptions(sides.head)
        {
            let about = "the values are only described otherwise";
            let rule = &rules::DOCUMENTATION_CHANGED;
            let mut difference = sides.difference(rule, Effect::Nothing, "oneOf", about);
            difference.before = sides.base.origin.value.clone();
            difference.after = sides.head.origin.value.clone();
            self.report(sides.node, difference);
        }
    }

    fn report_value(
        &mut self,
        sides: Sides<'_, 'd>,
        value: Value,
        rule: &'static Rule,
        effect: Effect,
    ) {
        let gone = effect == Effect::MayNarrow;
        let mut difference = sides.difference(rule, effect, "enum", &shown(&value));
        if gone {
            difference.place.base = place_of_value(sides.base, &value);
        } else {
            difference.place.head = place_of_value(sides.head, &value);
        }
        difference.before = if gone { value.clone() } else { Value::Null };
        difference.after = if gone { Value::Null } else { value.clone() };
        difference.candidates = vec![value];
        self.report(sides.node, difference);
    }

    fn compare_numbers(&mut self, sides: Sides<'_, 'd>, from: &Numbers, to: &Numbers) {
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

    fn compare_texts(&mut self, sides: Sides<'_, 'd>, from: &Texts<'d>, to: &Texts<'d>) {
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
        difference.candidates = candidates;
        difference.candidates.extend(text::PLAIN.map(Value::from));
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

    fn compare_arrays(&mut self, sides: Sides<'_, 'd>, from: &Arrays<'d>, to: &Arrays<'d>) {
        let direction = self.nodes[sides.node].direction;
        let mut candidates = Vec::new();
        for (arrays, other) in [(from, to), (to, from)] {
            let counts = telling_counts(arrays.count, other.count);
            let made =
                counts.into_iter().filter_map(|it| self.schemas.items(arrays, it, direction));
            candidates.extend(made.map(Value::Array));
        }
        self.compare_counts(sides, from.count, to.count, &ITEMS, &candidates);
        if from.unique != to.unique {
            let (rule, effect, free): (&'static Rule, _, _) = if to.unique {
                (&rules::UNIQUE_ITEMS_ADDED, Effect::MayNarrow, from)
            } else {
                (&rules::UNIQUE_ITEMS_REMOVED, Effect::MayWiden, to)
            };
            let about = "a list with two equal items";
            let mut difference = sides.difference(rule, effect, "uniqueItems", about);
            let twins = self.schemas.items(free, free.count.min.max(2), direction);
            difference.candidates = twins.map(Value::Array).into_iter().collect();
            self.report(sides.node, difference);
        }
        self.below(sides.node, &from.items, &to.items);
    }

    pub(super) fn compare_not(&mut self, sides: Sides<'_, 'd>) {
        let direction = self.nodes[sides.node].direction;
        let is_subset = |one: &Atom<'d>, other: &Atom<'d>| {
            one.not.iter().all(|one| {
                let one = Type::of(one.clone());
                let mut others = other.not.iter().map(|other| Type::of(other.clone()));
                others.any(|other| self.schemas.equivalent(&one, &other, direction))
            })
        };
        let (base, head) = (sides.base, sides.head);
        let effect = match (is_subset(base, head), is_subset(head, base)) {
            (true, true) => return,
            (false, true) => Effect::MayWiden,
            (true, false) => Effect::MayNarrow,
            (false, false) => Effect::MayChange,
        };
        let about = "a value that a `not` takes out on one side only";
        let mut difference = sides.difference(&rules::NOT_CHANGED, effect, "not", about);
        let taken_out = base.not.iter().chain(&head.not);
        difference.candidates = taken_out
            .flat_map(|not| {
                let expansion = self.schemas.expand(&Type::of(not.clone()), direction);
                let samples = expansion
                    .atoms
                    .iter()
                    .flat_map(|atom| self.schemas.samples_of(atom, direction));
                samples.collect::<Vec<_>>()
            })
            .collect();
        self.report(sides.node, difference);
    }
}

/// Where a value is listed: in an `enum`, or as one of several schemas of one value each.
fn place_of_value(atom: &Atom<'_>, value: &Value) -> Pointer {
    let lists = |listed: &Value| {
        let values = listed.get("enum").and_then(Value::as_array);
        values.into_iter().flatten().any(|listed| equal(listed, value))
    };
    let is_it = |keyword: &str, listed: &Value| match keyword {
        "enum" => equal(listed, value),
        _ => lists(listed),
    };
    let found = ["enum", "oneOf", "anyOf"].into_iter().find_map(|keyword| {
        let all = atom.origin.keyword(keyword)?.as_array()?;
        let index = all.iter().position(|listed| is_it(keyword, listed))?;
        Some(atom.origin.pointer.join(keyword).join(index))
    });
    found.unwrap_or_else(|| atom.origin.place("enum"))
}

/// What is said of each value.
fn descriptions<'a>(atom: &'a Atom<'_>) -> Vec<&'a Value> {
    let variants = atom.origin.keyword("oneOf").and_then(Value::as_array);
    variants.into_iter().flatten().filter_map(|variant| variant.get("description")).collect()
}

fn missing(from: &[Value], to: &[Value]) -> Vec<Value> {
    let is_missing = |value: &&Value| !to.iter().any(|other| equal(other, value));
    from.iter().filter(is_missing).cloned().collect()
}

fn rule_of_formats(none_before: bool, none_after: bool) -> &'static Rule {
    match (none_before, none_after) {
        (true, _) => &rules::FORMAT_ADDED,
        (_, true) => &rules::FORMAT_REMOVED,
        _ => &rules::FORMAT_CHANGED,
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
