//! Permissions on the wire: which there are, and which the caller has.

use customers_types::{
    access::{Action, Pack, Role},
    id::{CustomerPubId, DenyId, GrantId, OrganizationId, UserId},
    scalar::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Every action, pack and role that there is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Permissions {
    /// The actions, which are what an operation needs.
    pub actions: Vec<Action>,
    /// The packs, which group actions.
    pub packs: Vec<PackDescription>,
    /// The roles, which group packs.
    pub roles: Vec<RoleDescription>,
}

/// What a pack stands for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PackDescription {
    /// The pack.
    pub name: Pack,
    /// The actions that it groups.
    pub actions: Vec<Action>,
}

/// What a role holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleDescription {
    /// The role.
    pub name: Role,
    /// The packs that it holds.
    pub packs: Vec<Pack>,
    /// Whether the role holds them over all organizations, and not only in the one in which it
    /// is given.
    pub all_org_permissions: bool,
}

/// What the caller may do, and where that comes from.
///
/// A token of a user has `userId` and the user's memberships, grants and denies; a token of an
/// organization has `organizationId`, and its one role there as its only membership.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyPermissions {
    /// The user for whom the token acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "UserId", default)]
    pub user_id: Option<UserId>,
    /// The organization for which the token acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "OrganizationId", default)]
    pub organization_id: Option<OrganizationId>,
    /// The actions to which the token is narrowed; left out if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Action>", default)]
    pub scopes: Option<Vec<Action>>,
    /// The roles, in organizations and on the platform.
    pub memberships: Vec<Membership>,
    /// What was granted directly.
    pub grants: Vec<Grant>,
    /// What was denied; a deny wins over everything else.
    pub denies: Vec<Deny>,
}

/// A role, and where it is held.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// The role.
    pub role: Role,
    /// The organization in which it is held; left out if it is held on the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "OrganizationId", default)]
    pub organization_id: Option<OrganizationId>,
}

/// Actions that were granted directly.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Grant {
    /// Identifier of the grant.
    pub id: GrantId,
    /// What is granted, on what, from when on.
    #[serde(flatten)]
    pub rule: DirectRule,
}

/// Actions that are denied.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Deny {
    /// Identifier of the deny.
    pub id: DenyId,
    /// What is denied, on what, from when on.
    #[serde(flatten)]
    pub rule: DirectRule,
}

/// What a grant or a deny is about: either one customer, or the customers who have checked out a
/// product of one organization.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DirectRule {
    /// Actions that are named one by one.
    pub actions: Vec<Action>,
    /// Packs, each of which stands for its actions.
    pub packs: Vec<Pack>,
    /// The customer that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "CustomerPubId", default)]
    pub customer_id: Option<CustomerPubId>,
    /// The organization whose customers it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "OrganizationId", default)]
    pub organization_id: Option<OrganizationId>,
    /// From when on it counts: RFC 3339, UTC, milliseconds. Left out, it always has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp", default)]
    pub valid_from: Option<Timestamp>,
}
