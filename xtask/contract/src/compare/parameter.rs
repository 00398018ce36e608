//! Parameters of requests.

use serde_json::{Value, json};

use super::{
    Comparer, Pair, Part,
    draft::{Draft, Place},
    operation::Operation,
    rules,
};
use crate::{
    document::Document,
    schema::{Type, atom::Kind},
    verdict::{Direction, Verdict},
};

/// A parameter of an operation, its own or of its path.
#[derive(Clone, Debug)]
struct Parameter<'d> {
    name: &'d str,
    location: &'d str,
    /// What it is found by: of headers, the name in lower case; of variables, their place in the path.
    key: String,
    part: Part<'d>,
}

impl<'d> Parameter<'d> {
    fn is_required(&self) -> bool {
        self.location == "path" || self.part.is("required")
    }

    /// The media type that it is written in, where it is not written by a style.
    fn content(&self) -> Option<(&'d str, Part<'d>)> {
        let (media_type, value) = self.part.get("content")?.as_object()?.iter().next()?;
        let pointer = self.part.pointer.join("content").join(media_type);
        Some((media_type, Part { side: self.part.side, pointer, value }))
    }

    /// The type of its values. Where they are written by a style, there is no way to write null.
    fn schema(&self) -> Type<'d> {
        match self.content() {
            Some((_, content)) => content.schema(),
            None => self.part.schema().without_null(),
        }
    }

    fn style(&self) -> &'d str {
        let default = if matches!(self.location, "query" | "cookie") { "form" } else { "simple" };
        self.part.get("style").and_then(Value::as_str).unwrap_or(default)
    }

    fn explode(&self) -> bool {
        self.part.get("explode").and_then(Value::as_bool).unwrap_or(self.style() == "form")
    }
}

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_parameters(&mut self, pair: Pair<'_, 'd>) {
        let mut before = parameters(self.base, pair.base);
        let mut after = parameters(self.head, pair.head);
        before.retain(|before| {
            let found = after
                .iter()
                .position(|after| after.location == before.location && after.key == before.key);
            let found = found.map(|at| after.remove(at));
            found.map(|after| self.compare_parameter(pair, before, &after)).is_none()
        });
        before.retain(|before| {
            let found = after.iter().position(|after| after.name == before.name);
            let found = found.map(|at| after.remove(at));
            found.map(|after| self.report_parameter_moved(pair, before, &after)).is_none()
        });
        for parameter in &before {
            self.report_parameter_removed(pair, parameter);
        }
        for parameter in &after {
            self.report_parameter_added(pair, parameter);
        }
    }

    fn compare_parameter(
        &mut self,
        pair: Pair<'_, 'd>,
        base: &Parameter<'d>,
        head: &Parameter<'d>,
    ) {
        let place = Place { base: base.part.place("required"), head: head.part.place("required") };
        let draft = match (base.is_required(), head.is_required()) {
            (false, true) => {
                let reason = format!(
                    "a deployed client may leave `{}` out, and the server would refuse that",
                    base.name
                );
                let draft =
                    Draft::new(&rules::PARAMETER_BECAME_REQUIRED, Verdict::Breaking, place, reason);
                Some(draft.request_witness(pair.base.request()))
            }
            (true, false) => {
                let reason = format!("deployed clients send `{}` as before", base.name);
                Some(Draft::new(
                    &rules::PARAMETER_BECAME_OPTIONAL,
                    Verdict::Compatible,
                    place,
                    reason,
                ))
            }
            _ => None,
        };
        self.drafts.extend(draft.map(|draft| {
            draft
                .values(base.is_required(), head.is_required())
                .direction(Direction::Request)
                .for_operation(pair.number)
        }));
        if base.location == "path" && base.name != head.name {
            self.report_variable_renamed(pair, base, head);
        }
        self.compare_styles(pair, base, head);
        let (before, after) = (base.schema(), head.schema());
        let optional = !base.is_required();
        self.walk.compare_parameter(&before, &after, optional, pair.number);
        let place = Place::new(&base.part.pointer, &head.part.pointer);
        let deprecation = super::deprecation::compare(base.part.value, head.part.value, &place);
        self.drafts.extend(deprecation.into_iter().map(|draft| draft.for_operation(pair.number)));
    }

    /// Requests look the same, unless the old name is now that of another variable.
    fn report_variable_renamed(
        &mut self,
        pair: Pair<'_, 'd>,
        base: &Parameter<'d>,
        head: &Parameter<'d>,
    ) {
        let place = Place { base: base.part.place("name"), head: head.part.place("name") };
        let swapped = pair.head.variables.contains(&base.name);
        let (wire, reason) = if swapped {
            let reason = "a deployed client writes one variable where the server reads another";
            (Verdict::Breaking, reason)
        } else {
            (Verdict::Compatible, "requests look the same, whatever the variable is called")
        };
        let mut draft = Draft::new(&rules::PATH_PARAMETER_RENAMED, wire, place, reason)
            .values(base.name, head.name)
            .direction(Direction::Request);
        if swapped {
            draft = draft.request_witness(self.request_with(pair.base, base));
        }
        self.drafts.push(draft.for_operation(pair.number));
    }

    /// How the value is written down.
    fn compare_styles(&mut self, pair: Pair<'_, 'd>, base: &Parameter<'d>, head: &Parameter<'d>) {
        let media_type =
            |parameter: &Parameter<'d>| parameter.content().map(|(media_type, _)| media_type);
        let written = |parameter: &Parameter<'d>| match media_type(parameter) {
            Some(media_type) => json!({ "content": media_type }),
            None => json!({ "style": parameter.style(), "explode": parameter.explode() }),
        };
        let flags = ["allowReserved", "allowEmptyValue"];
        let lost_flag = flags.iter().any(|flag| base.part.is(flag) && !head.part.is(flag));
        let (before, after) = (written(base), written(head));
        let wire = if before != after && self.style_shows(base, head) {
            Verdict::Breaking
        } else if lost_flag {
            Verdict::Warning
        } else {
            return;
        };
        let reason = format!(
            "a deployed client writes `{}` in a way that the server no longer reads",
            base.name
        );
        let place = Place { base: base.part.place("style"), head: head.part.place("style") };
        let draft = Draft::new(&rules::PARAMETER_STYLE_CHANGED, wire, place, reason)
            .values(before, after)
            .direction(Direction::Request);
        self.drafts.push(draft.for_operation(pair.number));
    }

    /// Whether it makes a difference: a single value looks the same in most styles.
    fn style_shows(&self, base: &Parameter<'d>, head: &Parameter<'d>) -> bool {
        let prefixed = |style: &str| matches!(style, "matrix" | "label");
        let (before, after) = (base.style(), head.style());
        if base.content().is_some() || head.content().is_some() {
            return true;
        }
        if before != after && (prefixed(before) || prefixed(after)) {
            return true;
        }
        [base, head].into_iter().any(|parameter| {
            let expansion = self.schemas.expand(&parameter.schema(), Direction::Request);
            expansion.atoms.iter().any(|atom| matches!(atom.kind(), Kind::Array | Kind::Object))
        })
    }

    fn report_parameter_moved(
        &mut self,
        pair: Pair<'_, 'd>,
        base: &Parameter<'d>,
        head: &Parameter<'d>,
    ) {
        let place = Place { base: base.part.place("in"), head: head.part.place("in") };
        let reason = format!(
            "a deployed client sends `{}` in {}, where the server no longer looks",
            base.name, base.location
        );
        let draft = Draft::new(&rules::PARAMETER_MOVED, Verdict::Breaking, place, reason)
            .values(base.location, head.location)
            .direction(Direction::Request)
            .request_witness(self.request_with(pair.base, base));
        self.drafts.push(draft.for_operation(pair.number));
    }

    fn report_parameter_removed(&mut self, pair: Pair<'_, 'd>, parameter: &Parameter<'d>) {
        let place = Place::new(&parameter.part.pointer, &pair.head.part.pointer);
        let reason = format!(
            "a deployed client may send `{}`, and the server would refuse it or pass over it",
            parameter.name
        );
        let draft = Draft::new(&rules::PARAMETER_REMOVED, Verdict::Breaking, place, reason)
            .values(parameter.part.value.clone(), Value::Null)
            .direction(Direction::Request)
            .request_witness(self.request_with(pair.base, parameter));
        self.drafts.push(draft.for_operation(pair.number));
    }

    fn report_parameter_added(&mut self, pair: Pair<'_, 'd>, parameter: &Parameter<'d>) {
        let place = Place::new(&pair.base.part.pointer, &parameter.part.pointer);
        let name = parameter.name;
        let draft = if parameter.is_required() {
            let reason =
                format!("deployed clients don't send `{name}`, and the server would refuse that");
            Draft::new(&rules::PARAMETER_ADDED_REQUIRED, Verdict::Breaking, place, reason)
                .request_witness(pair.base.request())
        } else {
            let reason = format!("deployed clients don't send `{name}`, and need not");
            Draft::new(&rules::PARAMETER_ADDED, Verdict::Compatible, place, reason)
        };
        let draft =
            draft.values(Value::Null, parameter.part.value.clone()).direction(Direction::Request);
        self.drafts.push(draft.for_operation(pair.number));
    }

    fn request_with(&self, operation: &Operation<'d>, parameter: &Parameter<'d>) -> Value {
        let mut request = operation.request();
        let value = self.schemas.sample(&parameter.schema(), Direction::Request);
        request[parameter.location] = json!({ parameter.name: value });
        request
    }
}

