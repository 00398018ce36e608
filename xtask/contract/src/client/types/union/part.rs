//! What the parts of a union are: texts, null, objects with a tag.

use std::collections::{BTreeMap, BTreeSet};

use crate::client::schema::{Kind, Object, Schema};

/// The member that all have, with one text of its own in each.
pub(super) fn common_tag<'a>(parts: &[Schema<'a>]) -> Option<&'a str> {
    let mut common: Option<BTreeMap<&'a str, BTreeSet<&'a str>>> = None;
    for part in parts {
        let object = tagged_object(part)?;
        let constants = constants(object).filter(|(name, _)| object.required.contains(name));
        common = Some(match common {
            None => constants.map(|(name, value)| (name, BTreeSet::from([value]))).collect(),
            Some(mut common) => {
                let mut rest = BTreeMap::new();
                for (name, value) in constants {
                    if let Some(mut values) = common.remove(name)
                        && values.insert(value)
                    {
                        rest.insert(name, values);
                    }
                }
                rest
            }
        });
    }
    common?.into_keys().next()
}

pub(super) fn constants<'o, 'a>(
    object: &'o Object<'a>,
) -> impl Iterator<Item = (&'a str, &'a str)> + 'o {
    object.properties.iter().filter_map(|(name, schema)| Some((*name, constant(schema)?)))
}

/// The only text that a schema allows.
pub(in crate::client::types) fn constant<'a>(schema: &Schema<'a>) -> Option<&'a str> {
    let form = schema.form()?;
    let kind = form.kinds.is_empty() || form.kind() == Some(Kind::String);
    if !kind || form.format.is_some() || form.is_composed() || !form.has_no_bounds() {
        return None;
    }
    match form.values.as_deref()? {
        [only] => only.as_str(),
        _ => None,
    }
}

/// Whether a schema lists values, and nothing else.
pub(super) fn lists_values(schema: &Schema<'_>) -> bool {
    schema.form().is_some_and(|form| {
        form.values.is_some()
            && form.format.is_none()
            && !form.is_composed()
            && form.reference.is_none()
    })
}

/// The texts that such a schema lists; nothing where it lists something else too.
pub(super) fn listed_texts<'a>(schema: &Schema<'a>) -> Option<Vec<&'a str>> {
    let form = schema.form()?;
    if !(form.kinds.is_empty() || form.kind() == Some(Kind::String)) {
        return None;
    }
    form.values.as_ref()?.iter().map(|value| value.as_str()).collect()
}

/// An object that may be a variant: nothing but members.
pub(super) fn tagged_object<'s, 'a>(schema: &'s Schema<'a>) -> Option<&'s Object<'a>> {
    let form = schema.form()?;
    if let Some(only) = form.only_part() {
        return if form.is_plain() { tagged_object(only) } else { None };
    }
    let object = form.object.as_ref()?;
    let typed = form.kind() == Some(Kind::Object);
    let inferred = form.kinds.is_empty()
        && form.number.is_none()
        && form.text.is_none()
        && form.array.is_none();
    let plain = (typed || inferred)
        && form.format.is_none()
        && form.values.is_none()
        && form.reference.is_none()
        && !form.is_composed()
        && object.min_properties.is_none()
        && object.max_properties.is_none()
        && matches!(object.additional, None | Some(Schema::Bool(false)));
    plain.then_some(object)
}

/// The title that counts for such an object.
pub(super) fn annotations<'a>(schema: &Schema<'a>) -> Option<&'a str> {
    let form = schema.form()?;
    match form.only_part() {
        None => form.title,
        Some(only) => only.form().filter(|it| it.annotated).and(form.title),
    }
}

pub(super) fn is_null(schema: &Schema<'_>) -> bool {
    schema.form().is_some_and(|form| {
        if form.kinds.is_empty() {
            form.values.as_ref().is_some_and(|values| values.iter().all(|it| it.is_null()))
        } else {
            form.kinds.iter().all(|kind| *kind == Kind::Null)
        }
    })
}
