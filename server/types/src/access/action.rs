//! Actions, and sets of them.

use std::{fmt, str::FromStr};

use schemars::{JsonSchema, r#gen::SchemaGenerator, schema::Schema};
use serde::{Deserialize, Deserializer, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::scalar::{Unexpected, one_of};

/// Something that a principal may be allowed to do.
///
/// More values may be added: one that you don't know is an action that you don't need.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    JsonSchema,
    IntoStaticStr,
    VariantArray,
)]
pub enum Action {
    /// Read a customer, with the associated user.
    CustomerRead,
    /// Change a customer.
    CustomerWrite,
    /// See an organization's tokens (never their secrets).
    TokenRead,
    /// Make, rotate and revoke an organization's tokens.
    TokenWrite,
    /// Write directory records.
    DirectoryWrite,
}

impl Action {
    /// The name, as in records, scopes and messages: `CustomerRead`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The place in a stored set. Stores keep sets as these bits: a bit is never reused.
    const fn bit(self) -> u32 {
        match self {
            Self::CustomerRead => 1,
            Self::CustomerWrite => 1 << 1,
            Self::TokenRead => 1 << 2,
            Self::TokenWrite => 1 << 3,
            Self::DirectoryWrite => 1 << 4,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Action {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        one_of(Self::VARIANTS, Self::name, text)
    }
}

/// A set of actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActionSet(u32);

impl ActionSet {
    /// Every action that there is.
    pub const ALL: Self = Self::of(&[
        Action::CustomerRead,
        Action::CustomerWrite,
        Action::TokenRead,
        Action::TokenWrite,
        Action::DirectoryWrite,
    ]);

    /// The set of these actions.
    #[must_use]
    pub const fn of(actions: &[Action]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < actions.len() {
            bits |= actions[index].bit();
            index += 1;
        }
        Self(bits)
    }

    /// Whether the action is in the set.
    #[must_use]
    pub const fn contains(self, action: Action) -> bool {
        self.0 & action.bit() != 0
    }

    /// The actions of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The actions of both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The actions of this set that are not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is no action in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The actions, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::VARIANTS.iter().copied().filter(move |action| self.contains(*action))
    }

    /// The stored form.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Reads the stored form; bits that this version doesn't know are dropped.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        actions.into_iter().fold(Self::default(), |set, action| set.union(Self::of(&[action])))
    }
}

/// On the wire it is a list, in any order.
impl<'de> Deserialize<'de> for ActionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from_iter)
    }
}

impl JsonSchema for ActionSet {
    fn is_referenceable() -> bool {
        false
    }

    fn schema_name() -> String {
        "ActionSet".to_owned()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<Action>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_of_all_actions_misses_none() {
        assert_eq!(Action::VARIANTS.iter().copied().collect::<ActionSet>(), ActionSet::ALL);
        assert_eq!(ActionSet::ALL.iter().count(), Action::VARIANTS.len());
    }

    #[test]
    fn an_unknown_action_is_refused_with_the_known_ones() {
        let refused = "CustomerDelete".parse::<Action>().unwrap_err().to_string();
        assert_eq!(
            refused,
            "expected one of CustomerRead, CustomerWrite, TokenRead, TokenWrite, DirectoryWrite"
        );
    }
}
