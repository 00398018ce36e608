//! Which alternative of the one schema became which of the other.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Difference, Effect, SchemaWalk, keyword::Sides};
use crate::{
    compare::{draft::Place, rules},
    document::Pointer,
    rule::Rule,
    schema::{
        SchemaRef, Type,
        atom::{Atom, Body, Kind},
        expand::Expansion,
    },
    verdict::Direction,
};

type Kinds = BTreeSet<Kind>;

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_alternatives(
        &mut self,
        node: usize,
        from: &Expansion<'d>,
        to: &Expansion<'d>,
    ) {
        let kinds = |expansion: &Expansion<'d>| expansion.atoms.iter().map(Atom::kind).collect();
        let (before, after): (Kinds, Kinds) = (kinds(from), kinds(to));
        self.compare_kinds(node, from, to, &before, &after);
        // Beside any value whatever, there is nothing to compare.
        if is_anything(from) || is_anything(to) {
            if let (Some(base), Some(head)) = (from.atoms.first(), to.atoms.first()) {
                self.compare_not(Sides { node, base, head });
            }
            return;
        }
        for &kind in before.intersection(&after) {
            let of_kind = |expansion: &Expansion<'d>| -> Vec<Atom<'d>> {
                expansion.atoms.iter().filter(|atom| atom.kind() == kind).cloned().collect()
            };
            self.compare_variants(node, &of_kind(from), &of_kind(to));
        }
    }

    /// Kinds of value that there are on one side only.
    fn compare_kinds(
        &mut self,
        node: usize,
        from: &Expansion<'d>,
        to: &Expansion<'d>,
        before: &Kinds,
        after: &Kinds,
    ) {
        let real = |kinds: &Kinds| -> Kinds {
            kinds.iter().copied().filter(|kind| *kind != Kind::Null).collect()
        };
        let (real_before, real_after) = (real(before), real(after));
        let replaced = !real_before.is_empty()
            && !real_after.is_empty()
            && real_before.is_disjoint(&real_after);
        if replaced {
            let atoms: Vec<_> = from
                .atoms
                .iter()
                .chain(&to.atoms)
                .filter(|atom| atom.kind() != Kind::Null)
                .collect();
            let direction = self.nodes[node].direction;
            let sent = if direction == Direction::Request { &real_before } else { &real_after };
            self.report_kinds(node, &rules::TYPE_CHANGED, Effect::Changes, &atoms, names(sent));
        }
        for (expansion, other, gone) in [(from, after, true), (to, before, false)] {
            let atoms: Vec<_> =
                expansion.atoms.iter().filter(|atom| !other.contains(&atom.kind())).collect();
            let kinds: Kinds = atoms.iter().map(|atom| atom.kind()).collect();
            let effect = if gone { Effect::Narrows } else { Effect::Widens };
            if kinds.contains(&Kind::Null) && (kinds.len() == 1 || replaced) {
                let rule = if gone { &rules::NULLABLE_REMOVED } else { &rules::NULLABLE_ADDED };
                self.report_null(node, rule, effect, gone);
            } else if !kinds.is_empty() && !replaced {
                self.report_kinds(
                    node,
                    self.rule_of_kinds(node, gone),
                    effect,
                    &atoms,
                    names(&kinds),
                );
            }
        }
    }

    /// In a union, a further kind of value is a further variant.
    fn rule_of_kinds(&self, node: usize, gone: bool) -> &'static Rule {
        let node = &self.nodes[node];
        let is_union = |ty: &Type<'d>| {
            let schema = ty.first().map(|schema| self.schemas.resolve(schema));
            schema.is_some_and(|schema| {
                ["oneOf", "anyOf"].iter().any(|keyword| {
                    let variants = schema.keyword(keyword).and_then(Value::as_array);
                    variants.is_some_and(|variants| variants.len() > 1)
                })
            })
        };
        match (is_union(&node.base) || is_union(&node.head), gone) {
            (true, true) => &rules::VARIANT_REMOVED,
            (true, false) => &rules::VARIANT_ADDED,
            (false, true) => &rules::TYPE_NARROWED,
            (false, false) => &rules::TYPE_WIDENED,
        }
    }

    fn report_null(&mut self, node: usize, rule: &'static Rule, effect: Effect, gone: bool) {
        let pair = &self.nodes[node];
        let (Some(base), Some(head)) = (pair.base.first(), pair.head.first()) else { return };
        let place = Place { base: self.null_place(base), head: self.null_place(head) };
        self.report(
            node,
            Difference {
                rule,
                effect,
                place,
                before: gone.into(),
                after: (!gone).into(),
                about: "`null`".to_owned(),
                candidates: vec![Value::Null],
            },
        );
    }

    /// Where the schema says that null is allowed, or the schema.
    fn null_place(&self, schema: &SchemaRef<'d>) -> Pointer {
        if schema.keyword("nullable").is_some() {
            return schema.place("nullable");
        }
        self.schemas.resolve(schema).place("nullable")
    }

    fn report_kinds(
        &mut self,
        node: usize,
        rule: &'static Rule,
        effect: Effect,
        atoms: &[&Atom<'d>],
        about: String,
    ) {
        let pair = &self.nodes[node];
        let direction = pair.direction;
        let (Some(base), Some(head)) = (pair.base.first(), pair.head.first()) else { return };
        let (base, head) = (self.schemas.resolve(base), self.schemas.resolve(head));
        let written = |schema: &SchemaRef<'d>| {
            schema.keyword("type").cloned().unwrap_or_else(|| schema.value.clone())
        };
        let candidates =
            atoms.iter().flat_map(|atom| self.schemas.samples_of(atom, direction)).collect();
        self.report(
            node,
            Difference {
                rule,
                effect,
                place: Place { base: base.place("type"), head: head.place("type") },
                before: written(&base),
                after: written(&head),
                about,
                candidates,
            },
        );
    }

    /// Alternatives of one kind.
    fn compare_variants(&mut self, node: usize, from: &[Atom<'d>], to: &[Atom<'d>]) {
        let pairing = self.pair(from, to, self.nodes[node].direction);
        for (base, head) in pairing.pairs {
            self.compare_atoms(node, &from[base], &to[head]);
        }
        for index in pairing.lost {
            self.report_variant(node, &from[index], true);
        }
        for index in pairing.gained {
            self.report_variant(node, &to[index], false);
        }
    }

    fn report_variant(&mut self, node: usize, atom: &Atom<'d>, gone: bool) {
        let pair = &self.nodes[node];
        let candidates = self.schemas.samples_of(atom, pair.direction);
        let Some(other) = (if gone { &pair.head } else { &pair.base }).first() else { return };
        let other = self.schemas.resolve(other).pointer;
        let (value, pointer) = (atom.origin.value.clone(), &atom.origin.pointer);
        let about = format!("a value of the variant {}", described(atom));
        let difference = if gone {
            Difference {
                rule: &rules::VARIANT_REMOVED,
                effect: Effect::Narrows,
                place: Place::new(pointer, &other),
                before: value,
                after: Value::Null,
                about,
                candidates,
            }
        } else {
            Difference {
                rule: &rules::VARIANT_ADDED,
                effect: Effect::Widens,
                place: Place::new(&other, pointer),
                before: Value::Null,
                after: value,
                about,
                candidates,
            }
        };
        self.report(node, difference);
    }

    fn pair(&self, from: &[Atom<'d>], to: &[Atom<'d>], direction: Direction) -> Pairing {
        let mut pairing = Pairing {
            pairs: Vec::new(),
            lost: (0..from.len()).collect(),
            gained: (0..to.len()).collect(),
        };
        if let ([_], [_]) = (from, to) {
            pairing.take(|_, _| true);
            return pairing;
        }
        let tags = |atoms: &[Atom<'d>]| -> Vec<Option<Value>> {
            atoms.iter().map(|atom| self.tag(atom, direction)).collect()
        };
        let (before, after) = (tags(from), tags(to));
        pairing.take(|base, head| before[base].is_some() && before[base] == after[head]);
        // Two tags that differ tell two variants apart, however alike they are.
        let may_pair = |base: usize, head: usize| before[base].is_none() || after[head].is_none();
        let ty = |atom: &Atom<'d>| Type::of(atom.origin.clone());
        pairing.take(|base, head| {
            may_pair(base, head) && self.schemas.same(&ty(&from[base]), &ty(&to[head]))
        });
        let is_component = |atom: &Atom<'d>| {
            let name = atom.origin.pointer.as_str().strip_prefix("/components/schemas/");
            name.is_some_and(|name| !name.contains('/'))
        };
        pairing.take(|base, head| {
            may_pair(base, head)
                && is_component(&from[base])
                && from[base].origin.pointer == to[head].origin.pointer
        });
        let title = |atom: &Atom<'d>| atom.origin.keyword("title");
        pairing.take(|base, head| {
            may_pair(base, head)
                && title(&from[base]).is_some()
                && title(&from[base]) == title(&to[head])
        });
        pairing.take(|base, head| may_pair(base, head) && are_alike(&from[base], &to[head]));
        pairing
    }

    /// What tells a variant from the others: a property with one possible value, or the sole property
    /// that there is.
    fn tag(&self, atom: &Atom<'d>, direction: Direction) -> Option<Value> {
        let Body::Object(objects) = &atom.body else {
            return atom.values.as_ref().map(|_| json!("listed"));
        };
        let mut tags = Map::new();
        for &name in &objects.required {
            let Some(property) = objects.properties.get(name) else { continue };
            let expansion = self.schemas.expand(property, direction);
            if let [Atom { values: Some(values), .. }] = &expansion.atoms[..]
                && let [value] = &values[..]
            {
                tags.insert(name.to_owned(), value.clone());
            }
        }
        if !tags.is_empty() {
            return Some(Value::Object(tags));
        }
        let mut names = objects.properties.keys();
        match (names.next(), names.next()) {
            (Some(name), None) if objects.required.contains(name) => Some(json!(name)),
            _ => None,
        }
    }
}

