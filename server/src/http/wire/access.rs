//! The reasons of access on the wire.

use customers_api::access::{AccessClause, AllowedAction, CustomerAccess};
use customers_store::{access::Evidence, record::RuleTarget};
use customers_types::{access::Action, id::CustomerPubId};
use dropshot::HttpResponseOk;

/// What may be done on the customer, each with its reason.
pub(in crate::http) fn explanation(
    customer_id: CustomerPubId,
    evidence: Vec<(Action, Evidence)>,
) -> HttpResponseOk<CustomerAccess> {
    let actions = evidence.into_iter().map(|(action, evidence)| allowed(action, evidence));
    HttpResponseOk(CustomerAccess { customer_id, actions: actions.collect() })
}

fn allowed(action: Action, evidence: Evidence) -> AllowedAction {
    let by = |clause| AllowedAction {
        action,
        clause,
        role: None,
        organization_id: None,
        checkout_id: None,
        grant_id: None,
    };
    match evidence {
        Evidence::SelfService => by(AccessClause::SelfService),
        Evidence::Platform(role) => {
            AllowedAction { role: Some(role), ..by(AccessClause::Platform) }
        }
        Evidence::Organization { role, organization, checkout } => AllowedAction {
            role: Some(role),
            organization_id: Some(organization),
            checkout_id: Some(checkout),
            ..by(AccessClause::Organization)
        },
        Evidence::Direct { grant, target, checkout } => AllowedAction {
            grant_id: Some(grant),
            organization_id: match target {
                RuleTarget::Customer(_) => None,
                RuleTarget::Organization(organization) => Some(organization),
            },
            checkout_id: checkout,
            ..by(AccessClause::Direct)
        },
    }
}
