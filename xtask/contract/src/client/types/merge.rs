//! Schemas that hold at once become one: objects have the members of all, bounds the narrowest.
//!
//! Alternatives (`oneOf` beside something else) are multiplied out.

mod alternatives;
mod bound;

use self::bound::{both, merge_formats, merge_kinds, merge_numbers, merge_texts, merge_values};
use super::{Entry, Made, Name, Types, exclusive::accepts};
use crate::client::{
    refusal::Refusal,
    schema::{Array, Form, Object, Schema, referred},
};

/// How deep schemas may refer to one another while they are merged. typify has no bound: a circle
/// would be its end.
const MAX_DEPTH: u32 = 64;

/// Why there is no one schema.
pub(super) enum Apart {
    /// No value fulfils both.
    Never,
    /// It is not followed.
    Unknown,
    /// typify gives up: it knows no two kinds of alternatives at once.
    Alternatives,
}

type Merged<T> = Result<T, Apart>;

impl<'a> Types<'a> {
    pub(super) fn merged(&mut self, name: Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        let body = Form {
            all_of: None,
            any_of: None,
            one_of: None,
            not: None,
            default: None,
            title: None,
            annotated: false,
            ..form.clone()
        };
        match self.merge_parts(body, form, MAX_DEPTH) {
            Ok(merged) => {
                let mut merged = Form { place: form.place.clone(), raw: form.raw, ..merged };
                merged.title = form.title;
                merged.default = form.default;
                merged.annotated = form.annotated;
                let (entry, _) = self.convert(name, &merged.into())?;
                Ok((entry, None))
            }
            Err(Apart::Never) => Ok((Self::never(&name, Some(form))?, None)),
            Err(Apart::Alternatives) => Err(Refusal::at(
                &form.place,
                "the generator does not know `anyOf` and `oneOf` at once",
            )),
            Err(Apart::Unknown) => {
                Ok((Self::opaque(&name, &Schema::from(form.clone())), form.default))
            }
        }
    }

