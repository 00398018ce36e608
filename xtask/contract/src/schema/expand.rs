//! From a schema to its normal form: alternatives, each of one kind of value.

use std::{collections::BTreeSet, rc::Rc};

use serde_json::Value;

use super::{
    ANY, NEVER, SchemaRef, Schemas, Type,
    atom::{Additional, Arrays, Atom, Body, Count, Kind, Numbers, Objects, Texts},
    keyword::Keywords,
    number::Num,
    text,
};
use crate::verdict::Direction;

/// A schema in normal form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expansion<'d> {
    /// A value is accepted only if one of these accepts it.
    pub(crate) atoms: Vec<Atom<'d>>,
    /// Why a value that one of them accepts may be refused all the same.
    pub(crate) inexact: Option<&'static str>,
}

/// More alternatives than this are not multiplied out.
const ALTERNATIVES: usize = 200;
/// More variants than this are not told apart.
const VARIANTS: usize = 1000;
const TOO_MANY: &str = "it has too many alternatives";
const CIRCULAR: &str = "it is made of itself";
pub(crate) const OVERLAP: &str = "values may match several schemas of a `oneOf`";

impl<'d> Schemas<'d> {
    /// The normal form of a type, for values that travel in this direction: a property that is
    /// read-only is in no request, one that is write-only in no response.
    pub(crate) fn expand(&self, ty: &Type<'d>, direction: Direction) -> Rc<Expansion<'d>> {
        let key = (ty.key(), direction);
        if let Some(known) = self.expansions.borrow().get(&key) {
            return Rc::clone(known);
        }
        if !self.step() || !self.expanding.borrow_mut().insert(key.clone()) {
            return Rc::new(anything(ty, CIRCULAR));
        }
        let expansion = self.deeper(|| {
            let mut parts = ty.parts.iter();
            let first = parts.next().map(|part| self.expand_schema(part, direction));
            let mut expansion = first.unwrap_or_default();
            for part in parts {
                expansion =
                    intersect(&expansion, &self.expand_schema(part, direction), &part.clone());
            }
            self.drop_values_that_are_refused(&mut expansion);
            if let Some(schema) = ty.first() {
                expansion.merge_listed_values(&self.resolve(schema));
            }
            expansion
        });
        self.expanding.borrow_mut().remove(&key);
        // Within a circle, the answer depends on where one entered it.
        let Some(expansion) = expansion.map(Rc::new) else {
            return Rc::new(anything(ty, "it is nested too deeply"));
        };
        if expansion.inexact != Some(CIRCULAR) || self.expanding.borrow().is_empty() {
            self.expansions.borrow_mut().insert(key, Rc::clone(&expansion));
        }
        expansion
    }

    fn expand_schema(&self, schema: &SchemaRef<'d>, direction: Direction) -> Expansion<'d> {
        let schema = self.resolve(schema);
        let members = match schema.value {
            Value::Bool(false) => return Expansion::default(),
            Value::Object(members) if !members.contains_key("$ref") => members,
            Value::Object(_) => {
                return Expansion {
                    atoms: of_all_kinds(&schema),
                    inexact: Some("it refers to something that is not there"),
                };
            }
            _ => return Expansion { atoms: of_all_kinds(&schema), inexact: None },
        };
        let keywords = Keywords { schema: &schema, members };
        let mut expansion = self.own(keywords, direction);
        for part in keywords.parts("allOf") {
            expansion = intersect(&expansion, &self.expand(&Type::of(part), direction), &schema);
        }
        for keyword in ["oneOf", "anyOf"] {
            if keywords.has_list(keyword) {
                let choice = self.choice(keywords, keyword, direction);
                expansion = intersect(&expansion, &choice, &schema);
            }
        }
        if let Some(not) = keywords.part("not") {
            expansion.atoms.iter_mut().for_each(|atom| atom.not.push(not.clone()));
        }
        if keywords.is_nullable() && !expansion.atoms.iter().any(|atom| atom.kind() == Kind::Null) {
            expansion.atoms.push(atom(&schema, Body::Null));
        }
        expansion
    }

    /// Values that are listed, and refused by another keyword, are none.
    fn drop_values_that_are_refused(&self, expansion: &mut Expansion<'d>) {
        expansion.atoms.retain_mut(|atom| {
            let Some(mut values) = atom.values.take() else { return true };
            values.retain(|value| self.may_have(&atom.body, value));
            let some_are_left = !values.is_empty();
            atom.values = Some(values);
            some_are_left
        });
    }

    /// Whether the keywords of one kind let a value through, as far as can be told.
    fn may_have(&self, body: &Body<'d>, value: &Value) -> bool {
        match (body, value) {
            (Body::Number(numbers), value) => {
                Num::of(value).is_none_or(|number| numbers.has(number))
            }
            (Body::Text(texts), Value::String(value)) => {
                texts.length.has(value.chars().count() as u64)
                    && texts.formats.iter().all(|it| text::is_of_format(it, value) != Some(false))
                    && texts.patterns.iter().all(|it| self.texts.matches(it, value) != Some(false))
            }
            _ => true,
        }
    }

    /// What one of several schemas accepts.
    fn choice(
        &self,
        keywords: Keywords<'_, 'd>,
        keyword: &str,
        direction: Direction,
    ) -> Expansion<'d> {
        let mut choice = Expansion::default();
        let mut variants: Vec<Rc<Expansion<'d>>> = Vec::new();
        for variant in keywords.parts(keyword) {
            let variant = self.expand(&Type::of(variant), direction);
            if choice.atoms.len() + variant.atoms.len() > VARIANTS {
                return Expansion { atoms: of_all_kinds(keywords.schema), inexact: Some(TOO_MANY) };
            }
            choice.inexact = choice.inexact.or(variant.inexact);
            choice.atoms.extend(variant.atoms.iter().cloned());
            if choice.atoms.len() > ALTERNATIVES / 2 {
                choice.merge_listed_values(keywords.schema);
            }
            variants.push(variant);
        }
        if keyword == "oneOf" && !self.are_disjoint(&variants, direction) {
            choice.inexact = choice.inexact.or(Some(OVERLAP));
        }
        choice
    }

    /// What the keywords of the schema itself say.
    fn own(&self, keywords: Keywords<'_, 'd>, direction: Direction) -> Expansion<'d> {
        let mut atoms = Vec::new();
        for kind in Kind::ALL.into_iter().filter(|&kind| keywords.names_kind(kind)) {
            let body = match kind {
                Kind::Null => Body::Null,
                Kind::Boolean => Body::Boolean,
                Kind::Number => Body::Number(keywords.numbers()),
                Kind::Text => Body::Text(keywords.texts()),
                Kind::Array => Body::Array(keywords.arrays()),
                Kind::Object => Body::Object(self.objects(keywords, direction)),
            };
            atoms.push(atom(keywords.schema, body));
        }
        if let Some(values) = keywords.get("enum").and_then(Value::as_array) {
            for atom in &mut atoms {
                let of_this_kind = values.iter().filter(|value| Kind::of(value) == atom.kind());
                atom.values = Some(of_this_kind.cloned().collect());
            }
            atoms.retain(|atom| atom.values.as_ref().is_some_and(|values| !values.is_empty()));
            // There is only one null to list.
            let nulls = atoms.iter_mut().filter(|atom| atom.kind() == Kind::Null);
            nulls.for_each(|atom| atom.values = None);
        }
        Expansion { atoms, inexact: None }
    }

