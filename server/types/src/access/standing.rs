//! What a principal holds in an organization as a whole, whichever customer it is about.
//!
//! A token of an organization can do in it what its role and scopes say. Whoever makes one hands
//! out that much, so it has to be held by the maker without exception: a deny, even one that is
//! about a single customer, takes its actions away here. Else somebody who is denied a customer
//! could make a token that reads it.

use super::{
    action::{Action, ActionSet},
    role::Role,
};
use crate::{id::OrganizationId, scalar::Timestamp};

/// What is known of a principal, apart from any customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the token is narrowed to; `None` narrows nothing.
    pub scopes: Option<ActionSet>,
    /// The roles that the principal holds on the platform.
    pub platform_roles: Vec<Role>,
    /// The roles that the principal holds in organizations.
    pub organization_roles: Vec<(OrganizationId, Role)>,
    /// What was granted to the principal on organizations. A grant on one customer gives nothing
    /// in an organization as a whole.
    pub organization_grants: Vec<(OrganizationId, Ruling)>,
    /// What was denied to the principal, on whatever.
    pub denies: Vec<Ruling>,
}

/// Actions that are granted or denied, and from when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The actions, those of the packs included.
    pub actions: ActionSet,
    /// From when on it counts; `None` means that it always has.
    pub valid_from: Option<Timestamp>,
}

/// In which organizations something is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In all, also in those that are yet to come.
    Everywhere,
    /// In these, each of them once and in their order.
    Organizations(Vec<OrganizationId>),
}

impl Reach {
    /// Whether it is held in this organization.
    #[must_use]
    pub fn contains(&self, organization: OrganizationId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Organizations(organizations) => organizations.contains(&organization),
        }
    }

    /// Whether it is held nowhere.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        matches!(self, Self::Organizations(organizations) if organizations.is_empty())
    }
}

impl Ruling {
    fn at(self, now: Timestamp) -> ActionSet {
        if self.valid_from.is_none_or(|from| from <= now) {
            self.actions
        } else {
            ActionSet::default()
        }
    }
}

impl Standing {
    /// Where the action is held.
    #[must_use]
    pub fn reach(&self, action: Action, now: Timestamp) -> Reach {
        if self.holds_on_platform(action, now) {
            return Reach::Everywhere;
        }
        let roles = self.organization_roles.iter().map(|(organization, _)| *organization);
        let grants = self.organization_grants.iter().map(|(organization, _)| *organization);
        let mut organizations: Vec<_> = roles
            .chain(grants)
            .filter(|organization| self.held_in(*organization, now).contains(action))
            .collect();
        organizations.sort_unstable();
        organizations.dedup();
        Reach::Organizations(organizations)
    }

    /// Whether the action is held over everything, which only a role on the platform gives: a
    /// grant is on one organization or customer. It is what an action takes that is about neither.
    #[must_use]
    pub fn holds_on_platform(&self, action: Action, now: Timestamp) -> bool {
        self.narrowed(self.on_platform(), now).contains(action)
    }

    /// The actions that are held in the organization.
    #[must_use]
    pub fn held_in(&self, organization: OrganizationId, now: Timestamp) -> ActionSet {
        let roles = self.organization_roles.iter();
        let by_role = roles.filter(|(of, _)| *of == organization).map(|(_, role)| role.actions());
        let grants = self.organization_grants.iter();
        let by_grant = grants.filter(|(of, _)| *of == organization).map(|(_, rule)| rule.at(now));
        self.narrowed(by_role.chain(by_grant).fold(self.on_platform(), ActionSet::union), now)
    }

    fn on_platform(&self) -> ActionSet {
        let roles = self.platform_roles.iter().filter(|role| role.all_organizations());
        roles.map(|role| role.actions()).fold(ActionSet::default(), ActionSet::union)
    }

    /// Of these actions, those that the scopes leave and no deny takes away.
    fn narrowed(&self, actions: ActionSet, now: Timestamp) -> ActionSet {
        let denied = self.denies.iter().map(|rule| rule.at(now));
        let denied = denied.fold(ActionSet::default(), ActionSet::union);
        actions.intersection(self.scopes.unwrap_or(ActionSet::ALL)).without(denied)
    }
}

#[cfg(test)]
mod tests;
