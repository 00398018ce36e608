//! Who may do what: actions, the packs and roles that grant them, and the decision.
//!
//! [`decide`] is the access rule. It is pure: whoever calls it brings what is known of the
//! principal and of the customer ([`Facts`]) and the time. Every other form of the rule, above
//! all the list's SQL predicate, has to agree with it.
//!
//! [`Standing`] says what a principal holds in an organization as a whole, on no customer in
//! particular: that is what the administration of tokens asks, and of what is about everything.

mod action;
mod decision;
mod role;
mod scopes;
mod standing;

pub use action::{Action, ActionSet};
pub use decision::{Clause, Decision, DirectRule, Facts, OrganizationRole, Reason, decide, reason};
pub use role::{Pack, PackSet, Role};
pub use scopes::Scopes;
pub use standing::{Reach, Ruling, Standing};
