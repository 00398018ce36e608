//! Alternatives that a property tells apart.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Schemas,
    atom::{Atom, Body},
};
use crate::verdict::Direction;

/// Objects in each of which one property has one text of its own: whose it is, is plain, however
/// many there are.
pub(crate) struct Tagged<'d> {
    property: &'d str,
    owners: HashMap<String, usize>,
}

impl<'d> Schemas<'d> {
    /// By what these are told apart, if by anything.
    pub(crate) fn tagged(&self, atoms: &[&Atom<'d>], direction: Direction) -> Option<Tagged<'d>> {
        let (first, [_, ..]) = atoms.split_first()? else { return None };
        let Body::Object(objects) = &first.body else { return None };
        objects.required.iter().find_map(|property| {
            let mut owners = HashMap::new();
            for (index, atom) in atoms.iter().enumerate() {
                let twin = owners.insert(self.tag(atom, property, direction)?, index);
                if twin.is_some() {
                    return None;
                }
            }
            Some(Tagged { property, owners })
        })
    }

    /// Those of the alternatives that were told apart which may accept values of this one: all, where
    /// it has no tag of theirs.
    pub(crate) fn owners<T: Copy>(
        &self,
        tagged: &Tagged<'d>,
        atom: &Atom<'d>,
        all: Vec<T>,
        direction: Direction,
    ) -> Vec<T> {
        let Some(tag) = self.tag(atom, tagged.property, direction) else { return all };
        let owner = tagged.owners.get(&tag).and_then(|at| all.get(*at).copied());
        owner.into_iter().collect()
    }

    /// The only text that a property has in an object.
    fn tag(&self, atom: &Atom<'d>, property: &str, direction: Direction) -> Option<String> {
        let Body::Object(objects) = &atom.body else { return None };
        let ty =
            objects.properties.get(property).filter(|_| objects.required.contains(property))?;
        let expansion = self.expand(ty, direction);
        let [Atom { values: Some(values), .. }] = &expansion.atoms[..] else { return None };
        let [Value::String(only)] = &values[..] else { return None };
        Some(only.clone())
    }
}