    pub(super) fn objects(&self, keywords: Keywords<'_, 'd>, direction: Direction) -> Objects<'d> {
        let mut required: BTreeSet<&str> =
            keywords.list("required").iter().filter_map(Value::as_str).collect();
        let mut properties = std::collections::BTreeMap::new();
        let declared = keywords.get("properties").and_then(Value::as_object);
        for (name, property) in declared.into_iter().flatten() {
            let schema = keywords.schema;
            let pointer = schema.pointer.join("properties").join(name);
            let property = SchemaRef { side: schema.side, pointer, value: property };
            if self.travels(&property, direction) {
                properties.insert(name.as_str(), Type::of(property));
            } else {
                required.remove(name.as_str());
            }
        }
        let additional = keywords.additional();
        let count = keywords.count("minProperties", "maxProperties");
        let names_some = declared.is_some_and(|declared| !declared.is_empty());
        Objects { names_some, properties, required, additional, count }
    }

    /// Whether a property is in what travels in this direction.
    pub(crate) fn travels(&self, property: &SchemaRef<'d>, direction: Direction) -> bool {
        let keyword = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let says = |value: &Value| value.get(keyword) == Some(&Value::Bool(true));
        !says(property.value) && !says(self.resolve(property).value)
    }
}

impl<'d> Expansion<'d> {
    /// Listed values are one list, however they were written: an `enum`, or a `oneOf` of several.
    fn merge_listed_values(&mut self, listed_at: &SchemaRef<'d>) {
        for kind in Kind::ALL {
            let listed = |atom: &Atom<'_>| {
                atom.kind() == kind && atom.values.is_some() && atom.not.is_empty()
            };
            if self.atoms.iter().filter(|atom| listed(atom)).count() < 2 {
                continue;
            }
            let mut merged: Option<Atom<'_>> = None;
            self.atoms.retain(|atom| {
                if !listed(atom) {
                    return true;
                }
                let Some(merged) = &mut merged else {
                    merged = Some(Atom { origin: listed_at.clone(), ..atom.clone() });
                    return false;
                };
                let values = merged.values.get_or_insert_default();
                for value in atom.values.iter().flatten() {
                    if !values.contains(value) {
                        values.push(value.clone());
                    }
                }
                false
            });
            self.atoms.extend(merged);
        }
    }
}

