//! Why the caller may read or change a customer, on the wire.

use customers_types::{
    access::{Action, Role},
    id::{CheckoutId, CustomerPubId, GrantId, OrganizationId},
};
use schemars::JsonSchema;
use serde::Serialize;

/// What the caller may do on one customer, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerAccess {
    /// The customer.
    pub customer_id: CustomerPubId,
    /// `CustomerRead`, and `CustomerWrite` if the caller may do that too; each with the reason.
    pub actions: Vec<AllowedAction>,
}

/// An action that the caller may do on the customer, and what lets it.
///
/// The reason is the first clause of the access rule that is fulfilled, in the order in which
/// `AccessClause` lists them; there may be others. The further fields say what fulfils it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllowedAction {
    /// The action.
    pub action: Action,
    /// The clause of the access rule.
    pub clause: AccessClause,
    /// The caller's role, where the clause is `platform` or `organization`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Role", default)]
    pub role: Option<Role>,
    /// The organization in which that role is held, where the clause is `organization`; that on
    /// which the grant is, where it is `direct` and the grant is not on this very customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "OrganizationId", default)]
    pub organization_id: Option<OrganizationId>,
    /// The customer's oldest checkout of a product of that organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "CheckoutId", default)]
    pub checkout_id: Option<CheckoutId>,
    /// The grant, where the clause is `direct`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "GrantId", default)]
    pub grant_id: Option<GrantId>,
}

/// A clause of the access rule.
///
/// More values may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum AccessClause {
    /// The caller is the customer's own user.
    #[serde(rename = "self")]
    SelfService,
    /// The caller has a role that grants the action over all organizations.
    Platform,
    /// The caller has a role that grants the action in an organization, and the customer has a
    /// checkout of one of that organization's products.
    Organization,
    /// The action was granted to the caller directly, on the customer or on an organization of
    /// whose products the customer has a checkout.
    Direct,
}
