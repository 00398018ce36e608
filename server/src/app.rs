//! What each operation does: decide, and one call to the store.

pub(crate) mod access;
pub(crate) mod customer;
pub(crate) mod directory;
pub(crate) mod health;
pub(crate) mod permission;
pub(crate) mod token;

use customers_store::token::Token;

use crate::{
    context::OperationContext,
    error::{Failure, Unauthenticated},
};

/// Whose token this is, where nothing else is asked of the store.
pub(crate) async fn authenticate(context: &OperationContext) -> Result<Token, Failure> {
    let token = context.store.token(&context.token).await?;
    let token = token.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &token)?;
    Ok(token)
}

/// Turns away a token that has expired or was revoked; notes one that counts for the log.
fn counts(context: &OperationContext, token: &Token) -> Result<(), Failure> {
    if let Some(lapse) = token.validity.lapse(context.now) {
        return Err(Failure::Unauthenticated(Unauthenticated::Lapsed(lapse)));
    }
    let _ = context.authenticated.set(*token);
    Ok(())
}
