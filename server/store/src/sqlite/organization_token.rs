//! Tokens of organizations, as the holders of other tokens make, rotate and revoke them.

use std::time::Duration;

use customers_types::{
    access::{Action, Reach, Standing},
    id::{PublicId, TokenId},
    scalar::Timestamp,
    token::{TokenHash, Validity},
};
use rusqlite::{Connection, TransactionBehavior, named_params};

use super::{principal, token};
use crate::{
    error::StoreError,
    token::{
        NewToken, OrganizationToken, TokenAttempt, TokenCreation, TokenRefusal, TokenRevocation,
        TokenRotation,
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

pub(super) fn create(
    connection: &mut Connection,
    creation: &TokenCreation,
) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError> {
    let token = creation.token;
    attempt(connection, &creation.caller, token.created_at, |connection, caller| {
        if !caller.reach.contains(token.organization) {
            return Err(TokenRefusal::NotVisible.into());
        }
        caller.may_grant(&token)?;
        keep(connection, caller, creation.hash, token)
    })
}

pub(super) fn revoke(
    connection: &mut Connection,
    revocation: &TokenRevocation,
) -> Result<Option<TokenAttempt<()>>, StoreError> {
    attempt(connection, &revocation.caller, revocation.now, |connection, caller| {
        let token = caller.administered(connection, revocation.id)?;
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
        let old = caller.administered(connection, rotation.id)?;
        caller.may_grant(&old)?;
        if old.validity.lapse(now).is_some() {
            return Err(TokenRefusal::Lapsed.into());
        }
        let lifetime = end(connection, old.id, now.after(rotation.overlap))?;
        let expires_at = rotation.expires_at.or(lifetime.map(|lifetime| now.after(lifetime)));
        let validity = Validity { expires_at, revoked_at: None };
        let token = OrganizationToken { id: rotation.successor, created_at: now, validity, ..old };
        keep(connection, caller, rotation.hash, token)
    })
}

/// Makes a change in one transaction with the decision about it, so that nothing can come between.
fn attempt<T>(
    connection: &mut Connection,
    caller: &TokenHash,
    now: Timestamp,
    change: impl FnOnce(&Connection, &Caller) -> Result<T, Stop>,
) -> Result<Option<TokenAttempt<T>>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some(principal) = principal::find(&transaction, caller)? else { return Ok(None) };
    let standing = principal.standing();
    let reach = standing.reach(Action::TokenWrite, now);
    // A token that does not count holds nothing.
    let counts = principal.token.validity.lapse(now).is_none();
    let made = if counts && !reach.is_nowhere() {
        let expires_at = principal.token.validity.expires_at;
        change(&transaction, &Caller { standing, reach, expires_at, now })
    } else {
        Err(TokenRefusal::NotHeld.into())
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

impl Caller {
    /// The token, if it is one of an organization where the caller holds `TokenWrite`.
    fn administered(
        &self,
        connection: &Connection,
        id: TokenId,
    ) -> Result<OrganizationToken, Stop> {
        let token = token::find_by_id(connection, id)?.and_then(OrganizationToken::of);
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
fn keep(
    connection: &Connection,
    caller: &Caller,
    hash: TokenHash,
    mut token: OrganizationToken,
) -> Result<OrganizationToken, Stop> {
    let ends = [token.validity.expires_at, caller.expires_at];
    token.validity.expires_at = ends.into_iter().flatten().min();
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
