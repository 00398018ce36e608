//! What values a schema accepts, and whether one schema accepts all that another does.
//!
//! [`expand`] brings a schema into normal form: alternatives, each of one kind of JSON value.
//! [`accept`] judges single values by the schema as it stands. [`contain`] compares two schemas: its
//! answer is proven, refuted by a value, or open. [`sample`] makes values.

pub(crate) mod accept;
pub(crate) mod atom;
pub(crate) mod contain;
pub(crate) mod disjoint;
pub(crate) mod expand;
pub(crate) mod intersect;
mod keyword;
pub(crate) mod number;
pub(crate) mod sample;
pub(crate) mod tag;
pub(crate) mod text;
pub(crate) mod written;

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
    sync::LazyLock,
};

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};

use crate::{
    document::{Document, Pointer, Resolved},
    verdict::{Direction, Side},
};

/// A schema where it stands in its document.
#[derive(Clone, Debug)]
pub(crate) struct SchemaRef<'d> {
    pub(crate) side: Side,
    pub(crate) pointer: Pointer,
    pub(crate) value: &'d Value,
}

/// A schema that accepts any value: what is meant where none is given.
pub(crate) static ANY: Value = Value::Bool(true);
/// A schema that accepts any value but null.
pub(crate) static NOT_NULL: LazyLock<Value> =
    LazyLock::new(|| json!({ "type": ["array", "boolean", "number", "object", "string"] }));
/// A schema that accepts what leaves something of a path: nothing at all is another path.
static IN_A_PATH: LazyLock<Value> =
    LazyLock::new(|| json!({ "minLength": 1, "minItems": 1, "minProperties": 1 }));
/// A schema that accepts no value.
pub(crate) static NEVER: Value = Value::Bool(false);

impl<'d> SchemaRef<'d> {
    /// A schema that is not written down, at the place where it could be.
    pub(crate) fn implied(&self, value: &'static Value) -> Self {
        Self { side: self.side, pointer: self.pointer.clone(), value }
    }

    /// A schema within this one.
    pub(crate) fn member(&self, token: &str, value: &'d Value) -> Self {
        Self { side: self.side, pointer: self.pointer.join(token), value }
    }

    /// An item of a list of schemas, such as `oneOf`.
    pub(crate) fn item(&self, keyword: &str, index: usize, value: &'d Value) -> Self {
        Self { side: self.side, pointer: self.pointer.join(keyword).join(index), value }
    }

    pub(crate) fn is_implied(&self) -> bool {
        std::ptr::eq(self.value, &raw const ANY) || std::ptr::eq(self.value, &raw const NEVER)
    }

    /// Whether it bounds what is said elsewhere, where also what it bounds is reported.
    pub(crate) fn is_bound_of_paths(&self) -> bool {
        std::ptr::eq(self.value, &raw const *IN_A_PATH)
    }

    /// A schema is identified by the place in memory that it is read from, and one that is not
    /// written down by the place where it could be.
    pub(crate) fn identity(&self) -> u64 {
        let address = std::ptr::from_ref(self.value).addr();
        if !self.is_implied() {
            return address as u64;
        }
        let mut hasher = DefaultHasher::new();
        (self.side, &self.pointer, address).hash(&mut hasher);
        hasher.finish()
    }

    /// The value of a keyword.
    pub(crate) fn keyword(&self, name: &str) -> Option<&'d Value> {
        self.value.get(name)
    }

    /// Where a keyword stands, or the schema where it does not have it.
    pub(crate) fn place(&self, keyword: &str) -> Pointer {
        if self.value.get(keyword).is_some() {
            self.pointer.join(keyword)
        } else {
            self.pointer.clone()
        }
    }
}

/// What all of several schemas accept; nearly always it is one.
#[derive(Clone, Debug)]
pub(crate) struct Type<'d> {
    pub(crate) parts: Vec<SchemaRef<'d>>,
}

pub(crate) type Key = Vec<u64>;

impl<'d> Type<'d> {
    pub(crate) fn of(schema: SchemaRef<'d>) -> Self {
        Self { parts: vec![schema] }
    }

    /// What this and another accept.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut parts = self.parts.clone();
        for part in &other.parts {
            if !parts.iter().any(|known| known.identity() == part.identity()) {
                parts.push(part.clone());
            }
        }
        Self { parts }
    }

    /// The same without null.
    pub(crate) fn without_null(mut self) -> Self {
        let schema = self.first().map(|schema| schema.implied(&NOT_NULL));
        self.parts.extend(schema);
        self
    }

    /// The same without what would be written as nothing.
    pub(crate) fn in_a_path(mut self) -> Self {
        let schema = self.first().map(|schema| schema.implied(&IN_A_PATH));
        self.parts.extend(schema);
        self
    }

    /// Whether it is known to accept everything.
    pub(crate) fn is_any(&self) -> bool {
        self.parts.iter().all(|part| match part.value {
            Value::Bool(any) => *any,
            Value::Object(members) => members.is_empty(),
            _ => false,
        })
    }

    pub(crate) fn key(&self) -> Key {
        let mut key: Key = self.parts.iter().map(SchemaRef::identity).collect();
        key.sort_unstable();
        key
    }

    /// The schema that it is reported at.
    pub(crate) fn first(&self) -> Option<&SchemaRef<'d>> {
        self.parts.first()
    }
}

