//! From two documents to what changed between them.
//!
//! [`operation`] finds which operation became which; the modules named after the parts of an operation
//! compare these. Schemas go to [`schema::SchemaWalk`], which looks at each pair once, however
//! many operations use it.

mod body;
mod client;
mod deprecation;
mod documentation;
mod draft;
mod header;
mod lost;
mod operation;
mod parameter;
mod request;
mod response;
mod route;
pub(crate) mod rules;
mod schema;
mod security;
mod server;
mod style;

use std::cmp::Reverse;

use serde_json::Value;

use self::{
    draft::{Draft, merge},
    operation::{Operation, operations},
    schema::SchemaWalk,
};
use crate::{
    Options,
    change::{Change, Comparison},
    document::{Document, Pointer},
    rule::Category,
    schema::{ANY, SchemaRef, Schemas, Type},
    verdict::{Side, Verdict},
};

/// Compares two documents.
///
/// # Examples
///
/// ```
/// use openapi_contract::{Document, Options, Verdict, compare};
///
/// let document = |values: &str| {
///     let text = format!(
///         r#"{{"openapi": "3.0.3", "info": {{"title": "t", "version": "1.0.0"}}, "paths": {{"/status": {{"get": {{
///             "operationId": "get_status",
///             "responses": {{"200": {{"description": "", "content": {{"application/json": {{
///                 "schema": {{"type": "string", "enum": {values}}}}}}}}}}}}}}}}}}}"#
///     );
///     Document::parse(&text)
/// };
/// let (base, head) = (document(r#"["up"]"#)?, document(r#"["up", "down"]"#)?);
/// let comparison = compare(&base, &head, Options::default());
///
/// assert_eq!(comparison.wire, Verdict::Breaking);
/// let change = &comparison.changes[0];
/// assert_eq!(change.rule.id, "enum-value-added");
/// assert_eq!(change.operations, ["get_status"]);
/// assert_eq!(change.witness.as_ref().unwrap().value, "down");
/// # Ok::<(), openapi_contract::DocumentError>(())
/// ```
#[must_use]
pub fn compare(base: &Document, head: &Document, options: Options) -> Comparison {
    compare_as_generated([base, head], [base, head], options)
}

/// Compares two documents, the base first, of which the generator is given something else: a pipeline
/// may have to take out what it does not understand. The verdict on the client is about `generated`,
/// the same two documents as the generator gets them; places in both have to be the same.
#[must_use]
pub fn compare_as_generated(
    [base, head]: [&Document; 2],
    generated: [&Document; 2],
    options: Options,
) -> Comparison {
    let differences = || {
        let found = crate::client::differences(generated[0], generated[1], options.client_style);
        let users = match found.as_slice() {
            [] => [client::Users::new(), client::Users::new()],
            _ => [base, head].map(client::users_of_components),
        };
        (found, users)
    };
    // The two questions have nothing to do with each other, and take as long.
    let ((mut changes, operations), (mut differences, users)) =
        rayon::join(|| compare_on_wire(base, head), differences);
    // Where nothing changed, nothing is left undecided.
    let noticed = |change: &Change| change.rule.category != Category::Documentation;
    if !changes.iter().any(noticed) {
        differences.retain(|it| it.rule.id != crate::client::rules::UNDECIDED.id);
    }
    let alone = client::join(&mut changes, differences, &users, [base, head], &operations);
    changes.extend(merge(alone, &operations));
    changes.sort_by_cached_key(order);
    Comparison {
        wire: worst(&changes, |change| change.wire),
        client: worst(&changes, |change| change.client),
        base_version: base.version().map(str::to_owned),
        head_version: head.version().map(str::to_owned),
        changes,
    }
}

