//! Two schemas, keyword by keyword, for values that travel in one direction.
//!
//! Each pair of schemas is looked at once, as a node of a graph: what is found at a node counts for
//! every operation from which the node is reached. Whether a difference breaks anybody is the
//! question of [`Schemas::contains`]; what is found here is its cause.

mod count;
mod default;
mod discriminator;
mod judge;
mod keyword;
mod object;
mod rest;
mod union;
mod written;

use std::collections::{HashMap, HashSet, VecDeque};

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::draft::{Draft, Place};
use crate::{
    rule::Rule,
    schema::{
        Key, Schemas, Type,
        atom::Atom,
        contain::Containment,
        expand::{Expansion, OVERLAP},
        written::Wire,
    },
    verdict::{Direction, Verdict},
};

/// What is known from around a pair of schemas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Light {
    /// Whether all that is sent is accepted for certain, whatever differs here or below.
    covered: bool,
    /// Whether what one alternative refuses may be accepted by another, and that was not decided.
    ambiguous: bool,
    /// How values are on the wire: as text in a parameter or a header.
    wire: Wire,
}

/// A pair of schemas in one direction.
struct Node<'d> {
    base: Type<'d>,
    head: Type<'d>,
    direction: Direction,
    light: Light,
    containment: Containment,
    drafts: Vec<Draft>,
    below: Vec<usize>,
}

/// The comparison of all schemas that are reached.
pub(crate) struct SchemaWalk<'s, 'd> {
    schemas: &'s Schemas<'d>,
    nodes: Vec<Node<'d>>,
    known: FxHashMap<(Key, Key, Direction, Light), usize>,
    waiting: VecDeque<usize>,
    /// The operations that begin at a node.
    roots: Vec<(usize, usize)>,
}

/// What a difference does to the values that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Fewer than before.
    Narrows,
    /// More than before.
    Widens,
    /// Some less, some more.
    Changes,
    /// Fewer, unless it can't be shown.
    MayNarrow,
    /// More, unless it can't be shown.
    MayWiden,
    /// Either, unless it can't be shown.
    MayChange,
    /// Neither.
    Nothing,
    /// It is not about which values are accepted.
    Fixed(Verdict),
}

/// A difference at one place.
pub(super) struct Difference {
    pub(super) rule: &'static Rule,
    pub(super) effect: Effect,
    pub(super) place: Place,
    pub(super) before: Value,
    pub(super) after: Value,
    /// The values that it is about, in words: `texts of more than 20 characters`.
    pub(super) about: String,
    /// Values that may show it.
    pub(super) candidates: Vec<Value>,
}

impl<'s, 'd> SchemaWalk<'s, 'd> {
    pub(crate) fn new(schemas: &'s Schemas<'d>) -> Self {
        Self {
            schemas,
            nodes: Vec::new(),
            known: FxHashMap::default(),
            waiting: VecDeque::new(),
            roots: Vec::new(),
        }
    }

    /// Compares what an operation sends or accepts.
    pub(crate) fn compare(
        &mut self,
        base: &Type<'d>,
        head: &Type<'d>,
        direction: Direction,
        operation: usize,
    ) {
        if let Some(node) = self.node(base, head, direction, Light::default()) {
            self.roots.push((node, operation));
        }
    }

    /// All that was found, each with the operations that reach it.
    pub(crate) fn finish(mut self) -> Vec<Draft> {
        while let Some(node) = self.waiting.pop_front() {
            self.look_at(node);
        }
        self.explain_the_rest();
        self.tell_the_rest();
        self.count_operations();
        self.nodes.into_iter().flat_map(|node| node.drafts).collect()
    }

    /// The node of this pair; `None` where both are written alike.
    fn node(
        &mut self,
        base: &Type<'d>,
        head: &Type<'d>,
        direction: Direction,
        light: Light,
    ) -> Option<usize> {
        if self.schemas.same(base, head) {
            return None;
        }
        let key = (base.key(), head.key(), direction, light);
        if let Some(&known) = self.known.get(&key) {
            return Some(known);
        }
        let node = self.nodes.len();
        self.known.insert(key, node);
        self.nodes.push(Node {
            base: base.clone(),
            head: head.clone(),
            direction,
            light,
            containment: Containment::Proven,
            drafts: Vec::new(),
            below: Vec::new(),
        });
        self.waiting.push_back(node);
        Some(node)
    }

    /// A pair within the one of this node.
    fn below(&mut self, node: usize, base: &Type<'d>, head: &Type<'d>) {
        let Node { direction, mut light, .. } = self.nodes[node];
        light.wire = light.wire.within();
        if let Some(below) = self.node(base, head, direction, light) {
            self.nodes[node].below.push(below);
        }
    }

    fn look_at(&mut self, index: usize) {
        let node = &self.nodes[index];
        let (base, head, direction) = (node.base.clone(), node.head.clone(), node.direction);
        self.schemas.compare_on(node.light.wire);
        let (sent, accepted) = by_direction(&base, &head, direction);
        let containment = self.schemas.contains(sent, accepted, direction);
        let node = &mut self.nodes[index];
        node.light.covered |= containment == Containment::Proven;
        let undecided = matches!(containment, Containment::Open(_));
        node.containment = containment;
        let (from, to) =
            (self.schemas.expand(&base, direction), self.schemas.expand(&head, direction));
        let accepting = if direction == Direction::Request { &to } else { &from };
        self.nodes[index].light.ambiguous |= undecided && has_alternatives(accepting);
        // What could not be read as a whole has no parts to compare.
        let is_read = |inexact: Option<&str>| inexact.is_none_or(|why| why == OVERLAP);
        if is_read(from.inexact) && is_read(to.inexact) {
            self.compare_alternatives(index, &from, &to);
        }
        self.compare_discriminators(index, &base, &head);
    }

    fn count_operations(&mut self) {
        let mut by_operation: HashMap<usize, Vec<usize>> = HashMap::new();
        for &(node, operation) in &self.roots {
            by_operation.entry(operation).or_default().push(node);
        }
        for (operation, mut waiting) in by_operation {
            let mut seen: HashSet<usize> = waiting.iter().copied().collect();
            while let Some(index) = waiting.pop() {
                let node = &mut self.nodes[index];
                for draft in &mut node.drafts {
                    draft.operations.insert(operation);
                }
                waiting.extend(node.below.iter().filter(|&&below| seen.insert(below)));
            }
        }
    }
}

/// Whether there are several alternatives of one kind.
fn has_alternatives(expansion: &Expansion<'_>) -> bool {
    let kinds: HashSet<_> = expansion.atoms.iter().map(Atom::kind).collect();
    kinds.len() < expansion.atoms.len()
}

/// What is sent, and what is accepted.
pub(super) fn by_direction<'t, 'd>(
    base: &'t Type<'d>,
    head: &'t Type<'d>,
    direction: Direction,
) -> (&'t Type<'d>, &'t Type<'d>) {
    match direction {
        Direction::Request => (base, head),
        Direction::Response => (head, base),
    }
}

/// A value in a sentence.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 {
        return format!("`{text}`");
    }
    let start: String = text.chars().take(57).collect();
    format!("`{start}…`")
}
