//! Two schemas, keyword by keyword, for values that travel in one direction.
//!
//! Each pair of schemas is looked at once, as a node of a graph: what is found at a node counts for
//! every operation from which the node is reached. Whether a difference breaks anybody is the
//! question of [`Schemas::contains`]; what is found here is its cause.

mod count;
mod default;
mod keyword;
mod object;
mod union;
mod written;

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use self::written::{is_of_kinds, shows_as_text, text_reason};
use super::{
    draft::{Draft, Place},
    rules,
};
use crate::{
    change::Witness,
    rule::Rule,
    schema::{
        Key, Schemas, Type,
        atom::Atom,
        contain::Containment,
        expand::{Expansion, OVERLAP},
    },
    verdict::{Direction, Side, Verdict},
};

/// What is known from around a pair of schemas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Light {
    /// Whether all that is sent is accepted for certain, whatever differs here or below.
    covered: bool,
    /// Whether what one alternative refuses may be accepted by another, and that was not decided.
    ambiguous: bool,
    /// Whether values are written as text, in a parameter or a header.
    written: bool,
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
    known: HashMap<(Key, Key, Direction, Light), usize>,
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
            known: HashMap::new(),
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
        let Node { direction, light, .. } = self.nodes[node];
        if let Some(below) = self.node(base, head, direction, light) {
            self.nodes[node].below.push(below);
        }
    }

    fn look_at(&mut self, index: usize) {
        let node = &self.nodes[index];
        let (base, head, direction) = (node.base.clone(), node.head.clone(), node.direction);
        self.schemas.compare_as_written(node.light.written);
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

    fn report(&mut self, index: usize, difference: Difference) {
        let node = &self.nodes[index];
        let direction = node.direction;
        let (wire, witness) = self.judge(node, &difference);
        let as_text = (node.light.written && is_of_kinds(&difference))
            .then(|| text_reason(&difference.about, wire, direction));
        let reason = as_text.flatten().unwrap_or_else(|| reason(&difference, wire, direction));
        let mut draft = Draft::new(difference.rule, wire, difference.place, reason)
            .values(difference.before, difference.after)
            .direction(direction);
        draft.witness = witness;
        self.nodes[index].drafts.push(draft);
    }

    fn judge(&self, node: &Node<'d>, difference: &Difference) -> (Verdict, Option<Witness>) {
        let request = node.direction == Direction::Request;
        let (harmful, certain) = match difference.effect {
            Effect::Narrows => (request, true),
            Effect::Widens => (!request, true),
            Effect::Changes => (true, true),
            Effect::MayNarrow => (request, false),
            Effect::MayWiden => (!request, false),
            Effect::MayChange => (true, false),
            Effect::Nothing => (false, true),
            Effect::Fixed(verdict) => {
                let witness = (verdict == Verdict::Breaking)
                    .then(|| self.witness(node, &difference.candidates))
                    .flatten();
                return (verdict, witness);
            }
        };
        if !harmful || node.light.covered {
            return (Verdict::Compatible, None);
        }
        let witness = self.witness(node, &difference.candidates);
        // A witness of a part proves nothing of a whole that may be accepted otherwise.
        if node.light.ambiguous {
            return (Verdict::Warning, None);
        }
        // Where all is text, what is of another type may be read all the same.
        let certain = certain && !(node.light.written && is_of_kinds(difference));
        let verdict =
            if certain || witness.is_some() { Verdict::Breaking } else { Verdict::Warning };
        (verdict, witness)
    }

    /// A value that is sent and not accepted: one of these, or the one that the comparison found.
    fn witness(&self, node: &Node<'d>, candidates: &[Value]) -> Option<Witness> {
        let (sent, accepted) = by_direction(&node.base, &node.head, node.direction);
        self.schemas.compare_as_written(node.light.written);
        let shows = |value: &&Value| {
            self.schemas.reads(accepted, value, node.direction) == Some(false)
                && self.schemas.accepts(sent, value, node.direction) == Some(true)
        };
        let clear = candidates.iter().filter(|value| shows_as_text(value));
        let found = clear.chain(candidates).find(shows).cloned();
        let value = found.or_else(|| match &node.containment {
            Containment::Refuted(value) => Some(value.clone()),
            _ => None,
        })?;
        let (accepted_by, refused_by) = match node.direction {
            Direction::Request => (Side::Base, Side::Head),
            Direction::Response => (Side::Head, Side::Base),
        };
        Some(Witness::new(value, accepted_by, refused_by))
    }

    /// Where something is sent that is not accepted for certain, and no cause was found for it, here
    /// or below, that itself is reported: nothing may pass in silence.
    fn explain_the_rest(&mut self) {
        let is_open =
            |node: &Node<'d>| !node.light.covered && node.containment != Containment::Proven;
        let mut above: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            for &below in &node.below {
                above.entry(below).or_default().push(index);
            }
        }
        let says =
            |node: &Node<'d>| node.drafts.iter().any(|draft| draft.wire > Verdict::Compatible);
        let mut explained: HashSet<usize> =
            (0..self.nodes.len()).filter(|&index| says(&self.nodes[index])).collect();
        let mut waiting: Vec<usize> = explained.iter().copied().collect();
        // The deepest first, since what explains a schema explains those around it.
        for index in (0..self.nodes.len()).rev() {
            self.spread(&mut waiting, &mut explained, &above);
            if is_open(&self.nodes[index]) && !explained.contains(&index) {
                let draft = self.unexplained(index);
                self.nodes[index].drafts.extend(draft);
                explained.insert(index);
                waiting.push(index);
            }
        }
    }

    fn spread(
        &self,
        waiting: &mut Vec<usize>,
        explained: &mut HashSet<usize>,
        above: &HashMap<usize, Vec<usize>>,
    ) {
        while let Some(index) = waiting.pop() {
            for &above in above.get(&index).into_iter().flatten() {
                if !self.nodes[above].light.covered && explained.insert(above) {
                    waiting.push(above);
                }
            }
        }
    }

    fn unexplained(&self, index: usize) -> Option<Draft> {
        let node = &self.nodes[index];
        let (base, head) = (node.base.first()?, node.head.first()?);
        let place = Place::new(&base.pointer, &head.pointer);
        let draft = match &node.containment {
            Containment::Proven => return None,
            Containment::Refuted(_) => {
                let reason = match node.direction {
                    Direction::Request => "a deployed client may send what the server would refuse",
                    Direction::Response => {
                        "the server may send what a deployed client would fail to read"
                    }
                };
                let mut draft =
                    Draft::new(&rules::SCHEMA_CHANGED, Verdict::Breaking, place, reason);
                draft.witness = self.witness(node, &[]);
                draft
            }
            Containment::Open(why) => {
                let what = match node.direction {
                    Direction::Request => "the server accepts all that a deployed client sends",
                    Direction::Response => "a deployed client can read all that the server sends",
                };
                let reason = format!("whether {what} was not decided: {why}");
                Draft::new(&rules::UNDECIDED, Verdict::Warning, place, reason)
            }
        };
        Some(draft.values(base.value.clone(), head.value.clone()).direction(node.direction))
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

fn reason(difference: &Difference, wire: Verdict, direction: Direction) -> String {
    let about = &difference.about;
    match difference.effect {
        Effect::Fixed(_) | Effect::Nothing => return about.clone(),
        _ if wire == Verdict::Warning => {
            return format!("whether this breaks anybody can't be decided: {about}");
        }
        _ => {}
    }
    let closed = [&rules::ENUM_VALUE_ADDED, &rules::VARIANT_ADDED];
    let closed = closed.iter().any(|rule| rule.id == difference.rule.id);
    match (direction, wire) {
        (Direction::Request, Verdict::Compatible) => match difference.effect {
            Effect::Widens | Effect::MayWiden => format!("the server accepts {about}, too"),
            _ => format!(
                "the server still accepts all that deployed clients send, which can't be {about}"
            ),
        },
        (Direction::Response, Verdict::Compatible) => match difference.effect {
            Effect::Narrows | Effect::MayNarrow => format!("the server no longer sends {about}"),
            _ => format!(
                "deployed clients still read all that the server sends, which can't be {about}"
            ),
        },
        (Direction::Request, _) => {
            format!("a deployed client may send {about}, and the server would refuse it")
        }
        (Direction::Response, _) if closed => format!(
            "the server may send {about}, and a deployed client whose generated enum is closed would \
             fail to read the whole answer"
        ),
        (Direction::Response, _) => {
            format!("the server may send {about}, and a deployed client would fail to read it")
        }
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