/// The parameters of an operation; its own stand in for those of its path.
fn parameters<'d>(document: &'d Document, operation: &Operation<'d>) -> Vec<Parameter<'d>> {
    let mut found: Vec<Parameter<'d>> = Vec::new();
    for part in [&operation.part, &operation.path_item] {
        let list = part.get("parameters").and_then(Value::as_array);
        for (index, value) in list.into_iter().flatten().enumerate() {
            let pointer = part.pointer.join("parameters").join(index);
            let Some(resolved) = document.resolve(value, &pointer) else { continue };
            let part = Part { side: part.side, pointer: resolved.pointer, value: resolved.value };
            let text = |name: &str| part.get(name).and_then(Value::as_str);
            let (Some(name), Some(location)) = (text("name"), text("in")) else { continue };
            let position = operation.variables.iter().position(|variable| *variable == name);
            let key = match (location, position) {
                ("header", _) => name.to_ascii_lowercase(),
                ("path", Some(position)) => position.to_string(),
                _ => name.to_owned(),
            };
            // These headers are said elsewhere: https://spec.openapis.org/oas/v3.0.3#parameter-object
            let elsewhere = ["accept", "authorization", "content-type"];
            if location == "header" && elsewhere.contains(&key.as_str()) {
                continue;
            }
            if !found.iter().any(|known| known.location == location && known.key == key) {
                found.push(Parameter { name, location, key, part });
            }
        }
    }
    found
}
