//! Who holds a token, and what was given to and taken from it.

use customers_types::{
    access::{ActionSet, PackSet, Role},
    id::{DenyId, GrantId, OrganizationId},
    scalar::Timestamp,
};

use crate::{record::RuleTarget, token::Token};

/// The holder of a token, with all that bears on what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The token. Whether it still counts is not decided yet.
    pub token: Token,
    /// The roles held, each with its organization; without one, it is held on the platform.
    pub memberships: Vec<(Role, Option<OrganizationId>)>,
    /// What was granted directly.
    pub grants: Vec<(GrantId, Rule)>,
    /// What was denied.
    pub denies: Vec<(DenyId, Rule)>,
}

/// What a grant or a deny says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The actions named one by one.
    pub actions: ActionSet,
    /// The actions named by pack.
    pub packs: PackSet,
    /// On what.
    pub target: RuleTarget,
    /// From when on; always, if `None`.
    pub valid_from: Option<Timestamp>,
}
