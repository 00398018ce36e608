//! Why the caller may read or change a customer.

use customers_store::access::Evidence;
use customers_types::{access::Action, id::CustomerPubId};

use super::{counts, customer::authorize};
use crate::{
    context::OperationContext,
    error::{Failure, Unauthenticated},
};

/// The actions that the caller may do on the customer with what lets it, if it may read it.
pub(crate) async fn explain(
    context: &OperationContext,
    id: CustomerPubId,
) -> Result<Vec<(Action, Evidence)>, Failure> {
    let explained = context.store.explain_access(&context.token, id, context.now).await?;
    let explained = explained.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    let token = explained.access.token;
    counts(context, &token)?;
    let (customer, clause) = authorize(context, Action::CustomerRead, explained.access)?;
    context.audit_reads(&token, [(customer.id, clause)]).await?;
    Ok(explained.evidence)
}
