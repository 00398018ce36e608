//! From a schema to its normal form: alternatives, each of one kind of value.

use std::{collections::BTreeSet, rc::Rc};

use serde_json::{Map, Value};

use super::{
    ANY, NEVER, SchemaRef, Schemas, Type,
    atom::{Additional, Arrays, Atom, Body, Count, Kind, Numbers, Objects, Texts},
    number::{Bound, Num, Range, range_of},
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
        let mut expansion = self.own(&schema, members, direction);
        for (index, part) in list(members, "allOf").iter().enumerate() {
            let part = Type::of(schema.item("allOf", index, part));
            expansion = intersect(&expansion, &self.expand(&part, direction), &schema);
        }
        for keyword in ["oneOf", "anyOf"] {
            if members.get(keyword).is_some_and(Value::is_array) {
                let choice = self.choice(&schema, members, keyword, direction);
                expansion = intersect(&expansion, &choice, &schema);
            }
        }
        if let Some(not) = members.get("not") {
            let not = schema.member("not", not);
            expansion.atoms.iter_mut().for_each(|atom| atom.not.push(not.clone()));
        }
        if is_nullable(members) && !expansion.atoms.iter().any(|atom| atom.kind() == Kind::Null) {
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
        schema: &SchemaRef<'d>,
        members: &'d Map<String, Value>,
        keyword: &str,
        direction: Direction,
    ) -> Expansion<'d> {
        let mut choice = Expansion::default();
        let mut variants: Vec<Rc<Expansion<'d>>> = Vec::new();
        for (index, variant) in list(members, keyword).iter().enumerate() {
            let variant = self.expand(&Type::of(schema.item(keyword, index, variant)), direction);
            if choice.atoms.len() + variant.atoms.len() > VARIANTS {
                return Expansion { atoms: of_all_kinds(schema), inexact: Some(TOO_MANY) };
            }
            choice.inexact = choice.inexact.or(variant.inexact);
            choice.atoms.extend(variant.atoms.iter().cloned());
            if choice.atoms.len() > ALTERNATIVES / 2 {
                choice.merge_listed_values(schema);
            }
            variants.push(variant);
        }
        if keyword == "oneOf" && !self.are_disjoint(&variants, direction) {
            choice.inexact = choice.inexact.or(Some(OVERLAP));
        }
        choice
    }

    /// What the keywords of the schema itself say.
    fn own(
        &self,
        schema: &SchemaRef<'d>,
        members: &'d Map<String, Value>,
        direction: Direction,
    ) -> Expansion<'d> {
        let integer = names_type(members, "integer");
        let mut atoms = Vec::new();
        for kind in Kind::ALL.into_iter().filter(|&kind| names_kind(members, kind)) {
            let body = match kind {
                Kind::Null => Body::Null,
                Kind::Boolean => Body::Boolean,
                Kind::Number => {
                    Body::Number(numbers(members, integer && !names_type(members, "number")))
                }
                Kind::Text => Body::Text(texts(members)),
                Kind::Array => Body::Array(arrays(schema, members)),
                Kind::Object => Body::Object(self.objects(schema, members, direction)),
            };
            atoms.push(atom(schema, body));
        }
        if let Some(values) = members.get("enum").and_then(Value::as_array) {
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

    pub(crate) fn objects(
        &self,
        schema: &SchemaRef<'d>,
        members: &'d Map<String, Value>,
        direction: Direction,
    ) -> Objects<'d> {
        let mut required: BTreeSet<&str> =
            list(members, "required").iter().filter_map(Value::as_str).collect();
        let mut properties = std::collections::BTreeMap::new();
        let declared = members.get("properties").and_then(Value::as_object);
        for (name, property) in declared.into_iter().flatten() {
            let pointer = schema.pointer.join("properties").join(name);
            let property = SchemaRef { side: schema.side, pointer, value: property };
            if self.travels(&property, direction) {
                properties.insert(name.as_str(), Type::of(property));
            } else {
                required.remove(name.as_str());
            }
        }
        let additional = match members.get("additionalProperties") {
            Some(Value::Bool(false)) => Additional::Closed,
            Some(value @ Value::Object(members)) if !members.is_empty() => {
                Additional::Typed(Type::of(schema.member("additionalProperties", value)))
            }
            _ => Additional::Open,
        };
        let count = count(members, "minProperties", "maxProperties");
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

pub(crate) fn list<'d>(members: &'d Map<String, Value>, keyword: &str) -> &'d [Value] {
    members.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// `nullable`, or a `null` among the listed values, which some write beside a `type`.
