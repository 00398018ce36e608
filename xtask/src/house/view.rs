//! A document, taken apart into what the rules speak of.
//!
//! Nothing is expected of the document: what is not where it should be is passed over, and is for
//! those to find who know OpenAPI.

mod schema;

use std::collections::HashSet;

use serde_json::{Map, Value};

pub(super) use self::schema::{Role, Schema, without_references};

/// The keys of a path that are methods.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document's parts, each of them once, where it is defined.
pub(super) struct View<'d> {
    pub(super) root: &'d Value,
    pub(super) operations: Vec<Operation<'d>>,
    pub(super) parameters: Vec<Part<'d>>,
    pub(super) responses: Vec<Part<'d>>,
    pub(super) headers: Vec<Part<'d>>,
    pub(super) schemas: Vec<Schema<'d>>,
}

/// Something in the document, and where it is.
#[derive(Clone)]
pub(super) struct Part<'d> {
    pub(super) value: &'d Value,
    /// The JSON pointer to it.
    pub(super) at: String,
    /// What a person calls it, and an exception: `list_orders.page_token`, `Order.createdAt`.
    pub(super) subject: String,
}

/// A method of a path.
pub(super) struct Operation<'d> {
    pub(super) part: Part<'d>,
    pub(super) method: &'d str,
    /// Its `operationId`, or nothing.
    pub(super) id: &'d str,
    /// Those of its path too.
    pub(super) parameters: Vec<Part<'d>>,
    pub(super) responses: Vec<(&'d str, Part<'d>)>,
    pub(super) body: Option<Part<'d>>,
}

impl<'d> View<'d> {
    pub(super) fn new(root: &'d Value) -> Self {
        let operations: Vec<_> = members(root, "/paths")
            .flat_map(|(path, item)| operations_of(root, path, item))
            .collect();
        let own = operations.iter().flat_map(|operation| operation.parameters.clone());
        let parameters = once(own.chain(components(root, "parameters")));
        let own = operations.iter().flat_map(|operation| operation.responses.iter());
        let own = own.map(|(_, response)| response.clone());
        let responses = once(own.chain(components(root, "responses")));
        let own = responses.iter().flat_map(|response| headers_of(root, response));
        let headers = once(own.chain(components(root, "headers")).collect::<Vec<_>>().into_iter());
        let own = operations.iter().filter_map(|operation| operation.body.clone());
        let bodies = once(own.chain(components(root, "requestBodies")));
        let sent = schemas_of(parameters.iter().chain(&bodies));
        let received = schemas_of(responses.iter().chain(&headers));
        let schemas = schema::all(root, sent, received);
        Self { root, operations, parameters, responses, headers, schemas }
    }
}

impl<'d> Part<'d> {
    /// A member of this part, where there is one.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        Some(Self { value, at: join(&self.at, name), subject: self.subject.clone() })
    }

    /// The name under which it stands.
    pub(super) fn name(&self) -> String {
        let token = self.at.rsplit('/').next().unwrap_or_default();
        token.replace("~1", "/").replace("~0", "~")
    }

    /// The text that stands under this name, if any does.
    pub(super) fn text(&self, name: &str) -> &'d str {
        text(self.value, name)
    }

    /// Whether this is said, and not with nothing but blanks.
    pub(super) fn says(&self, name: &str) -> bool {
        !self.text(name).trim().is_empty()
    }
}

impl<'d> Operation<'d> {
    pub(super) fn parameter(&self, place: &str, name: &str) -> Option<&Part<'d>> {
        let mut parameters = self.parameters.iter();
        parameters.find(|one| one.text("in") == place && one.text("name") == name)
    }

    /// The schemas of its answers that are no failures.
    pub(super) fn answers(&self) -> impl Iterator<Item = Part<'d>> {
        let good = self.responses.iter().filter(|(status, _)| status.starts_with('2'));
        good.flat_map(|(_, response)| contents(response))
    }
}

/// The text that stands under this name, or nothing.
pub(super) fn text<'d>(value: &'d Value, name: &str) -> &'d str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The JSON pointer to a member.
pub(super) fn join(at: &str, name: impl AsRef<str>) -> String {
    format!("{at}/{}", name.as_ref().replace('~', "~0").replace('/', "~1"))
}