/// What changed on the wire, and the names of all operations.
fn compare_on_wire(base: &Document, head: &Document) -> (Vec<Change>, Vec<String>) {
    let schemas = Schemas::new(base, head);
    let mut comparer = Comparer {
        base,
        head,
        schemas: &schemas,
        walk: SchemaWalk::new(&schemas),
        drafts: Vec::new(),
        operations: Vec::new(),
        base_paths: None,
    };
    comparer.compare_operations(operations(base), operations(head));
    comparer.compare_servers();
    comparer.compare_versions();
    comparer.compare_documentation();
    let Comparer { walk, mut drafts, operations, .. } = comparer;
    drafts.extend(walk.finish());
    (merge(drafts, &operations), operations)
}

fn worst(changes: &[Change], verdict: impl Fn(&Change) -> Verdict) -> Verdict {
    changes.iter().map(verdict).max().unwrap_or_default()
}

/// Worst first, documentation last; then as in the documents.
fn order(change: &Change) -> impl Ord + use<> {
    (
        change.rule.category == Category::Documentation,
        Reverse((change.worst(), change.wire)),
        change.operations.first().cloned(),
        change.head.clone(),
        change.base.clone(),
        change.rule.id,
        change.id.clone(),
    )
}

/// A comparison under way.
struct Comparer<'s, 'd> {
    base: &'d Document,
    head: &'d Document,
    schemas: &'s Schemas<'d>,
    walk: SchemaWalk<'s, 'd>,
    drafts: Vec<Draft>,
    /// The names of all operations, by number.
    operations: Vec<String>,
    /// The paths of the servers, where these moved into the paths of the operations or out of them.
    base_paths: Option<[&'d str; 2]>,
}

/// An operation on both sides, and its number.
#[derive(Clone, Copy)]
struct Pair<'a, 'd> {
    number: usize,
    base: &'a Operation<'d>,
    head: &'a Operation<'d>,
}

/// A part of a document, resolved.
#[derive(Clone, Debug)]
struct Part<'d> {
    side: Side,
    pointer: Pointer,
    value: &'d Value,
}

impl<'d> Part<'d> {
    fn get(&self, name: &str) -> Option<&'d Value> {
        self.value.get(name)
    }

    fn is(&self, flag: &str) -> bool {
        self.get(flag) == Some(&Value::Bool(true))
    }

    /// A member, resolved; a reference that leads nowhere stays what it is.
    fn member(&self, document: &'d Document, name: &str) -> Option<Part<'d>> {
        Some(self.resolved(document, self.value.get(name)?, self.pointer.join(name)))
    }

    /// The members of a map, likewise.
    fn members(&self, document: &'d Document, name: &str) -> Vec<(&'d str, Part<'d>)> {
        let Some(map) = self.get(name).and_then(Value::as_object) else { return Vec::new() };
        let pointer = self.pointer.join(name);
        let resolved = map.iter().map(|(name, value)| {
            (name.as_str(), self.resolved(document, value, pointer.join(name)))
        });
        resolved.collect()
    }

    fn resolved(&self, document: &'d Document, value: &'d Value, at: Pointer) -> Part<'d> {
        match document.resolve(value, &at) {
            Some(found) => Part { side: self.side, pointer: found.pointer, value: found.value },
            None => Part { side: self.side, pointer: at, value },
        }
    }

    /// The reference that leads nowhere and stands where this should.
    fn dangling(&self) -> Option<&'d str> {
        self.get("$ref").and_then(Value::as_str)
    }

    /// Where a member stands, or this where there is none.
    fn place(&self, name: &str) -> Pointer {
        if self.get(name).is_some() { self.pointer.join(name) } else { self.pointer.clone() }
    }

    /// The type that `schema` says; any where it says none.
    fn schema(&self) -> Type<'d> {
        let place = self.pointer.join("schema");
        Type::of(match self.get("schema") {
            Some(value) => SchemaRef { side: self.side, pointer: place, value },
            None => SchemaRef { side: self.side, pointer: self.pointer.clone(), value: &ANY },
        })
    }
}
