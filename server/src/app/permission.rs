//! Permissions: which there are, and which the caller has.

use customers_store::principal::Principal;

use super::{authenticate, counts};
use crate::{
    context::OperationContext,
    error::{Failure, Unauthenticated},
};

/// Nothing but that the caller is known: what there is, is the same for all.
pub(crate) async fn list(context: &OperationContext) -> Result<(), Failure> {
    authenticate(context).await.map(drop)
}

/// The caller, with memberships, grants and denies.
pub(crate) async fn mine(context: &OperationContext) -> Result<Principal, Failure> {
    let principal = context.store.principal(&context.token).await?;
    let principal = principal.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &principal.token)?;
    Ok(principal)
}
