//! Operations: which became which, and what is said of them as a whole.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

use super::{
    Comparer, Pair, Part, deprecation,
    draft::{Draft, Place},
    request::With,
    rules,
};
use crate::{
    document::{Document, Pointer},
    rule::Rule,
    verdict::{Direction, Side, Verdict},
};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation of one document.
#[derive(Clone, Debug)]
pub(super) struct Operation<'d> {
    pub(super) method: &'static str,
    pub(super) path: &'d str,
    /// The path with its variables unnamed: two that differ only in names are the same path.
    pub(super) template: String,
    /// The names of the variables, in order.
    pub(super) variables: Vec<&'d str>,
    /// Those that stand for a text in what is compared with it, and are no parameters then.
    pub(super) filled: Vec<&'d str>,
    pub(super) id: Option<&'d str>,
    pub(super) part: Part<'d>,
    /// What all operations of the path share.
    pub(super) path_item: Part<'d>,
}

impl Operation<'_> {
    /// What it is called: its id, or method and path.
    pub(super) fn name(&self) -> String {
        self.id.map_or_else(|| self.request_line(), str::to_owned)
    }

    pub(super) fn request_line(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// The operations of a document, in its order.
pub(super) fn operations(document: &Document) -> Vec<Operation<'_>> {
    let side = Side::Base;
    let root = Part { side, pointer: Pointer::root(), value: document.as_value() };
    let mut operations = Vec::new();
    for (path, path_item) in root.members(document, "paths") {
        let (template, variables) = split(path);
        for method in METHODS {
            let Some(value) = path_item.get(method).filter(|value| value.is_object()) else {
                continue;
            };
            let part = Part { side, pointer: path_item.pointer.join(method), value };
            operations.push(Operation {
                method,
                path,
                template: template.clone(),
                variables: variables.clone(),
                filled: Vec::new(),
                id: part.get("operationId").and_then(Value::as_str),
                part,
                path_item: path_item.clone(),
            });
        }
    }
    operations
}

