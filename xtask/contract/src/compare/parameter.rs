//! Parameters of requests.

use serde_json::{Value, json};

use super::{
    Comparer, Pair, Part,
    draft::{Draft, Place},
    lost::leave_to_lost,
    operation::Operation,
    request::With,
    rules,
    style::{ToldApart, wire},
};
use crate::{
    document::{Document, Pointer},
    schema::Type,
    verdict::{Direction, Verdict},
};

/// A parameter of an operation, its own or of its path.
#[derive(Clone, Debug)]
pub(super) struct Parameter<'d> {
    pub(super) name: &'d str,
    pub(super) location: &'d str,
    /// What it is found by: of headers, the name in lower case; of variables, their place in the path.
    key: String,
    /// The reference by which the operation has it.
    pub(super) reference: Option<&'d str>,
    pub(super) part: Part<'d>,
}

impl<'d> Parameter<'d> {
    /// These headers are said elsewhere: <https://spec.openapis.org/oas/v3.0.3#parameter-object>
    fn is_said_elsewhere(&self) -> bool {
        let elsewhere = ["accept", "authorization", "content-type"];
        self.location == "header" && elsewhere.contains(&self.key.as_str())
    }

    pub(super) fn is_required(&self) -> bool {
        self.location == "path" || self.part.is("required")
    }

    /// Whether it is the same of the same document.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.location == other.location && self.key == other.key
    }

    /// The type of its values.
    pub(super) fn values(&self) -> Type<'d> {
        let values = self.part.values();
        // The styles of paths but the simple one begin with a sign of their own.
        let may_vanish = self.location == "path" && self.part.style("path").is("simple");
        if may_vanish { values.in_a_path() } else { values }
    }
}

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_parameters(&mut self, pair: Pair<'_, 'd>) {
        let Parameters { found: mut before, lost: lost_before } = parameters(self.base, pair.base);
        let Parameters { found: mut after, lost: lost_after } = parameters(self.head, pair.head);
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
        self.report_lost(pair, [&lost_before, &lost_after]);
        leave_to_lost(&mut before, &lost_after, &lost_before);
        leave_to_lost(&mut after, &lost_before, &lost_after);
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
                Some(draft.request_witness(self.request(pair.base, With::default())))
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
        self.compare_freedoms(pair, base, head);
        let (before, after) = (base.values(), head.values());
        let optional = !base.is_required();
        let wire = wire([base.part.style(base.location), head.part.style(head.location)]);
        self.walk.compare_parameter([&before, &after], wire, optional, pair.number);
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

    /// How the value is written down. What is written alike is no change.
    fn compare_styles(&mut self, pair: Pair<'_, 'd>, base: &Parameter<'d>, head: &Parameter<'d>) {
        let location = base.location;
        let styles = [base.part.style(location), head.part.style(location)];
        if styles[0] == styles[1] {
            return;
        }
        let told = self.schemas.told_apart(styles, &base.values(), location, Direction::Request);
        let shown = match told {
            ToldApart::Not => return,
            ToldApart::By(value) => Some(value),
            ToldApart::Somehow => None,
        };
        let name = base.name;
        let reason = match &shown {
            Some(value) => format!(
                "a deployed client may write `{}`, where the server expects `{}`",
                styles[0].write(name, value, location),
                styles[1].write(name, value, location)
            ),
            None => {
                format!("a deployed client writes `{name}` in a way that the server does not read")
            }
        };
        let place = Place { base: base.part.place("style"), head: head.part.place("style") };
        let draft = Draft::new(&rules::PARAMETER_STYLE_CHANGED, Verdict::Breaking, place, reason)
            .values(styles[0].value(), styles[1].value())
            .direction(Direction::Request)
            .request_witness(shown.and_then(|value| {
                let parameter = Some((base, Some(&value)));
                self.request(pair.base, With { parameter, ..With::default() })
            }));
        self.drafts.push(draft.for_operation(pair.number));
    }

    /// What a client may do in a query beyond its style.
    fn compare_freedoms(&mut self, pair: Pair<'_, 'd>, base: &Parameter<'d>, head: &Parameter<'d>) {
        let name = base.name;
        let freedoms = [
            (
                "allowReserved",
                format!(
                    "a deployed client may write `/`, `?` and the like in `{name}` as they are, and whether the server still reads them so can't be told"
                ),
            ),
            (
                "allowEmptyValue",
                format!(
                    "a deployed client may send `{name}` without a value, and whether the server still takes that can't be told"
                ),
            ),
        ];
        for (keyword, lost) in freedoms {
            let (before, after) = (base.part.is(keyword), head.part.is(keyword));
            if base.location != "query" || before == after {
                continue;
            }
            let (wire, reason) = if before {
                (Verdict::Warning, lost)
            } else {
                (Verdict::Compatible, format!("deployed clients write `{name}` as before"))
            };
            let place = Place { base: base.part.place(keyword), head: head.part.place(keyword) };
            let draft = Draft::new(&rules::PARAMETER_STYLE_CHANGED, wire, place, reason)
                .values(json!({ keyword: before }), json!({ keyword: after }))
                .direction(Direction::Request);
            self.drafts.push(draft.for_operation(pair.number));
        }
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
                .request_witness(self.request(pair.base, With::default()))
        } else {
            let reason = format!("deployed clients don't send `{name}`, and need not");
            Draft::new(&rules::PARAMETER_ADDED, Verdict::Compatible, place, reason)
        };
        let draft =
            draft.values(Value::Null, parameter.part.value.clone()).direction(Direction::Request);
        self.drafts.push(draft.for_operation(pair.number));
    }

    /// A request with a parameter, which may be optional.
    fn request_with(&self, operation: &Operation<'d>, parameter: &Parameter<'d>) -> Option<Value> {
        let parameter = Some((parameter, None));
        self.request(operation, With { parameter, ..With::default() })
    }
}

