//! Structs and maps.

use std::collections::HashSet;

use heck::ToSnakeCase;
use serde_json::Value;

use super::{Data, Entry, Field, Id, Made, Name, Plain, Shape, State, Types, scalar::declared};
use crate::client::{
    name,
    refusal::Refusal,
    schema::{Form, Object, Schema},
};

impl<'a> Types<'a> {
    pub(super) fn object(&mut self, name: &Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        let Some(object) = &form.object else {
            return Ok((self.map(None, None)?, form.default));
        };
        let closed = matches!(object.additional, Some(Schema::Bool(false)));
        if object.required.is_empty() && object.properties.is_empty() && !closed {
            let name = match name {
                Name::Required(name) | Name::Suggested(name) => Some(name.as_str()),
                Name::Unknown => None,
            };
            return Ok((self.map(name, object.additional.as_ref())?, form.default));
        }
        let fields = self.fields(name.in_rust(form.title).as_deref(), object, form)?;
        let mut entry = declared(name, form, Shape::Struct(fields))?;
        if let Entry::Named(named) = &mut entry {
            named.default = form.default;
        }
        Ok((entry, None))
    }

    /// The fields of a struct, by name.
    pub(super) fn fields(
        &mut self,
        parent: Option<&str>,
        object: &Object<'a>,
        form: &Form<'a>,
    ) -> Result<Vec<Field<'a>>, Refusal> {
        let mut fields = Vec::new();
        let unspecified =
            object.required.iter().copied().filter(|it| !object.properties.contains_key(it));
        let anything = Schema::Bool(true);
        let properties = object.properties.iter().map(|(name, schema)| (*name, schema));
        for (property, schema) in properties.chain(unspecified.map(|it| (it, &anything))) {
            // What can't be is left out.
            if matches!(schema, Schema::Bool(false)) {
                continue;
            }
            // A component has its name already.
            let inline = schema.form().is_none_or(|form| form.reference.is_none());
            let name = parent.filter(|_| inline);
            let name = name.map(|it| format!("{it}_{}", property.to_snake_case()));
            let required = object.required.contains(property);
            fields.push(self.field(name, property, required, schema, form)?);
        }
        fields.sort_by(|one, other| one.name.cmp(&other.name));
        if let Some(additional @ Schema::Form(_)) = &object.additional {
            let name = parent.map(|it| format!("{it}_extra"));
            let map = self.map(name.as_deref(), Some(additional))?;
            fields.push(Field {
                name: "extra".to_owned(),
                state: State::Required,
                of: self.assign(map),
                place: additional.form().map(|it| it.place.clone()).unwrap_or_default(),
            });
        }
        Ok(fields)
    }

    fn field(
        &mut self,
        type_name: Option<String>,
        property: &'a str,
        required: bool,
        schema: &Schema<'a>,
        form: &Form<'a>,
    ) -> Result<Field<'a>, Refusal> {
        let type_name = type_name.map_or(Name::Unknown, Name::Suggested);
        let (mut of, default) = self.id_of(type_name, schema)?;
        let state = if required { State::Required } else { self.unless_given(&mut of, default) };
        let place = schema.form().map_or_else(|| form.place.clone(), |it| it.place.clone());
        let name = self.field_names.entry(property).or_insert_with(|| name::of_field(property));
        Ok(Field { name: name.clone(), state, of, place })
    }

    /// What an optional field is when it is left out; an `Option` where nothing says it.
    fn unless_given(&mut self, of: &mut Id, default: Option<&'a Value>) -> State<'a> {
        // Not `get`: what is a component is a type of its own, even before it is made.
        let plain = match self.entries.get(of.0) {
            Some(Some(Entry::Plain(plain))) => Some(plain),
            _ => None,
        };
        let Some(default) = default else {
            let has_own = matches!(
                plain,
                Some(Plain::Option(_) | Plain::Vec(_) | Plain::Map(..) | Plain::Unit)
            );
            if !has_own {
                *of = self.plain(Plain::Option(*of));
            }
            return State::Optional;
        };
        let own = match (plain, default) {
            (Some(Plain::Option(_)), Value::Null) | (Some(Plain::Bool), Value::Bool(false)) => true,
            (Some(Plain::Vec(_)), Value::Array(items)) => items.is_empty(),
            (Some(Plain::Map(..)), Value::Object(members)) => members.is_empty(),
            (Some(Plain::Integer(_)), Value::Number(number)) => number.as_f64() == Some(0.0),
            (Some(Plain::String), Value::String(text)) => text.is_empty(),
            _ => false,
        };
        if own { State::Optional } else { State::Default(default) }
    }

    /// A map from texts.
    fn map(
        &mut self,
        name: Option<&str>,
        values: Option<&Schema<'a>>,
    ) -> Result<Entry<'a>, Refusal> {
        let key = self.plain(Plain::String);
        let name = name.map_or(Name::Unknown, |it| Name::Suggested(format!("{it}Value")));
        let value = match values {
            Some(values) => self.id_of(name, values)?.0,
            None => self.plain(Plain::Json),
        };
        Ok(Entry::Plain(Plain::Map(key, value)))
    }
}

impl Types<'_> {
    /// Two properties may become one field; the generated code does not compile then.
    pub(in crate::client) fn refuse_twin_fields(&mut self) {
        let mut refusals = Vec::new();
        for (_, named) in self.named() {
            for fields in field_lists(&named.shape) {
                let mut names = HashSet::new();
                for field in fields.iter().filter(|field| !names.insert(&field.name)) {
                    let problem =
                        format!("two properties become `{}`, which does not compile", field.name);
                    refusals.push(Refusal::at(&field.place, problem));
                }
            }
        }
        self.refusals.extend(refusals);
    }
}

/// The fields of a struct, or of each variant that has some.
pub(super) fn field_lists<'e, 'a>(shape: &'e Shape<'a>) -> Vec<&'e [Field<'a>]> {
    match shape {
        Shape::Struct(fields) => vec![fields],
        Shape::Enum { variants, .. } => variants
            .iter()
            .filter_map(|variant| match &variant.data {
                Data::Fields(fields) => Some(fields.as_slice()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
