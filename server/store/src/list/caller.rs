//! Who asks for a list: all that the access rule has to know of it, with the keys of the rows that
//! it is about.

use std::collections::BTreeSet;

use customers_types::{
    access::{Action, ActionSet, DirectRule, Facts, OrganizationRole, PackSet, Role},
    scalar::Timestamp,
};

use crate::token::Token;

/// The holder of a token.
pub(crate) struct Caller {
    pub(crate) token: Token,
    /// The customer that is the holder's own profile.
    pub(crate) profile: Option<i64>,
    pub(crate) platform_roles: Vec<Role>,
    /// Each with its organization.
    pub(crate) organization_roles: Vec<(i64, Role)>,
    pub(crate) grants: Vec<Rule>,
    pub(crate) denies: Vec<Rule>,
}

/// Actions, packs, moment from which it counts, customer and organization.
pub(crate) type StoredRule = (u32, u32, Option<i64>, Option<i64>, Option<i64>);

/// A grant or a deny.
pub(crate) struct Rule {
    /// What it says, covering no customer yet.
    says: DirectRule,
    customer: Option<i64>,
    organization: Option<i64>,
}

/// Among whom those have to be looked for whom a caller may read.
pub(crate) enum Scope {
    /// All customers.
    All,
    /// Those whom these organizations reach, and some more.
    Some {
        /// The organizations.
        organizations: BTreeSet<i64>,
        /// The customers.
        customers: BTreeSet<i64>,
    },
}

impl From<StoredRule> for Rule {
    fn from((actions, packs, valid_from, customer, organization): StoredRule) -> Self {
        let says = DirectRule {
            actions: ActionSet::from_bits(actions).union(PackSet::from_bits(packs).actions()),
            covers_customer: false,
            valid_from: valid_from.map(Timestamp::from_millis),
        };
        Self { says, customer, organization }
    }
}

impl Caller {
    /// What the access rule has to know about the caller and a customer whom these organizations
    /// reach, or about the caller alone.
    pub(crate) fn facts(&self, customer: Option<i64>, reached_by: &[i64]) -> Facts {
        let direct = |rules: &[Rule]| {
            let covers = |rule: &Rule| {
                (customer.is_some() && rule.customer == customer)
                    || rule.organization.is_some_and(|key| reached_by.contains(&key))
            };
            rules
                .iter()
                .map(|rule| DirectRule { covers_customer: covers(rule), ..rule.says })
                .collect()
        };
        let held = |(organization, role): &(i64, Role)| OrganizationRole {
            role: *role,
            reaches_customer: reached_by.contains(organization),
        };
        Facts {
            scopes: self.token.scopes,
            has_profile: self.profile.is_some(),
            is_self: customer.is_some() && self.profile == customer,
            platform_roles: self.platform_roles.clone(),
            organization_roles: self.organization_roles.iter().map(held).collect(),
            grants: direct(&self.grants),
            denies: direct(&self.denies),
        }
    }

    /// Whether anything about the caller depends on which organizations reach a customer.
    pub(crate) fn depends_on_reach(&self) -> bool {
        let mut rules = self.grants.iter().chain(&self.denies);
        !self.organization_roles.is_empty() || rules.any(|rule| rule.organization.is_some())
    }

    /// Where to look for the customers on whom the access rule may let the caller do this. It may
    /// be too many, never too few: the rule is asked about each.
    pub(crate) fn scope(&self, action: Action, now: Timestamp) -> Scope {
        let everywhere = |role: &Role| role.all_organizations() && role.grants(action);
        if self.platform_roles.iter().any(everywhere) {
            return Scope::All;
        }
        let active = |rule: &&Rule| rule.says.is_about(action, now);
        let roles = self.organization_roles.iter().filter(|(_, role)| role.grants(action));
        let grants = || self.grants.iter().filter(active);
        let mut organizations: BTreeSet<i64> =
            roles.map(|(organization, _)| *organization).collect();
        organizations.extend(grants().filter_map(|rule| rule.organization));
        // Whoever is denied an organization is denied all customers whom it reaches.
        for denied in self.denies.iter().filter(active).filter_map(|rule| rule.organization) {
            organizations.remove(&denied);
        }
        let mut customers: BTreeSet<i64> = grants().filter_map(|rule| rule.customer).collect();
        customers.extend(self.profile);
        Scope::Some { organizations, customers }
    }
}

impl Scope {
    /// Whether the customers of the organization are in it.
    pub(crate) fn has(&self, organization: i64) -> bool {
        match self {
            Self::All => true,
            Self::Some { organizations, .. } => organizations.contains(&organization),
        }
    }
}
