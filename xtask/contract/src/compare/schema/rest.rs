//! What is refused, or may be, and of which no keyword is the cause.

use std::collections::{HashMap, HashSet};

use super::{Node, SchemaWalk, by_direction};
use crate::{
    compare::{
        draft::{Draft, Place},
        rules,
    },
    schema::contain::Containment,
    verdict::{Direction, Verdict},
};

impl<'d> SchemaWalk<'_, 'd> {
    /// Where something is sent that is not accepted for certain, and no cause was found for it, here
    /// or below, that itself is reported: nothing may pass in silence.
    pub(super) fn explain_the_rest(&mut self) {
        let is_open =
            |node: &Node<'d>| !node.light.covered && node.containment != Containment::Proven;
        let above = self.above();
        let mut breaking = Found::of(&self.nodes, Verdict::Breaking);
        let mut asked = Found::of(&self.nodes, Verdict::Warning);
        // The deepest first, since what explains a schema explains those around it.
        for index in (0..self.nodes.len()).rev() {
            breaking.spread(&above, |above| !self.nodes[above].light.covered);
            asked.spread(&above, |above| {
                !self.nodes[above].light.covered && !is_certain(&self.nodes[above])
            });
            let node = &self.nodes[index];
            // Where a value is known to be refused, a question is no explanation.
            let is_asked = asked.at.contains(&index) && !is_certain(node);
            if is_open(node) && !is_asked && !breaking.at.contains(&index) {
                let found = match node.containment {
                    Containment::Refuted(_) => &mut breaking,
                    Containment::Proven | Containment::Open(_) => &mut asked,
                };
                found.add(index);
                let draft = self.unexplained(index);
                self.nodes[index].drafts.extend(draft);
            }
        }
    }

    /// Where a schema accepts more than it did, or less is sent, and nothing was told of it, here or
    /// below, that is told: it breaks nobody, but is an addition all the same.
    pub(super) fn tell_the_rest(&mut self) {
        let above = self.above();
        let mut told = Found::of(&self.nodes, Verdict::Compatible);
        for index in (0..self.nodes.len()).rev() {
            told.spread(&above, |_| true);
            if told.at.contains(&index) || self.nodes[index].containment != Containment::Proven {
                continue;
            }
            if let Some(draft) = self.untold(index) {
                self.nodes[index].drafts.push(draft);
                told.add(index);
            }
        }
    }

    fn untold(&self, index: usize) -> Option<Draft> {
        let node = &self.nodes[index];
        let (base, head) = (node.base.first()?, node.head.first()?);
        let (sent, accepted) = by_direction(&node.base, &node.head, node.direction);
        self.schemas.compare_on(node.light.wire);
        let Containment::Refuted(_) = self.schemas.contains(accepted, sent, node.direction) else {
            return None;
        };
        let reason = match node.direction {
            Direction::Request => "the server accepts more than before",
            Direction::Response => "the server no longer sends all that it could before",
        };
        let place = Place::new(&base.pointer, &head.pointer);
        let draft = Draft::new(&rules::SCHEMA_CHANGED, Verdict::Compatible, place, reason);
        Some(draft.values(base.value.clone(), head.value.clone()).direction(node.direction))
    }

    /// Of each schema, those that it is a part of.
    fn above(&self) -> HashMap<usize, Vec<usize>> {
        let mut above: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            for &below in &node.below {
                above.entry(below).or_default().push(index);
            }
        }
        above
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
}

/// Whether a value is known that one side refuses, and no other place accepts it.
fn is_certain(node: &Node<'_>) -> bool {
    matches!(node.containment, Containment::Refuted(_)) && !node.light.ambiguous
}

/// Where something was found, by the indexes of the nodes.
struct Found {
    at: HashSet<usize>,
    /// Those from which it did not spread yet.
    waiting: Vec<usize>,
}

impl Found {
    /// Where there are drafts that are at least as bad.
    fn of(nodes: &[Node<'_>], least: Verdict) -> Self {
        let says = |node: &Node<'_>| node.drafts.iter().any(|draft| draft.wire >= least);
        let waiting: Vec<usize> = (0..nodes.len()).filter(|&index| says(&nodes[index])).collect();
        Self { at: waiting.iter().copied().collect(), waiting }
    }

    fn add(&mut self, index: usize) {
        self.at.insert(index);
        self.waiting.push(index);
    }

    /// What was found at a schema is found at those around it, too, where it passes on.
    fn spread(&mut self, above: &HashMap<usize, Vec<usize>>, passes: impl Fn(usize) -> bool) {
        while let Some(index) = self.waiting.pop() {
            for &above in above.get(&index).into_iter().flatten() {
                if passes(above) && self.at.insert(above) {
                    self.waiting.push(above);
                }
            }
        }
    }
}
