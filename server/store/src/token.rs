//! A token as it is kept: everything but its secret; and what holders of tokens do with others.

pub(crate) mod administrator;

use std::{fmt, time::Duration};

use customers_types::{
    access::{Action, ActionSet, Role},
    id::{OrganizationId, TokenId, UserId},
    scalar::Timestamp,
    token::{TokenHash, Validity},
};

use crate::list::Position;

/// For whom a token acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// For a user: with that user's memberships, grants and denies, and as that user.
    User(UserId),
    /// For an organization, with one role in it.
    Organization(OrganizationId, Role),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => user.fmt(f),
            Self::Organization(organization, role) => write!(f, "{organization} as {role}"),
        }
    }
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

/// A token of an organization: the only kind that the holders of other tokens can administer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationToken {
    /// Identifier; it tells nothing about the secret.
    pub id: TokenId,
    /// For which organization it acts.
    pub organization: OrganizationId,
    /// In which role.
    pub role: Role,
    /// What it is narrowed to; `None` narrows nothing.
    pub scopes: Option<ActionSet>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Until when it counts.
    pub validity: Validity,
}

impl OrganizationToken {
    /// The token, if it is one of an organization.
    #[must_use]
    pub fn of(token: Token) -> Option<Self> {
        let Token { id, holder, scopes, created_at, validity } = token;
        match holder {
            Holder::User(_) => None,
            Holder::Organization(organization, role) => {
                Some(Self { id, organization, role, scopes, created_at, validity })
            }
        }
    }

    /// What it can do in its organization.
    #[must_use]
    pub fn actions(&self) -> ActionSet {
        self.role.actions().intersection(self.scopes.unwrap_or(ActionSet::ALL))
    }
}

impl From<OrganizationToken> for Token {
    fn from(token: OrganizationToken) -> Self {
        let OrganizationToken { id, organization, role, scopes, created_at, validity } = token;
        Self { id, holder: Holder::Organization(organization, role), scopes, created_at, validity }
    }
}

/// A token of an organization, as the holder of another wants it made.
pub struct TokenCreation {
    /// The hash of the caller's token.
    pub caller: TokenHash,
    /// The hash of the new token's secret.
    pub hash: TokenHash,
    /// All else. It is made at the moment when it was issued.
    pub token: OrganizationToken,
}

/// A token of an organization, as the holder of another wants it revoked.
pub struct TokenRevocation {
    /// The hash of the caller's token.
    pub caller: TokenHash,
    /// Which.
    pub id: TokenId,
    /// When.
    pub now: Timestamp,
}

/// A token of an organization, as the holder of another wants it replaced by one that can do the
/// same.
pub struct TokenRotation {
    /// The hash of the caller's token.
    pub caller: TokenHash,
    /// Which.
    pub id: TokenId,
    /// The new token's identifier.
    pub successor: TokenId,
    /// The hash of the new token's secret.
    pub hash: TokenHash,
    /// For how long the old token still counts, if it does not expire earlier.
    pub overlap: Duration,
    /// When the new token expires; `None` gives it as long as the old one had when it was made.
    pub expires_at: Option<Timestamp>,
    /// When.
    pub now: Timestamp,
}

/// What became of a change that the holder of a token wants.
pub struct TokenAttempt<T> {
    /// The caller's own token. If it does not count, nothing was done.
    pub caller: Token,
    /// What was made, or why nothing was.
    pub result: Result<T, TokenRefusal>,
}

/// Why a token was not made, rotated or revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// The caller holds `TokenWrite` nowhere.
    NotHeld,
    /// There is no such organization or token where the caller holds `TokenWrite`.
    NotVisible,
    /// The caller would hand out this action, which it does not hold there itself.
    Exceeds(Action),
    /// The token that is to be rotated no longer counts.
    Lapsed,
}

/// A page of the tokens of organizations that the holder of another token may see.
pub struct TokenListing {
    /// The hash of the caller's token.
    pub caller: TokenHash,
    /// Only those of this organization.
    pub organization: Option<OrganizationId>,
    /// After which place; from the beginning, if `None`.
    pub after: Option<Position>,
    /// How many at most.
    pub limit: usize,
    /// When.
    pub now: Timestamp,
}

/// What the holder of a token gets of a [`TokenListing`].
pub struct TokenList {
    /// The caller's own token. If it does not count, the page is empty.
    pub caller: Token,
    /// Whether it holds `TokenRead` anywhere. If not, the page is empty.
    pub held: bool,
    /// The page.
    pub page: TokenPage,
}

/// A page of tokens, the oldest first.
#[derive(Default)]
pub struct TokenPage {
    /// The tokens.
    pub items: Vec<OrganizationToken>,
    /// After which place the next page begins; none, if there is no more.
    pub next: Option<Position>,
}