pub(crate) fn is_nullable(members: &Map<String, Value>) -> bool {
    members.get("nullable") == Some(&Value::Bool(true))
        || list(members, "enum").contains(&Value::Null)
}

pub(crate) fn names_type(members: &Map<String, Value>, name: &str) -> bool {
    match members.get("type") {
        Some(Value::String(named)) => named == name,
        // Not OpenAPI 3.0, but clear.
        Some(Value::Array(names)) => names.iter().any(|named| named == name),
        _ => false,
    }
}

/// Whether values of this kind are accepted, by `type` alone.
pub(crate) fn names_kind(members: &Map<String, Value>, kind: Kind) -> bool {
    if !members.contains_key("type") {
        return true;
    }
    match kind {
        Kind::Null => names_type(members, "null"),
        Kind::Boolean => names_type(members, "boolean"),
        Kind::Number => names_type(members, "number") || names_type(members, "integer"),
        Kind::Text => names_type(members, "string"),
        Kind::Array => names_type(members, "array"),
        Kind::Object => names_type(members, "object"),
    }
}

pub(crate) fn count(members: &Map<String, Value>, min: &str, max: &str) -> Count {
    let number = |name| members.get(name).and_then(whole);
    Count { min: number(min).unwrap_or(0), max: number(max) }
}

/// A count; some write `10.0`.
fn whole(value: &Value) -> Option<u64> {
    match Num::of(value)? {
        Num::Whole(whole) => u64::try_from(whole).ok(),
        Num::Real(_) => None,
    }
}

pub(crate) fn numbers(members: &Map<String, Value>, integer: bool) -> Numbers {
    let bound = |name: &str, exclusive: &str| {
        let at = members.get(name).and_then(Num::of)?;
        Some(Bound::new(at, members.get(exclusive) == Some(&Value::Bool(true))))
    };
    let mut range = Range {
        min: bound("minimum", "exclusiveMinimum"),
        max: bound("maximum", "exclusiveMaximum"),
    };
    if integer {
        let format = members.get("format").and_then(Value::as_str).and_then(range_of);
        range = range.of_whole_numbers().and(format.unwrap_or_default());
    }
    let step = members.get("multipleOf").and_then(Num::of);
    // The multiples of a whole number are whole.
    let whole = step.is_some_and(|step| matches!(step, Num::Whole(step) if step != 0));
    if whole {
        range = range.of_whole_numbers();
    }
    Numbers { integer: integer || whole, range, multiple_of: step.into_iter().collect() }
}

pub(crate) fn texts(members: &Map<String, Value>) -> Texts<'_> {
    let text = |name| members.get(name).and_then(Value::as_str);
    Texts {
        length: count(members, "minLength", "maxLength"),
        patterns: text("pattern").filter(|it| !text::matches_everything(it)).into_iter().collect(),
        formats: text("format").into_iter().collect(),
    }
}

fn arrays<'d>(schema: &SchemaRef<'d>, members: &'d Map<String, Value>) -> Arrays<'d> {
    let items = match members.get("items") {
        Some(items) => schema.member("items", items),
        None => schema.implied(&ANY),
    };
    Arrays {
        items: Type::of(items),
        count: count(members, "minItems", "maxItems"),
        unique: members.get("uniqueItems") == Some(&Value::Bool(true)),
    }
}

/// A type that nothing belongs to, reported at this schema.
pub(crate) fn never<'d>(schema: &SchemaRef<'d>) -> Type<'d> {
    Type::of(schema.implied(&NEVER))
}
