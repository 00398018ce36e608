//! Is everything that is sent accepted?
//!
//! What is sent is read as a client or a server generated from the document sends it: of an object
//! that names its properties, no others, unless the document says which. What is accepted is read
//! as it stands.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    Key, Schemas, Type,
    atom::{Additional, Arrays, Atom, Body, Numbers, Objects, Texts},
    expand::{Expansion, OVERLAP},
    number::Num,
    sample::{telling_counts, text_of_length},
    text,
};
use crate::verdict::Direction;

/// Whether everything that one type has, another accepts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Containment {
    Proven,
    /// This value is sent and not accepted; both were checked.
    Refuted(Value),
    /// Neither could be shown, for this reason.
    Open(&'static str),
}

type Question = (Key, Key, Direction);

/// What was found out, and what is being found out.
///
/// Types that contain themselves ask about themselves: the answer is assumed to be yes, and what
/// rests on that is provisional until it was shown.
#[derive(Default)]
pub(crate) struct Memory {
    known: HashMap<Question, Containment>,
    asked: HashMap<Question, usize>,
    provisional: Vec<Question>,
    resting: HashMap<Question, usize>,
    /// The first question, in order of asking, whose assumed answer was used.
    first_assumed: usize,
}

const TOO_DEEP: &str = "it is nested too deeply, or too large, to be compared";
const NO_SINGLE: &str = "no single alternative accepts all of it";
const PATTERNS: &str = "whether one regular expression matches all that another does can't be told";
const FORMATS: &str = "which texts are of a format that is not known can't be told";
const NOT: &str = "what a `not` takes out can't be compared";

/// What came of comparing two alternatives.
struct Trial {
    /// Why it is not proven; `None` where it is.
    open: Option<&'static str>,
    /// Values that may show the difference.
    candidates: Vec<Value>,
}

impl Trial {
    fn proven() -> Self {
        Self { open: None, candidates: Vec::new() }
    }

    fn fail(&mut self, candidates: impl IntoIterator<Item = Value>) {
        self.open = self.open.or(Some(NO_SINGLE));
        self.candidates.extend(candidates);
    }

    fn undecided(&mut self, why: &'static str) {
        self.open = Some(why);
    }
}

impl<'d> Schemas<'d> {
    /// Whether all that is `sent` is `accepted`.
    pub(crate) fn contains(
        &self,
        sent: &Type<'d>,
        accepted: &Type<'d>,
        direction: Direction,
    ) -> Containment {
        if accepted.is_any() || self.same(sent, accepted) {
            return Containment::Proven;
        }
        let question = (sent.key(), accepted.key(), direction);
        if let Some(answer) = self.remembered(&question) {
            return answer;
        }
        if !self.step() {
            return Containment::Open(TOO_DEEP);
        }
        let (place, provisional, outer) = {
            let mut memory = self.containments.borrow_mut();
            let place = memory.asked.len();
            memory.asked.insert(question.clone(), place);
            let outer = std::mem::replace(&mut memory.first_assumed, usize::MAX);
            (place, memory.provisional.len(), outer)
        };
        let answer = self
            .deeper(|| self.find_out(sent, accepted, direction))
            .unwrap_or(Containment::Open(TOO_DEEP));
        self.containments.borrow_mut().settle(question, place, provisional, outer, &answer);
        answer
    }

    fn remembered(&self, question: &Question) -> Option<Containment> {
        let mut memory = self.containments.borrow_mut();
        if let Some(known) = memory.known.get(question) {
            return Some(known.clone());
        }
        let assumed =
            memory.asked.get(question).or_else(|| memory.resting.get(question)).copied()?;
        memory.first_assumed = memory.first_assumed.min(assumed);
        Some(Containment::Proven)
    }

    fn find_out(&self, sent: &Type<'d>, accepted: &Type<'d>, direction: Direction) -> Containment {
        let (from, to) = (self.expand(sent, direction), self.expand(accepted, direction));
        let mut open = to.inexact.filter(|why| *why != OVERLAP);
        let as_before = self.are_written_alike(&from, &to);
        for atom in &from.atoms {
            let trial = self.cover(atom, &to, as_before, direction);
            if trial.open.is_some() || open.is_some() {
                let refuted = trial.candidates.into_iter().find(|value| {
                    self.step()
                        && self.accepts(accepted, value, direction) == Some(false)
                        && self.accepts(sent, value, direction) == Some(true)
                });
                if let Some(value) = refuted {
                    return Containment::Refuted(value);
                }
            }
            open = open.or(trial.open);
        }
        open.map_or(Containment::Proven, Containment::Open)
    }

