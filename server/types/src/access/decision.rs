//! The access rule: one pure function, and what it has to be told.

use std::{fmt, str::FromStr};

use strum::{IntoStaticStr, VariantArray};

use super::{
    action::{Action, ActionSet},
    role::Role,
};
use crate::scalar::{Timestamp, Unexpected, one_of};

/// What is known of a principal, and of its relation to one customer.
///
/// The token behind it is known, not expired and not revoked: what is not is turned away before
/// a decision is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What the token is narrowed to; `None` narrows nothing.
    pub scopes: Option<ActionSet>,
    /// The principal is a user who has a customer profile.
    pub has_profile: bool,
    /// The customer in question is that profile.
    pub is_self: bool,
    /// The roles that the principal holds on the platform.
    pub platform_roles: Vec<Role>,
    /// The roles that the principal holds in organizations.
    pub organization_roles: Vec<OrganizationRole>,
    /// What was granted to the principal directly.
    pub grants: Vec<DirectRule>,
    /// What was denied to the principal.
    pub denies: Vec<DirectRule>,
}

/// A role in one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationRole {
    /// The role held there.
    pub role: Role,
    /// The customer has a checkout, in whatever state, of one of the organization's products.
    pub reaches_customer: bool,
}

/// A grant or a deny of actions on one customer, or on the customers of one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectRule {
    /// The actions, those of the rule's packs included.
    pub actions: ActionSet,
    /// The rule is about the customer in question, or about an organization that reaches it.
    pub covers_customer: bool,
    /// The rule counts from this moment on; `None` means that it always has.
    pub valid_from: Option<Timestamp>,
}

impl DirectRule {
    /// Whether the rule names the action and counts by now.
    #[must_use]
    pub fn is_about(&self, action: Action, now: Timestamp) -> bool {
        self.actions.contains(action) && self.valid_from.is_none_or(|from| from <= now)
    }
}

/// The clause of the rule that lets a principal in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Clause {
    /// The principal's user is the customer's user.
    #[strum(serialize = "self")]
    SelfService,
    /// A role grants the action over all organizations.
    Platform,
    /// A role grants the action in an organization whose products the customer has checked out.
    Organization,
    /// The action was granted directly.
    Direct,
}

impl Clause {
    /// The name: `self`, `platform`, `organization` or `direct`. Stores keep it: it never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Clause {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        one_of(Self::VARIANTS, Self::name, text)
    }
}

/// What lets a principal in: the clause, and which of the facts fulfils it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// See [`Clause::SelfService`].
    SelfService,
    /// See [`Clause::Platform`]: the role on the platform.
    Platform(Role),
    /// See [`Clause::Organization`].
    Organization {
        /// The role in the organization.
        role: Role,
        /// Its place in [`Facts::organization_roles`].
        index: usize,
    },
    /// See [`Clause::Direct`].
    Direct {
        /// The grant's place in [`Facts::grants`].
        index: usize,
    },
}

impl Reason {
    /// The clause.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::SelfService => Clause::SelfService,
            Self::Platform(_) => Clause::Platform,
            Self::Organization { .. } => Clause::Organization,
            Self::Direct { .. } => Clause::Direct,
        }
    }
}

/// What the rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Let in, by this clause.
    Allowed(Clause),
    /// The principal holds the action, but not on this customer, who must look to it as if
    /// there were none.
    NotVisible,
    /// The principal holds the action nowhere.
    NotHeld,
}

/// The access rule: may this principal perform the action on this customer?
///
/// Without a reason to allow, it denies; a deny wins over every reason; scopes only narrow.
#[must_use]
pub fn decide(action: Action, facts: &Facts, now: Timestamp) -> Decision {
    if !holds(action, facts, now) {
        return Decision::NotHeld;
    }
    match reason(action, facts, now) {
        Some(reason) => Decision::Allowed(reason.clause()),
        None => Decision::NotVisible,
    }
}

/// Why the rule allows the action on this customer, if it does.
#[must_use]
pub fn reason(action: Action, facts: &Facts, now: Timestamp) -> Option<Reason> {
    let denied = facts.denies.iter().any(|rule| rule.covers_customer && rule.is_about(action, now));
    if denied || !in_scope(action, facts) { None } else { first_reason(action, facts, now) }
}

/// Whether the action is held anywhere at all, on whatever customer.
fn holds(action: Action, facts: &Facts, now: Timestamp) -> bool {
    in_scope(action, facts)
        && ((facts.has_profile && on_own_profile(action))
            || facts.platform_roles.iter().any(|role| on_platform(action, *role))
            || facts.organization_roles.iter().any(|held| held.role.grants(action))
            || facts.grants.iter().any(|rule| rule.is_about(action, now)))
}

/// The first clause that allows the action on this customer, if nothing takes it away.
fn first_reason(action: Action, facts: &Facts, now: Timestamp) -> Option<Reason> {
    let mut platform = facts.platform_roles.iter().filter(|role| on_platform(action, **role));
    let mut organization = (0..).zip(&facts.organization_roles);
    let direct = |rule: &DirectRule| rule.covers_customer && rule.is_about(action, now);
    if facts.is_self && on_own_profile(action) {
        Some(Reason::SelfService)
    } else if let Some(role) = platform.next() {
        Some(Reason::Platform(*role))
    } else if let Some((index, OrganizationRole { role, .. })) =
        organization.find(|(_, held)| held.reaches_customer && held.role.grants(action))
    {
        Some(Reason::Organization { role: *role, index })
    } else {
        facts.grants.iter().position(direct).map(|index| Reason::Direct { index })
    }
}

fn in_scope(action: Action, facts: &Facts) -> bool {
    facts.scopes.is_none_or(|scopes| scopes.contains(action))
}

/// A person reads and writes the own profile.
const fn on_own_profile(action: Action) -> bool {
    matches!(action, Action::CustomerRead | Action::CustomerWrite)
}

fn on_platform(action: Action, role: Role) -> bool {
    role.all_organizations() && role.grants(action)
}

#[cfg(test)]
mod tests;
