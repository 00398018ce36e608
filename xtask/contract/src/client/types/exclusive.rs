//! Whether no value fulfils two schemas: then `anyOf` is as good as `oneOf`.

use std::collections::HashSet;

use serde_json::Value;

use super::{Types, union::constant};
use crate::client::schema::{Array, Form, Kind, Object, Schema, referred};

impl<'a> Types<'a> {
    /// Whether no two can hold at once; nothing where that is too much to look at.
    pub(super) fn all_exclusive(&mut self, parts: &[Schema<'a>]) -> Option<bool> {
        let resolved: Vec<_> = parts.iter().map(|part| self.resolved(part)).collect();
        for (index, one) in resolved.iter().enumerate() {
            for other in &resolved[index + 1..] {
                if !self.exclusive(one, other)? {
                    return Some(false);
                }
            }
        }
        Some(true)
    }

    /// What a reference leads to, one step far.
    fn resolved(&self, schema: &Schema<'a>) -> Schema<'a> {
        let reference = schema.form().and_then(|form| form.only_reference());
        let component = reference.and_then(referred).and_then(|name| self.components.get(&*name));
        component.map_or_else(|| schema.clone(), |component| component.schema.clone())
    }

    fn exclusive(&mut self, one: &Schema<'a>, other: &Schema<'a>) -> Option<bool> {
        if !self.spend(4) {
            return None;
        }
        let (one_form, other_form) = match (one, other) {
            (Schema::Bool(false), _) | (_, Schema::Bool(false)) => return Some(true),
            (Schema::Bool(true), _) | (_, Schema::Bool(true)) => return Some(false),
            (Schema::Form(one), Schema::Form(other)) => (one, other),
        };
        let unit = |form: &Form<'_>| {
            !form.annotated && form.kinds.is_empty() && form.is_plain() && form.is_composed()
        };
        if unit(other_form) {
            return self.exclusive_parts(other_form, one);
        }
        if unit(one_form) {
            return self.exclusive_parts(one_form, other);
        }
        for (schema, values) in [(one_form, other_form), (other_form, one_form)] {
            if let (true, Some(values)) = (values.kinds.is_empty(), &values.values) {
                return Some(!values.iter().any(|value| accepts(schema, value)));
            }
        }
        Some(match (&one_form.kinds[..], &other_form.kinds[..]) {
            ([], _) | (_, []) => false,
            ([one], [other]) if one != other => true,
            ([Kind::Object], [Kind::Object]) => bare_object(one_form)
                .zip(bare_object(other_form))
                .is_some_and(|(one, other)| exclusive_objects(one, other)),
            ([Kind::Array], [Kind::Array]) => {
                match bare_array(one_form).zip(bare_array(other_form)) {
                    Some((one, other)) => return self.exclusive_arrays(one, other),
                    None => false,
                }
            }
            (one, other) => !one.iter().any(|kind| other.contains(kind)),
        })
    }

    fn exclusive_parts(&mut self, form: &Form<'a>, other: &Schema<'a>) -> Option<bool> {
        match (&form.all_of, &form.any_of, &form.one_of, &form.not) {
            (Some(parts), None, None, None) => {
                for part in parts {
                    if self.exclusive(part, other)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            (None, Some(parts), None, None) | (None, None, Some(parts), None) => {
                for part in parts {
                    if !self.exclusive(part, other)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            (None, None, None, Some(not)) => Some(!self.exclusive(not, other)?),
            _ => Some(false),
        }
    }

    fn exclusive_arrays(&mut self, one: &Array<'a>, other: &Array<'a>) -> Option<bool> {
        let apart = |most: Option<u64>, least: Option<u64>| {
            most.zip(least).is_some_and(|(most, least)| least > most)
        };
        if apart(one.max_items, other.min_items) || apart(other.max_items, one.min_items) {
            return Some(true);
        }
        match (&one.items, &other.items) {
            (Some(one), Some(other)) => self.exclusive(one, other),
            _ => Some(false),
        }
    }
}

fn bare<'s, 'a>(form: &'s Form<'a>) -> Option<&'s Form<'a>> {
    let bare = form.format.is_none()
        && form.values.is_none()
        && !form.is_composed()
        && form.number.is_none()
        && form.text.is_none()
        && form.reference.is_none();
    bare.then_some(form)
}

fn bare_object<'s, 'a>(form: &'s Form<'a>) -> Option<&'s Object<'a>> {
    bare(form).filter(|form| form.array.is_none())?.object.as_ref()
}

fn bare_array<'s, 'a>(form: &'s Form<'a>) -> Option<&'s Array<'a>> {
    bare(form).filter(|form| form.object.is_none())?.array.as_ref()
}

/// Whether one requires what the other does not have, or both fix a member differently.
fn exclusive_objects(one: &Object<'_>, other: &Object<'_>) -> bool {
    if one.properties.is_empty() || other.properties.is_empty() {
        return false;
    }
    let has = |object: &Object<'_>, name: &&str| object.properties.contains_key(name);
    if !one.required.iter().all(|name| has(other, name))
        || !other.required.iter().all(|name| has(one, name))
    {
        return true;
    }
    let fixed = |object: &Object<'_>| -> HashSet<(String, String)> {
        let fixed = |name: &&str| {
            Some(((*name).to_owned(), constant(object.properties.get(name)?)?.to_owned()))
        };
        object.required.iter().filter_map(fixed).collect()
    };
    let (one, other) = (fixed(one), fixed(other));
    !one.is_subset(&other) && !other.is_subset(&one)
}

/// As far as typify looks: the listed values and the type.
pub(super) fn accepts(form: &Form<'_>, value: &Value) -> bool {
    if form.values.as_ref().is_some_and(|values| !values.contains(&value)) {
        return false;
    }
    let is = |kind: &Kind| match kind {
        Kind::Null => value.is_null(),
        Kind::Boolean => value.is_boolean(),
        Kind::Integer => value.is_i64() || value.is_u64(),
        Kind::Number => value.is_number(),
        Kind::String => value.is_string(),
        Kind::Array => value.is_array(),
        Kind::Object => value.is_object(),
    };
    form.kinds.is_empty() || form.kinds.iter().any(is)
}
