//! Whether one alternative accepts all of another of the same kind.

use std::collections::HashSet;

use serde_json::Value;

use super::Containment;
use crate::{
    schema::{
        ANY, Schemas, Type,
        atom::{Additional, Arrays, Atom, Body, Count, Numbers, Objects, Texts},
        number::Num,
        sample::{telling_counts, text_of_length},
        text,
    },
    verdict::Direction,
};

const NO_SINGLE: &str = "no single alternative accepts all of it";
const PATTERNS: &str = "whether one regular expression matches all that another does can't be told";
const FORMATS: &str = "which texts are of a format that is not known can't be told";
const NOT: &str = "what a `not` takes out can't be compared";

/// What came of comparing two alternatives.
pub(super) struct Trial {
    /// Why it is not proven; `None` where it is.
    pub(super) open: Option<&'static str>,
    /// Values that may show the difference.
    pub(super) candidates: Vec<Value>,
}

impl Trial {
    pub(super) fn proven() -> Self {
        Self { open: None, candidates: Vec::new() }
    }

    pub(super) fn fail(&mut self, candidates: impl IntoIterator<Item = Value>) {
        self.open = self.open.or(Some(NO_SINGLE));
        self.candidates.extend(candidates);
    }

    pub(super) fn undecided(&mut self, why: &'static str) {
        self.open = Some(why);
    }
}

impl<'d> Schemas<'d> {
    /// Whether the one alternative accepts all of the other, which is of the same kind.
    pub(super) fn compare(&self, from: &Atom<'d>, to: &Atom<'d>, direction: Direction) -> Trial {
        let mut trial = self.on_parts(|| match (&from.body, &to.body) {
            (Body::Number(from), Body::Number(to)) => compare_numbers(from, to),
            (Body::Text(from), Body::Text(to)) => compare_texts(from, to),
            (Body::Array(from), Body::Array(to)) => self.compare_arrays(from, to, direction),
            (Body::Object(sent), Body::Object(to)) => {
                let any = Type::of(from.origin.implied(&ANY));
                self.compare_objects(sent, to, &any, direction)
            }
            _ => Trial::proven(),
        });
        if to.values.is_some() {
            trial.fail(self.samples_of(from, direction));
        }
        for not in &to.not {
            let taken_out = Type::of(not.clone());
            let known = from
                .not
                .iter()
                .any(|from| self.equivalent(&Type::of(from.clone()), &taken_out, direction));
            let excluded = || {
                let taken_out = self.expand(&taken_out, direction);
                taken_out.inexact.is_none()
                    && taken_out.atoms.iter().all(|atom| self.atom_excludes(from, atom, direction))
            };
            if !known && !excluded() {
                trial.undecided(NOT);
                trial.candidates.extend(self.sample(&taken_out, direction));
            }
        }
        trial
    }

    fn compare_arrays(&self, from: &Arrays<'d>, to: &Arrays<'d>, direction: Direction) -> Trial {
        let mut trial = Trial::proven();
        if !from.count.is_within(to.count) {
            let counts = telling_counts(from.count, to.count);
            let made = counts.into_iter().filter_map(|count| self.items(from, count, direction));
            trial.fail(made.map(Value::Array).collect::<Vec<_>>());
        }
        if to.unique && !from.unique && from.count.max.is_none_or(|max| max > 1) {
            let twins = self.items(from, from.count.min.max(2), direction);
            trial.fail(twins.map(Value::Array));
        }
        if from.count.max == Some(0) {
            return trial;
        }
        match self.contains(&from.items, &to.items, direction) {
            Containment::Proven => {}
            Containment::Open(why) => trial.undecided(why),
            Containment::Refuted(value) => {
                let least = usize::try_from(from.count.min.clamp(1, 2000)).unwrap_or(1);
                let mut items = self.items(from, least as u64, direction).unwrap_or_default();
                items.truncate(least - 1);
                items.push(value);
                trial.fail([Value::Array(items)]);
            }
        }
        trial
    }

    fn compare_objects(
        &self,
        from: &Objects<'d>,
        to: &Objects<'d>,
        any: &Type<'d>,
        direction: Direction,
    ) -> Trial {
        let mut trial = Trial::proven();
        let object = |with: &[(&str, Value)], without: &[&str]| {
            self.sample_object(from, direction, with, without)
        };
        for name in to.required.iter().filter(|name| !from.required.contains(*name)) {
            trial.fail(object(&[], &[name]));
        }
        for (&name, property) in &from.properties {
            let answer = self.compare_property(property, name, to, direction);
            self.judge_property(&mut trial, answer, name, from, direction);
        }
        self.compare_additional(&mut trial, from, to, any, direction);
        if !from.possible_count().is_within(to.count) {
            trial.fail(object(&[], &[]));
            let every = from
                .properties
                .iter()
                .filter_map(|(&name, ty)| Some((name, self.sample(ty, direction)?)));
            trial.candidates.extend(object(&every.collect::<Vec<_>>(), &[]));
        }
        trial
    }

