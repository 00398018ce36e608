//! Compares types that are the same in both.

use std::collections::{HashMap, HashSet};

use super::{
    Comparison, Spot,
    field::{Making, same_default},
    pair::used,
};
use crate::{
    ClientStyle, Verdict,
    client::{
        rules,
        surface::Reach,
        types::{Data, Entry, Id, Limit, Named, Shape, Variant, text::all_simple},
    },
};

/// In how many variants a renamed one is looked for.
const MOST_RENAMED: usize = 200;

/// A declared type in both surfaces.
#[derive(Clone, Copy)]
pub(super) struct Both<'c, 'a> {
    pub(super) ids: (Id, Id),
    pub(super) base: &'c Named<'a>,
    pub(super) head: &'c Named<'a>,
    pub(super) reach: Reach,
}

impl<'c, 'a> Comparison<'c, 'a> {
    pub(super) fn shapes(&mut self) {
        let (base, head) = (self.base, self.head);
        for (id, named) in base.types.named() {
            let Some(other) = self.pairs.get(&id).copied() else { continue };
            let Some(Entry::Named(other_named)) = head.types.get(other) else { continue };
            let reach = base.reach(id);
            self.shape(Both { ids: (id, other), base: named, head: other_named, reach });
        }
    }

    fn shape(&mut self, both: Both<'c, 'a>) {
        match (&both.base.shape, &both.head.shape) {
            (Shape::Struct(base), Shape::Struct(head)) => {
                let making = match self.style {
                    ClientStyle::Builder => Making::Builder,
                    ClientStyle::Positional => Making::Literal,
                };
                self.fields(both, base, head, making);
                self.own_default(both);
            }
            (Shape::Enum { variants: base, .. }, Shape::Enum { variants: head, .. }) => {
                self.variants(both, base, head);
                self.own_default(both);
            }
            (Shape::Newtype { of, limit }, Shape::Newtype { of: other, limit: other_limit }) => {
                self.newtypes(both, (*of, limit), (*other, other_limit));
                self.own_default(both);
            }
            (Shape::Opaque(base), Shape::Opaque(head)) if base == head => {}
            (Shape::Opaque(_), _) | (_, Shape::Opaque(_)) => {
                let reason = "What the generator makes of one of the schemas is not modelled, so \
                              it can't be said whether callers notice.";
                self.about(both, &rules::TYPE_UNKNOWN, Verdict::Warning, reason);
            }
            _ => {
                let reason = "Code that makes or reads the type does not compile any more.";
                self.about(both, &rules::TYPE_CHANGED, used(both.reach), reason);
            }
        }
    }

    fn about(
        &mut self,
        both: Both<'c, 'a>,
        rule: &'static crate::Rule,
        verdict: Verdict,
        reason: &str,
    ) {
        let spot = self.both(&both.base.place, &both.head.place);
        let signature = self.declarations(both.ids.0, both.ids.1);
        self.report(rule, verdict, spot, signature, reason);
    }

    /// `Default::default()` of the type itself.
    fn own_default(&mut self, both: Both<'c, 'a>) {
        let (base, head) = (both.base.default, both.head.default);
        if base.is_none() || same_default(base, head) {
            return;
        }
        let text = |default: Option<&serde_json::Value>| default.map(ToString::to_string);
        let spot = self.both(&both.base.place, &both.head.place);
        let reason = "`Default::default()` of the type gives something else, or is gone.";
        let signature = (text(base), text(head));
        self.report(&rules::DEFAULT_CHANGED, Verdict::Warning, spot, signature, reason);
    }

    /// Which values a newtype refuses is seen on the wire, and not in the code.
    fn newtypes(&mut self, both: Both<'c, 'a>, base: (Id, &Limit<'a>), head: (Id, &Limit<'a>)) {
        let opened_or_closed = (*base.1 == Limit::None) != (*head.1 == Limit::None);
        if !self.same(base.0, head.0) || opened_or_closed {
            let reason = "What the type wraps is another type, or can be got at in another way.";
            self.about(both, &rules::TYPE_CHANGED, used(both.reach), reason);
        }
    }

