//! What is refused, or may be, and of which no keyword is the cause.

use std::collections::{HashMap, HashSet};

use super::{Node, SchemaWalk};
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
}
