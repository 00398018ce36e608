//! Differences between two alternatives of one kind, but for objects.

mod number;
mod text;
mod value;

use serde_json::Value;

use super::{Difference, Effect, SchemaWalk, count::ITEMS};
use crate::{
    compare::{draft::Place, rules},
    rule::Rule,
    schema::{
        Type,
        atom::{Arrays, Atom, Body},
        sample::telling_counts,
    },
};

/// Both sides of an alternative, where the difference is reported.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a, 'd> {
    pub(super) node: usize,
    pub(super) base: &'a Atom<'d>,
    pub(super) head: &'a Atom<'d>,
}

impl Sides<'_, '_> {
    /// Where the keyword stands on each side, or the schema where it does not.
    pub(super) fn place(&self, keyword: &str) -> Place {
        Place { base: self.base.origin.place(keyword), head: self.head.origin.place(keyword) }
    }

    /// What the keyword says on each side.
    pub(super) fn written(&self, keyword: &str) -> (Value, Value) {
        let written = |atom: &Atom<'_>| atom.origin.keyword(keyword).cloned().unwrap_or_default();
        (written(self.base), written(self.head))
    }

    fn difference(
        &self,
        rule: &'static Rule,
        effect: Effect,
        keyword: &str,
        about: &str,
    ) -> Difference {
        let (before, after) = self.written(keyword);
        Difference {
            rule,
            effect,
            place: self.place(keyword),
            before,
            after,
            about: about.to_owned(),
            candidates: Vec::new(),
        }
    }
}

impl<'d> SchemaWalk<'_, 'd> {
    /// Everything that differs between two alternatives of one kind.
    pub(super) fn compare_atoms(&mut self, node: usize, base: &Atom<'d>, head: &Atom<'d>) {
        let sides = Sides { node, base, head };
        if base.values.is_some() || head.values.is_some() {
            self.compare_values(sides);
            // Of listed values nothing else has to be said: a length says nothing that they don't.
            if matches!(base.body, Body::Text(_)) && matches!(head.body, Body::Text(_)) {
                self.compare_not(sides);
                return;
            }
        }
        match (&base.body, &head.body) {
            (Body::Number(from), Body::Number(to)) => self.compare_numbers(sides, from, to),
            (Body::Text(from), Body::Text(to)) => self.compare_texts(sides, from, to),
            (Body::Array(from), Body::Array(to)) => self.compare_arrays(sides, from, to),
            (Body::Object(from), Body::Object(to)) => self.compare_objects(sides, from, to),
            _ => {}
        }
        self.compare_not(sides);
    }

    fn compare_arrays(&mut self, sides: Sides<'_, 'd>, from: &Arrays<'d>, to: &Arrays<'d>) {
        let direction = self.nodes[sides.node].direction;
        let mut candidates = Vec::new();
        for (arrays, other) in [(from, to), (to, from)] {
            let counts = telling_counts(arrays.count, other.count);
            let made =
                counts.into_iter().filter_map(|it| self.schemas.items(arrays, it, direction));
            candidates.extend(made.map(Value::Array));
        }
        self.compare_counts(sides, from.count, to.count, &ITEMS, &candidates);
        if from.unique != to.unique {
            let (rule, effect, free): (&'static Rule, _, _) = if to.unique {
                (&rules::UNIQUE_ITEMS_ADDED, Effect::MayNarrow, from)
            } else {
                (&rules::UNIQUE_ITEMS_REMOVED, Effect::MayWiden, to)
            };
            let about = "a list with two equal items";
            let mut difference = sides.difference(rule, effect, "uniqueItems", about);
            let twins = self.schemas.items(free, free.count.min.max(2), direction);
            difference.candidates = twins.map(Value::Array).into_iter().collect();
            self.report(sides.node, difference);
        }
        self.below(sides.node, &from.items, &to.items);
    }

    pub(super) fn compare_not(&mut self, sides: Sides<'_, 'd>) {
        let direction = self.nodes[sides.node].direction;
        let is_subset = |one: &Atom<'d>, other: &Atom<'d>| {
            one.not.iter().all(|one| {
                let one = Type::of(one.clone());
                let mut others = other.not.iter().map(|other| Type::of(other.clone()));
                others.any(|other| self.schemas.equivalent(&one, &other, direction))
            })
        };
        let (base, head) = (sides.base, sides.head);
        let effect = match (is_subset(base, head), is_subset(head, base)) {
            (true, true) => return,
            (false, true) => Effect::MayWiden,
            (true, false) => Effect::MayNarrow,
            (false, false) => Effect::MayChange,
        };
        let about = "a value that a `not` takes out on one side only";
        let mut difference = sides.difference(&rules::NOT_CHANGED, effect, "not", about);
        let taken_out = base.not.iter().chain(&head.not);
        difference.candidates = taken_out
            .flat_map(|not| {
                let expansion = self.schemas.expand(&Type::of(not.clone()), direction);
                let samples = expansion
                    .atoms
                    .iter()
                    .flat_map(|atom| self.schemas.samples_of(atom, direction));
                samples.collect::<Vec<_>>()
            })
            .collect();
        self.report(sides.node, difference);
    }
}

fn rule_of_formats(none_before: bool, none_after: bool) -> &'static Rule {
    match (none_before, none_after) {
        (true, _) => &rules::FORMAT_ADDED,
        (_, true) => &rules::FORMAT_REMOVED,
        _ => &rules::FORMAT_CHANGED,
    }
}