    fn variants(&mut self, both: Both<'c, 'a>, base: &[Variant<'a>], head: &[Variant<'a>]) {
        let before = by_name(base);
        let after = by_name(head);
        let mut known: HashSet<&str> = HashSet::new();
        for variant in base {
            let named = after.get(&*variant.name).copied();
            let other = named.filter(|other| self.is_same_data(&variant.data, &other.data));
            let other = other.or_else(|| self.renamed_variant(variant, head, &before)).or(named);
            let Some(other) = other else {
                let spot = self.both(&both.base.place, &both.head.place);
                let reason = "Code that names the variant does not compile any more.";
                let signature = (Some(self.base.types.variant_text(variant)), None);
                self.report(&rules::VARIANT_REMOVED, used(both.reach), spot, signature, reason);
                continue;
            };
            known.insert(&other.name);
            self.variant(both, variant, other);
        }
        // A simple enum is made from texts and printed; one with data is not.
        let simple_no_more = all_simple(base) && !all_simple(head);
        if !both.reach.received && !simple_no_more {
            return;
        }
        let new = |it: &&Variant<'a>| !before.contains_key(&*it.name) && !known.contains(&*it.name);
        for variant in head.iter().filter(new) {
            let after = self.head.types.variant_text(variant);
            let spot = self.both(&both.base.place, &both.head.place);
            let reason = "A `match` over all variants does not compile any more.";
            let signature = (None, Some(after));
            self.report(&rules::VARIANT_ADDED, used(both.reach), spot, signature, reason);
        }
    }

    /// The variant that holds what this one held, under a name that is new or was another's.
    /// Variants without names of their own are numbered, so that their order counts.
    fn renamed_variant<'v>(
        &self,
        variant: &Variant<'a>,
        head: &'v [Variant<'a>],
        before: &HashMap<&str, &Variant<'a>>,
    ) -> Option<&'v Variant<'a>> {
        if matches!(variant.data, Data::None) || head.len() > MOST_RENAMED {
            return None;
        }
        head.iter().find(|other| {
            self.is_same_data(&variant.data, &other.data)
                && before
                    .get(&*other.name)
                    .is_none_or(|old| !self.is_same_data(&old.data, &other.data))
        })
    }

    fn is_same_data(&self, base: &Data<'a>, head: &Data<'a>) -> bool {
        match (base, head) {
            (Data::None, Data::None) => true,
            (Data::One(base), Data::One(head)) => self.same(*base, *head),
            (Data::Fields(base), Data::Fields(head)) => {
                base.len() == head.len()
                    && base
                        .iter()
                        .zip(head)
                        .all(|(base, head)| base.name == head.name && self.same(base.of, head.of))
            }
            _ => false,
        }
    }

    fn variant(&mut self, both: Both<'c, 'a>, base: &Variant<'a>, head: &Variant<'a>) {
        let spot =
            |comparison: &Self| -> Spot { comparison.both(&both.base.place, &both.head.place) };
        let signature = |comparison: &Self| {
            let (base, head) = (
                comparison.base.types.variant_text(base),
                comparison.head.types.variant_text(head),
            );
            (Some(base), Some(head))
        };
        if base.name != head.name {
            let reason = "Code that names the variant means another one, or does not compile.";
            let (spot, signature) = (spot(self), signature(self));
            self.report(&rules::VARIANT_RENAMED, used(both.reach), spot, signature, reason);
            return;
        }
        let same = match (&base.data, &head.data) {
            (Data::None, Data::None) => true,
            (Data::One(base), Data::One(head)) => self.same(*base, *head),
            (Data::Fields(base), Data::Fields(head)) => {
                self.fields(both, base, head, Making::Variant);
                true
            }
            _ => false,
        };
        if !same {
            let reason = "Code that matches or makes the variant does not compile any more.";
            let (spot, signature) = (spot(self), signature(self));
            self.report(&rules::VARIANT_CHANGED, used(both.reach), spot, signature, reason);
        } else if base.raw != head.raw && matches!(base.data, Data::None) {
            let reason = "The variant is made from another text, and printed as another.";
            let signature = (Some(base.raw.clone()), Some(head.raw.clone()));
            let spot = spot(self);
            self.report(&rules::VARIANT_CHANGED, Verdict::Warning, spot, signature, reason);
        }
    }
}

fn by_name<'v, 'a>(variants: &'v [Variant<'a>]) -> HashMap<&'v str, &'v Variant<'a>> {
    variants.iter().map(|variant| (variant.name.as_str(), variant)).collect()
}