/// The path without the names of its variables, and these.
fn split(path: &str) -> (String, Vec<&str>) {
    let (mut template, mut variables) = (String::new(), Vec::new());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((variable, after)) = after.split_once('}') else { break };
        template.push_str(before);
        template.push_str("{}");
        variables.push(variable);
        rest = after;
    }
    template.push_str(rest);
    (template, variables)
}

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_operations(
        &mut self,
        mut base: Vec<Operation<'d>>,
        mut head: Vec<Operation<'d>>,
    ) {
        for operation in &mut head {
            operation.part.side = Side::Head;
            operation.path_item.side = Side::Head;
        }
        self.base_paths = self.moved_base_paths(&base, &head);
        if let Some([before, after]) = self.base_paths {
            for it in &mut base {
                it.template.insert_str(0, before);
            }
            for it in &mut head {
                it.template.insert_str(0, after);
            }
        }
        let all = head.clone();
        // Most are where they were: they are taken from the front.
        let mut head = VecDeque::from(head);
        let mut pairs = Vec::new();
        base.retain(|base| {
            let same =
                |head: &Operation<'d>| head.method == base.method && head.template == base.template;
            take(&mut head, same).map(|head| pairs.push((base.clone(), head))).is_none()
        });
        let mut moved = Vec::new();
        base.retain(|base| {
            let same = |head: &Operation<'d>| base.id.is_some() && head.id == base.id;
            take(&mut head, same).map(|head| moved.push((base.clone(), head))).is_none()
        });
        for (base, head) in &pairs {
            let pair = Pair { number: self.number(base), base, head };
            self.compare_pair(pair);
        }
        for (base, head) in &moved {
            self.compare_moved(base, head, &all);
        }
        for operation in &base {
            self.compare_removed(operation, &all);
        }
        for (_, operation) in &moved {
            self.report_overtaking(operation, &pairs, &rules::OPERATION_MOVED);
        }
        for operation in &head {
            self.report_added(operation, &pairs);
        }
    }

    fn number(&mut self, operation: &Operation<'d>) -> usize {
        let name = operation.name();
        self.operations.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.operations.push(name);
            self.operations.len() - 1
        })
    }

    /// The place itself where the document has it, or the nearest around it that it has.
    pub(super) fn nearest(&self, place: &Pointer, side: Side) -> Pointer {
        let document = if side == Side::Base { self.base } else { self.head };
        let mut place = place.as_str();
        while document.get(place).is_none() {
            place = place.rsplit_once('/').map_or("", |(around, _)| around);
        }
        Pointer::from(place.to_owned())
    }

    fn compare_pair(&mut self, pair: Pair<'_, 'd>) {
        self.compare_names(pair);
        let place = Place::new(&pair.base.part.pointer, &pair.head.part.pointer);
        let deprecation = deprecation::compare(pair.base.part.value, pair.head.part.value, &place);
        self.drafts.extend(deprecation.into_iter().map(|draft| draft.for_operation(pair.number)));
        self.compare_extensions(pair);
        self.compare_parameters(pair);
        self.compare_request_bodies(pair);
        self.compare_responses(pair);
        self.compare_security(pair);
        self.compare_servers_of(pair);
        self.compare_callbacks(pair);
    }

    fn compare_names(&mut self, pair: Pair<'_, 'd>) {
        let Pair { number, base, head } = pair;
        let place = |keyword: &str| Place {
            base: base.part.place(keyword),
            head: head.part.place(keyword),
        };
        if base.id != head.id {
            let reason = "nobody on the wire sees it, but it is the name of the client's method";
            let draft = Draft::new(
                &rules::OPERATION_ID_CHANGED,
                Verdict::Compatible,
                place("operationId"),
                reason,
            );
            self.drafts.push(draft.values(base.id, head.id).for_operation(number));
        }
        let tags = |part: &Part<'d>| -> BTreeSet<String> {
            let tags = part.get("tags").and_then(Value::as_array).into_iter().flatten();
            tags.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        if tags(&base.part) != tags(&head.part) {
            let reason = "tags sort the reference; the client has all operations in one place";
            let draft =
                Draft::new(&rules::TAGS_CHANGED, Verdict::Compatible, place("tags"), reason);
            let value = |part: &Part<'d>| part.get("tags").cloned().unwrap_or_default();
            let draft = draft.values(value(&base.part), value(&head.part));
            self.drafts.push(draft.for_operation(number));
        }
    }

    /// What Dropshot says by extensions.
    fn compare_extensions(&mut self, pair: Pair<'_, 'd>) {
        let Pair { number, base, head } = pair;
        let keyword = "x-dropshot-websocket";
        let place = Place { base: base.part.place(keyword), head: head.part.place(keyword) };
        let draft = match (base.part.get(keyword), head.part.get(keyword)) {
            (None, Some(_)) => Some(&rules::WEBSOCKET_ADDED),
            (Some(_), None) => Some(&rules::WEBSOCKET_REMOVED),
            _ => None,
        };
        let value = |part: &Part<'d>, keyword: &str| part.get(keyword).cloned().unwrap_or_default();
        self.drafts.extend(draft.map(|rule| {
            let reason = "a websocket begins with an upgrade of the connection, and a plain request does not";
            Draft::new(rule, Verdict::Breaking, place, reason)
                .values(value(&base.part, keyword), value(&head.part, keyword))
                .client(Verdict::Breaking)
                .for_operation(number)
        }));
        self.compare_pagination(pair);
    }

    fn compare_pagination(&mut self, pair: Pair<'_, 'd>) {
        let Pair { number, base, head } = pair;
        let keyword = "x-dropshot-pagination";
        let (before, after) = (base.part.get(keyword), head.part.get(keyword));
        if before == after {
            return;
        }
        let place = Place { base: base.part.place(keyword), head: head.part.place(keyword) };
        let required = |value: Option<&'d Value>| -> BTreeSet<&'d str> {
            let names = value.and_then(|it| it.get("required")).and_then(Value::as_array);
            names.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let draft = if required(after).is_subset(&required(before)) {
            let reason = "requests and answers are as their schemas say; only the client's stream depends on it";
            Draft::new(&rules::PAGINATION_CHANGED, Verdict::Compatible, place, reason)
        } else {
            let reason = "a deployed client may ask for the first page without a parameter that it needs now";
            Draft::new(&rules::PAGINATION_CHANGED, Verdict::Breaking, place, reason)
                .direction(Direction::Request)
                .request_witness(self.request(base, With::default()))
        };
        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
        self.drafts.push(draft.values(value(before), value(after)).for_operation(number));
    }

    /// What the server asks of the client: nobody generates a client for that here.
    fn compare_callbacks(&mut self, pair: Pair<'_, 'd>) {
        let Pair { number, base, head } = pair;
        let keyword = "callbacks";
        let (before, after) = (base.part.get(keyword), head.part.get(keyword));
        if before != after {
            let place = Place { base: base.part.place(keyword), head: head.part.place(keyword) };
            let reason = "requests that the server makes of its clients are not compared";
            let draft = Draft::new(&rules::UNDECIDED, Verdict::Warning, place, reason);
            let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
            self.drafts.push(draft.values(value(before), value(after)).for_operation(number));
        }
    }

    fn compare_moved(&mut self, base: &Operation<'d>, head: &Operation<'d>, all: &[Operation<'d>]) {
        let number = self.number(base);
        let serving = self.serving(base, all);
        let place = Place::new(&base.part.pointer, &head.part.pointer);
        let same = serving.as_ref().filter(|it| it.part.pointer == head.part.pointer);
        self.compare_pair(Pair { number, base, head: same.unwrap_or(head) });
        let draft = match serving.as_ref() {
            Some(other) if same.is_some() => {
                let reason = format!(
                    "`{}` answers what deployed clients ask for by `{}`",
                    other.request_line(),
                    base.request_line()
                );
                Draft::new(&rules::OPERATION_MOVED, Verdict::Compatible, place, reason)
            }
            Some(other) => {
                self.compare_served(Pair { number, base, head: other });
                let reason = another_answers(base, other);
                Draft::new(&rules::OPERATION_MOVED, Verdict::Warning, place, reason)
            }
            None => {
                Draft::new(&rules::OPERATION_MOVED, Verdict::Breaking, place, nobody_answers(base))
                    .request_witness(self.request(base, With::default()))
            }
        };
        let draft = draft.values(base.request_line(), head.request_line());
        self.drafts.push(draft.for_operation(number));
    }

    fn compare_removed(&mut self, operation: &Operation<'d>, all: &[Operation<'d>]) {
        let rule = if operation.part.is("deprecated") {
            &rules::OPERATION_REMOVED_AFTER_DEPRECATION
        } else {
            &rules::OPERATION_REMOVED
        };
        let number = self.number(operation);
        let pointer = &operation.part.pointer;
        let place = Place::new(pointer, &self.nearest(pointer, Side::Head));
        let draft = if let Some(other) = self.serving(operation, all) {
            self.compare_served(Pair { number, base: operation, head: &other });
            Draft::new(rule, Verdict::Warning, place, another_answers(operation, &other))
        } else {
            Draft::new(rule, Verdict::Breaking, place, nobody_answers(operation))
                .request_witness(self.request(operation, With::default()))
        };
        let draft = draft.values(operation.request_line(), Value::Null).client(Verdict::Breaking);
        self.drafts.push(draft.for_operation(number));
    }

    /// What deployed clients send to an operation, and how they read what another answers.
    fn compare_served(&mut self, pair: Pair<'_, 'd>) {
        self.compare_parameters(pair);
        self.compare_request_bodies(pair);
        self.compare_responses(pair);
        self.compare_security(pair);
    }

    fn report_added(
        &mut self,
        operation: &Operation<'d>,
        pairs: &[(Operation<'d>, Operation<'d>)],
    ) {
        if self.report_overtaking(operation, pairs, &rules::OPERATION_ADDED) {
            return;
        }
        let pointer = &operation.part.pointer;
        let place = Place::new(&self.nearest(pointer, Side::Base), pointer);
        let number = self.number(operation);
        let reason = "no deployed client calls it";
        let draft = Draft::new(&rules::OPERATION_ADDED, Verdict::Compatible, place, reason);
        self.drafts.push(draft.values(Value::Null, operation.request_line()).for_operation(number));
    }

    /// Tells of an operation at a path that was one of another's, which stays.
    fn report_overtaking(
        &mut self,
        operation: &Operation<'d>,
        pairs: &[(Operation<'d>, Operation<'d>)],
        rule: &'static Rule,
    ) -> bool {
        let Some((other, filled)) = self.overtaken(operation, pairs.iter().map(|(base, _)| base))
        else {
            return false;
        };
        let reason = format!(
            "what deployed clients ask of `{}` with {filled} now reaches another operation",
            other.request_line()
        );
        let place = Place::new(&other.part.pointer, &operation.part.pointer);
        let (after, overtaken) = (operation.request_line(), other.request_line());
        let draft = Draft::new(rule, Verdict::Warning, place, reason).values(overtaken, after);
        let number = self.number(operation);
        self.drafts.push(draft.direction(Direction::Request).for_operation(number));
        true
    }
}

fn nobody_answers(operation: &Operation<'_>) -> String {
    format!("a deployed client asks for `{}`, which nobody answers", operation.request_line())
}

fn another_answers(operation: &Operation<'_>, other: &Operation<'_>) -> String {
    format!(
        "what deployed clients ask for by `{}` is answered by `{}`, another operation",
        operation.request_line(),
        other.request_line()
    )
}

fn take<'d>(
    operations: &mut VecDeque<Operation<'d>>,
    wanted: impl Fn(&Operation<'d>) -> bool,
) -> Option<Operation<'d>> {
    let at = operations.iter().position(wanted)?;
    operations.remove(at)
}
