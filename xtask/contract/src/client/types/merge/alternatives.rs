//! Alternatives beside something else, and what is left when some values are forbidden.

use super::{Apart, Merged, roughly};
use crate::client::{
    schema::{Form, Schema},
    types::Types,
};

impl<'a> Types<'a> {
    /// The schema together with each alternative that it does not rule out.
    pub(super) fn with_each(
        &mut self,
        form: &Form<'a>,
        parts: &[Schema<'a>],
        depth: u32,
    ) -> Merged<Vec<Schema<'a>>> {
        let schema: Schema<'a> = form.clone().into();
        let mut all = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let merged = match self.merge(&schema, part, depth) {
                Err(Apart::Never) => continue,
                merged => merged?,
            };
            if roughly(&merged, &schema) {
                all.push(schema.clone());
            } else if roughly(&merged, part) {
                all.push(part.clone());
            } else {
                if !self.spend(parts.len()) {
                    return Err(Apart::Unknown);
                }
                let others = parts.iter().enumerate().filter(|(other, _)| *other != index);
                let others = others.map(|(_, other)| negation(other));
                let joined = [schema.clone(), part.clone()].into_iter().chain(others).collect();
                let place = part.form().map(|it| it.place.clone()).unwrap_or_default();
                all.push(Form { all_of: Some(joined), place, ..Form::default() }.into());
            }
        }
        Ok(all)
    }

    /// The schema without what another allows.
    pub(super) fn without(
        &mut self,
        mut form: Form<'a>,
        not: &Schema<'a>,
        depth: u32,
    ) -> Merged<Form<'a>> {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.spend(4)) else {
            return Err(Apart::Unknown);
        };
        let not = match not {
            Schema::Bool(true) => return Err(Apart::Never),
            Schema::Bool(false) => return Ok(form),
            Schema::Form(not) => not,
        };
        if let (Some(values), Some(forbidden)) = (&mut form.values, &not.values) {
            values.retain(|value| !forbidden.contains(value));
            if values.is_empty() {
                return Err(Apart::Never);
            }
        }
        if form.object.is_some() && not.object.is_some() {
            form = self.without_members(form, not, depth)?;
        }
        if not.is_composed() { self.without_parts(form, not, depth) } else { Ok(form) }
    }

    fn without_members(
        &mut self,
        mut form: Form<'a>,
        not: &Form<'a>,
        depth: u32,
    ) -> Merged<Form<'a>> {
        let (Some(object), Some(forbidden)) = (&mut form.object, &not.object) else {
            return Ok(form);
        };
        for (name, schema) in &mut object.properties {
            if let Some(not) = forbidden.properties.get(name) {
                *schema = match (&*schema, not) {
                    (_, Schema::Bool(true)) | (Schema::Bool(false), _) => Schema::Bool(false),
                    (any, Schema::Bool(false)) => any.clone(),
                    // typify does not know either.
                    (Schema::Bool(true), _) => return Err(Apart::Unknown),
                    (Schema::Form(property), not) => {
                        match self.without((**property).clone(), not, depth) {
                            Ok(property) => property.into(),
                            Err(Apart::Never) => Schema::Bool(false),
                            Err(apart) => return Err(apart),
                        }
                    }
                };
            }
        }
        for name in forbidden.properties.keys() {
            object.properties.entry(name).or_insert(Schema::Bool(false));
        }
        for name in &forbidden.required {
            if !forbidden.properties.contains_key(name) {
                object.properties.insert(name, Schema::Bool(false));
            }
        }
        let impossible =
            |name: &&&str| matches!(object.properties.get(**name), Some(Schema::Bool(false)));
        if object.required.iter().find(impossible).is_some() {
            return Err(Apart::Never);
        }
        Ok(form)
    }

    fn without_parts(&mut self, form: Form<'a>, not: &Form<'a>, depth: u32) -> Merged<Form<'a>> {
        match (&not.all_of, &not.any_of, &not.one_of, &not.not) {
            (None, Some(parts), None, None) => {
                let all_of = Some(parts.iter().map(negation).collect());
                self.merge_forms(&form, &Form { all_of, ..Form::default() }, depth)
            }
            (None, None, None, Some(inner)) => {
                super::only(self.merge(&form.into(), inner, depth)?)
            }
            (None, None, Some(_), None) => Ok(form),
            (Some(parts), None, None, None) => {
                let mut merged = Schema::Bool(true);
                for part in parts {
                    merged = match self.merge(&merged, part, depth) {
                        Err(Apart::Never) => return Ok(form),
                        merged => merged?,
                    };
                }
                self.without(form, &merged, depth)
            }
            _ => Err(Apart::Unknown),
        }
    }
}

fn negation<'a>(schema: &Schema<'a>) -> Schema<'a> {
    let place = schema.form().map(|it| it.place.clone()).unwrap_or_default();
    Form { not: Some(schema.clone()), place, ..Form::default() }.into()
}
