//! Why the rule lets the holder of a token at a customer.

use customers_types::{
    access::{Action, Role},
    id::{CheckoutId, GrantId, OrganizationId},
};

use crate::{customer::CustomerAccess, record::RuleTarget};

/// One customer as the holder of a token meets it, and why.
pub struct AccessExplanation {
    /// The customer, and all that the decision has to know.
    pub access: CustomerAccess,
    /// The evidence for each action on the customer that the rule allows; none if it does not
    /// allow to read.
    pub evidence: Vec<(Action, Evidence)>,
}

/// What lets a principal in: the clause of the rule, with what fulfils it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The principal's user is the customer's user.
    SelfService,
    /// A role on the platform.
    Platform(Role),
    /// A role in an organization that reaches the customer.
    Organization {
        /// The role.
        role: Role,
        /// Where it is held.
        organization: OrganizationId,
        /// The customer's oldest checkout of a product of the organization.
        checkout: CheckoutId,
    },
    /// A direct grant.
    Direct {
        /// Which.
        grant: GrantId,
        /// On what.
        target: RuleTarget,
        /// The customer's oldest checkout of a product of the organization, if it is on one.
        checkout: Option<CheckoutId>,
    },
}
