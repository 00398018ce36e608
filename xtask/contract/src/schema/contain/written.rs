//! Whether values of one kind are read as values of another, where all is written as text.

use serde_json::Value;

use super::alternative::{Trial, compare_texts};
use crate::{
    schema::{
        Schemas,
        atom::{Atom, Body, Count, Numbers, Texts},
        expand::Expansion,
        number::Num,
        sample::telling_counts,
        written::Wire,
    },
    verdict::Direction,
};

const OTHERWISE: &str =
    "it is written as text, and whether the other type has each such text can't be told";

impl<'d> Schemas<'d> {
    /// Tries what no alternative of the same kind accepts; `None` where that is all that counts.
    pub(super) fn cover_as_text(
        &self,
        atom: &Atom<'d>,
        to: &Expansion<'d>,
        direction: Direction,
    ) -> Option<Trial> {
        if !self.wire().is_text() {
            return None;
        }
        let as_item = self.cover_as_item(atom, to, direction);
        if as_item.as_ref().is_some_and(|trial| trial.open.is_none()) {
            return as_item;
        }
        match &atom.body {
            Body::Number(numbers) => cover_numbers(numbers, to),
            Body::Text(_) => {
                let is_read =
                    |other: &Atom<'_>| matches!(other.body, Body::Number(_) | Body::Boolean);
                to.atoms.iter().any(is_read).then(|| undecided(OTHERWISE))
            }
            _ => None,
        }
        .or(as_item)
    }

    /// Whether the text of each value is that of a list of one which is accepted.
    fn cover_as_item(
        &self,
        atom: &Atom<'d>,
        to: &Expansion<'d>,
        direction: Direction,
    ) -> Option<Trial> {
        let is_list = matches!(atom.body, Body::Array(_) | Body::Object(_) | Body::Null);
        if self.wire() != Wire::TextOrItem || is_list {
            return None;
        }
        let mut result = None;
        for other in &to.atoms {
            let Body::Array(arrays) = &other.body else { continue };
            if other.values.is_some() || !other.not.is_empty() || !arrays.count.has(1) {
                continue;
            }
            let items = self.expand(&arrays.items, direction);
            let of_its_kind = items.atoms.iter().filter(|item| item.kind() == atom.kind());
            let of_its_kind: Vec<_> = of_its_kind.map(|item| (item, false)).collect();
            let trial = self.on_parts(|| self.cover(atom, &items, &of_its_kind, direction));
            match (trial.open, to.inexact.or(items.inexact)) {
                (None, None) => return Some(trial),
                (None, Some(why)) => return Some(undecided(why)),
                (Some(_), _) => result = Some(trial),
            }
        }
        result
    }
}

/// Whether the texts of all these numbers are accepted.
fn cover_numbers(numbers: &Numbers, to: &Expansion<'_>) -> Option<Trial> {
    let written = numbers.written();
    let mut result: Option<Trial> = None;
    for atom in &to.atoms {
        let Body::Text(texts) = &atom.body else { continue };
        if atom.values.is_some() || !atom.not.is_empty() {
            continue;
        }
        let mut trial = compare_texts(&written, texts);
        if trial.open.is_none() {
            return Some(to.inexact.map_or_else(Trial::proven, undecided));
        }
        let lengths = telling_counts(written.length, texts.length);
        trial.candidates.extend(lengths.into_iter().filter_map(number_of_length));
        result.get_or_insert(trial);
    }
    result
}

fn undecided(why: &'static str) -> Trial {
    let mut trial = Trial::proven();
    trial.undecided(why);
    trial
}

impl Numbers {
    /// What is known of the texts of all of them.
    fn written(&self) -> Texts<'static> {
        let ends = [self.range.min, self.range.max].map(|end| end.map(|end| end.at));
        let length = match ends {
            [Some(Num::Whole(min)), Some(Num::Whole(max))] if self.integer => {
                let count = |number: i128| number.to_string().len() as u64;
                let (one, other) = (count(min), count(max));
                let least = if min <= 9 && max >= 0 { 1 } else { one.min(other) };
                Count { min: least, max: Some(one.max(other)) }
            }
            _ => Count { min: 1, max: None },
        };
        Texts { length, ..Texts::default() }
    }
}

/// A whole number of so many digits.
fn number_of_length(length: u64) -> Option<Value> {
    let power = u32::try_from(length.checked_sub(1)?).ok()?;
    10_u64.checked_pow(power).map(Value::from)
}