/// What both accept. What is reported at neither is reported at the schema that joins them.
fn intersect<'d>(
    one: &Expansion<'d>,
    other: &Expansion<'d>,
    joined_at: &SchemaRef<'d>,
) -> Expansion<'d> {
    let mut atoms = Vec::new();
    let (fewer, more) =
        (one.atoms.len().min(other.atoms.len()), one.atoms.len().max(other.atoms.len()));
    let most = if fewer > ALTERNATIVES { 0 } else { more.max(ALTERNATIVES) };
    for one in &one.atoms {
        for other in other.atoms.iter().filter(|other| other.kind() == one.kind()) {
            if atoms.len() > most {
                return Expansion { atoms: of_all_kinds(joined_at), inexact: Some(TOO_MANY) };
            }
            atoms.extend(one.and(other, joined_at));
        }
    }
    Expansion { atoms, inexact: one.inexact.or(other.inexact) }
}

fn anything<'d>(ty: &Type<'d>, why: &'static str) -> Expansion<'d> {
    let atoms = ty.first().map(of_all_kinds).unwrap_or_default();
    Expansion { atoms, inexact: Some(why) }
}

fn atom<'d>(schema: &SchemaRef<'d>, body: Body<'d>) -> Atom<'d> {
    Atom { origin: schema.clone(), values: None, body, not: Vec::new() }
}

fn of_all_kinds<'d>(schema: &SchemaRef<'d>) -> Vec<Atom<'d>> {
    let body = |kind| match kind {
        Kind::Null => Body::Null,
        Kind::Boolean => Body::Boolean,
        Kind::Number => Body::Number(Numbers::default()),
        Kind::Text => Body::Text(Texts::default()),
        Kind::Array => Body::Array(Arrays {
            items: Type::of(schema.implied(&ANY)),
            count: Count::default(),
            unique: false,
        }),
        Kind::Object => Body::Object(Objects {
            names_some: false,
            properties: std::collections::BTreeMap::new(),
            required: BTreeSet::new(),
            additional: Additional::Open,
            count: Count::default(),
        }),
    };
    Kind::ALL.map(|kind| atom(schema, body(kind))).into()
}

/// A type that nothing belongs to, reported at this schema.
pub(crate) fn never<'d>(schema: &SchemaRef<'d>) -> Type<'d> {
    Type::of(schema.implied(&NEVER))
}
