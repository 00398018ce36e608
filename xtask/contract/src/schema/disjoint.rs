//! Is it plain that no value belongs to both?

use std::{collections::HashSet, rc::Rc};

use serde_json::Value;

use super::{
    Schemas, Type,
    atom::{Additional, Atom, Body, Kind, Objects, Texts},
    expand::Expansion,
    text,
};
use crate::verdict::Direction;

impl<'d> Schemas<'d> {
    /// Whether no value belongs to two of them.
    pub(crate) fn are_disjoint(
        &self,
        variants: &[Rc<Expansion<'d>>],
        direction: Direction,
    ) -> bool {
        let atoms: Option<Vec<_>> = variants
            .iter()
            .map(|variant| if let [only] = &variant.atoms[..] { Some(only) } else { None })
            .collect();
        if atoms.is_some_and(|atoms| self.tagged(&atoms, direction).is_some()) {
            return true;
        }
        if are_different_texts(variants) {
            return true;
        }
        variants.iter().enumerate().all(|(index, one)| {
            variants[..index].iter().all(|other| self.excludes(one, other, direction))
        })
    }

    fn excludes(&self, one: &Expansion<'d>, other: &Expansion<'d>, direction: Direction) -> bool {
        one.atoms
            .iter()
            .all(|one| other.atoms.iter().all(|other| self.atom_excludes(one, other, direction)))
    }

    fn type_excludes(&self, one: &Type<'d>, other: &Type<'d>, direction: Direction) -> bool {
        let excludes = self.deeper(|| {
            let (one, other) = (self.expand(one, direction), self.expand(other, direction));
            self.excludes(&one, &other, direction)
        });
        excludes.unwrap_or(false)
    }

    pub(crate) fn atom_excludes(
        &self,
        one: &Atom<'d>,
        other: &Atom<'d>,
        direction: Direction,
    ) -> bool {
        if one.kind() != other.kind() || !self.step() {
            return one.kind() != other.kind();
        }
        match (&one.values, &other.values) {
            (Some(values), Some(others)) => {
                return values.iter().all(|value| !others.contains(value));
            }
            (Some(values), None) => {
                return values.iter().all(|value| self.refuses_text(other, value));
            }
            (None, Some(values)) => {
                return values.iter().all(|value| self.refuses_text(one, value));
            }
            (None, None) => {}
        }
        match (&one.body, &other.body) {
            (Body::Number(one), Body::Number(other)) => one.range.and(other.range).is_empty(),
            (Body::Text(one), Body::Text(other)) => texts_exclude(one, other),
            (Body::Object(one), Body::Object(other)) => {
                self.objects_exclude(one, other, direction)
                    || self.objects_exclude(other, one, direction)
            }
            _ => false,
        }
    }

    /// Whether it is plain that a listed text is none of another alternative's.
    fn refuses_text(&self, atom: &Atom<'d>, value: &Value) -> bool {
        let (Body::Text(texts), Value::String(value)) = (&atom.body, value) else { return false };
        !texts.length.has(value.chars().count() as u64)
            || texts.formats.iter().any(|format| text::is_of_format(format, value) == Some(false))
            || texts.patterns.iter().any(|it| self.texts.matches(it, value) == Some(false))
    }

    /// One requires what the other does not have, or has otherwise.
    fn objects_exclude(
        &self,
        one: &Objects<'d>,
        other: &Objects<'d>,
        direction: Direction,
    ) -> bool {
        one.required.iter().any(|&name| {
            let property = one.properties.get(name);
            match (other.properties.get(name), &other.additional) {
                (None, Additional::Closed) => true,
                (Some(other), _) | (None, Additional::Typed(other)) => {
                    property.is_some_and(|property| self.type_excludes(property, other, direction))
                }
                (None, Additional::Open) => false,
            }
        })
    }
}

/// Formats that no text is of two of.
const EXCLUSIVE: [&str; 5] = ["uuid", "date", "date-time", "ipv4", "ipv6"];

fn texts_exclude(one: &Texts<'_>, other: &Texts<'_>) -> bool {
    let length = one.length.and(other.length);
    if length.max.is_some_and(|max| max < length.min) {
        return true;
    }
    let exclusive = |format: &&str| EXCLUSIVE.contains(format);
    let formats =
        one.formats.iter().filter(|it| exclusive(it)).any(|format| {
            other.formats.iter().filter(|it| exclusive(it)).any(|other| format != other)
        });
    let starts = |texts: &Texts<'_>| -> Vec<String> {
        texts.patterns.iter().filter_map(|it| text::literal_start(it)).map(str::to_owned).collect()
    };
    let (starts, others) = (starts(one), starts(other));
    formats
        || starts.iter().any(|start| {
            others.iter().any(|other| {
                !start.starts_with(other.as_str()) && !other.starts_with(start.as_str())
            })
        })
}

/// Whether each variant lists texts, and none lists a text of another. Of these there may be
/// thousands, too many to look at each with each.
fn are_different_texts(variants: &[Rc<Expansion<'_>>]) -> bool {
    let mut seen = HashSet::new();
    variants.iter().all(|variant| {
        variant.atoms.iter().all(|atom| {
            let values = atom.values.as_ref().filter(|_| atom.kind() == Kind::Text);
            values.is_some_and(|values| {
                values.iter().all(|value| value.as_str().is_some_and(|text| seen.insert(text)))
            })
        })
    })
}
