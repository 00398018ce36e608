//! `oneOf`, `anyOf`, `allOf` and `not`: enums of every kind, and what is put together.

mod part;
mod variant;

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

pub(super) use self::part::constant;

use self::{
    part::{
        annotations, common_tag, constants, is_null, listed_texts, lists_values, tagged_object,
    },
    variant::variant_names,
};
use super::{
    Data, Entry, Field, Limit, Made, Name, Named, Plain, Shape, State, Tag, Types, Variant,
    scalar::{declared, enumeration, newtype},
};
use crate::client::{
    refusal::Refusal,
    schema::{Form, Kind, Schema},
};

impl<'a> Types<'a> {
    pub(super) fn composed(&mut self, name: Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        if !form.is_plain() {
            return self.merged(name, form);
        }
        match (&form.all_of, &form.any_of, &form.one_of, &form.not) {
            (Some(parts), None, None, None) => match &parts[..] {
                [only] => Ok((self.convert(name, only)?.0, form.default)),
                _ => self.merged(name, form),
            },
            (None, Some(parts), None, None) => self.any_of(name, form, parts),
            (None, None, Some(parts), None) => self.one_of(name, form, parts),
            (None, None, None, Some(not)) => self.not(&name, form, not),
            _ => self.merged(name, form),
        }
    }

