//! Tokens of organizations, as the holders of other tokens make, rotate and revoke them.

use std::time::Duration;

use customers_types::{
    access::{Action, Reach, Standing},
    id::{PublicId, TokenId},
    scalar::Timestamp,
    token::{TokenHash, Validity},
};
use deadpool_postgres::GenericClient;

use super::{connection::Done, principal, token};
use crate::{
    error::StoreError,
    token::{
        NewToken, OrganizationToken, Token, TokenAttempt, TokenCreation, TokenRefusal,
        TokenRevocation, TokenRotation,
    },
};

/// What the caller may do, as it is when the transaction begins.
struct Caller {
    standing: Standing,
    /// Where it holds `TokenWrite`.
    reach: Reach,
    /// When its own token ends.
    expires_at: Option<Timestamp>,
    now: Timestamp,
}

/// Why a change is not made.
enum Stop {
    Refused(TokenRefusal),
    Failed(StoreError),
}

impl From<TokenRefusal> for Stop {
    fn from(refusal: TokenRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<E: Into<StoreError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

type Attempt<T> = Result<Done<Option<TokenAttempt<T>>>, StoreError>;

pub(super) async fn create(
    client: &impl GenericClient,
    creation: &TokenCreation,
) -> Attempt<OrganizationToken> {
    let now = creation.token.created_at;
    let Some((own, caller)) = Caller::find(client, &creation.caller, now).await? else {
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
    let Some((own, caller)) = Caller::find(client, &revocation.caller, revocation.now).await?
    else {
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
    let Some((own, caller)) = Caller::find(client, &rotation.caller, rotation.now).await? else {
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
    caller: &Caller,
    creation: &TokenCreation,
) -> Result<OrganizationToken, Stop> {
    if !caller.reach.contains(creation.token.organization) {
        return Err(TokenRefusal::NotVisible.into());
    }
    caller.may_grant(&creation.token)?;
    keep(client, caller, creation.hash, creation.token).await
}

async fn revoke_by(
    client: &impl GenericClient,
    caller: &Caller,
    revocation: &TokenRevocation,
) -> Result<(), Stop> {
    let token = caller.administered(client, revocation.id).await?;
    token::revoke(client, token.id, revocation.now).await?;
    Ok(())
}

async fn rotate_by(
    client: &impl GenericClient,
    caller: &Caller,
    rotation: &TokenRotation,
) -> Result<OrganizationToken, Stop> {
    let now = rotation.now;
    let old = caller.administered(client, rotation.id).await?;
    caller.may_grant(&old)?;
    if old.validity.lapse(now).is_some() {
        return Err(TokenRefusal::Lapsed.into());
    }
    let lifetime = end(client, old.id, now.after(rotation.overlap)).await?;
    let expires_at = rotation.expires_at.or(lifetime.map(|lifetime| now.after(lifetime)));
    let validity = Validity { expires_at, revoked_at: None };
    let token = OrganizationToken { id: rotation.successor, created_at: now, validity, ..old };
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

impl Caller {
    /// The token that was shown, and what its holder may do, in the transaction that writes. What
    /// that rests on may be changed meanwhile; what is written then counts as made before that,
    /// since both ran at once.
    async fn find(
        client: &impl GenericClient,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<(Token, Result<Self, TokenRefusal>)>, StoreError> {
        let Some(principal) = principal::find(client, hash).await? else { return Ok(None) };
        let standing = principal.standing();
        let reach = standing.reach(Action::TokenWrite, now);
        // A token that does not count holds nothing.
        let counts = principal.token.validity.lapse(now).is_none();
        let expires_at = principal.token.validity.expires_at;
        let caller = if counts && !reach.is_nowhere() {
            Ok(Self { standing, reach, expires_at, now })
        } else {
            Err(TokenRefusal::NotHeld)
        };
        Ok(Some((principal.token, caller)))
    }

    /// The token, if it is one of an organization where the caller holds `TokenWrite`.
    async fn administered(
        &self,
        client: &impl GenericClient,
        id: TokenId,
    ) -> Result<OrganizationToken, Stop> {
        let token = token::find_by_id(client, id).await?.and_then(OrganizationToken::of);
        let token = token.filter(|token| self.reach.contains(token.organization));
        token.ok_or_else(|| TokenRefusal::NotVisible.into())
    }

    /// Refuses what could do more in its organization than the caller can.
    fn may_grant(&self, token: &OrganizationToken) -> Result<(), TokenRefusal> {
        let held = self.standing.held_in(token.organization, self.now);
        match token.actions().without(held).iter().next() {
            None => Ok(()),
            Some(action) => Err(TokenRefusal::Exceeds(action)),
        }
    }
}

/// Keeps a token that ends no later than that of its maker: one that was given for an hour must
/// not make itself permanent.
async fn keep(
    client: &impl GenericClient,
    caller: &Caller,
    hash: TokenHash,
    mut token: OrganizationToken,
) -> Result<OrganizationToken, Stop> {
    let ends = [token.validity.expires_at, caller.expires_at];
    token.validity.expires_at = ends.into_iter().flatten().min();
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
