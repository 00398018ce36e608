//! A type that holds itself is held in a `Box` somewhere; this finds where.

use std::collections::{HashMap, HashSet};

use super::{Data, Entry, Field, Id, Named, Plain, Shape, Types};
use crate::client::refusal::Refusal;

enum Node {
    Start(Id),
    Within(Id, Vec<Id>),
}

impl Types<'_> {
    /// Puts a `Box` wherever a type would hold itself, in typify's order.
    pub(super) fn break_cycles(&mut self) {
        let mut visited = HashSet::new();
        // Components have got the first identifiers.
        for index in 0..self.components.len() {
            let id = Id(index);
            if visited.contains(&id) {
                continue;
            }
            let mut active = HashSet::from([id]);
            let mut stack = vec![Node::Start(id)];
            while let Some(node) = stack.pop() {
                match node {
                    Node::Start(id) => {
                        let descend =
                            if visited.insert(id) { self.snip(id, &active) } else { Vec::new() };
                        stack.push(Node::Within(id, descend));
                    }
                    Node::Within(id, mut children) => match children.pop() {
                        Some(child) => {
                            active.insert(child);
                            stack.push(Node::Within(id, children));
                            stack.push(Node::Start(child));
                        }
                        None => {
                            active.remove(&id);
                        }
                    },
                }
            }
        }
    }

    /// Boxes those parts of a type that it is a part of itself, and returns the others.
    fn snip(&mut self, id: Id, active: &HashSet<Id>) -> Vec<Id> {
        let Some(mut entry) = self.entries[id.0].take() else { return Vec::new() };
        let mut parts = Vec::new();
        each(&mut entry, &mut |part| parts.push(*part));
        let (cyclic, descend): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| active.contains(part));
        if !cyclic.is_empty() {
            let boxes: HashMap<Id, Id> =
                cyclic.into_iter().map(|part| (part, self.plain(Plain::Box(part)))).collect();
            replace(&mut entry, &boxes);
            if let Entry::Named(Named { place, shape: Shape::Newtype { of, .. }, .. }) = &entry
                && boxes.get(&id) == Some(of)
            {
                let problem = "a schema that is only itself does not compile";
                self.refusals.push(Refusal::at(place, problem));
            }
        }
        self.entries[id.0] = Some(entry);
        descend
    }
}

/// Puts the boxes in the places of what they hold.
fn replace(entry: &mut Entry<'_>, boxes: &HashMap<Id, Id>) {
    each(entry, &mut |part| {
        if let Some(boxed) = boxes.get(part) {
            *part = *boxed;
        }
    });
}

/// The types that a type holds without a pointer between.
fn each(entry: &mut Entry<'_>, visit: &mut dyn FnMut(&mut Id)) {
    match entry {
        Entry::Named(named) => match &mut named.shape {
            Shape::Struct(fields) => each_field(fields, visit),
            Shape::Enum { variants, .. } => {
                for variant in variants {
                    match &mut variant.data {
                        Data::None => {}
                        Data::One(of) => visit(of),
                        Data::Fields(fields) => each_field(fields, visit),
                    }
                }
            }
            Shape::Newtype { of, .. } => visit(of),
            Shape::Opaque(_) => {}
        },
        Entry::Plain(Plain::Option(of) | Plain::Array(of, _)) => visit(of),
        Entry::Plain(_) | Entry::Same(_) => {}
    }
}

fn each_field(fields: &mut [Field<'_>], visit: &mut dyn FnMut(&mut Id)) {
    for field in fields {
        visit(&mut field.of);
    }
}
