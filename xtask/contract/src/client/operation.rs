//! What callers see of an operation: a method, what it takes and what it answers.

mod answer;
mod body;
mod parameter;
mod stream;

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::{
    name,
    place::Place,
    refusal::Refusal,
    types::{Id, Types},
};
use crate::{Document, document::Pointer};

/// The methods of HTTP, in the generator's order.
const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A method of the client.
#[derive(Debug)]
pub(super) struct Method<'a> {
    pub(super) name: String,
    /// The operation id.
    pub(super) id: &'a str,
    pub(super) place: Place<'a>,
    /// Verb and path, without the names of what the path takes.
    pub(super) route: String,
    /// In the order in which a positional client takes them.
    pub(super) arguments: Vec<Argument<'a>>,
    pub(super) success: Answer<'a>,
    pub(super) error: Answer<'a>,
    /// What streams over all pages give; where there is none, what is in the way of one.
    pub(super) stream: Result<Id, Place<'a>>,
}

/// What a method takes.
#[derive(Clone, Debug)]
pub(super) struct Argument<'a> {
    pub(super) name: String,
    pub(super) api_name: &'a str,
    pub(super) kind: ArgumentKind,
    pub(super) required: bool,
    pub(super) of: Passed,
    pub(super) place: Place<'a>,
}

/// Where an argument goes, in the order of a positional client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ArgumentKind {
    Path(usize),
    Query,
    Header,
    Body,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    Type(Id),
    /// Whatever makes a `reqwest::Body`.
    Raw,
    /// A `String`.
    Text,
}

/// What comes back.
#[derive(Clone, Debug)]
pub(super) struct Answer<'a> {
    pub(super) content: Content,
    /// The response, or the operation where it has none.
    pub(super) place: Place<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Type(Id),
    None,
    /// A stream of bytes.
    Raw,
    /// A connection that has become something else.
    Upgrade,
}

/// An operation in the document, while its method is made.
struct Operation<'d, 'a> {
    document: &'a Document,
    types: &'d mut Types<'a>,
    value: &'a Value,
    item: &'a Value,
    id: &'a str,
    place: Place<'a>,
    item_place: Place<'a>,
    /// The names in the path, in their order.
    names: Vec<&'a str>,
    problems: Vec<Refusal>,
}

/// The methods of all operations. What the generator refuses is added to the refusals.
pub(super) fn methods<'a>(
    document: &'a Document,
    types: &mut Types<'a>,
    refusals: &mut Vec<Refusal>,
) -> Vec<Method<'a>> {
    let paths = document.get("/paths").and_then(Value::as_object);
    let mut paths: Vec<_> = paths.into_iter().flatten().collect();
    paths.sort_by_key(|(path, _)| *path);
    let mut methods: Vec<Method<'a>> = Vec::new();
    let inside = Place::at("/paths");
    let mut ids: BTreeMap<String, &str> = BTreeMap::new();
    for (path, item) in paths.into_iter().filter(|(path, _)| !path.starts_with("x-")) {
        let item_place = inside.member(path);
        if item.get("$ref").is_some() {
            refusals.push(Refusal::at(&item_place, "a path that is a reference is not followed"));
            continue;
        }
        let names = match names_in(path) {
            Ok(names) => names,
            Err(problem) => {
                refusals.push(Refusal::at(&item_place, problem));
                continue;
            }
        };
        for verb in VERBS {
            let Some(value) = item.get(verb) else { continue };
            let place = item_place.member(verb);
            let Some(id) = value.get("operationId").and_then(Value::as_str) else {
                refusals.push(Refusal::at(&place, "an operation needs an `operationId`"));
                continue;
            };
            if let Some(twin) = ids.insert(name::of_method(id), id) {
                let problem =
                    format!("`{id}` and `{twin}` become one method, which does not compile");
                refusals.push(Refusal::at(&place, problem).of(id));
                continue;
            }
            let mut operation = Operation {
                document,
                types,
                value,
                item,
                id,
                place,
                item_place: item_place.clone(),
                names: names.clone(),
                problems: Vec::new(),
            };
            let route = format!("{verb} {}", without_names(path));
            methods.push(operation.method(route));
            refusals.extend(operation.problems);
        }
    }
    methods
}

impl<'a> Operation<'_, 'a> {
    fn method(&mut self, route: String) -> Method<'a> {
        let known = self.types.refusals.len();
        let mut arguments = self.parameters();
        let websocket = self.value.get("x-dropshot-websocket").is_some();
        arguments.extend(self.body());
        arguments.sort_by(|one, other| (one.kind, one.api_name).cmp(&(other.kind, other.api_name)));
        self.refuse_twins(&arguments);
        let responses = self.responses(websocket);
        let success = self.answer(&responses, answer::Status::is_success, "success");
        let error = self.answer(&responses, answer::Status::is_error, "error");
        let stream = self.stream(&arguments, &responses);
        if websocket && stream.is_ok() {
            self.refuse(&self.place.clone(), "an operation is either paginated or a websocket");
        }
        for refusal in &mut self.types.refusals[known..] {
            refusal.operation = Some(self.id.to_owned());
        }
        Method {
            name: name::of_method(self.id),
            id: self.id,
            place: self.place.clone(),
            route,
            arguments,
            success,
            error,
            stream,
        }
    }

    fn refuse_twins(&mut self, arguments: &[Argument<'a>]) {
        let mut names = HashSet::new();
        for argument in arguments.iter().filter(|it| !names.insert(&it.name)) {
            let problem =
                format!("two arguments become `{}`, which does not compile", argument.name);
            self.refuse(&argument.place, &problem);
        }
    }

    fn refuse(&mut self, place: &Place<'a>, problem: &str) {
        self.problems.push(Refusal::at(place, problem).of(self.id));
    }

    /// Follows references. Where they lead nowhere, the generator stops.
    fn resolve(&mut self, value: &'a Value, place: &Place<'a>) -> Option<(&'a Value, Place<'a>)> {
        if value.get("$ref").is_none() {
            return Some((value, place.clone()));
        }
        let resolved = self.document.resolve(value, &Pointer::root());
        let resolved = resolved.map(|it| (it.value, Place::at(it.pointer.as_str())));
        if resolved.is_none() {
            self.refuse(place, "its `$ref` leads nowhere");
        }
        resolved
    }
}

/// The names that a path takes, in their order.
fn names_in(path: &str) -> Result<Vec<&str>, &'static str> {
    if !path.starts_with('/') {
        return Err("a path has to start with a slash");
    }
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        let (Some(name), true) = (rest.get(at + 1..), rest[at..].starts_with('{')) else {
            return Err("a path has a `}` too many");
        };
        let Some(end) = name.find('}') else { return Err("a path has a `{` that is not closed") };
        if name[..end].contains(['/', '{']) {
            return Err("a path has a name with a slash or a brace");
        }
        names.push(&name[..end]);
        rest = &name[end + 1..];
    }
    Ok(names)
}

fn without_names(path: &str) -> String {
    let mut route = String::with_capacity(path.len());
    let mut within = false;
    for character in path.chars() {
        within = (within || character == '{') && character != '}';
        if !within || character == '{' {
            route.push(character);
        }
    }
    route
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_the_path() {
        assert_eq!(names_in("/a/{b}/c-{d}"), Ok(vec!["b", "d"]));
        assert_eq!(without_names("/a/{b}/c-{d}"), "/a/{}/c-{}");
        assert!(names_in("a").is_err());
        assert!(names_in("/a/{b").is_err());
        assert!(names_in("/a/b}").is_err());
        assert!(names_in("/a/{b/c}").is_err());
    }
}
