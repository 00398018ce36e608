//! Packs (named groups of actions) and roles (named groups of packs).

use std::{fmt, str::FromStr};

use schemars::{JsonSchema, r#gen::SchemaGenerator, schema::Schema};
use serde::{Deserialize, Deserializer, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::action::{Action, ActionSet};
use crate::scalar::{Unexpected, one_of};

/// A named group of actions.
///
/// More values may be added.
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
pub enum Pack {
    /// Reading customers.
    CustomerReader,
    /// Reading and changing customers.
    CustomerEditor,
    /// Seeing, making, rotating and revoking tokens.
    TokenAdministrator,
    /// Writing directory records.
    DirectoryWriter,
}

impl Pack {
    /// The name, as in records and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The actions that the pack stands for.
    #[must_use]
    pub const fn actions(self) -> ActionSet {
        match self {
            Self::CustomerReader => ActionSet::of(&[Action::CustomerRead]),
            Self::CustomerEditor => ActionSet::of(&[Action::CustomerRead, Action::CustomerWrite]),
            Self::TokenAdministrator => ActionSet::of(&[Action::TokenRead, Action::TokenWrite]),
            Self::DirectoryWriter => ActionSet::of(&[Action::DirectoryWrite]),
        }
    }

    /// The place in a stored set: a bit is never reused.
    const fn bit(self) -> u32 {
        match self {
            Self::CustomerReader => 1,
            Self::CustomerEditor => 1 << 1,
            Self::TokenAdministrator => 1 << 2,
            Self::DirectoryWriter => 1 << 3,
        }
    }
}

impl FromStr for Pack {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        one_of(Self::VARIANTS, Self::name, text)
    }
}

/// A set of packs, as a grant or a deny names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackSet(u32);

impl PackSet {
    /// The packs, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Pack> {
        Pack::VARIANTS.iter().copied().filter(move |pack| self.0 & pack.bit() != 0)
    }

    /// All actions of all packs in the set.
    #[must_use]
    pub fn actions(self) -> ActionSet {
        self.iter().fold(ActionSet::default(), |actions, pack| actions.union(pack.actions()))
    }

    /// The stored form.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Reads the stored form; bits that this version doesn't know stand for no action.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

impl FromIterator<Pack> for PackSet {
    fn from_iter<I: IntoIterator<Item = Pack>>(packs: I) -> Self {
        packs.into_iter().fold(Self::default(), |set, pack| Self(set.0 | pack.bit()))
    }
}

/// On the wire it is a list, in any order.
impl<'de> Deserialize<'de> for PackSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from_iter)
    }
}

impl JsonSchema for PackSet {
    fn is_referenceable() -> bool {
        false
    }

    fn schema_name() -> String {
        "PackSet".to_owned()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<Pack>::json_schema(generator)
    }
}

/// What a member is in an organization, or a member of staff on the platform.
///
/// More values may be added.
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
pub enum Role {
    /// Runs an organization: edits its customers, administers its tokens.
    OrganizationAdmin,
    /// Reads an organization's customers.
    CustomerSupport,
    /// Looks after an organization's products; nothing on customers.
    ProductManager,
    /// Reads all customers.
    PlatformSupport,
    /// Does everything, everywhere.
    PlatformAdmin,
}

impl Role {
    /// The name, as in records, options and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The packs that the role holds.
    #[must_use]
    pub const fn packs(self) -> &'static [Pack] {
        match self {
            Self::OrganizationAdmin => &[Pack::CustomerEditor, Pack::TokenAdministrator],
            Self::CustomerSupport | Self::PlatformSupport => &[Pack::CustomerReader],
            Self::ProductManager => &[],
            Self::PlatformAdmin => Pack::VARIANTS,
        }
    }

    /// Whether the role holds its permissions over all organizations.
    #[must_use]
    pub const fn all_organizations(self) -> bool {
        matches!(self, Self::PlatformSupport | Self::PlatformAdmin)
    }

    /// All actions of the role's packs.
    #[must_use]
    pub fn actions(self) -> ActionSet {
        let packs = self.packs().iter();
        packs.fold(ActionSet::default(), |actions, pack| actions.union(pack.actions()))
    }

    /// Whether one of the role's packs has the action.
    #[must_use]
    pub fn grants(self, action: Action) -> bool {
        self.packs().iter().any(|pack| pack.actions().contains(action))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        one_of(Self::VARIANTS, Self::name, text)
    }
}
