//! Tokens of organizations, as the holders of other tokens make, rotate and revoke them.

use std::time::Duration;

use customers_types::{
    id::{PublicId, TokenId},
    scalar::Timestamp,
    token::TokenHash,
};
use deadpool_postgres::GenericClient;

use super::{connection::Done, principal, token};
use crate::{
    error::StoreError,
    token::{
        NewToken, OrganizationToken, Token, TokenAttempt, TokenCreation, TokenRefusal,
        TokenRevocation, TokenRotation,
        administrator::{Administrator, Stop},
    },
};

type Attempt<T> = Result<Done<Option<TokenAttempt<T>>>, StoreError>;

pub(super) async fn create(
    client: &impl GenericClient,
    creation: &TokenCreation,
) -> Attempt<OrganizationToken> {
    let now = creation.token.created_at;
    let Some((own, caller)) = find(client, &creation.caller, now).await? else {
        return Ok(Done::Undo(None));
    };
    let made = match caller {
        Ok(caller) => create_by(client, &caller, creation).await,
        Err(refusal) => Err(refusal.into()),
    };
    done(own, made)
}

pub(super) async fn revoke(
    client: &impl GenericClient,
    revocation: &TokenRevocation,
) -> Attempt<()> {
    let Some((own, caller)) = find(client, &revocation.caller, revocation.now).await? else {
        return Ok(Done::Undo(None));
    };
    let made = match caller {
        Ok(caller) => revoke_by(client, &caller, revocation).await,
        Err(refusal) => Err(refusal.into()),
    };
    done(own, made)
}

pub(super) async fn rotate(
    client: &impl GenericClient,
    rotation: &TokenRotation,
) -> Attempt<OrganizationToken> {
    let Some((own, caller)) = find(client, &rotation.caller, rotation.now).await? else {
        return Ok(Done::Undo(None));
    };
    let made = match caller {
        Ok(caller) => rotate_by(client, &caller, rotation).await,
        Err(refusal) => Err(refusal.into()),
    };
    done(own, made)
}

async fn create_by(
    client: &impl GenericClient,
    caller: &Administrator,
    creation: &TokenCreation,
) -> Result<OrganizationToken, Stop> {
    caller.may_make(&creation.token)?;
    keep(client, caller, creation.hash, creation.token).await
}

async fn revoke_by(
    client: &impl GenericClient,
    caller: &Administrator,
    revocation: &TokenRevocation,
) -> Result<(), Stop> {
    let token = caller.administered(token::find_by_id(client, revocation.id).await?)?;
    token::revoke(client, token.id, revocation.now).await?;
    Ok(())
}

async fn rotate_by(
    client: &impl GenericClient,
    caller: &Administrator,
    rotation: &TokenRotation,
) -> Result<OrganizationToken, Stop> {
    let old = caller.administered(token::find_by_id(client, rotation.id).await?)?;
    caller.may_rotate(&old)?;
    let lifetime = end(client, old.id, rotation.now.after(rotation.overlap)).await?;
    let token = rotation.successor_of(old, lifetime);
    keep(client, caller, rotation.hash, token).await
}

/// What becomes of the transaction in which the holder of a token wanted something done.
fn done<T>(caller: Token, made: Result<T, Stop>) -> Attempt<T> {
    match made {
        Ok(made) => Ok(Done::Keep(Some(TokenAttempt { caller, result: Ok(made) }))),
        Err(Stop::Refused(refusal)) => {
            Ok(Done::Undo(Some(TokenAttempt { caller, result: Err(refusal) })))
        }
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// The token that was shown, and what its holder may do, in the transaction that writes. What that
/// rests on may be changed meanwhile; what is written then counts as made before that, since both
/// ran at once.
async fn find(
    client: &impl GenericClient,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<Option<(Token, Result<Administrator, TokenRefusal>)>, StoreError> {
    let principal = principal::find(client, hash).await?;
    Ok(principal.map(|principal| (principal.token, Administrator::of(&principal, now))))
}

/// Keeps a new token.
async fn keep(
    client: &impl GenericClient,
    caller: &Administrator,
    hash: TokenHash,
    token: OrganizationToken,
) -> Result<OrganizationToken, Stop> {
    let token = caller.bounded(token);
    match token::create(client, &NewToken { hash, token: token.into() }).await {
        Ok(()) => Ok(token),
        Err(StoreError::NoSuchHolder) => Err(TokenRefusal::NotVisible.into()),
        Err(error) => Err(error.into()),
    }
}

/// Ends a token at this moment, unless it ends earlier, and gives back for how long it was made.
async fn end(
    client: &impl GenericClient,
    id: TokenId,
    at: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let statement = client
        .prepare_cached(
            "UPDATE api_token SET expires_at = least(expires_at, $2) WHERE id = $1
             RETURNING lifetime",
        )
        .await?;
    let row = client.query_one(&statement, &[&id.uuid(), &at.millis()]).await?;
    let lifetime: Option<i64> = row.get("lifetime");
    // One that was to end before it began is as good as over.
    Ok(lifetime.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0))))
}
