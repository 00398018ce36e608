//! Operations on one customer.

use customers_store::customer::{Customer, CustomerAccess};
use customers_types::{
    access::{Action, Decision, decide},
    id::CustomerPubId,
};

use super::counts;
use crate::{
    context::OperationContext,
    error::{Failure, Unauthenticated},
};

/// The customer, if the caller may read it.
pub(crate) async fn get(
    context: &OperationContext,
    id: CustomerPubId,
) -> Result<Customer, Failure> {
    let access = context.store.customer_access(&context.token, id).await?;
    let access = access.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &access.token)?;
    authorize(context, Action::CustomerRead, access)
}

/// The customer, if the rule lets the caller perform the action on it. One whom the caller may
/// not see and one who does not exist are the same to it.
fn authorize(
    context: &OperationContext,
    action: Action,
    access: CustomerAccess,
) -> Result<Customer, Failure> {
    match (decide(action, &access.facts, context.now), access.customer) {
        (Decision::NotHeld, _) => Err(Failure::Forbidden(action)),
        (Decision::Allowed(_), Some(customer)) => Ok(customer),
        (Decision::Allowed(_) | Decision::NotVisible, _) => Err(Failure::NotFound),
    }
}
