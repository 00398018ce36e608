//! The token of a request, as it comes in the header and as it is kept.

use customers_types::token::{TokenHash, TokenSecret};
use sqlx::FromRow;

/// The bit of `CustomerRead` in the scopes of a token.
const CUSTOMER_READ: i64 = 1;

/// A row of `api_token`.
#[derive(FromRow)]
pub struct Token {
    /// For whom it acts: a user,
    pub user_key: Option<i64>,
    /// or an organization,
    pub organization_key: Option<i64>,
    /// in which it has this role.
    pub role: Option<String>,
    /// Milliseconds since 1970.
    pub expires_at: Option<i64>,
    /// Likewise.
    pub revoked_at: Option<i64>,
    /// What it is limited to.
    pub scopes: Option<i64>,
}

/// Why there is no customer for a token.
#[derive(Clone, Copy, Debug)]
pub enum Refusal {
    /// It does not count.
    Unauthorized,
    /// It may not read customers.
    Forbidden,
}

/// By what a token is found; nothing where there is none in the header, or one of another form.
#[must_use]
pub fn hash(authorization: Option<&str>) -> Option<TokenHash> {
    let secret = authorization?.strip_prefix("Bearer ")?;
    TokenSecret::parse(secret).ok().map(|secret| secret.hash())
}

impl Token {
    /// Takes a token for good that was found, or says why not.
    ///
    /// # Errors
    /// The reason.
    pub fn check(found: Option<Self>, now: i64) -> Result<Self, Refusal> {
        let token = found.ok_or(Refusal::Unauthorized)?;
        if token.revoked_at.is_some() || token.expires_at.is_some_and(|at| at <= now) {
            return Err(Refusal::Unauthorized);
        }
        if token.scopes.is_some_and(|scopes| scopes & CUSTOMER_READ == 0) {
            return Err(Refusal::Forbidden);
        }
        Ok(token)
    }
}
