//! Permissions on the wire.

use customers_api::permission::{
    Deny, DirectRule, Grant, Membership, MyPermissions, PackDescription, Permissions,
    RoleDescription,
};
use customers_store::{
    principal::{Principal, Rule},
    record::RuleTarget,
    token::Holder,
};
use customers_types::access::{Action, Pack, Role};
use dropshot::HttpResponseOk;
use strum::VariantArray;

/// Every action, pack and role.
pub(in crate::http) fn all() -> HttpResponseOk<Permissions> {
    let pack =
        |pack: &Pack| PackDescription { name: *pack, actions: pack.actions().iter().collect() };
    let role = |role: &Role| RoleDescription {
        name: *role,
        packs: role.packs().to_vec(),
        all_org_permissions: role.all_organizations(),
    };
    HttpResponseOk(Permissions {
        actions: Action::VARIANTS.to_vec(),
        packs: Pack::VARIANTS.iter().map(pack).collect(),
        roles: Role::VARIANTS.iter().map(role).collect(),
    })
}

/// What one principal has.
pub(in crate::http) fn mine(principal: Principal) -> HttpResponseOk<MyPermissions> {
    let (user_id, organization_id) = match principal.token.holder {
        Holder::User(user) => (Some(user), None),
        Holder::Organization(organization, _) => (None, Some(organization)),
    };
    let memberships = principal.memberships.into_iter();
    let grants = principal.grants.into_iter();
    let denies = principal.denies.into_iter();
    HttpResponseOk(MyPermissions {
        user_id,
        organization_id,
        scopes: principal.token.scopes.map(|scopes| scopes.iter().collect()),
        memberships: memberships
            .map(|(role, organization_id)| Membership { role, organization_id })
            .collect(),
        grants: grants.map(|(id, stored)| Grant { id, rule: rule(stored) }).collect(),
        denies: denies.map(|(id, stored)| Deny { id, rule: rule(stored) }).collect(),
    })
}

fn rule(stored: Rule) -> DirectRule {
    let (customer_id, organization_id) = match stored.target {
        RuleTarget::Customer(customer) => (Some(customer), None),
        RuleTarget::Organization(organization) => (None, Some(organization)),
    };
    DirectRule {
        actions: stored.actions.iter().collect(),
        packs: stored.packs.iter().collect(),
        customer_id,
        organization_id,
        valid_from: stored.valid_from,
    }
}
