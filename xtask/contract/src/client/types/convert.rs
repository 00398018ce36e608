//! From a schema to a type: which case of typify's takes it.

use super::{Entry, Made, Name, Plain, Types};
use crate::client::{
    refusal::Refusal,
    schema::{Form, Kind, Schema, referred},
};

/// How deep types may be made within one another.
const MAX_DEPTH: u32 = 120;

impl<'a> Types<'a> {
    /// The type of a schema, not yet kept, and the default that belongs to it.
    pub(super) fn convert(&mut self, name: Name, schema: &Schema<'a>) -> Made<'a, Entry<'a>> {
        let form = match schema {
            Schema::Bool(true) => return Ok((Entry::Plain(Plain::Json), None)),
            Schema::Bool(false) => return Ok((Self::never(&name, None)?, None)),
            Schema::Form(form) => form,
        };
        if let Some(problem) = form.problem {
            return Err(Refusal::at(&form.place, problem));
        }
        if self.depth == MAX_DEPTH || !self.spend(0) {
            return Ok((Self::opaque(&name, schema), form.default));
        }
        self.depth += 1;
        let made = self.convert_form(name, form);
        self.depth -= 1;
        made
    }

    pub(super) fn convert_form(&mut self, name: Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        let default = form.default;
        if form.kinds.len() == 2 && form.kinds.contains(&Kind::Null) {
            return self.nullable(name, form);
        }
        if let Some(reference) = form.only_reference() {
            return Ok((Entry::Same(self.referred(reference, form)?), default));
        }
        let values_of_a_kind = form.kind().is_some() && form.values.is_some();
        if form.is_composed() && !values_of_a_kind {
            return self.composed(name, form);
        }
        if form.is_composed() || form.reference.is_some() {
            return Ok((Self::opaque(&name, &Schema::from(form.clone())), default));
        }
        let only = |kind| form.kind() == Some(kind);
        let bare = form.kinds.is_empty();
        let nothing_but = |own: bool| bare && own;
        match &form.values {
            Some(values) if only(Kind::String) => {
                Ok((self.enum_of_texts(&name, form, values)?, default))
            }
            Some(_) if only(Kind::Boolean) && form.format.is_none() => {
                Ok((Entry::Plain(Plain::Bool), default))
            }
            Some(values) if form.kind().is_some() => self.enum_of_values(&name, form, values),
            Some(values) if bare && form.format.is_none() && form.has_no_bounds() => {
                self.enum_of_anything(&name, form, values)
            }
            Some(_) => Err(unknown(form)),
            None if only(Kind::String) => self.string(&name, form),
            None if nothing_but(form.text.is_some())
                && form.number.is_none()
                && form.array.is_none()
                && form.object.is_none() =>
            {
                self.string(&name, form)
            }
            None if only(Kind::Integer) => Ok((Self::integer(form)?, default)),
            None if only(Kind::Number) => Ok((Self::float(form), default)),
            None if only(Kind::Null) => Ok((Entry::Plain(Plain::Unit), default)),
            None if form.format.is_some() => Err(unknown(form)),
            None if only(Kind::Boolean) => Ok((Entry::Plain(Plain::Bool), default)),
            None if only(Kind::Object) => self.object(&name, form),
            None if only(Kind::Array) => self.array(&name, form),
            None if bare => self.inferred(&name, form),
            None => Ok((Self::opaque(&name, &Schema::from(form.clone())), default)),
        }
    }

    /// Without a type, the bounds say which it is, if they are of one type.
    fn inferred(&mut self, name: &Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        match (&form.number, &form.text, &form.array, &form.object) {
            (None, None, None, None) => Ok((Entry::Plain(Plain::Json), form.default)),
            (None, None, None, Some(_)) => self.object(name, form),
            (None, None, Some(_), None) => self.array(name, form),
            _ => Err(unknown(form)),
        }
    }

    /// A type or null: an `Option`.
    fn nullable(&mut self, name: Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        let values = form.values.as_ref();
        if values.is_some_and(|values| values.iter().all(|value| value.is_null())) {
            return Ok((Entry::Plain(Plain::Unit), form.default));
        }
        let Some(kind) = form.kinds.iter().copied().find(|kind| *kind != Kind::Null) else {
            return Ok((Entry::Plain(Plain::Unit), form.default));
        };
        let mut inner = form.clone();
        inner.kinds = vec![kind];
        inner.values =
            values.map(|values| values.iter().copied().filter(|value| !value.is_null()).collect());
        self.option(inner_name(name), form, &inner.into())
    }

    pub(super) fn option(
        &mut self,
        name: Name,
        outer: &Form<'a>,
        schema: &Schema<'a>,
    ) -> Made<'a, Entry<'a>> {
        let (entry, _) = self.convert(name, schema)?;
        let of = self.assign(entry);
        Ok((Entry::Plain(Plain::Option(of)), outer.default))
    }

    fn referred(&self, reference: &str, form: &Form<'_>) -> Result<super::Id, Refusal> {
        let name = referred(reference).filter(|_| reference.starts_with('#'));
        let component = name.and_then(|name| self.components.get(&*name));
        component.map(|component| component.id).ok_or_else(|| {
            let problem = format!("`{reference}` leads to no schema among the components");
            Refusal::at(&form.place, problem)
        })
    }
}

/// Where the outer type takes the name, the inner one needs another.
fn inner_name(name: Name) -> Name {
    match name {
        Name::Required(name) => Name::Suggested(format!("{name}Inner")),
        name => name,
    }
}

pub(super) fn unknown(form: &Form<'_>) -> Refusal {
    Refusal::at(&form.place, "the generator has no type for such a schema")
}
