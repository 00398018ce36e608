//! Parameters of paths, queries and headers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Argument, ArgumentKind, Operation, Passed};
use crate::client::{
    name,
    place::Place,
    schema,
    types::{Entry, Plain},
};

impl<'a> Operation<'_, 'a> {
    pub(super) fn parameters(&mut self) -> Vec<Argument<'a>> {
        let mut arguments = Vec::new();
        for (name, (value, place)) in self.declared() {
            arguments.extend(self.parameter(name, value, &place));
        }
        let missing: Vec<_> = self
            .names
            .iter()
            .enumerate()
            .filter(|(index, _)| !arguments.iter().any(|it| it.kind == ArgumentKind::Path(*index)))
            .map(|(_, name)| format!("the path takes `{name}`, and no parameter says what it is"))
            .collect();
        for problem in missing {
            self.refuse(&self.place.clone(), &problem);
        }
        arguments
    }

    /// All parameters by name. One name is one parameter, even in several places.
    fn declared(&mut self) -> BTreeMap<&'a str, (&'a Value, Place<'a>)> {
        let mut declared = BTreeMap::new();
        let of_path = (self.item, self.item_place.clone());
        let own = (self.value, self.place.clone());
        for (value, place) in [of_path, own] {
            let place = place.member("parameters");
            let parameters = value.get("parameters").and_then(Value::as_array);
            for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                let Some((value, place)) = self.resolve(parameter, &place.item(index)) else {
                    continue;
                };
                match value.get("name").and_then(Value::as_str) {
                    Some(name) => {
                        declared.insert(name, (value, place));
                    }
                    None => self.refuse(&place, "a parameter needs a name"),
                }
            }
        }
        declared
    }

    fn parameter(
        &mut self,
        api_name: &'a str,
        value: &'a Value,
        place: &Place<'a>,
    ) -> Option<Argument<'a>> {
        let required = value.get("required").and_then(Value::as_bool).unwrap_or(false);
        let style = value.get("style").and_then(Value::as_str);
        let (kind, usual) = match value.get("in").and_then(Value::as_str) {
            Some("path") => {
                let Some(index) = self.names.iter().position(|it| *it == api_name) else {
                    self.refuse(place, "the path does not take this parameter");
                    return None;
                };
                if !required {
                    self.refuse(place, "a parameter of a path has to be required");
                }
                (ArgumentKind::Path(index), "simple")
            }
            Some("query") => (ArgumentKind::Query, "form"),
            Some("header") => (ArgumentKind::Header, "simple"),
            Some("cookie") => {
                self.refuse(place, "the generator knows no cookies");
                return None;
            }
            _ => {
                self.refuse(place, "a parameter is in a path, a query or a header");
                return None;
            }
        };
        if style.is_some_and(|style| style != usual) {
            self.refuse(place, "the generator does not know this style");
        }
        let Some(schema) = value.get("schema") else {
            self.refuse(place, "the generator needs a `schema` for a parameter");
            return None;
        };
        let schema = schema::read(schema, &place.member("schema"));
        let type_name = name::of_inline(&format!("{}-{api_name}", self.id));
        let mut of = self.types.add(type_name, &schema);
        let mut required = required || matches!(kind, ArgumentKind::Path(_));
        if let (ArgumentKind::Query, Some(Entry::Plain(Plain::Option(inner)))) =
            (kind, self.types.get(of))
        {
            of = *inner;
            required = false;
        }
        if kind != ArgumentKind::Query && !self.types.is_display(of) {
            self.refuse(place, "outside of a query, what is no plain value does not compile");
        }
        Some(Argument {
            name: name::of_method(api_name),
            api_name,
            kind,
            required,
            of: Passed::Type(of),
            place: place.clone(),
        })
    }
}