    /// Whether both have the same alternatives, in whatever order.
    fn are_written_alike(&self, from: &Expansion<'d>, to: &Expansion<'d>) -> bool {
        let ty = |atom: &Atom<'d>| Type::of(atom.origin.clone());
        let mut others: Vec<_> = to.atoms.iter().map(ty).collect();
        from.atoms.len() == others.len()
            && from.atoms.iter().map(ty).all(|one| {
                let found = others.iter().position(|other| self.same(&one, other));
                found.map(|at| others.swap_remove(at)).is_some()
            })
    }

    /// Whether one of the alternatives accepts all of this one. `as_before`: how values match several
    /// of them can't have changed.
    fn cover(
        &self,
        atom: &Atom<'d>,
        to: &Expansion<'d>,
        as_before: bool,
        direction: Direction,
    ) -> Trial {
        if let Some(values) = &atom.values {
            return self.cover_values(values, to, direction);
        }
        let mut result = Trial::proven();
        result.fail([]);
        let mut covered_by = None;
        let of_this_kind: Vec<_> =
            to.atoms.iter().filter(|other| other.kind() == atom.kind()).collect();
        for (index, other) in of_this_kind.iter().enumerate() {
            let trial = self.compare(atom, other, direction);
            if trial.open.is_none() {
                covered_by = Some(index);
                break;
            }
            result.candidates.extend(trial.candidates);
            // The reason of a sole candidate is the reason.
            result.open = if of_this_kind.len() == 1 { trial.open } else { result.open };
        }
        let Some(index) = covered_by else {
            if matches!(atom.body, Body::Boolean) {
                return self.cover_values(&[Value::Bool(true), Value::Bool(false)], to, direction);
            }
            result.candidates.extend(self.samples_of(atom, direction));
            return result;
        };
        let overlaps = to.inexact == Some(OVERLAP)
            && !as_before
            && of_this_kind.iter().enumerate().any(|(other, candidate)| {
                other != index && !self.atom_excludes(atom, candidate, direction)
            });
        if overlaps {
            return Trial { open: Some(OVERLAP), candidates: self.samples_of(atom, direction) };
        }
        Trial::proven()
    }

    /// Listed values are tried one by one, by whoever asks.
    fn cover_values(&self, values: &[Value], to: &Expansion<'d>, direction: Direction) -> Trial {
        let mut trial = Trial::proven();
        for value in values {
            let covered = to.atoms.iter().any(|atom| self.has_value(atom, value, direction));
            if !covered || to.inexact.is_some() {
                trial.fail([value.clone()]);
            }
        }
        trial
    }

    /// Whether it is plain that the alternative accepts the value.
    fn has_value(&self, atom: &Atom<'d>, value: &Value, direction: Direction) -> bool {
        if atom.kind() != super::atom::Kind::of(value) || !atom.not.is_empty() {
            return false;
        }
        if let Some(values) = &atom.values {
            return values.iter().any(|listed| super::accept::equal(listed, value));
        }
        match (&atom.body, value) {
            (Body::Null | Body::Boolean, _) => true,
            (Body::Number(numbers), value) => Num::of(value).is_some_and(|number| {
                (number.is_whole() || !numbers.integer)
                    && numbers.range.has(number)
                    && numbers.multiple_of.iter().all(|step| number.is_multiple_of(*step))
            }),
            (Body::Text(texts), Value::String(value)) => {
                texts.length.has(value.chars().count() as u64)
                    && texts.formats.iter().all(|it| text::is_of_format(it, value) != Some(false))
                    && texts.patterns.iter().all(|it| self.texts.matches(it, value) == Some(true))
            }
            _ => self.accepts(&Type::of(atom.origin.clone()), value, direction) == Some(true),
        }
    }

