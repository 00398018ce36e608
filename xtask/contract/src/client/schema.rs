//! A schema as the generator reads it, before it makes a type of it.
//!
//! Progenitor hands typify not what stands in the document but a JSON Schema made of it, in which
//! `nullable` is one more type. What typify does hangs on which members that schema has, so this
//! is the same shape.

mod read;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use serde_json::Value;

pub(super) use self::read::read;
use super::place::Place;
use crate::document::pointer::unescaped;

/// What values may be.
#[derive(Clone, Debug)]
pub(super) enum Schema<'a> {
    /// Anything, or nothing.
    Bool(bool),
    /// What is described.
    Form(Rc<Form<'a>>),
}

/// The members of a schema; the annotations that name no type are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Form<'a> {
    pub(super) place: Place<'a>,
    /// What stands at the place; nothing for what was put together from several.
    pub(super) raw: Option<&'a Value>,
    pub(super) title: Option<&'a str>,
    /// Whether it says anything about itself, such as a description.
    pub(super) annotated: bool,
    pub(super) default: Option<&'a Value>,
    pub(super) kinds: Vec<Kind>,
    pub(super) format: Option<&'a str>,
    pub(super) values: Option<Vec<&'a Value>>,
    pub(super) number: Option<Number>,
    pub(super) text: Option<Text<'a>>,
    pub(super) array: Option<Array<'a>>,
    pub(super) object: Option<Object<'a>>,
    pub(super) all_of: Option<Vec<Schema<'a>>>,
    pub(super) any_of: Option<Vec<Schema<'a>>>,
    pub(super) one_of: Option<Vec<Schema<'a>>>,
    pub(super) not: Option<Schema<'a>>,
    pub(super) reference: Option<&'a str>,
    /// Why the generator can't read it.
    pub(super) problem: Option<&'static str>,
}

/// The types of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// Bounds of a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Number {
    pub(super) minimum: Option<f64>,
    pub(super) exclusive_minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) exclusive_maximum: Option<f64>,
    pub(super) multiple_of: Option<f64>,
}

/// Bounds of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) pattern: Option<Cow<'a, str>>,
}

/// What an array holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Array<'a> {
    pub(super) items: Option<Schema<'a>>,
    pub(super) min_items: Option<u64>,
    pub(super) max_items: Option<u64>,
    pub(super) unique: Option<bool>,
}

/// What an object holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Object<'a> {
    pub(super) properties: BTreeMap<&'a str, Schema<'a>>,
    pub(super) required: BTreeSet<&'a str>,
    pub(super) additional: Option<Schema<'a>>,
    pub(super) min_properties: Option<u64>,
    pub(super) max_properties: Option<u64>,
}

impl<'a> Schema<'a> {
    pub(super) fn form(&self) -> Option<&Rc<Form<'a>>> {
        match self {
            Self::Bool(_) => None,
            Self::Form(form) => Some(form),
        }
    }
}

impl<'a> From<Form<'a>> for Schema<'a> {
    fn from(form: Form<'a>) -> Self {
        Self::Form(Rc::new(form))
    }
}

impl<'a> Form<'a> {
    /// Its only type; nothing where it names none or several.
    pub(super) fn kind(&self) -> Option<Kind> {
        if let [kind] = self.kinds[..] { Some(kind) } else { None }
    }

    /// Whether it is put together from other schemas.
    pub(super) fn is_composed(&self) -> bool {
        self.all_of.is_some()
            || self.any_of.is_some()
            || self.one_of.is_some()
            || self.not.is_some()
    }

    /// Whether it has nothing, the types and what it is composed of apart.
    pub(super) fn is_plain(&self) -> bool {
        self.format.is_none() && self.values.is_none() && self.has_no_bounds()
    }

    /// Whether nothing in it is about one type only.
    pub(super) fn has_no_bounds(&self) -> bool {
        self.number.is_none()
            && self.text.is_none()
            && self.array.is_none()
            && self.object.is_none()
            && self.reference.is_none()
    }

    /// The reference, where it is nothing else.
    pub(super) fn only_reference(&self) -> Option<&'a str> {
        let reference = self.reference?;
        let bare = self.kinds.is_empty()
            && self.format.is_none()
            && self.values.is_none()
            && self.number.is_none()
            && self.text.is_none()
            && self.array.is_none()
            && self.object.is_none()
            && !self.is_composed();
        bare.then_some(reference)
    }

    /// The one schema that it is composed of, where it is exactly one.
    pub(super) fn only_part(&self) -> Option<&Schema<'a>> {
        match (&self.all_of, &self.any_of, &self.one_of, &self.not) {
            (Some(parts), None, None, None)
            | (None, Some(parts), None, None)
            | (None, None, Some(parts), None) => match &parts[..] {
                [only] => Some(only),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Array<'_> {
    fn is_empty(&self) -> bool {
        self.items.is_none()
            && self.min_items.is_none()
            && self.max_items.is_none()
            && self.unique.is_none()
    }
}

impl Object<'_> {
    fn is_empty(&self) -> bool {
        self.properties.is_empty()
            && self.required.is_empty()
            && self.additional.is_none()
            && self.min_properties.is_none()
            && self.max_properties.is_none()
    }
}

/// The name in a reference to a schema; typify looks at the last part only.
pub(super) fn referred(reference: &str) -> Option<Cow<'_, str>> {
    let (_, name) = reference.rsplit_once('/')?;
    Some(unescaped(name))
}
