//! Differences between two types of object.

use serde_json::{Value, json};

use super::{Difference, Effect, SchemaWalk, by_direction, count::PROPERTIES, keyword::Sides};
use crate::{
    compare::{deprecation, draft::Place, rules},
    document::Pointer,
    rule::Rule,
    schema::{
        SchemaRef, Type,
        atom::{Additional, Atom, Objects},
        sample::telling_counts,
    },
    verdict::{Direction, Verdict},
};

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_objects(
        &mut self,
        sides: Sides<'_, 'd>,
        from: &Objects<'d>,
        to: &Objects<'d>,
    ) {
        for (&name, before) in &from.properties {
            let Some(after) = to.properties.get(name) else {
                self.property_removed(sides, from, to, name);
                continue;
            };
            self.below(sides.node, before, after);
            self.compare_required(sides, from, to, name);
            self.compare_defaults(sides.node, before, after, !from.required.contains(name));
            self.compare_deprecation(sides.node, before, after);
        }
        for &name in to.properties.keys().filter(|name| !from.properties.contains_key(*name)) {
            self.property_added(sides, from, to, name);
        }
        for name in from.required.symmetric_difference(&to.required) {
            if !from.properties.contains_key(name) && !to.properties.contains_key(name) {
                self.compare_required(sides, from, to, name);
            }
        }
        self.compare_additional(sides, from, to);
        if from.count != to.count {
            let direction = self.nodes[sides.node].direction;
            let mut candidates = Vec::new();
            for (objects, other) in [(from, to), (to, from)] {
                let counts = telling_counts(objects.count, other.count);
                let made = counts.into_iter();
                let made =
                    made.filter_map(|it| self.schemas.sample_of_size(objects, it, direction));
                candidates.extend(made);
            }
            self.compare_counts(sides, from.count, to.count, &PROPERTIES, &candidates);
        }
    }

    /// An object with this property, whether it is required or not.
    fn with_property(
        &self,
        node: usize,
        objects: &Objects<'d>,
        name: &str,
        ty: &Type<'d>,
    ) -> Option<Value> {
        let direction = self.nodes[node].direction;
        let value = self.schemas.sample(ty, direction)?;
        self.schemas.sample_object(objects, direction, &[(name, value)], &[])
    }

    /// An object that has under this name what is accepted on one side only, if it is found among one
    /// value of each kind.
    fn with_any(&self, sides: Sides<'_, 'd>, objects: &Objects<'d>, name: &str) -> Option<Value> {
        let node = &self.nodes[sides.node];
        let (sent, accepted) = by_direction(&node.base, &node.head, node.direction);
        let values =
            [json!(null), json!(true), json!(0), json!(0.5), json!("any"), json!([]), json!({})];
        let with =
            |value| self.schemas.sample_object(objects, node.direction, &[(name, value)], &[]);
        values.into_iter().filter_map(with).find(|object| {
            self.schemas.accepts(sent, object, node.direction) == Some(true)
                && self.schemas.accepts(accepted, object, node.direction) == Some(false)
        })
    }

    fn compare_required(
        &mut self,
        sides: Sides<'_, 'd>,
        from: &Objects<'d>,
        to: &Objects<'d>,
        name: &str,
    ) {
        let (before, after) = (from.required.contains(name), to.required.contains(name));
        if before == after {
            return;
        }
        let (rule, effect, free): (&'static Rule, _, _) = if after {
            (&rules::PROPERTY_BECAME_REQUIRED, Effect::Narrows, from)
        } else {
            (&rules::PROPERTY_BECAME_OPTIONAL, Effect::Widens, to)
        };
        let direction = self.nodes[sides.node].direction;
        let without = self.schemas.sample_object(free, direction, &[], &[name]);
        let word = |required| Value::from(if required { "required" } else { "optional" });
        self.report(
            sides.node,
            Difference {
                rule,
                effect,
                place: Place {
                    base: property_place(from, sides.base, name),
                    head: property_place(to, sides.head, name),
                },
                before: word(before),
                after: word(after),
                about: format!("an object without `{name}`"),
                candidates: without.into_iter().collect(),
            },
        );
    }

    fn property_removed(
        &mut self,
        sides: Sides<'_, 'd>,
        from: &Objects<'d>,
        to: &Objects<'d>,
        name: &str,
    ) {
        let direction = self.nodes[sides.node].direction;
        let Some(property) = from.properties.get(name) else { return };
        if self.schemas.expand(property, direction).atoms.is_empty() {
            return;
        }
        let base = property_place(from, sides.base, name);
        if let Some(kept) = declared(sides.head, name) {
            let required = from.required.contains(name);
            return self.no_longer_travels(
                sides,
                Place { base, head: kept.pointer },
                name,
                required,
            );
        }
        if let Additional::Typed(other) = &to.additional {
            self.below(sides.node, property, other);
        }
        let required = from.required.contains(name);
        let (effect, about, candidate) = match direction {
            Direction::Request => (
                Effect::Fixed(Verdict::Breaking),
                format!(
                    "a deployed client may send `{name}`, and the server would refuse it or pass over it"
                ),
                self.with_property(sides.node, from, name, property),
            ),
            Direction::Response if required => (
                Effect::Widens,
                format!("an object without `{name}`"),
                self.schemas.sample_object(to, direction, &[], &[name]),
            ),
            Direction::Response => (
                Effect::Fixed(Verdict::Warning),
                format!(
                    "a deployed client that reads `{name}`, which is optional, never sees it again"
                ),
                None,
            ),
        };
        self.report(
            sides.node,
            Difference {
                rule: &rules::PROPERTY_REMOVED,
                effect,
                place: Place { base, head: sides.head.origin.pointer.clone() },
                before: property.first().map(|it| it.value.clone()).unwrap_or_default(),
                after: Value::Null,
                about,
                candidates: candidate.into_iter().collect(),
            },
        );
    }

    /// A property that the head has, but not in what travels in this direction.
    fn no_longer_travels(
        &mut self,
        sides: Sides<'_, 'd>,
        place: Place,
        name: &str,
        required: bool,
    ) {
        let (rule, wire, about): (&'static Rule, _, _) = match self.nodes[sides.node].direction {
            Direction::Request => (
                &rules::PROPERTY_READ_ONLY_CHANGED,
                Verdict::Breaking,
                format!(
                    "a deployed client may send `{name}`, and the server would refuse it or pass over it"
                ),
            ),
            Direction::Response => (
                &rules::PROPERTY_WRITE_ONLY_CHANGED,
                if required { Verdict::Breaking } else { Verdict::Warning },
                format!("a deployed client that reads `{name}` never sees it again"),
            ),
        };
        self.report(
            sides.node,
            Difference {
                rule,
                effect: Effect::Fixed(wire),
                place,
                before: json!(false),
                after: json!(true),
                about,
                candidates: Vec::new(),
            },
        );
    }

    fn property_added(
        &mut self,
        sides: Sides<'_, 'd>,
        from: &Objects<'d>,
        to: &Objects<'d>,
        name: &str,
    ) {
        let direction = self.nodes[sides.node].direction;
        let Some(property) = to.properties.get(name) else { return };
        let required = to.required.contains(name);
        let mut base = sides.base.origin.pointer.clone();
        let mut rule: &'static Rule =
            if required { &rules::PROPERTY_ADDED_REQUIRED } else { &rules::PROPERTY_ADDED };
        if let Some(before) = declared(sides.base, name) {
            base = before.pointer;
            rule = match direction {
                Direction::Request => &rules::PROPERTY_READ_ONLY_CHANGED,
                Direction::Response => &rules::PROPERTY_WRITE_ONLY_CHANGED,
            };
        }
        // Whoever sent anything under this name has to go on with what is accepted now.
        if let Additional::Typed(before) = &from.additional {
            self.below(sides.node, before, property);
        }
        let closed = matches!(from.additional, Additional::Closed);
        let (effect, about, candidate) = match direction {
            Direction::Request if required => {
                let without = self.schemas.sample_object(from, direction, &[], &[]);
                (Effect::Narrows, format!("an object without `{name}`"), without)
            }
            Direction::Request if from.is_map() && matches!(from.additional, Additional::Open) => {
                let other = self.with_any(sides, from, name);
                (Effect::MayNarrow, format!("an object with any `{name}`"), other)
            }
            Direction::Request => (
                Effect::Nothing,
                format!("deployed clients don't send `{name}`, and need not"),
                None,
            ),
            Direction::Response if closed => {
                let with = self.with_property(sides.node, to, name, property);
                (Effect::Widens, format!("an object with `{name}`"), with)
            }
            Direction::Response => {
                (Effect::Nothing, format!("deployed clients pass over `{name}`"), None)
            }
        };
        self.report(
            sides.node,
            Difference {
                rule,
                effect,
                place: Place { base, head: property_place(to, sides.head, name) },
                before: Value::Null,
                after: property.first().map(|it| it.value.clone()).unwrap_or_default(),
                about,
                candidates: candidate.into_iter().collect(),
            },
        );
    }

    /// What there may be beside the properties that are named. It matters where it may be sent, which
    /// is where the document says so, or names no property at all.
    fn compare_additional(&mut self, sides: Sides<'_, 'd>, from: &Objects<'d>, to: &Objects<'d>) {
        use Additional::{Closed, Open, Typed};
        let (rule, effect): (&'static Rule, _) = match (&from.additional, &to.additional) {
            (Open, Open) | (Closed, Closed) => return,
            (Typed(before), Typed(after)) => return self.below(sides.node, before, after),
            (Open, Typed(_)) if from.is_map() => {
                (&rules::ADDITIONAL_PROPERTIES_CHANGED, Effect::MayNarrow)
            }
            (Typed(_), Open) if to.is_map() => {
                (&rules::ADDITIONAL_PROPERTIES_CHANGED, Effect::MayWiden)
            }
            (Open, Typed(_)) | (Typed(_), Open) => {
                (&rules::ADDITIONAL_PROPERTIES_CHANGED, Effect::Nothing)
            }
            (Open, Closed) if !from.is_map() => {
                (&rules::ADDITIONAL_PROPERTIES_CLOSED, Effect::Nothing)
            }
            (_, Closed) => (&rules::ADDITIONAL_PROPERTIES_CLOSED, Effect::MayNarrow),
            (Closed, Open) if !to.is_map() => {
                (&rules::ADDITIONAL_PROPERTIES_OPENED, Effect::Nothing)
            }
            (Closed, _) => (&rules::ADDITIONAL_PROPERTIES_OPENED, Effect::MayWiden),
        };
        let narrows = effect == Effect::MayNarrow || matches!(to.additional, Closed);
        let free = if narrows { from } else { to };
        let candidate = match &free.additional {
            Typed(ty) => self.with_property(sides.node, free, "key", ty),
            _ => self.with_any(sides, free, "key"),
        };
        let (before, after) = sides.written("additionalProperties");
        let about = match effect {
            Effect::Nothing => "only the properties that are named are sent, before and after",
            _ if rule == &rules::ADDITIONAL_PROPERTIES_CHANGED => {
                "an object with properties of another type"
            }
            _ => "an object with other properties than those that are named",
        };
        self.report(
            sides.node,
            Difference {
                rule,
                effect,
                place: sides.place("additionalProperties"),
                before,
                after,
                about: about.to_owned(),
                candidates: candidate.into_iter().collect(),
            },
        );
    }

    fn compare_deprecation(&mut self, node: usize, before: &Type<'d>, after: &Type<'d>) {
        let (Some(base), Some(head)) = (before.first(), after.first()) else { return };
        let place = Place::new(&base.pointer, &head.pointer);
        let drafts = deprecation::compare(base.value, head.value, &place);
        self.nodes[node].drafts.extend(drafts);
    }
}

/// The property as the schema declares it, in whichever direction it travels.
fn declared<'d>(atom: &Atom<'d>, name: &str) -> Option<SchemaRef<'d>> {
    let value = atom.origin.keyword("properties")?.get(name)?;
    let pointer = atom.origin.pointer.join("properties").join(name);
    Some(SchemaRef { side: atom.origin.side, pointer, value })
}

/// Where a property is declared, or the schema where it is not.
fn property_place(objects: &Objects<'_>, atom: &Atom<'_>, name: &str) -> Pointer {
    let declared = objects.properties.get(name).and_then(Type::first);
    declared.map_or_else(|| atom.origin.pointer.clone(), |property| property.pointer.clone())
}
