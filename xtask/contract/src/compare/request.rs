//! Whole requests that deployed clients send, as witnesses.

use serde_json::{Map, Value, json};

use super::{
    Comparer, Part,
    operation::Operation,
    parameter::{Parameter, parameters},
    security,
};
use crate::{schema::Type, verdict::Direction};

/// What a request has beyond what it needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct With<'a, 'd> {
    /// A parameter, and its value where it matters which.
    pub(super) parameter: Option<(&'a Parameter<'d>, Option<&'a Value>)>,
    /// A body.
    pub(super) body: Body<'a>,
    /// Credentials, instead of the first that lead in.
    pub(super) security: Option<&'a Value>,
}

/// Which body a request has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Body<'a> {
    /// None, unless it needs one.
    #[default]
    Needed,
    /// One of any media type.
    Any,
    /// One of this media type.
    Of(&'a str),
}

impl<'d> Comparer<'_, 'd> {
    /// A request to an operation of the base, in which all that the base asks for is there. `None`
    /// where no value is found for something that it needs.
    pub(super) fn request(&self, operation: &Operation<'d>, with: With<'_, 'd>) -> Option<Value> {
        let mut request = Map::new();
        request.insert("method".to_owned(), operation.method.to_uppercase().into());
        self.add_parameters(&mut request, operation, with)?;
        self.add_body(&mut request, operation, with.body)?;
        let first = security::first_way_in(self.base, operation);
        let credentials = with.security.cloned().or(first);
        request.extend(credentials.map(|credentials| ("security".to_owned(), credentials)));
        Some(Value::Object(request))
    }

    fn add_parameters(
        &self,
        request: &mut Map<String, Value>,
        operation: &Operation<'d>,
        with: With<'_, 'd>,
    ) -> Option<()> {
        let mut path = operation.path.to_owned();
        let (mut query, mut headers, mut cookies) = (Vec::new(), Map::new(), Vec::new());
        let mut values: Map<String, Value> = Map::new();
        for parameter in parameters(self.base, operation).found {
            let wanted = with.parameter.filter(|(it, _)| it.is_same_as(&parameter));
            if wanted.is_none() && !parameter.is_required() {
                continue;
            }
            let (name, location) = (parameter.name, parameter.location);
            let given = wanted.and_then(|(_, value)| value.cloned());
            let value = given.or_else(|| self.value_to_write(&parameter.values(), location))?;
            let text = parameter.part.style(location).write(name, &value, location);
            match location {
                "path" => path = path.replace(&format!("{{{name}}}"), &text),
                "query" => query.push(text),
                "cookie" => cookies.push(text),
                _ => drop(headers.insert(name.to_owned(), text.into())),
            }
            values.entry(location).or_insert_with(|| json!({}))[name] = value;
        }
        if !cookies.is_empty() {
            headers.insert("cookie".to_owned(), cookies.join("; ").into());
        }
        request.insert("path".to_owned(), without_variables(&path).into());
        let parts = [
            ("query", Value::from(query.join("&"))),
            ("headers", Value::Object(headers)),
            ("parameters", Value::Object(values)),
        ];
        let given = parts.into_iter().filter(|(_, part)| *part != json!("") && *part != json!({}));
        request.extend(given.map(|(name, part)| (name.to_owned(), part)));
        Some(())
    }

    /// A value to send; in a path, an empty text would be another path.
    fn value_to_write(&self, ty: &Type<'d>, location: &str) -> Option<Value> {
        self.schemas.sample_that_shows(ty, Direction::Request).or_else(|| {
            (location != "path").then(|| self.schemas.sample(ty, Direction::Request)).flatten()
        })
    }

    fn add_body(
        &self,
        request: &mut Map<String, Value>,
        operation: &Operation<'d>,
        wanted: Body<'_>,
    ) -> Option<()> {
        let Some(body) = operation.part.member(self.base, "requestBody") else { return Some(()) };
        if matches!(wanted, Body::Needed) && !body.is("required") {
            return Some(());
        }
        let content = body.members(self.base, "content");
        let of = |name: &str| content.iter().find(|(other, _)| *other == name);
        let chosen: Option<&(&str, Part<'d>)> = match wanted {
            Body::Of(name) => of(name),
            Body::Needed | Body::Any => of("application/json").or_else(|| content.first()),
        };
        let Some((media_type, part)) = chosen else { return Some(()) };
        let value = self.schemas.sample(&part.schema(), Direction::Request)?;
        request.insert("media_type".to_owned(), (*media_type).into());
        request.insert("body".to_owned(), value);
        Some(())
    }
}

/// The path, with anything for variables that no parameter tells of.
fn without_variables(path: &str) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str("any");
        rest = after;
    }
    filled.push_str(rest);
    filled
}
