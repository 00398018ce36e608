//! What two alternatives of one kind both accept.

use std::collections::BTreeMap;

use super::{
    SchemaRef, Type,
    atom::{Additional, Arrays, Atom, Body, Numbers, Objects, Texts},
    expand::never,
};

impl<'d> Atom<'d> {
    /// `None` where it is plain that nothing belongs to both.
    pub(crate) fn and(&self, other: &Self, joined_at: &SchemaRef<'d>) -> Option<Self> {
        let both = self.joined(other, joined_at)?;
        let origin = if other.origin.is_bound_of_paths() { &self.origin } else { &both.origin };
        Some(Self { origin: origin.clone(), ..both })
    }

    fn joined(&self, other: &Self, joined_at: &SchemaRef<'d>) -> Option<Self> {
        if self.is_unconstrained() {
            return Some(other.clone());
        }
        if other.is_unconstrained() {
            return Some(self.clone());
        }
        let body = match (&self.body, &other.body) {
            (Body::Number(one), Body::Number(other)) => Body::Number(one.and(other)?),
            (Body::Text(one), Body::Text(other)) => Body::Text(one.and(other)?),
            (Body::Array(one), Body::Array(other)) => Body::Array(one.and(other)),
            (Body::Object(one), Body::Object(other)) => Body::Object(one.and(other, joined_at)),
            (body, _) => body.clone(),
        };
        let values = match (&self.values, &other.values) {
            (Some(one), Some(other)) => {
                Some(one.iter().filter(|value| other.contains(value)).cloned().collect::<Vec<_>>())
            }
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        if values.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        let not = self.not.iter().chain(&other.not).cloned().collect();
        Some(Self { origin: joined_at.clone(), values, body, not })
    }
}

impl Numbers {
    fn and(&self, other: &Self) -> Option<Self> {
        let integer = self.integer || other.integer;
        let mut range = self.range.and(other.range);
        if integer {
            range = range.of_whole_numbers();
        }
        let multiple_of = self.multiple_of.iter().chain(&other.multiple_of).copied().collect();
        (!range.is_empty()).then_some(Self { integer, range, multiple_of })
    }
}

impl Texts<'_> {
    fn and(&self, other: &Self) -> Option<Self> {
        let length = self.length.and(other.length);
        let is_empty = length.max.is_some_and(|max| max < length.min);
        (!is_empty).then(|| Self {
            length,
            patterns: &self.patterns | &other.patterns,
            formats: &self.formats | &other.formats,
        })
    }
}

impl Arrays<'_> {
    fn and(&self, other: &Self) -> Self {
        Self {
            items: join(&self.items, &other.items),
            count: self.count.and(other.count),
            unique: self.unique || other.unique,
        }
    }
}

impl<'d> Objects<'d> {
    fn and(&self, other: &Self, joined_at: &SchemaRef<'d>) -> Self {
        let mut properties = BTreeMap::new();
        for (objects, beside) in [(self, other), (other, self)] {
            for (&name, property) in &objects.properties {
                let property = match (beside.properties.get(name), &beside.additional) {
                    (Some(other), _) if std::ptr::eq(objects, self) => join(property, other),
                    (Some(_), _) => continue,
                    (None, Additional::Open) => property.clone(),
                    (None, Additional::Typed(other)) => join(property, other),
                    (None, Additional::Closed) => never(joined_at),
                };
                properties.insert(name, property);
            }
        }
        let additional = match (&self.additional, &other.additional) {
            (Additional::Closed, _) | (_, Additional::Closed) => Additional::Closed,
            (Additional::Typed(one), Additional::Typed(other)) => {
                Additional::Typed(join(one, other))
            }
            (Additional::Typed(one), Additional::Open)
            | (Additional::Open, Additional::Typed(one)) => Additional::Typed(one.clone()),
            (Additional::Open, Additional::Open) => Additional::Open,
        };
        Self {
            names_some: self.names_some || other.names_some,
            properties,
            required: &self.required | &other.required,
            additional,
            count: self.count.and(other.count),
        }
    }
}

/// What both types accept; one that accepts everything adds nothing.
fn join<'d>(one: &Type<'d>, other: &Type<'d>) -> Type<'d> {
    match (one.is_any(), other.is_any()) {
        (true, _) => other.clone(),
        (_, true) => one.clone(),
        _ => one.and(other),
    }
}