/// What the pointer leads to, taken as an object.
pub(super) fn members<'d>(
    value: &'d Value,
    pointer: &str,
) -> impl Iterator<Item = (&'d str, &'d Value)> + use<'d> {
    let object = value.pointer(pointer).and_then(Value::as_object);
    object.into_iter().flat_map(Map::iter).map(|(name, member)| (name.as_str(), member))
}

/// Follows `$ref` within the document, but not in a circle.
pub(super) fn resolve<'d>(root: &'d Value, part: Part<'d>) -> Part<'d> {
    let mut found = part;
    let mut seen = HashSet::new();
    while let Some(pointer) = found.text("$ref").strip_prefix('#') {
        let (true, Some(value)) = (seen.insert(pointer), root.pointer(pointer)) else { break };
        found = Part { value, at: pointer.to_owned(), ..found };
    }
    found
}

fn operations_of<'d>(
    root: &'d Value,
    path: &'d str,
    item: &'d Value,
) -> impl Iterator<Item = Operation<'d>> {
    let at = join("/paths", path);
    let item = resolve(root, Part { value: item, at, subject: path.to_owned() });
    let methods = members(item.value, "").filter(|(name, _)| METHODS.contains(name));
    let methods: Vec<_> = methods.collect();
    methods.into_iter().map(move |(method, value)| {
        let id = text(value, "operationId");
        let subject = if id.is_empty() { format!("{method} {path}") } else { id.to_owned() };
        let part = Part { value, at: join(&item.at, method), subject };
        let mut parameters = list(root, &part, "parameters");
        let shared =
            list(root, &Part { subject: part.subject.clone(), ..item.clone() }, "parameters");
        parameters.extend(shared);
        let responses = part.member("responses").into_iter().flat_map(|responses| {
            members(responses.value, "").map(move |(status, value)| {
                let subject = format!("{}.{status}", responses.subject);
                (status, resolve(root, Part { value, at: join(&responses.at, status), subject }))
            })
        });
        let responses = responses.collect();
        let body = part.member("requestBody").map(|body| resolve(root, body));
        Operation { part, method, id, parameters, responses, body }
    })
}

/// The parameters in a list, by name.
fn list<'d>(root: &'d Value, of: &Part<'d>, name: &str) -> Vec<Part<'d>> {
    let Some(list) = of.member(name) else { return Vec::new() };
    let items = list.value.as_array().into_iter().flatten().enumerate();
    let parts = items.map(|(index, value)| {
        let at = join(&list.at, index.to_string());
        let mut part = resolve(root, Part { value, at, subject: String::new() });
        part.subject = format!("{}.{}", list.subject, part.text("name"));
        part
    });
    parts.collect()
}

fn headers_of<'d>(root: &'d Value, response: &Part<'d>) -> Vec<Part<'d>> {
    let Some(headers) = response.member("headers") else { return Vec::new() };
    let parts = members(headers.value, "").map(|(name, value)| {
        let at = join(&headers.at, name);
        resolve(root, Part { value, at, subject: name.to_owned() })
    });
    parts.collect()
}

/// The components of one kind. One that only refers to another is that other.
fn components<'d>(root: &'d Value, kind: &str) -> impl Iterator<Item = Part<'d>> {
    let at = join("/components", kind);
    members(root, &at).map(move |(name, value)| {
        resolve(root, Part { value, at: join(&at, name), subject: name.to_owned() })
    })
}

/// The schema of a parameter or a header, and those of the media types of a body.
fn schemas_of<'p, 'd: 'p>(parts: impl Iterator<Item = &'p Part<'d>>) -> Vec<Part<'d>> {
    parts.flat_map(|part| part.member("schema").into_iter().chain(contents(part))).collect()
}

/// The schemas of the media types.
pub(super) fn contents<'d>(part: &Part<'d>) -> Vec<Part<'d>> {
    let Some(content) = part.member("content") else { return Vec::new() };
    let media = members(content.value, "").map(|(name, value)| Part {
        value,
        at: join(&content.at, name),
        subject: content.subject.clone(),
    });
    media.filter_map(|media| media.member("schema")).collect()
}

/// Each place once, under the name under which it is met first.
fn once<'d>(parts: impl Iterator<Item = Part<'d>>) -> Vec<Part<'d>> {
    let mut seen = HashSet::new();
    parts.filter(|part| seen.insert(part.at.clone())).collect()
}
