//! Compares two surfaces, item by item.

mod argument;
mod conversion;
mod field;
mod method;
mod pair;
mod shape;

use std::collections::{HashMap, HashSet};

use super::{
    Difference,
    place::{Place, nearest},
    refusal::Refusal,
    rules,
    surface::Surface,
    types::{Entry, Id, Plain},
};
use crate::{ClientStyle, Rule, Verdict};

/// How deep unnamed types are compared.
const MAX_DEPTH: u32 = 200;

/// Two surfaces, and what was found so far.
pub(super) struct Comparison<'c, 'a> {
    base: &'c Surface<'a>,
    head: &'c Surface<'a>,
    style: ClientStyle,
    /// The types that are the same in both, whatever their names.
    pairs: HashMap<Id, Id>,
    found: Vec<Difference>,
}

/// Where something is to be seen.
#[derive(Clone, Debug)]
struct Spot {
    base: String,
    head: String,
}

impl<'c, 'a> Comparison<'c, 'a> {
    pub(super) fn of(base: &'c Surface<'a>, head: &'c Surface<'a>, style: ClientStyle) -> Self {
        Self { base, head, style, pairs: HashMap::new(), found: Vec::new() }
    }

    pub(super) fn differences(mut self) -> Vec<Difference> {
        self.refusals();
        self.pair_types();
        self.shapes();
        self.methods();
        self.drop_consequences();
        self.found
    }

    /// What the generator took before and refuses now.
    fn refusals(&mut self) {
        let new: Vec<&Refusal> = self.head.refusals.difference(&self.base.refusals).collect();
        for refusal in new {
            let spot = Spot {
                base: nearest(self.base.document, &refusal.pointer),
                head: nearest(self.head.document, &refusal.pointer),
            };
            let reason =
                format!("No client can be made of the document any more: {}.", refusal.problem);
            let operations = refusal.operation.iter().cloned().collect();
            self.found.push(Difference {
                rule: &rules::GENERATOR_REFUSES,
                verdict: Verdict::Breaking,
                base: spot.base,
                head: spot.head,
                operations,
                before: None,
                after: None,
                reason,
            });
        }
    }

    fn report(
        &mut self,
        rule: &'static Rule,
        verdict: Verdict,
        spot: Spot,
        signature: (Option<String>, Option<String>),
        reason: &str,
    ) {
        if verdict == Verdict::Compatible {
            return;
        }
        self.found.push(Difference {
            rule,
            verdict,
            base: spot.base,
            head: spot.head,
            operations: Vec::new(),
            before: signature.0,
            after: signature.1,
            reason: reason.to_owned(),
        });
    }

    /// Where something stands that is in both documents.
    fn both(&self, base: &Place<'_>, head: &Place<'_>) -> Spot {
        Spot {
            base: nearest(self.base.document, &base.pointer()),
            head: nearest(self.head.document, &head.pointer()),
        }
    }

    /// Where something stood that is gone. `within` is what it was a part of, then and now.
    fn gone(&self, at: &Place<'_>, within: (&Place<'_>, &Place<'_>)) -> Spot {
        let base = at.pointer();
        let head = moved(&base, &within.0.pointer(), &within.1.pointer());
        Spot { base: nearest(self.base.document, &base), head: nearest(self.head.document, &head) }
    }

    /// Where something stands that was not there.
    fn added(&self, at: &Place<'_>, within: (&Place<'_>, &Place<'_>)) -> Spot {
        let head = at.pointer();
        let base = moved(&head, &within.1.pointer(), &within.0.pointer());
        Spot { base: nearest(self.base.document, &base), head: nearest(self.head.document, &head) }
    }

    /// Whether two types are the same, renamed ones among them.
    fn same(&self, base: Id, head: Id) -> bool {
        self.same_within(base, head, MAX_DEPTH)
    }

    fn same_within(&self, base: Id, head: Id, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let same = |base: Id, head: Id| self.same_within(base, head, depth);
        let (base_plain, head_plain) = match (self.base.types.get(base), self.head.types.get(head))
        {
            (Some(Entry::Named(_)), Some(Entry::Named(_))) => {
                return self.pairs.get(&base) == Some(&head);
            }
            (Some(Entry::Plain(base)), Some(Entry::Plain(head))) => (base, head),
            (base, head) => return base.is_none() && head.is_none(),
        };
        match (base_plain, head_plain) {
            (Plain::Option(base), Plain::Option(head))
            | (Plain::Box(base), Plain::Box(head))
            | (Plain::Vec(base) | Plain::Set(base), Plain::Vec(head) | Plain::Set(head))
            | (Plain::Map(_, base), Plain::Map(_, head)) => same(*base, *head),
            (Plain::Array(base, length), Plain::Array(head, other)) => {
                length == other && same(*base, *head)
            }
            (base, head) => base == head,
        }
    }

    /// What a declared type is, in both surfaces.
    fn declarations(&self, base: Id, head: Id) -> (Option<String>, Option<String>) {
        let base = match self.base.types.get(base) {
            Some(Entry::Named(named)) => Some(self.base.types.declaration(named)),
            _ => None,
        };
        let head = match self.head.types.get(head) {
            Some(Entry::Named(named)) => Some(self.head.types.declaration(named)),
            _ => None,
        };
        (base, head)
    }

    /// An inline type that is gone because the field or argument has another type is no news.
    fn drop_consequences(&mut self) {
        let causes: HashSet<String> = self
            .found
            .iter()
            .filter(|it| it.rule != &rules::TYPE_REMOVED && it.verdict == Verdict::Breaking)
            .map(|it| it.base.clone())
            .collect();
        self.found.retain(|difference| {
            let at = &difference.base;
            difference.rule != &rules::TYPE_REMOVED
                || is_component(at)
                || !around(at).any(|place| causes.contains(place))
        });
        let mut seen = HashSet::new();
        self.found.retain(|it| {
            seen.insert((it.rule.id, it.base.clone(), it.head.clone(), it.before.clone()))
        });
    }
}

/// Whether a pointer leads to a component, and not into one.
fn is_component(pointer: &str) -> bool {
    pointer.strip_prefix("/components/schemas/").is_some_and(|name| !name.contains('/'))
}

/// The pointer and all around it, but the document itself.
fn around(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |it| it.rfind('/').map(|end| &it[..end]))
        .filter(|it| !it.is_empty())
}

/// The same place in something that stands elsewhere now.
fn moved(pointer: &str, from: &str, to: &str) -> String {
    match pointer.strip_prefix(from) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{to}{rest}"),
        _ => pointer.to_owned(),
    }
}
