//! A token as it is kept: everything but its secret.

use customers_types::{
    access::{ActionSet, Role},
    id::{OrganizationId, TokenId, UserId},
    scalar::Timestamp,
    token::{TokenHash, Validity},
};

/// For whom a token acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// For a user: with that user's memberships, grants and denies, and as that user.
    User(UserId),
    /// For an organization, with one role in it.
    Organization(OrganizationId, Role),
}

/// A token that was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Identifier; it tells nothing about the secret.
    pub id: TokenId,
    /// For whom it acts.
    pub holder: Holder,
    /// What it is narrowed to; `None` narrows nothing.
    pub scopes: Option<ActionSet>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Until when it counts.
    pub validity: Validity,
}

/// A token to be kept.
pub struct NewToken {
    /// The hash of its secret.
    pub hash: TokenHash,
    /// All else.
    pub token: Token,
}