    fn any_of(&mut self, name: Name, form: &Form<'a>, parts: &[Schema<'a>]) -> Made<'a, Entry<'a>> {
        if let Some(entry) = self.maybe_option(&name, form, parts) {
            return Ok((entry, form.default));
        }
        match self.all_exclusive(parts) {
            Some(true) => self.one_of(name, form, parts),
            Some(false) => self.flattened(&name, form, parts),
            None => Ok((Self::opaque(&name, &Schema::from(form.clone())), form.default)),
        }
    }

    fn one_of(&mut self, name: Name, form: &Form<'a>, parts: &[Schema<'a>]) -> Made<'a, Entry<'a>> {
        let entry = match self.maybe_option(&name, form, parts) {
            Some(entry) => Some(entry),
            None => match self.external(&name, form, parts) {
                Some(entry) => Some(entry),
                None => match self.adjacent(&name, form, parts) {
                    Some(entry) => Some(entry),
                    None => self.internal(&name, form, parts),
                },
            },
        };
        let entry = match (entry, parts) {
            (Some(entry), _) => entry,
            (None, [only]) => self.convert(name, only)?.0,
            (None, _) => self.untagged(&name, form, parts)?,
        };
        Ok((entry, form.default))
    }

    /// Null and something else.
    fn maybe_option(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        parts: &[Schema<'a>],
    ) -> Option<Entry<'a>> {
        if parts.len() == 1 {
            return None;
        }
        let mut others = parts.iter().filter(|part| !is_null(part));
        match (others.next(), others.next()) {
            (Some(only), None) => Some(self.option(name.clone(), form, only).ok()?.0),
            _ => None,
        }
    }

    /// Texts, and objects of one member that names the variant.
    fn external(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        parts: &[Schema<'a>],
    ) -> Option<Entry<'a>> {
        let mut found: Vec<(&str, Option<Schema<'a>>)> = Vec::new();
        for part in parts {
            if lists_values(part) {
                found.extend(listed_texts(part)?.into_iter().map(|text| (text, None)));
                continue;
            }
            let object = tagged_object(part)?;
            let (property, schema) = object.properties.first_key_value()?;
            if object.properties.len() != 1 || object.required.len() != 1 {
                return None;
            }
            found.push((property, Some(schema.clone())));
        }
        let names: HashSet<_> = found.iter().map(|(name, _)| name).collect();
        if names.len() != found.len() {
            return None;
        }
        let mut variants = Vec::new();
        for (raw, schema) in found {
            let data = match schema {
                None => Data::None,
                Some(schema) => self.variant(name.append(raw), &schema).ok()?,
            };
            variants.push(Variant::new(raw, data));
        }
        enumeration(name, form, Tag::External, variants).ok()
    }

    /// What a variant holds: the fields of an object are its own.
    fn variant(&mut self, name: Name, schema: &Schema<'a>) -> Result<Data<'a>, Refusal> {
        Ok(match self.convert(name, schema)?.0 {
            Entry::Plain(Plain::Unit) => Data::None,
            Entry::Named(Named { shape: Shape::Struct(fields), .. }) => Data::Fields(fields),
            entry => Data::One(self.assign(entry)),
        })
    }

    /// Objects with a tag and one other member, its content.
    fn adjacent(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        parts: &[Schema<'a>],
    ) -> Option<Entry<'a>> {
        let mut tags: Option<BTreeSet<&str>> = None;
        let mut all = BTreeSet::new();
        for part in parts {
            let object = tagged_object(part)?;
            if object.properties.len() != object.required.len() {
                return None;
            }
            let constant: BTreeSet<_> = constants(object).map(|(name, _)| name).collect();
            tags = Some(match tags {
                None => constant,
                Some(tags) => tags.intersection(&constant).copied().collect(),
            });
            all.extend(object.properties.keys().copied());
        }
        let tags = tags?;
        if tags.len() != 1 || all.len() != 2 {
            return None;
        }
        let tag = *tags.first()?;
        let content = *all.difference(&tags).next()?;
        let mut variants = Vec::new();
        for part in parts {
            let object = tagged_object(part)?;
            let raw = constant(object.properties.get(tag)?)?;
            let data = match object.properties.get(content) {
                None => Data::None,
                Some(schema) => {
                    let name = match name {
                        Name::Required(_) => name.append(content),
                        name => name.append(raw),
                    };
                    self.variant(name, schema).ok()?
                }
            };
            variants.push(Variant::new(raw, data));
        }
        enumeration(name, form, Tag::Adjacent(tag, content), variants).ok()
    }

    /// Objects that have a tag among their members.
    fn internal(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        parts: &[Schema<'a>],
    ) -> Option<Entry<'a>> {
        let tag = common_tag(parts)?;
        let mut variants = Vec::new();
        for part in parts {
            let mut object = tagged_object(part)?.clone();
            let raw = constant(object.properties.get(tag)?)?;
            let data = if object.properties.len() == 1 {
                Data::None
            } else {
                object.properties.remove(tag);
                object.required.remove(tag);
                let title = annotations(part);
                let part = part.form()?;
                Data::Fields(self.fields(name.in_rust(title).as_deref(), &object, part).ok()?)
            };
            variants.push(Variant::new(raw, data));
        }
        enumeration(name, form, Tag::Internal(tag), variants).ok()
    }

    /// Whatever else: the variants have the names of their types, or numbers.
    fn untagged(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        parts: &[Schema<'a>],
    ) -> Result<Entry<'a>, Refusal> {
        let outer = name.in_rust(form.title).map_or(Name::Unknown, Name::Suggested);
        let mut variants = Vec::new();
        for (part, raw) in parts.iter().zip(variant_names(parts)) {
            let data = self.variant(outer.append(&raw), part)?;
            variants.push(Variant::new(&raw, data));
        }
        if variants.iter().filter(|it| matches!(it.data, Data::None)).count() > 1 {
            return Err(Refusal::at(&form.place, "two of its variants are told apart by nothing"));
        }
        enumeration(name, form, Tag::Untagged, variants)
    }

    /// Alternatives of which several may hold: a struct of all, each optional.
    fn flattened(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        parts: &[Schema<'a>],
    ) -> Made<'a, Entry<'a>> {
        let outer = name.in_rust(form.title);
        let mut fields = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let name = match &outer {
                Some(outer) => Name::Suggested(format!("{outer}Subtype{index}")),
                None => Name::Unknown,
            };
            let (of, _) = self.id_of(name, part)?;
            fields.push(Field {
                name: format!("subtype_{index}"),
                state: State::Optional,
                of: self.plain(Plain::Option(of)),
                place: part.form().map(|it| it.place.clone()).unwrap_or_default(),
            });
        }
        Ok((declared(name, form, Shape::Struct(fields))?, form.default))
    }

    /// A type without some values. Of anything else but values, typify can't make a type.
    fn not(&mut self, name: &Name, form: &Form<'a>, not: &Schema<'a>) -> Made<'a, Entry<'a>> {
        let refuse = || Refusal::at(&form.place, "the generator can't say what a `not` leaves");
        let inner = match not {
            Schema::Bool(all) => {
                return Ok((self.convert(name.clone(), &Schema::Bool(!all))?.0, form.default));
            }
            Schema::Form(inner) => inner,
        };
        if inner.kinds.is_empty() && inner.is_plain() && !inner.is_composed() {
            return Ok((Self::never(name, None)?, form.default));
        }
        let values = inner.values.clone().ok_or_else(refuse)?;
        let mut typed = Form { values: None, title: None, ..(**inner).clone() };
        if typed.kinds.is_empty() {
            let mut kinds: BTreeSet<_> = values.iter().map(|value| scalar_kind(value)).collect();
            let kind = kinds.pop_first().flatten().filter(|_| kinds.is_empty());
            typed.kinds = vec![kind.ok_or_else(refuse)?];
        }
        let (entry, _) = self.convert_form(Name::Unknown, &typed)?;
        if !values.iter().all(|value| self.accepts_entry(&entry, value)) {
            return Err(Refusal::at(&form.place, "a value in its `enum` is not of its type"));
        }
        let of = self.assign(entry);
        Ok((newtype(name, form, of, Limit::Without(values))?, form.default))
    }
}

fn scalar_kind(value: &Value) -> Option<Kind> {
    match value {
        Value::Bool(_) => Some(Kind::Boolean),
        Value::Number(_) => Some(Kind::Number),
        Value::String(_) => Some(Kind::String),
        _ => None,
    }
}