fn is_anything(expansion: &Expansion<'_>) -> bool {
    Kind::ALL.iter().all(|kind| {
        expansion.atoms.iter().any(|atom| atom.kind() == *kind && atom.is_unconstrained())
    })
}

/// Which alternatives belong together, by their places.
struct Pairing {
    pairs: Vec<(usize, usize)>,
    lost: Vec<usize>,
    gained: Vec<usize>,
}

impl Pairing {
    /// Pairs what belongs together, as far as it is not paired yet.
    fn take(&mut self, belong_together: impl Fn(usize, usize) -> bool) {
        let Self { pairs, lost, gained } = self;
        lost.retain(|&base| {
            let found = gained.iter().position(|&head| belong_together(base, head));
            if let Some(at) = found {
                pairs.push((base, gained.remove(at)));
            }
            found.is_none()
        });
    }
}

/// Objects with half of their properties in common; of other kinds, the next is as good as any.
fn are_alike(one: &Atom<'_>, other: &Atom<'_>) -> bool {
    let (Body::Object(one), Body::Object(other)) = (&one.body, &other.body) else { return true };
    let common = one.properties.keys().filter(|name| other.properties.contains_key(*name)).count();
    2 * common >= one.properties.len().max(other.properties.len())
}

fn described(atom: &Atom<'_>) -> String {
    if let Some(title) = atom.origin.keyword("title").and_then(Value::as_str) {
        return format!("`{title}`");
    }
    let pointer = atom.origin.pointer.as_str();
    match pointer.strip_prefix("/components/schemas/") {
        Some(name) if !name.contains('/') => format!("`{name}`"),
        _ => format!("at `{pointer}`"),
    }
}

fn names(kinds: &Kinds) -> String {
    let name = |kind: &Kind| match kind {
        Kind::Null => "null",
        Kind::Boolean => "a boolean",
        Kind::Number => "a number",
        Kind::Text => "a text",
        Kind::Array => "a list",
        Kind::Object => "an object",
    };
    kinds.iter().map(name).collect::<Vec<_>>().join(" or ")
}
