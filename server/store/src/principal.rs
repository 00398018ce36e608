//! Who holds a token, and what was given to and taken from it.

use customers_types::{
    access::{ActionSet, PackSet, Role, Ruling, Standing},
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

impl Principal {
    /// What decides what the principal holds in an organization.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let roles = self.memberships.iter();
        let on_organization = |(_, rule): &(GrantId, Rule)| match rule.target {
            RuleTarget::Customer(_) => None,
            RuleTarget::Organization(organization) => Some((organization, rule.ruling())),
        };
        Standing {
            scopes: self.token.scopes,
            platform_roles: roles
                .clone()
                .filter(|(_, organization)| organization.is_none())
                .map(|(role, _)| *role)
                .collect(),
            organization_roles: roles
                .filter_map(|(role, organization)| organization.map(|id| (id, *role)))
                .collect(),
            organization_grants: self.grants.iter().filter_map(on_organization).collect(),
            denies: self.denies.iter().map(|(_, rule)| rule.ruling()).collect(),
        }
    }
}

impl Rule {
    fn ruling(&self) -> Ruling {
        let actions = self.actions.union(self.packs.actions());
        Ruling { actions, valid_from: self.valid_from }
    }
}
