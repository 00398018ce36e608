//! Compares types that are the same in both.

use super::{Comparison, Spot, pair::used};
use crate::{
    ClientStyle, Verdict,
    client::{
        rules,
        surface::Reach,
        types::{Data, Entry, Id, Limit, Named, Shape, Variant, text::all_simple},
    },
};

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
                let literal = self.style == ClientStyle::Positional;
                self.fields(both, base, head, literal);
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
        if base.is_none() || base == head {
            return;
        }
        let text = |default: Option<&serde_json::Value>| default.map(ToString::to_string);
        let spot = self.both(&both.base.place, &both.head.place);
        let reason = "`Default::default()` of the type gives something else, or is gone.";
        let signature = (text(base), text(head));
        self.report(&rules::DEFAULT_CHANGED, Verdict::Warning, spot, signature, reason);
    }

    fn newtypes(&mut self, both: Both<'c, 'a>, base: (Id, &Limit<'a>), head: (Id, &Limit<'a>)) {
        let opened_or_closed = (*base.1 == Limit::None) != (*head.1 == Limit::None);
        if !self.same(base.0, head.0) || opened_or_closed {
            let reason = "What the type wraps is another type, or can be got at in another way.";
            self.about(both, &rules::TYPE_CHANGED, used(both.reach), reason);
        } else if !takes_as_much(base.1, head.1)
            && both.reach != (Reach { sent: false, received: true })
        {
            let reason = "A value that callers make of it may be refused before it is sent.";
            self.about(both, &rules::LIMIT_CHANGED, Verdict::Warning, reason);
        }
    }

    fn variants(&mut self, both: Both<'c, 'a>, base: &[Variant<'a>], head: &[Variant<'a>]) {
        let within = (&both.base.place, &both.head.place);
        let find = |all: &'_ [Variant<'a>], name: &str| {
            all.iter().position(|variant| variant.name == name)
        };
        for variant in base {
            let before = self.base.types.variant_text(variant);
            if let Some(index) = find(head, &variant.name) {
                self.variant(both, variant, &head[index]);
                continue;
            }
            let spot = self.both(within.0, within.1);
            let reason = "Code that names the variant does not compile any more.";
            let signature = (Some(before), None);
            self.report(&rules::VARIANT_REMOVED, used(both.reach), spot, signature, reason);
        }
        // A simple enum is made from texts and printed; one with data is not.
        let simple_no_more = all_simple(base) && !all_simple(head);
        if !both.reach.received && !simple_no_more {
            return;
        }
        for variant in head.iter().filter(|variant| find(base, &variant.name).is_none()) {
            let after = self.head.types.variant_text(variant);
            let spot = self.both(within.0, within.1);
            let reason = "A `match` over all variants does not compile any more.";
            let signature = (None, Some(after));
            self.report(&rules::VARIANT_ADDED, used(both.reach), spot, signature, reason);
        }
    }

    fn variant(&mut self, both: Both<'c, 'a>, base: &Variant<'a>, head: &Variant<'a>) {
        let spot: Spot = self.both(&both.base.place, &both.head.place);
        let signature =
            (Some(self.base.types.variant_text(base)), Some(self.head.types.variant_text(head)));
        let same = match (&base.data, &head.data) {
            (Data::None, Data::None) => true,
            (Data::One(base), Data::One(head)) => self.same(*base, *head),
            (Data::Fields(base), Data::Fields(head)) => {
                self.fields(both, base, head, true);
                true
            }
            _ => false,
        };
        if !same {
            let reason = "Code that matches or makes the variant does not compile any more.";
            self.report(&rules::VARIANT_CHANGED, used(both.reach), spot, signature, reason);
        } else if base.raw != head.raw && matches!(base.data, Data::None) {
            let reason = "The variant is made from another text, and printed as another.";
            let signature = (Some(base.raw.clone()), Some(head.raw.clone()));
            self.report(&rules::VARIANT_CHANGED, Verdict::Warning, spot, signature, reason);
        }
    }
}

/// Whether what the one refuses the other refuses too.
fn takes_as_much(base: &Limit<'_>, head: &Limit<'_>) -> bool {
    match (base, head) {
        (Limit::Text(base), Limit::Text(head)) => {
            let lower = head.min_length.unwrap_or(0) <= base.min_length.unwrap_or(0);
            let upper =
                head.max_length.is_none_or(|head| base.max_length.is_some_and(|base| base <= head));
            lower && upper && (head.pattern.is_none() || head.pattern == base.pattern)
        }
        (Limit::Only(base), Limit::Only(head)) => base.iter().all(|value| head.contains(value)),
        (Limit::Without(base), Limit::Without(head)) => {
            head.iter().all(|value| base.contains(value))
        }
        (base, head) => base == head,
    }
}
