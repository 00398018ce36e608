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

/// A name, and the objects that may have a property of it.
#[derive(Clone, Copy)]
struct Property<'a, 'd> {
    sides: Sides<'a, 'd>,
    from: &'a Objects<'d>,
    to: &'a Objects<'d>,
    name: &'d str,
}

impl Property<'_, '_> {
    /// Where it is declared on each side.
    fn place(&self) -> Place {
        Place {
            base: property_place(self.from, self.sides.base, self.name),
            head: property_place(self.to, self.sides.head, self.name),
        }
    }

    fn was_required(&self) -> bool {
        self.from.required.contains(self.name)
    }

    fn is_required(&self) -> bool {
        self.to.required.contains(self.name)
    }

    /// What becomes of a request that has it where it is no longer read.
    fn passed_over(&self) -> String {
        let name = self.name;
        format!(
            "a deployed client may send `{name}`, and the server would refuse it or pass over it"
        )
    }
}

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_objects(
        &mut self,
        sides: Sides<'_, 'd>,
        from: &Objects<'d>,
        to: &Objects<'d>,
    ) {
        let named = |name| Property { sides, from, to, name };
        for (&name, before) in &from.properties {
            let Some(after) = to.properties.get(name) else {
                self.property_removed(named(name), before);
                continue;
            };
            self.below(sides.node, before, after);
            self.compare_required(named(name));
            self.compare_defaults(sides.node, before, after, !from.required.contains(name));
            self.compare_deprecation(sides.node, before, after);
        }
        for (&name, after) in &to.properties {
            if !from.properties.contains_key(name) {
                self.property_added(named(name), after);
            }
        }
        for &name in from.required.symmetric_difference(&to.required) {
            if !from.properties.contains_key(name) && !to.properties.contains_key(name) {
                self.compare_required(named(name));
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

    /// An object that would be accepted but for this property, if one is found.
    fn refused_for(&self, property: Property<'_, 'd>, ty: &Type<'d>) -> Option<Value> {
        let Property { sides, from, to, name } = property;
        let node = &self.nodes[sides.node];
        let objects = [from, to].into_iter();
        let mut objects = objects.filter_map(|it| self.with_property(sides.node, it, name, ty));
        objects.find(|object| {
            let mut without = object.clone();
            without.as_object_mut().and_then(|members| members.remove(name));
            self.schemas.accepts(&node.head, &without, node.direction) == Some(true)
        })
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

    fn compare_required(&mut self, property: Property<'_, 'd>) {
        let Property { sides, from, to, name } = property;
        let (before, after) = (property.was_required(), property.is_required());
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
                place: property.place(),
                before: word(before),
                after: word(after),
                about: format!("an object without `{name}`"),
                candidates: without.into_iter().collect(),
            },
        );
    }

    fn property_removed(&mut self, property: Property<'_, 'd>, ty: &Type<'d>) {
        let Property { sides, to, name, .. } = property;
        let direction = self.nodes[sides.node].direction;
        if self.schemas.expand(ty, direction).atoms.is_empty() {
            return;
        }
        let place = property.place();
        if let Some(kept) = declared(sides.head, name) {
            return self.no_longer_travels(property, Place { head: kept.pointer, ..place });
        }
        if let Additional::Typed(other) = &to.additional {
            self.below(sides.node, ty, other);
        }
        let (effect, about, candidate) = match direction {
            Direction::Request => (
                Effect::Fixed(Verdict::Breaking),
                property.passed_over(),
                self.refused_for(property, ty),
            ),
            Direction::Response if property.was_required() => (
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
                place,
                before: as_written(ty),
                after: Value::Null,
                about,
                candidates: candidate.into_iter().collect(),
            },
        );
    }

    /// A property that the head has, but not in what travels in this direction.
    fn no_longer_travels(&mut self, property: Property<'_, 'd>, place: Place) {
        let (node, name) = (property.sides.node, property.name);
        let (rule, wire, about): (&'static Rule, _, _) = match self.nodes[node].direction {
            Direction::Request => {
                (&rules::PROPERTY_READ_ONLY_CHANGED, Verdict::Breaking, property.passed_over())
            }
            Direction::Response => (
                &rules::PROPERTY_WRITE_ONLY_CHANGED,
                if property.was_required() { Verdict::Breaking } else { Verdict::Warning },
                format!("a deployed client that reads `{name}` never sees it again"),
            ),
        };
        self.report(
            node,
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

    fn property_added(&mut self, property: Property<'_, 'd>, ty: &Type<'d>) {
        let Property { sides, from, name, .. } = property;
        let direction = self.nodes[sides.node].direction;
        let mut place = property.place();
        let mut rule: &'static Rule = if property.is_required() {
            &rules::PROPERTY_ADDED_REQUIRED
        } else {
            &rules::PROPERTY_ADDED
        };
        if let Some(before) = declared(sides.base, name) {
            place.base = before.pointer;
            rule = match direction {
                Direction::Request => &rules::PROPERTY_READ_ONLY_CHANGED,
                Direction::Response => &rules::PROPERTY_WRITE_ONLY_CHANGED,
            };
        }
        // Whoever sent anything under this name has to go on with what is accepted now.
        if let Additional::Typed(before) = &from.additional {
            self.below(sides.node, before, ty);
        }
        let (effect, about, candidate) = self.effect_of_added(property, ty);
        self.report(
            sides.node,
            Difference {
                rule,
                effect,
                place,
                before: Value::Null,
                after: as_written(ty),
                about,
                candidates: candidate.into_iter().collect(),
            },
        );
    }

    /// What a new property does, to which objects, and one of them.
    fn effect_of_added(
        &self,
        property: Property<'_, 'd>,
        ty: &Type<'d>,
    ) -> (Effect, String, Option<Value>) {
        let Property { sides, from, to, name } = property;
        let direction = self.nodes[sides.node].direction;
        match direction {
            Direction::Request if property.is_required() => {
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
            Direction::Response if matches!(from.additional, Additional::Closed) => {
                let with = self.with_property(sides.node, to, name, ty);
                (Effect::Widens, format!("an object with `{name}`"), with)
            }
            Direction::Response => {
                (Effect::Nothing, format!("deployed clients pass over `{name}`"), None)
            }
        }
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
            // What an open object is sent with later counts as no break then, but clients that were
            // generated before this one refuse it.
            (Closed, Open) if !to.is_map() && self.is_sent_to_clients(sides.node) => {
                (&rules::ADDITIONAL_PROPERTIES_OPENED, Effect::Fixed(Verdict::Breaking))
            }
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
            Effect::Fixed(_) => {
                "a deployed client refuses what it doesn't know, and would fail at each property that \
                 is added from now on"
            }
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

    fn is_sent_to_clients(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        node.direction == Direction::Response && !node.light.ambiguous
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

/// The schema of a property, to be shown.
fn as_written(ty: &Type<'_>) -> Value {
    ty.first().map(|schema| schema.value.clone()).unwrap_or_default()
}

/// Where a property is declared, or the schema where it is not.
fn property_place(objects: &Objects<'_>, atom: &Atom<'_>, name: &str) -> Pointer {
    let declared = objects.properties.get(name).and_then(Type::first);
    declared.map_or_else(|| atom.origin.pointer.clone(), |property| property.pointer.clone())
}