    fn compare_property(
        &self,
        property: &Type<'d>,
        name: &str,
        to: &Objects<'d>,
        direction: Direction,
    ) -> Containment {
        match (to.properties.get(name), &to.additional) {
            (Some(to), _) | (None, Additional::Typed(to)) => self.contains(property, to, direction),
            (None, Additional::Open) => Containment::Proven,
            (None, Additional::Closed) if self.expand(property, direction).atoms.is_empty() => {
                Containment::Proven
            }
            (None, Additional::Closed) => match self.sample(property, direction) {
                Some(value) => Containment::Refuted(value),
                None => Containment::Open(NO_SINGLE),
            },
        }
    }

    fn judge_property(
        &self,
        trial: &mut Trial,
        answer: Containment,
        name: &str,
        from: &Objects<'d>,
        direction: Direction,
    ) {
        match answer {
            Containment::Proven => {}
            Containment::Open(why) => trial.undecided(why),
            Containment::Refuted(value) => {
                trial.fail(self.sample_object(from, direction, &[(name, value)], &[]));
            }
        }
    }

    /// Properties that the sender does not name, but may send.
    fn compare_additional(
        &self,
        trial: &mut Trial,
        from: &Objects<'d>,
        to: &Objects<'d>,
        any: &Type<'d>,
        direction: Direction,
    ) {
        let sent = match &from.additional {
            Additional::Typed(ty) => ty,
            Additional::Open if from.is_map() => any,
            Additional::Open | Additional::Closed => return,
        };
        let names: HashSet<&str> = to.properties.keys().copied().collect();
        let unnamed = std::iter::once("key").filter(|name| !names.contains(name));
        let new_names =
            to.properties.keys().copied().filter(|it| !from.properties.contains_key(it));
        for name in new_names.chain(unnamed) {
            let answer = self.compare_property(sent, name, to, direction);
            self.judge_property(trial, answer, name, from, direction);
        }
    }
}

impl Objects<'_> {
    /// How many properties an object can have, by what is required and what there is.
    fn possible_count(&self) -> Count {
        let sends_more = matches!(self.additional, Additional::Typed(_)) || self.is_map();
        let most = (!sends_more).then_some(self.properties.len() as u64);
        let least = self.required.len() as u64;
        self.count.and(Count { min: least, max: most })
    }
}

fn compare_numbers(from: &Numbers, to: &Numbers) -> Trial {
    let mut trial = Trial::proven();
    let ends = |numbers: &Numbers| {
        let ends = [numbers.range.min, numbers.range.max].into_iter().flatten();
        ends.flat_map(|bound| [bound.at, bound.at.plus(-1), bound.at.plus(1)]).collect::<Vec<_>>()
    };
    if to.integer && !from.integer {
        trial.fail([Num::Real(0.5), Num::Real(1.5)].into_iter().filter_map(Num::value));
    }
    if !from.range.is_within(&to.range) {
        let candidates = ends(from).into_iter().chain(ends(to));
        trial.fail(candidates.filter_map(Num::value));
        if !from.integer {
            let halves = [to.range.min, to.range.max].into_iter().flatten();
            let halves = halves.flat_map(|it| [it.at.real() - 0.5, it.at.real() + 0.5]);
            trial.candidates.extend(halves.filter_map(|real| Num::Real(real).value()));
        }
    }
    for step in &to.multiple_of {
        let is_divided = from.multiple_of.iter().any(|from| from.is_multiple_of(*step));
        let is_whole = from.integer && Num::Whole(1).is_multiple_of(*step);
        if !is_divided && !is_whole {
            let candidates = ends(from).into_iter().chain((0..10).map(Num::Whole));
            trial.fail(candidates.chain(from.multiple_of.iter().copied()).filter_map(Num::value));
        }
    }
    trial
}

pub(super) fn compare_texts(from: &Texts<'_>, to: &Texts<'_>) -> Trial {
    let mut trial = Trial::proven();
    let examples = || from.patterns.iter().flat_map(|it| text::examples_of(it)).map(Value::from);
    if !from.length.is_within(to.length) {
        let lengths = telling_counts(from.length, to.length);
        trial.fail(lengths.into_iter().filter_map(text_of_length).map(Value::from));
        trial.candidates.extend(examples());
    }
    for format in &to.formats {
        if from.formats.iter().any(|from| text::is_format_within(from, format)) {
            continue;
        }
        if !text::is_known_format(format) {
            trial.undecided(FORMATS);
            continue;
        }
        trial.fail(["", "a"].map(Value::from));
        let examples = from.formats.iter().flat_map(|it| text::examples_of_format(it)).copied();
        trial.candidates.extend(examples.map(Value::from));
    }
    if to.patterns.iter().any(|pattern| !from.patterns.contains(pattern)) {
        trial.undecided(PATTERNS);
        trial.candidates.extend(examples());
        trial.candidates.extend(text::PLAIN.map(Value::from));
    }
    trial
}
