//! The alternatives of a schema in normal form, each of one kind of JSON value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    SchemaRef, Type,
    number::{Num, Range},
};

/// The kinds of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Null, Self::Boolean, Self::Number, Self::Text, Self::Array, Self::Object];

    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

/// One alternative: values of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Atom<'d> {
    /// The schema that it is reported at.
    pub(crate) origin: SchemaRef<'d>,
    /// All values that there are, if they are listed.
    pub(crate) values: Option<Vec<Value>>,
    pub(crate) body: Body<'d>,
    /// Schemas whose values are taken out.
    pub(crate) not: Vec<SchemaRef<'d>>,
}

/// What holds for the values of one kind.
#[derive(Clone, Debug)]
pub(crate) enum Body<'d> {
    Null,
    Boolean,
    Number(Numbers),
    Text(Texts<'d>),
    Array(Arrays<'d>),
    Object(Objects<'d>),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) integer: bool,
    pub(crate) range: Range,
    pub(crate) multiple_of: Vec<Num>,
}

/// How many there may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Texts<'d> {
    /// In characters.
    pub(crate) length: Count,
    pub(crate) patterns: BTreeSet<&'d str>,
    pub(crate) formats: BTreeSet<&'d str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Arrays<'d> {
    pub(crate) items: Type<'d>,
    pub(crate) count: Count,
    pub(crate) unique: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Objects<'d> {
    /// Whether the document names properties, if only such as don't travel in this direction.
    pub(crate) names_some: bool,
    pub(crate) properties: BTreeMap<&'d str, Type<'d>>,
    pub(crate) required: BTreeSet<&'d str>,
    pub(crate) additional: Additional<'d>,
    pub(crate) count: Count,
}

/// What properties there may be beyond those that are named.
#[derive(Clone, Debug)]
pub(crate) enum Additional<'d> {
    /// Any; the sender of a document that names properties sends none.
    Open,
    /// None.
    Closed,
    /// Those whose values this type accepts.
    Typed(Type<'d>),
}

impl Count {
    pub(crate) fn has(self, count: u64) -> bool {
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        let max = match (self.max, other.max) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Self { min: self.min.max(other.min), max }
    }

    pub(crate) fn is_within(self, other: Self) -> bool {
        self.min >= other.min
            && other.max.is_none_or(|other| self.max.is_some_and(|max| max <= other))
    }
}

impl Atom<'_> {
    pub(crate) fn kind(&self) -> Kind {
        match self.body {
            Body::Null => Kind::Null,
            Body::Boolean => Kind::Boolean,
            Body::Number(_) => Kind::Number,
            Body::Text(_) => Kind::Text,
            Body::Array(_) => Kind::Array,
            Body::Object(_) => Kind::Object,
        }
    }

    /// Whether it accepts every value of its kind.
    pub(crate) fn is_unconstrained(&self) -> bool {
        let body = match &self.body {
            Body::Null | Body::Boolean => true,
            Body::Number(numbers) => {
                !numbers.integer
                    && numbers.range.min.is_none()
                    && numbers.range.max.is_none()
                    && numbers.multiple_of.is_empty()
            }
            Body::Text(texts) => {
                texts.length == Count::default()
                    && texts.patterns.is_empty()
                    && texts.formats.is_empty()
            }
            Body::Array(arrays) => {
                arrays.items.is_any() && arrays.count == Count::default() && !arrays.unique
            }
            Body::Object(objects) => {
                objects.properties.is_empty()
                    && objects.required.is_empty()
                    && matches!(objects.additional, Additional::Open)
                    && objects.count == Count::default()
            }
        };
        body && self.values.is_none() && self.not.is_empty()
    }
}

impl Numbers {
    pub(crate) fn has(&self, number: Num) -> bool {
        (number.is_whole() || !self.integer)
            && self.range.has(number)
            && self.multiple_of.iter().all(|step| number.is_multiple_of(*step))
    }

    /// All numbers there are, if they are few.
    pub(crate) fn listed(&self) -> Option<Vec<Value>> {
        let (Some(min), Some(max)) = (self.range.min, self.range.max) else { return None };
        if min.at.compare(max.at).is_eq() {
            let only = Some(min.at).filter(|only| self.has(*only)).into_iter();
            return only.map(Num::value).collect();
        }
        let (Num::Whole(min), Num::Whole(max)) = (min.at, max.at) else { return None };
        let few = self.integer && max.checked_sub(min).is_some_and(|span| span < 100);
        let all = (min..=max).map(Num::Whole).filter(|number| self.has(*number));
        few.then(|| all.map(Num::value).collect()).flatten()
    }
}

impl Objects<'_> {
    /// Whether whoever sends such objects may send properties that are not named: where none is
    /// named, it is a map.
    pub(crate) fn is_map(&self) -> bool {
        !self.names_some && !matches!(self.additional, Additional::Closed)
    }
}