/// The parameters of an operation.
#[derive(Debug, Default)]
pub(super) struct Parameters<'d> {
    pub(super) found: Vec<Parameter<'d>>,
    /// References to parameters that are not there.
    pub(super) lost: Vec<Lost<'d>>,
}

/// A reference that leads to no parameter.
#[derive(Clone, Debug)]
pub(super) struct Lost<'d> {
    pub(super) reference: &'d str,
    pub(super) pointer: Pointer,
}

/// The parameters of an operation; its own stand in for those of its path.
pub(super) fn parameters<'d>(document: &'d Document, operation: &Operation<'d>) -> Parameters<'d> {
    let mut parameters = Parameters::default();
    for part in [&operation.part, &operation.path_item] {
        let list = part.get("parameters").and_then(Value::as_array);
        for (index, value) in list.into_iter().flatten().enumerate() {
            let pointer = part.pointer.join("parameters").join(index);
            let reference = value.get("$ref").and_then(Value::as_str);
            let resolved = document.resolve(value, &pointer);
            let part =
                resolved.map(|it| Part { side: part.side, pointer: it.pointer, value: it.value });
            let parameter = part.and_then(|part| parameter(part, reference, operation));
            match (parameter, reference) {
                (Some(new), _) => {
                    let is_known = parameters.found.iter().any(|known| known.is_same_as(&new));
                    if !is_known && !new.is_said_elsewhere() {
                        parameters.found.push(new);
                    }
                }
                (None, Some(reference)) => parameters.lost.push(Lost { reference, pointer }),
                (None, None) => {}
            }
        }
    }
    parameters
}

fn parameter<'d>(
    part: Part<'d>,
    reference: Option<&'d str>,
    operation: &Operation<'d>,
) -> Option<Parameter<'d>> {
    let text = |name: &str| part.get(name).and_then(Value::as_str);
    let (name, location) = (text("name")?, text("in")?);
    if location == "path" && operation.filled.contains(&name) {
        return None;
    }
    let position = operation.variables.iter().position(|variable| *variable == name);
    let key = match (location, position) {
        ("header", _) => name.to_ascii_lowercase(),
        ("path", Some(position)) => position.to_string(),
        _ => name.to_owned(),
    };
    Some(Parameter { name, location, key, reference, part })
}