    /// Whether the one alternative accepts all of the other, which is of the same kind.
    fn compare(&self, from: &Atom<'d>, to: &Atom<'d>, direction: Direction) -> Trial {
        let mut trial = match (&from.body, &to.body) {
            (Body::Number(from), Body::Number(to)) => compare_numbers(from, to),
            (Body::Text(from), Body::Text(to)) => self.compare_texts(from, to),
            (Body::Array(from), Body::Array(to)) => self.compare_arrays(from, to, direction),
            (Body::Object(from), Body::Object(to)) => self.compare_objects(from, to, direction),
            _ => Trial::proven(),
        };
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

    fn compare_texts(&self, from: &Texts<'d>, to: &Texts<'d>) -> Trial {
        let mut trial = Trial::proven();
        let examples =
            || from.patterns.iter().flat_map(|it| text::examples_of(it)).map(Value::from);
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

    fn compare_objects(&self, from: &Objects<'d>, to: &Objects<'d>, direction: Direction) -> Trial {
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
        self.compare_additional(&mut trial, from, to, direction);
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

    /// Whether it is plain that both have the same values. Objects are alike only if they are written
    /// alike: what is sent and what is accepted of them differ.
    pub(crate) fn equivalent(
        &self,
        one: &Type<'d>,
        other: &Type<'d>,
        direction: Direction,
    ) -> bool {
        let is_flat = |ty: &Type<'d>| {
            let expansion = self.expand(ty, direction);
            let flat = |atom: &Atom<'d>| !matches!(atom.body, Body::Array(_) | Body::Object(_));
            expansion.atoms.iter().all(flat)
        };
        let contains = |one: &Type<'d>, other: &Type<'d>| {
            self.contains(one, other, direction) == Containment::Proven
        };
        self.same(one, other)
            || (is_flat(one) && is_flat(other) && contains(one, other) && contains(other, one))
    }

    /// Properties that the sender does not name, but may send.
    fn compare_additional(
        &self,
        trial: &mut Trial,
        from: &Objects<'d>,
        to: &Objects<'d>,
        direction: Direction,
    ) {
        let any;
        let sent = match &from.additional {
            Additional::Typed(ty) => ty,
            Additional::Open if from.is_map() => match to.first_type() {
                Some(like) => {
                    any = like;
                    &any
                }
                None => {
                    if matches!(to.additional, Additional::Closed) {
                        trial.fail(self.sample_object(
                            from,
                            direction,
                            &[("key", "any".into())],
                            &[],
                        ));
                    }
                    return;
                }
            },
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

impl<'d> Objects<'d> {
    /// How many properties an object can have, by what is required and what there is.
    fn possible_count(&self) -> super::atom::Count {
        let sends_more = matches!(self.additional, Additional::Typed(_)) || self.is_map();
        let most = (!sends_more).then_some(self.properties.len() as u64);
        let least = self.required.len() as u64;
        self.count.and(super::atom::Count { min: least, max: most })
    }

    /// Any value at all, written where one of the types of this object stands.
    fn first_type(&self) -> Option<Type<'d>> {
        let typed = match &self.additional {
            Additional::Typed(ty) => Some(ty),
            _ => self.properties.values().next(),
        };
        Some(Type::of(typed?.first()?.implied(&super::ANY)))
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
        if !is_divided && !(from.integer && Num::Whole(1).is_multiple_of(*step)) {
            let candidates = ends(from).into_iter().chain((0..10).map(Num::Whole));
            trial.fail(candidates.chain(from.multiple_of.iter().copied()).filter_map(Num::value));
        }
    }
    trial
}

impl Memory {
    fn settle(
        &mut self,
        question: Question,
        place: usize,
        provisional: usize,
        outer: usize,
        answer: &Containment,
    ) {
        self.asked.remove(&question);
        let first_assumed = std::mem::replace(&mut self.first_assumed, outer);
        let rests_on_others = first_assumed < place;
        if *answer == Containment::Proven && rests_on_others {
            self.first_assumed = self.first_assumed.min(first_assumed);
            self.resting.insert(question.clone(), first_assumed);
            self.provisional.push(question);
            return;
        }
        // What rested on this answer stands with it, or falls with it.
        let stands = *answer == Containment::Proven;
        for resting in self.provisional.drain(provisional..) {
            self.resting.remove(&resting);
            if stands {
                self.known.insert(resting, Containment::Proven);
            }
        }
        self.known.insert(question, answer.clone());
    }
}
