//! Who asks for a list: all that the access rule has to know of it, with the keys of the rows that
//! it is about.

use std::collections::BTreeSet;

use customers_types::{
    access::{Action, ActionSet, DirectRule, Facts, OrganizationRole, PackSet, Role},
    scalar::Timestamp,
    token::TokenHash,
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    error::StoreError,
    sqlite::{
        decode::{Columns, role},
        token,
    },
    token::Token,
};

/// `?1` is the hash of the token.
const FIND: &str = "
    SELECT
        t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
        t.expires_at, t.revoked_at, tu.id AS holder_user_id, tor.id AS holder_organization_id,
        (SELECT own.key FROM customer own WHERE own.user_key = t.user_key) AS profile,
        (SELECT json_group_array(m.role) FROM platform_membership m
         WHERE m.user_key = t.user_key) AS platform_roles,
        (SELECT json_group_array(json_array(held.organization_key, held.role))
         FROM (
             SELECT m.organization_key, m.role FROM membership m WHERE m.user_key = t.user_key
             UNION ALL
             SELECT t.organization_key, t.role WHERE t.organization_key IS NOT NULL
         ) held) AS organization_roles,
        (SELECT json_group_array(json_array(r.actions, r.packs, r.valid_from,
             r.customer_key, r.organization_key))
         FROM direct_grant r WHERE r.user_key = t.user_key) AS grants,
        (SELECT json_group_array(json_array(r.actions, r.packs, r.valid_from,
             r.customer_key, r.organization_key))
         FROM direct_deny r WHERE r.user_key = t.user_key) AS denies
    FROM api_token t
    LEFT JOIN user tu ON tu.key = t.user_key
    LEFT JOIN organization tor ON tor.key = t.organization_key
    WHERE t.hash = ?1";

/// The holder of a token.
pub(super) struct Caller {
    pub(super) token: Token,
    /// The customer that is the holder's own profile.
    profile: Option<i64>,
    platform_roles: Vec<Role>,
    /// Each with its organization.
    organization_roles: Vec<(i64, Role)>,
    grants: Vec<Rule>,
    denies: Vec<Rule>,
}

/// A grant or a deny.
struct Rule {
    /// What it says, covering no customer yet.
    says: DirectRule,
    customer: Option<i64>,
    organization: Option<i64>,
}

/// Among whom those have to be looked for whom a caller may read.
pub(super) enum Scope {
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

/// The holder of the token; `None` if there is no such token.
pub(super) fn find(
    connection: &Connection,
    hash: &TokenHash,
) -> Result<Option<Caller>, StoreError> {
    connection
        .prepare_cached(FIND)?
        .query_row((hash.as_bytes(),), |row| Ok(decode(row)))
        .optional()?
        .transpose()
}

fn decode(row: &Row<'_>) -> Result<Caller, StoreError> {
    let token = token::decode(row)?;
    let row = Columns(row);
    let platform_roles = row.rows::<String>("platform_roles")?;
    let organization_roles = row.rows::<(i64, String)>("organization_roles")?;
    Ok(Caller {
        token,
        profile: row.get("profile")?,
        platform_roles: platform_roles.iter().map(|name| role(name)).collect::<Result<_, _>>()?,
        organization_roles: organization_roles
            .iter()
            .map(|(organization, name)| Ok((*organization, role(name)?)))
            .collect::<Result<_, StoreError>>()?,
        grants: rules(&row, "grants")?,
        denies: rules(&row, "denies")?,
    })
}

/// Actions, packs, moment from which it counts, customer and organization.
type StoredRule = (u32, u32, Option<i64>, Option<i64>, Option<i64>);

fn rules(row: &Columns<'_>, column: &'static str) -> Result<Vec<Rule>, StoreError> {
    let rules = row.rows::<StoredRule>(column)?.into_iter();
    Ok(rules
        .map(|(actions, packs, valid_from, customer, organization)| Rule {
            says: DirectRule {
                actions: ActionSet::from_bits(actions).union(PackSet::from_bits(packs).actions()),
                covers_customer: false,
                valid_from: valid_from.map(Timestamp::from_millis),
            },
            customer,
            organization,
        })
        .collect())
}

impl Caller {
    /// What the access rule has to know about the caller and a customer whom these organizations
    /// reach, or about the caller alone.
    pub(super) fn facts(&self, customer: Option<i64>, reached_by: &[i64]) -> Facts {
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
    pub(super) fn depends_on_reach(&self) -> bool {
        let mut rules = self.grants.iter().chain(&self.denies);
        !self.organization_roles.is_empty() || rules.any(|rule| rule.organization.is_some())
    }

    /// Where to look for the customers on whom the access rule may let the caller do this. It may
    /// be too many, never too few: the rule is asked about each.
    pub(super) fn scope(&self, action: Action, now: Timestamp) -> Scope {
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
