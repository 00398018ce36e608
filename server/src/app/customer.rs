//! Operations on one customer.

use customers_store::{
    customer::{Customer, CustomerAccess, CustomerChange, Version},
    list::{CustomerFilter, CustomerListing, CustomerPage, Order, Position},
};
use customers_types::{
    access::{Action, Clause, Decision, decide},
    customer::CustomerUpdate,
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
    let token = access.token;
    counts(context, &token)?;
    let (customer, clause) = authorize(context, Action::CustomerRead, access)?;
    context.audit_reads(&token, [(customer.id, clause)]).await?;
    Ok(customer)
}

/// Which page of which list.
pub(crate) struct Listing {
    /// Which customers.
    pub(crate) filter: CustomerFilter,
    /// In which order.
    pub(crate) order: Order,
    /// After which place.
    pub(crate) after: Option<Position>,
    /// How many at most.
    pub(crate) limit: usize,
}

/// A page of the customers whom the caller may read.
pub(crate) async fn list(
    context: &OperationContext,
    listing: Listing,
) -> Result<CustomerPage, Failure> {
    let Listing { filter, order, after, limit } = listing;
    let (token, now) = (context.token, context.now);
    let listing = CustomerListing { token, filter, order, after, limit, now };
    let list = context.store.list_customers(&listing).await?;
    let list = list.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &list.token)?;
    if !list.held {
        return Err(Failure::Forbidden(Action::CustomerRead));
    }
    let shown = list.page.items.iter().map(|(clause, customer)| (customer.id, *clause));
    context.audit_reads(&list.token, shown).await?;
    Ok(list.page)
}

/// The customer after the update, if the caller may write it and it has one of the versions.
pub(crate) async fn update(
    context: &OperationContext,
    id: CustomerPubId,
    update: CustomerUpdate,
    if_match: Option<Vec<Version>>,
) -> Result<Customer, Failure> {
    let (token, now, origin) = (context.token, context.now, context.audit_origin());
    let change = CustomerChange { token, customer: id, update, if_match, now, origin };
    let attempt = context.store.update_customer(change).await?;
    let attempt = attempt.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &attempt.access.token)?;
    let (customer, _) = authorize(context, Action::CustomerWrite, attempt.access)?;
    if attempt.version_differs { Err(Failure::VersionDiffers) } else { Ok(customer) }
}

/// The customer, if the rule lets the caller perform the action on it, and the clause that does.
/// One whom the caller may not see and one who does not exist are the same to it.
pub(super) fn authorize(
    context: &OperationContext,
    action: Action,
    access: CustomerAccess,
) -> Result<(Customer, Clause), Failure> {
    match (decide(action, &access.facts, context.now), access.customer) {
        (Decision::NotHeld, _) => Err(Failure::Forbidden(action)),
        (Decision::Allowed(clause), Some(customer)) => Ok((customer, clause)),
        (Decision::Allowed(_) | Decision::NotVisible, _) => Err(Failure::NotFound("customer")),
    }
}