    /// The schema and all that it is composed of.
    fn merge_parts(&mut self, body: Form<'a>, of: &Form<'a>, depth: u32) -> Merged<Form<'a>> {
        if of.any_of.is_some() && of.one_of.is_some() {
            return Err(Apart::Alternatives);
        }
        let empty = body.kinds.is_empty() && body.is_plain();
        let mut merged: Schema<'a> = if empty { Schema::Bool(true) } else { body.into() };
        for part in of.all_of.iter().flatten() {
            merged = self.merge(&merged, part, depth)?;
        }
        let mut merged = only(merged)?;
        if let Some(not) = &of.not {
            merged = self.without(merged, not, depth)?;
        }
        if let Some(parts) = &of.any_of {
            let mut parts = self.with_each(&merged, parts, depth)?;
            merged = match parts.len() {
                0 => return Err(Apart::Never),
                1 => only(parts.remove(0))?,
                _ => Form { any_of: Some(parts), ..Form::default() },
            };
        }
        if let Some(parts) = &of.one_of {
            let mut parts = self.with_each(&merged, parts, depth)?;
            merged = match parts.len() {
                0 => return Err(Apart::Never),
                1 => only(parts.remove(0))?,
                _ => Form { one_of: Some(parts), ..Form::default() },
            };
        }
        Ok(merged)
    }

    fn merge(&mut self, one: &Schema<'a>, other: &Schema<'a>, depth: u32) -> Merged<Schema<'a>> {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.spend(8)) else {
            return Err(Apart::Unknown);
        };
        let (one, other) = match (one, other) {
            (Schema::Bool(false), _) | (_, Schema::Bool(false)) => return Err(Apart::Never),
            (Schema::Bool(true), rest) | (rest, Schema::Bool(true)) => return Ok(rest.clone()),
            (Schema::Form(one), Schema::Form(other)) => (one, other),
        };
        if one.problem.is_some() || other.problem.is_some() {
            return Err(Apart::Unknown);
        }
        match (one.reference, other.reference) {
            (None, None) => Ok(self.merge_forms(one, other, depth)?.into()),
            (Some(reference), other_reference) if other_reference == Some(reference) => {
                Ok(Schema::Form(one.clone()))
            }
            (Some(reference), _) => {
                self.merge_reference(reference, &Schema::Form(one.clone()), other, depth)
            }
            (None, Some(reference)) => {
                self.merge_reference(reference, &Schema::Form(other.clone()), one, depth)
            }
        }
    }

    /// A component stays the component where the other schema adds nothing.
    fn merge_reference(
        &mut self,
        reference: &str,
        whole: &Schema<'a>,
        other: &std::rc::Rc<Form<'a>>,
        depth: u32,
    ) -> Merged<Schema<'a>> {
        let component = referred(reference).and_then(|name| self.components.get(&*name));
        let resolved = component.ok_or(Apart::Unknown)?.schema.clone();
        let merged = self.merge(&resolved, &Schema::Form(other.clone()), depth)?;
        Ok(if roughly(&merged, &resolved) { whole.clone() } else { merged })
    }

    fn merge_forms(&mut self, one: &Form<'a>, other: &Form<'a>, depth: u32) -> Merged<Form<'a>> {
        let members = |form: &Form<'_>| form.object.as_ref().map_or(0, |it| it.properties.len());
        if !self.spend(members(one) + members(other)) {
            return Err(Apart::Unknown);
        }
        let mut merged = Form {
            place: one.place.clone(),
            raw: one.raw,
            kinds: merge_kinds(&one.kinds, &other.kinds)?,
            format: merge_formats(one.format, other.format)?,
            number: merge_numbers(one.number.as_ref(), other.number.as_ref())?,
            text: merge_texts(one.text.as_ref(), other.text.as_ref())?,
            array: self.merge_arrays(one.array.as_ref(), other.array.as_ref(), depth)?,
            object: self.merge_objects(one.object.as_ref(), other.object.as_ref(), depth)?,
            values: merge_values(one.values.as_deref(), other.values.as_deref())?,
            ..Form::default()
        };
        for form in [one, other] {
            if form.is_composed() {
                merged = self.merge_parts(merged, form, depth)?;
            }
        }
        if let Some(values) = merged.values.take() {
            let values = values.into_iter().filter(|value| accepts(&merged, value)).collect();
            merged.values = Some(values);
        }
        Ok(merged)
    }

    fn merge_arrays(
        &mut self,
        one: Option<&Array<'a>>,
        other: Option<&Array<'a>>,
        depth: u32,
    ) -> Merged<Option<Array<'a>>> {
        let (one, other) = match (one, other) {
            (Some(one), Some(other)) => (one, other),
            (one, other) => return Ok(one.or(other).cloned()),
        };
        let min_items = both(one.min_items, other.min_items, u64::max);
        let max_items = both(one.max_items, other.max_items, u64::min);
        if min_items.zip(max_items).is_some_and(|(min, max)| min > max) {
            return Err(Apart::Never);
        }
        let items = match (&one.items, &other.items) {
            (Some(one), Some(other)) => Some(self.merge(one, other, depth)?),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        Ok(Some(Array { items, min_items, max_items, unique: one.unique.or(other.unique) }))
    }

    fn merge_objects(
        &mut self,
        one: Option<&Object<'a>>,
        other: Option<&Object<'a>>,
        depth: u32,
    ) -> Merged<Option<Object<'a>>> {
        let (one, other) = match (one, other) {
            (Some(one), Some(other)) => (one, other),
            (one, other) => return Ok(one.or(other).cloned()),
        };
        let required = one.required.union(&other.required).copied().collect();
        let additional = match (&one.additional, &other.additional) {
            (Some(one), Some(other)) => Some(self.or_never(one, other, depth)?),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        let closed = matches!(additional, Some(Schema::Bool(false)));
        let mut object = Object { required, additional, ..Object::default() };
        let names: std::collections::BTreeSet<_> =
            one.properties.keys().chain(other.properties.keys()).copied().collect();
        for name in names {
            let schema = match (one.properties.get(name), other.properties.get(name)) {
                (Some(one), Some(other)) => self.or_never(one, other, depth)?,
                (Some(schema), None) => beside(other.additional.as_ref(), schema),
                (None, Some(schema)) => beside(one.additional.as_ref(), schema),
                (None, None) => continue,
            };
            if matches!(schema, Schema::Bool(false)) {
                if object.required.contains(name) {
                    return Err(Apart::Never);
                }
                if closed {
                    continue;
                }
            }
            object.properties.insert(name, schema);
        }
        object.min_properties = both(one.min_properties, other.min_properties, u64::max);
        object.max_properties = both(one.max_properties, other.max_properties, u64::min);
        if object.min_properties.zip(object.max_properties).is_some_and(|(min, max)| min > max) {
            return Err(Apart::Never);
        }
        Ok(Some(object))
    }

    fn or_never(&mut self, one: &Schema<'a>, other: &Schema<'a>, depth: u32) -> Merged<Schema<'a>> {
        match self.merge(one, other, depth) {
            Err(Apart::Never) => Ok(Schema::Bool(false)),
            merged => merged,
        }
    }
}

