//! Tokens of organizations: listed, made, rotated and revoked by those who administer them.

use std::time::Duration;

use customers_store::{
    list::Position,
    token::{
        OrganizationToken, TokenAttempt, TokenCreation, TokenListing, TokenPage, TokenRefusal,
        TokenRevocation, TokenRotation,
    },
};
use customers_types::{
    access::{Action, Role, Scopes},
    id::{OrganizationId, TokenId},
    token::{TokenSecret, Validity},
};

use super::counts;
use crate::{
    context::OperationContext,
    error::{Failure, Unauthenticated},
    new_id::new_id,
};

/// A token that was just made, with its secret.
pub(crate) type Issued = (OrganizationToken, TokenSecret);

/// Which page of which list.
pub(crate) struct Listing {
    /// Only the tokens of this organization.
    pub(crate) organization: Option<OrganizationId>,
    /// After which place.
    pub(crate) after: Option<Position>,
    /// How many at most.
    pub(crate) limit: usize,
}

/// A page of the tokens of the organizations in which the caller may read tokens.
pub(crate) async fn list(
    context: &OperationContext,
    listing: &Listing,
) -> Result<TokenPage, Failure> {
    let Listing { organization, after, limit } = *listing;
    let (caller, now) = (context.token, context.now);
    let listing = TokenListing { caller, organization, after, limit, now };
    let list = context.store.tokens_as(&listing).await?;
    let list = list.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &list.caller)?;
    if list.held { Ok(list.page) } else { Err(Failure::Forbidden(Action::TokenRead)) }
}

/// A new token, if the caller holds in the organization what it is to hold.
pub(crate) async fn create(
    context: &OperationContext,
    organization: OrganizationId,
    role: Role,
    scopes: Option<Scopes>,
    lifetime: Option<Duration>,
) -> Result<Issued, Failure> {
    let secret = TokenSecret::generate(&mut rand::rng());
    let token = OrganizationToken {
        id: new_id(context.now),
        organization,
        role,
        scopes: scopes.map(Scopes::actions),
        created_at: context.now,
        validity: Validity {
            expires_at: lifetime.map(|it| context.now.after(it)),
            revoked_at: None,
        },
    };
    let creation = TokenCreation { caller: context.token, hash: secret.hash(), token };
    let attempt = context.store.create_token_as(creation).await?;
    Ok((made(context, attempt, "organization")?, secret))
}

/// A new token that can do the same, while the old one counts only for this long.
pub(crate) async fn rotate(
    context: &OperationContext,
    id: TokenId,
    overlap: Duration,
    lifetime: Option<Duration>,
) -> Result<Issued, Failure> {
    let secret = TokenSecret::generate(&mut rand::rng());
    let rotation = TokenRotation {
        caller: context.token,
        id,
        successor: new_id(context.now),
        hash: secret.hash(),
        overlap,
        expires_at: lifetime.map(|it| context.now.after(it)),
        now: context.now,
    };
    let attempt = context.store.rotate_token_as(rotation).await?;
    Ok((made(context, attempt, "token")?, secret))
}

/// Revokes the token; one that is revoked already stays so.
pub(crate) async fn revoke(context: &OperationContext, id: TokenId) -> Result<(), Failure> {
    let revocation = TokenRevocation { caller: context.token, id, now: context.now };
    let attempt = context.store.revoke_token_as(revocation).await?;
    made(context, attempt, "token")
}

/// What was made, or why nothing was; it is about an object of this kind.
fn made<T>(
    context: &OperationContext,
    attempt: Option<TokenAttempt<T>>,
    kind: &'static str,
) -> Result<T, Failure> {
    let attempt = attempt.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &attempt.caller)?;
    attempt.result.map_err(|refusal| match refusal {
        TokenRefusal::NotHeld => Failure::Forbidden(Action::TokenWrite),
        TokenRefusal::NotVisible => Failure::NotFound(kind),
        TokenRefusal::Exceeds(action) => Failure::Exceeds(action),
        TokenRefusal::Lapsed => Failure::TokenLapsed,
    })
}
