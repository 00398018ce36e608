//! Tokens of organizations, as the holders of other tokens make, rotate and revoke them.

use std::time::Duration;

use customers_types::{
    id::{PublicId, TokenId},
    scalar::Timestamp,
    token::TokenHash,
};
use rusqlite::{Connection, TransactionBehavior, named_params};

use super::{principal, token};
use crate::{
    error::StoreError,
    token::{
        NewToken, OrganizationToken, TokenAttempt, TokenCreation, TokenRefusal, TokenRevocation,
        TokenRotation,
        administrator::{Administrator, Stop},
    },
};

pub(super) fn create(
    connection: &mut Connection,
    creation: &TokenCreation,
) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError> {
    let token = creation.token;
    attempt(connection, &creation.caller, token.created_at, |connection, caller| {
        caller.may_make(&token)?;
        keep(connection, caller, creation.hash, token)
    })
}

pub(super) fn revoke(
    connection: &mut Connection,
    revocation: &TokenRevocation,
) -> Result<Option<TokenAttempt<()>>, StoreError> {
    attempt(connection, &revocation.caller, revocation.now, |connection, caller| {
        let token = caller.administered(token::find_by_id(connection, revocation.id)?)?;
        token::revoke(connection, token.id, revocation.now)?;
        Ok(())
    })
}

pub(super) fn rotate(
    connection: &mut Connection,
    rotation: &TokenRotation,
) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError> {
    let now = rotation.now;
    attempt(connection, &rotation.caller, now, |connection, caller| {
        let old = caller.administered(token::find_by_id(connection, rotation.id)?)?;
        caller.may_rotate(&old)?;
        let lifetime = end(connection, old.id, now.after(rotation.overlap))?;
        let token = rotation.successor_of(old, lifetime);
        keep(connection, caller, rotation.hash, token)
    })
}

/// Makes a change in one transaction with the decision about it, so that nothing can come between.
fn attempt<T>(
    connection: &mut Connection,
    caller: &TokenHash,
    now: Timestamp,
    change: impl FnOnce(&Connection, &Administrator) -> Result<T, Stop>,
) -> Result<Option<TokenAttempt<T>>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some(principal) = principal::find(&transaction, caller)? else { return Ok(None) };
    let made = match Administrator::of(&principal, now) {
        Ok(caller) => change(&transaction, &caller),
        Err(refusal) => Err(refusal.into()),
    };
    let result = match made {
        Ok(made) => {
            transaction.commit()?;
            Ok(made)
        }
        Err(Stop::Refused(refusal)) => Err(refusal),
        Err(Stop::Failed(error)) => return Err(error),
    };
    Ok(Some(TokenAttempt { caller: principal.token, result }))
}

/// Keeps a new token.
fn keep(
    connection: &Connection,
    caller: &Administrator,
    hash: TokenHash,
    token: OrganizationToken,
) -> Result<OrganizationToken, Stop> {
    let token = caller.bounded(token);
    match token::create(connection, &NewToken { hash, token: token.into() }) {
        Ok(()) => Ok(token),
        Err(StoreError::NoSuchHolder) => Err(TokenRefusal::NotVisible.into()),
        Err(error) => Err(error.into()),
    }
}

/// Ends a token at this moment, unless it ends earlier, and gives back for how long it was made.
fn end(
    connection: &Connection,
    id: TokenId,
    at: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let lifetime: Option<i64> = connection
        .prepare_cached(
            "UPDATE api_token SET expires_at = min(ifnull(expires_at, :at), :at) WHERE id = :id
             RETURNING lifetime",
        )?
        .query_row(named_params! { ":id": id.uuid().as_bytes(), ":at": at.millis() }, |row| {
            row.get("lifetime")
        })?;
    // One that was to end before it began is as good as over.
    Ok(lifetime.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0))))
}
