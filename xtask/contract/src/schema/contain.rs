//! Is everything that is sent accepted?
//!
//! What is sent is read as a client or a server generated from the document sends it: of an object
//! that names its properties, no others, unless the document says which. What is accepted is read
//! as it stands.

mod alternative;
mod memory;
mod written;

use std::collections::HashSet;

use serde_json::Value;

use self::alternative::Trial;
pub(crate) use self::memory::Memory;
use super::{
    Schemas, Type,
    atom::{Additional, Atom, Body, Count, Kind},
    expand::{Expansion, OVERLAP},
    number::Num,
    tag::Tagged,
    text,
};
use crate::verdict::Direction;

/// Of so many overlaps at most, a sample is looked at.
const MOST_OVERLAPS: usize = 20;

const TOO_DEEP: &str = "it is nested too deeply, or too large, to be compared";

/// Whether everything that one type has, another accepts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Containment {
    Proven,
    /// This value is sent and not accepted; both were checked.
    Refuted(Value),
    /// Neither could be shown, for this reason.
    Open(&'static str),
}

/// All values of an alternative that has only a few, and maybe some more.
fn few_values(body: &Body<'_>) -> Option<Vec<Value>> {
    match body {
        Body::Boolean => Some(vec![Value::Bool(true), Value::Bool(false)]),
        Body::Number(numbers) => numbers.listed(),
        Body::Text(texts) if texts.length.max == Some(0) => Some(vec![Value::from("")]),
        Body::Text(texts) => {
            let mut few = texts.patterns.iter().find_map(|pattern| text::few::all_of(pattern))?;
            few.retain(|text| texts.length.has(text.chars().count() as u64));
            Some(few.into_iter().map(Value::from).collect())
        }
        Body::Array(arrays) if arrays.count.max == Some(0) => Some(vec![Value::Array(Vec::new())]),
        _ => None,
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
        let question = (sent.key(), accepted.key(), direction, self.wire());
        if let Some(answer) = self.containments.borrow_mut().recall(&question) {
            return answer;
        }
        if !self.step() {
            return Containment::Open(TOO_DEEP);
        }
        let asked = self.containments.borrow_mut().ask(question);
        let answer = self
            .deeper(|| self.find_out(sent, accepted, direction))
            .unwrap_or(Containment::Open(TOO_DEEP));
        self.containments.borrow_mut().settle(asked, &answer);
        answer
    }

    fn find_out(&self, sent: &Type<'d>, accepted: &Type<'d>, direction: Direction) -> Containment {
        let (from, to) = (self.expand(sent, direction), self.expand(accepted, direction));
        let mut open = to.inexact.filter(|why| *why != OVERLAP);
        let unchanged = self.unchanged(&from, &to);
        let objects = to.atoms.iter().filter(|atom| atom.kind() == Kind::Object);
        let tagged = self.tagged(&objects.collect::<Vec<_>>(), direction);
        for atom in &from.atoms {
            let candidates = self.candidates(atom, &to, &unchanged, tagged.as_ref(), direction);
            let trial = self.cover(atom, &to, &candidates, direction);
            if trial.open.is_some() || open.is_some() {
                let refuted = trial.candidates.into_iter().find(|value| {
                    self.step()
                        && self.reads(accepted, value, direction) == Some(false)
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

    /// Which alternatives are written as they were. How values match several of these can't have
    /// changed, where it mattered before.
    fn unchanged(&self, from: &Expansion<'d>, to: &Expansion<'d>) -> Vec<bool> {
        if to.inexact != Some(OVERLAP) || from.inexact != to.inexact {
            return vec![false; to.atoms.len()];
        }
        let ty = |atom: &Atom<'d>| Type::of(atom.origin.clone());
        let before: Vec<_> = from.atoms.iter().map(ty).collect();
        let is_unchanged = |atom: &Atom<'d>| before.iter().any(|one| self.same(one, &ty(atom)));
        to.atoms.iter().map(is_unchanged).collect()
    }

    /// The alternatives that may accept values of this one, and whether each is unchanged.
    fn candidates<'e>(
        &self,
        atom: &Atom<'d>,
        to: &'e Expansion<'d>,
        unchanged: &[bool],
        tagged: Option<&Tagged<'d>>,
        direction: Direction,
    ) -> Vec<(&'e Atom<'d>, bool)> {
        let all = to.atoms.iter().zip(unchanged.iter().copied());
        let all: Vec<_> = all.filter(|(other, _)| other.kind() == atom.kind()).collect();
        match tagged {
            Some(tagged) => self.owners(tagged, atom, all, direction),
            None => all,
        }
    }

    /// Whether one of the alternatives accepts all of this one.
    fn cover(
        &self,
        atom: &Atom<'d>,
        to: &Expansion<'d>,
        candidates: &[(&Atom<'d>, bool)],
        direction: Direction,
    ) -> Trial {
        if let Some(values) = &atom.values {
            return self.cover_values(values, to, direction);
        }
        if self.is_empty(atom, direction) {
            return Trial::proven();
        }
        let mut result = Trial::proven();
        result.fail([]);
        let mut covered_by = None;
        for (index, (other, _)) in candidates.iter().enumerate() {
            let trial = self.compare(atom, other, direction);
            if trial.open.is_none() {
                covered_by = Some(index);
                break;
            }
            result.candidates.extend(trial.candidates);
            // The reason of a sole candidate is the reason.
            result.open = if candidates.len() == 1 { trial.open } else { result.open };
        }
        let Some(index) = covered_by else {
            if let Some(values) = few_values(&atom.body).filter(|_| atom.not.is_empty()) {
                return self.cover_values(&values, to, direction);
            }
            result.candidates.extend(self.samples_of(atom, direction));
            if let Some(written) = self.cover_as_text(atom, to, direction) {
                result.open = written.open;
                result.candidates.extend(written.candidates);
            }
            return result;
        };
        let as_before = candidates[index].1;
        let overlaps = to.inexact == Some(OVERLAP)
            && candidates.iter().enumerate().any(|(other, (candidate, unchanged))| {
                other != index
                    && !(as_before && *unchanged)
                    && !self.atom_excludes(atom, candidate, direction)
            });
        if overlaps {
            let mut candidates_of_all = self.samples_of(atom, direction);
            candidates_of_all.extend(self.in_several(atom, candidates, direction));
            return Trial { open: Some(OVERLAP), candidates: candidates_of_all };
        }
        Trial::proven()
    }

    /// Objects of this alternative that may be in one of these as well: with all properties that both
    /// name.
    fn in_several(
        &self,
        atom: &Atom<'d>,
        candidates: &[(&Atom<'d>, bool)],
        direction: Direction,
    ) -> Vec<Value> {
        let both = candidates.iter().filter_map(|(other, _)| atom.and(other, &atom.origin));
        let full = both.take(MOST_OVERLAPS).filter_map(|both| match &both.body {
            Body::Object(objects) => {
                let named = objects.properties.iter();
                let named =
                    named.filter_map(|(&name, ty)| Some((name, self.sample(ty, direction)?)));
                self.sample_object(objects, direction, &named.collect::<Vec<_>>(), &[])
            }
            _ => None,
        });
        full.collect()
    }

    /// Whether it is plain that there is no value of this alternative.
    fn is_empty(&self, atom: &Atom<'d>, direction: Direction) -> bool {
        let none = |count: Count| count.max.is_some_and(|max| max < count.min);
        match &atom.body {
            Body::Null | Body::Boolean => false,
            Body::Number(numbers) => numbers.range.is_empty(),
            Body::Text(texts) => none(texts.length),
            Body::Array(arrays) => none(arrays.count),
            Body::Object(objects) => {
                let is_missing =
                    |name: &&str| match (objects.properties.get(name), &objects.additional) {
                        (Some(ty), _) | (None, Additional::Typed(ty)) => {
                            self.expand(ty, direction).atoms.is_empty()
                        }
                        (None, Additional::Closed) => true,
                        (None, Additional::Open) => false,
                    };
                none(objects.count) || objects.required.iter().any(is_missing)
            }
        }
    }

    /// Listed values are tried one by one, by whoever asks.
    fn cover_values(&self, values: &[Value], to: &Expansion<'d>, direction: Direction) -> Trial {
        let mut trial = Trial::proven();
        // There may be many texts on both sides; of other values there are few.
        let plain = to.atoms.iter().filter(|atom| atom.not.is_empty());
        let listed = plain.filter_map(|atom| atom.values.as_ref()).flatten();
        let texts: HashSet<_> = listed.filter_map(Value::as_str).collect();
        let is_covered = |value: &Value| {
            value.as_str().is_some_and(|text| texts.contains(text))
                || to.atoms.iter().any(|atom| {
                    let was_looked_up = atom.values.is_some() && value.is_string();
                    !was_looked_up && self.has_value(atom, value, direction)
                })
        };
        for value in values {
            let covered = self.readings(value).iter().any(is_covered);
            if !covered || to.inexact.is_some() {
                trial.fail([value.clone()]);
            }
        }
        trial
    }

    /// Whether it is plain that the alternative accepts the value.
    fn has_value(&self, atom: &Atom<'d>, value: &Value, direction: Direction) -> bool {
        if atom.kind() != Kind::of(value) || !atom.not.is_empty() {
            return false;
        }
        if let Some(values) = &atom.values {
            return values.iter().any(|listed| super::accept::equal(listed, value));
        }
        match (&atom.body, value) {
            (Body::Null | Body::Boolean, _) => true,
            (Body::Number(numbers), value) => {
                Num::of(value).is_some_and(|number| numbers.has(number))
            }
            (Body::Text(texts), Value::String(value)) => {
                texts.length.has(value.chars().count() as u64)
                    && texts.formats.iter().all(|it| text::is_of_format(it, value) != Some(false))
                    && texts.patterns.iter().all(|it| self.texts.matches(it, value) == Some(true))
            }
            _ => self.accepts(&Type::of(atom.origin.clone()), value, direction) == Some(true),
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
            self.as_json(|| self.contains(one, other, direction)) == Containment::Proven
        };
        self.same(one, other)
            || (is_flat(one) && is_flat(other) && contains(one, other) && contains(other, one))
    }
}