fn only(schema: Schema<'_>) -> Merged<Form<'_>> {
    match schema {
        Schema::Bool(true) => Ok(Form::default()),
        Schema::Bool(false) => Err(Apart::Never),
        Schema::Form(form) => Ok((*form).clone()),
    }
}

/// A property that the other object knows only as an additional one.
fn beside<'a>(additional: Option<&Schema<'a>>, property: &Schema<'a>) -> Schema<'a> {
    match additional {
        None | Some(Schema::Bool(true)) => property.clone(),
        Some(Schema::Bool(false)) => Schema::Bool(false),
        Some(additional) => {
            let form = property.form();
            let both = Form {
                place: form.map(|it| it.place.clone()).unwrap_or_default(),
                raw: form.and_then(|it| it.raw),
                all_of: Some(vec![additional.clone(), property.clone()]),
                ..Form::default()
            };
            both.into()
        }
    }
}

/// Whether two schemas are the same but for what they say to people.
fn roughly(one: &Schema<'_>, other: &Schema<'_>) -> bool {
    let (one, other) = match (one, other) {
        (Schema::Bool(one), Schema::Bool(other)) => return one == other,
        (Schema::Form(one), Schema::Form(other)) => (one, other),
        (Schema::Bool(all), Schema::Form(form)) | (Schema::Form(form), Schema::Bool(all)) => {
            return *all && form.kinds.is_empty() && form.is_plain() && !form.is_composed();
        }
    };
    let option = |one: &Option<Schema<'_>>, other: &Option<Schema<'_>>| match (one, other) {
        (Some(one), Some(other)) => roughly(one, other),
        (one, other) => one.is_none() && other.is_none(),
    };
    let list = |one: &Option<Vec<Schema<'_>>>, other: &Option<Vec<Schema<'_>>>| match (one, other) {
        (Some(one), Some(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| roughly(a, b))
        }
        (one, other) => one.is_none() && other.is_none(),
    };
    let array = match (&one.array, &other.array) {
        (Some(one), Some(other)) => {
            option(&one.items, &other.items)
                && one.min_items == other.min_items
                && one.max_items == other.max_items
                && one.unique == other.unique
        }
        (one, other) => one.is_none() && other.is_none(),
    };
    let object = match (&one.object, &other.object) {
        (Some(one), Some(other)) => {
            one.required == other.required
                && one.min_properties == other.min_properties
                && one.max_properties == other.max_properties
                && option(&one.additional, &other.additional)
                && one.properties.len() == other.properties.len()
                && one.properties.iter().zip(&other.properties).all(
                    |((name, schema), (other_name, other))| {
                        name == other_name && roughly(schema, other)
                    },
                )
        }
        (one, other) => one.is_none() && other.is_none(),
    };
    one.kinds == other.kinds
        && one.format == other.format
        && one.values == other.values
        && one.number == other.number
        && one.text == other.text
        && one.reference == other.reference
        && array
        && object
        && list(&one.all_of, &other.all_of)
        && list(&one.any_of, &other.any_of)
        && list(&one.one_of, &other.one_of)
        && option(&one.not, &other.not)
}