/// Everything that is known about the schemas of two documents.
pub(crate) struct Schemas<'d> {
    base: &'d Document,
    head: &'d Document,
    /// Components that are not the same in both documents, or refer to one that is not.
    changed: HashSet<&'d str>,
    /// Where references lead that were followed, each by where its text is.
    resolved: RefCell<FxHashMap<(Side, usize), Option<Resolved<'d>>>>,
    expansions: RefCell<FxHashMap<(Key, Direction), Rc<expand::Expansion<'d>>>>,
    expanding: RefCell<FxHashSet<(Key, Direction)>>,
    samples: RefCell<FxHashMap<(Key, Direction), Option<Value>>>,
    containments: RefCell<contain::Memory>,
    pub(crate) texts: text::Patterns,
    written: written::Written,
    /// How much may still be done: what is out of all proportion ends as undecided.
    fuel: Cell<u64>,
    depth: Cell<u32>,
}

/// Schemas nested deeper than this are not compared.
const DEPTH: u32 = 64;
/// Steps that a comparison may take: some seconds of work.
const FUEL: u64 = 4_000_000;

impl<'d> Schemas<'d> {
    pub(crate) fn new(base: &'d Document, head: &'d Document) -> Self {
        Self {
            base,
            head,
            changed: changed_components(base, head),
            resolved: RefCell::default(),
            expansions: RefCell::default(),
            expanding: RefCell::default(),
            samples: RefCell::default(),
            containments: RefCell::default(),
            texts: text::Patterns::default(),
            written: written::Written::default(),
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
        }
    }

    pub(crate) fn document(&self, side: Side) -> &'d Document {
        match side {
            Side::Base => self.base,
            Side::Head => self.head,
        }
    }

    /// Follows references. Where one leads nowhere, the schema stays as it is, and accepts anything.
    pub(crate) fn resolve(&self, schema: &SchemaRef<'d>) -> SchemaRef<'d> {
        let side = schema.side;
        let reference = schema.keyword("$ref").and_then(Value::as_str);
        let Some(reference) = reference else { return schema.clone() };
        let mut resolved = self.resolved.borrow_mut();
        let found = resolved
            .entry((side, reference.as_ptr().addr()))
            .or_insert_with(|| self.document(side).resolve(schema.value, &schema.pointer));
        match found.clone() {
            Some(Resolved { value, pointer }) => SchemaRef { side, pointer, value },
            None => schema.clone(),
        }
    }

    /// Whether both are written alike, with all that they refer to.
    pub(crate) fn same(&self, base: &Type<'d>, head: &Type<'d>) -> bool {
        base.parts.len() == head.parts.len()
            && base.parts.iter().zip(&head.parts).all(|(base, head)| {
                base.value == head.value && !mentions(base.value, &self.changed)
            })
    }

    /// Takes one step; false once there were too many.
    pub(crate) fn step(&self) -> bool {
        self.steps(1)
    }

    /// Takes so many steps, where work grows with what is written; false once there were too many.
    pub(crate) fn steps(&self, steps: usize) -> bool {
        let fuel = self.fuel.get();
        self.fuel.set(fuel.saturating_sub(steps as u64));
        fuel > 0
    }

    /// Goes one level deeper, unless that is too deep.
    pub(crate) fn deeper<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        if self.depth.get() >= DEPTH {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        Some(result)
    }
}

/// The components that are not the same in both documents, with those that refer to them, by the
/// text of the reference. What no operation refers to does not count.
fn changed_components<'d>(base: &'d Document, head: &'d Document) -> HashSet<&'d str> {
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut waiting = Vec::new();
    for (name, value) in [base, head].into_iter().flat_map(Document::members) {
        if name != "components" {
            references(value, &mut waiting);
        }
    }
    let mut seen: HashSet<&'d str> = HashSet::new();
    waiting.retain(|&reference| seen.insert(reference));
    let mut changed: HashSet<&'d str> = HashSet::new();
    let mut used = Vec::new();
    while let Some(reference) = waiting.pop() {
        let pointer = crate::document::pointer::of_reference(reference);
        let target = |document: &'d Document| document.get(pointer.as_deref()?);
        let (base, head) = (target(base), target(head));
        for target in [base, head].into_iter().flatten() {
            references(target, &mut used);
            for used in used.drain(..) {
                users.entry(used).or_default().push(reference);
                if seen.insert(used) {
                    waiting.push(used);
                }
            }
        }
        if base != head {
            changed.insert(reference);
        }
    }
    waiting.extend(&changed);
    while let Some(reference) = waiting.pop() {
        for &user in users.get(reference).into_iter().flatten() {
            if changed.insert(user) {
                waiting.push(user);
            }
        }
    }
    changed
}

/// All references below a value, in any order; one that is there twice may be found twice.
///
/// Documents are gone through as a whole, and most of their names are never looked at.
pub(crate) fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                waiting.extend(members.values().filter(|value| is_nested(value)));
            }
            Value::Array(items) => waiting.extend(items.iter().filter(|item| is_nested(item))),
            _ => {}
        }
    }
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Whether one of these is referred to below a value.
fn mentions(value: &Value, names: &HashSet<&str>) -> bool {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            reference.is_some_and(|reference| names.contains(reference))
                || members.values().any(|value| mentions(value, names))
        }
        Value::Array(items) => items.iter().any(|item| mentions(item, names)),
        _ => false,
    }
}
