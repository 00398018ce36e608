//! Records whose fields have to go together: as they are read, and as a store takes them.
//!
//! What they have to be together is said twice, here and in the document (`super::document`); a
//! test of `customers-api` holds the two to each other.

use schemars::JsonSchema;
use serde::{
    Deserialize,
    de::{Error, Unexpected},
};

use super::{
    DirectRuleRecord, MembershipRecord, PlatformMembershipRecord, Record, RecordKey, RuleTarget,
    read::not_null,
};
use crate::{
    access::{ActionSet, PackSet, Role},
    id::{CustomerPubId, OrganizationId, UserId},
    scalar::Timestamp,
};

/// A role of a user: in an organization, or, without one, on the platform. A user has at most one
/// role in each organization, and one on the platform.
///
/// In an organization the role is `OrganizationAdmin`, `CustomerSupport` or `ProductManager`; on
/// the platform it is `PlatformSupport` or `PlatformAdmin`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MembershipFields {
    /// The user who holds the role.
    user_id: UserId,
    /// The role.
    role: Role,
    /// The organization in which it is held; left out for a role on the platform.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "OrganizationId", skip_serializing_if = "Option::is_none")]
    organization_id: Option<OrganizationId>,
}

/// The key of a membership.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MembershipKey {
    user_id: UserId,
    #[serde(default, deserialize_with = "not_null")]
    organization_id: Option<OrganizationId>,
}

/// A grant or a deny; `I` says which.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RuleFields<I> {
    /// Its identifier.
    id: I,
    /// The user whom it is about.
    user_id: UserId,
    /// Actions that are named one by one.
    #[serde(default)]
    actions: ActionSet,
    /// Packs, each of which stands for its actions.
    #[serde(default)]
    packs: PackSet,
    /// The customer that it is about.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "CustomerPubId", skip_serializing_if = "Option::is_none")]
    customer_id: Option<CustomerPubId>,
    /// The organization whose customers it is about.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "OrganizationId", skip_serializing_if = "Option::is_none")]
    organization_id: Option<OrganizationId>,
    /// From when on it counts; left out, it always has.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "Timestamp", skip_serializing_if = "Option::is_none")]
    valid_from: Option<Timestamp>,
}

/// A field that does not go with the others, and why.
pub(super) struct Mismatch {
    field: &'static str,
    reason: &'static str,
}

impl Mismatch {
    /// The error of a deserializer, which has no other way to name a field and say more of it
    /// than that it is missing.
    pub(super) fn into_error<E: Error>(self) -> E {
        E::invalid_value(Unexpected::Other(self.field), &self.reason)
    }
}

impl MembershipFields {
    /// A role either holds over all organizations or is held in one.
    pub(super) fn record(self) -> Result<Record, Mismatch> {
        let Self { user_id, role, organization_id } = self;
        let field = "organizationId";
        match organization_id {
            Some(organization_id) if !role.all_organizations() => {
                Ok(Record::Membership(MembershipRecord { user_id, organization_id, role }))
            }
            None if role.all_organizations() => {
                Ok(Record::PlatformMembership(PlatformMembershipRecord { user_id, role }))
            }
            Some(_) => {
                let reason = "has to be left out: the role holds over all organizations";
                Err(Mismatch { field, reason })
            }
            None => {
                let reason = "is required: the role is held in one organization";
                Err(Mismatch { field, reason })
            }
        }
    }
}

impl From<MembershipKey> for RecordKey {
    fn from(key: MembershipKey) -> Self {
        match key.organization_id {
            Some(organization) => Self::Membership(key.user_id, organization),
            None => Self::PlatformMembership(key.user_id),
        }
    }
}

impl<I> RuleFields<I> {
    /// What it says, behind its identifier.
    pub(super) fn record(self) -> Result<(I, DirectRuleRecord), Mismatch> {
        let mismatch = |field, reason| Err(Mismatch { field, reason });
        let Self { id, user_id, actions, packs, valid_from, .. } = self;
        if actions == ActionSet::default() && packs.actions() == ActionSet::default() {
            return mismatch("actions", "is required, or packs: name at least one");
        }
        let target = match (self.customer_id, self.organization_id) {
            (Some(customer), None) => RuleTarget::Customer(customer),
            (None, Some(organization)) => RuleTarget::Organization(organization),
            (None, None) => return mismatch("customerId", "is required, or organizationId"),
            (Some(_), Some(_)) => {
                return mismatch("organizationId", "can't stand beside customerId");
            }
        };
        Ok((id, DirectRuleRecord { user_id, actions, packs, target, valid_from }))
    }
}
