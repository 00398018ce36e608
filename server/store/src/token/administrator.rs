//! What the holder of a token may do with the tokens of organizations: one rule for every store.

use std::time::Duration;

use customers_types::{
    access::{Action, Reach, Standing},
    scalar::Timestamp,
    token::Validity,
};

use super::{OrganizationToken, Token, TokenRefusal, TokenRotation};
use crate::{error::StoreError, principal::Principal};

/// Somebody who holds `TokenWrite` somewhere, as it is in the transaction that writes.
pub(crate) struct Administrator {
    standing: Standing,
    /// Where it holds `TokenWrite`.
    reach: Reach,
    /// When its own token ends.
    expires_at: Option<Timestamp>,
    now: Timestamp,
}

/// Why a change is not made.
pub(crate) enum Stop {
    /// The rule does not let it.
    Refused(TokenRefusal),
    /// The store failed.
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

impl Administrator {
    /// The holder of a token, unless it holds `TokenWrite` nowhere. A token that does not count
    /// holds nothing.
    pub(crate) fn of(principal: &Principal, now: Timestamp) -> Result<Self, TokenRefusal> {
        let Validity { expires_at, .. } = principal.token.validity;
        let standing = principal.standing();
        let reach = standing.reach(Action::TokenWrite, now);
        if principal.token.validity.lapse(now).is_some() || reach.is_nowhere() {
            return Err(TokenRefusal::NotHeld);
        }
        Ok(Self { standing, reach, expires_at, now })
    }

    /// What was found, if it is a token of an organization where the holder may administer it.
    pub(crate) fn administered(
        &self,
        found: Option<Token>,
    ) -> Result<OrganizationToken, TokenRefusal> {
        let token = found.and_then(OrganizationToken::of);
        let token = token.filter(|token| self.reach.contains(token.organization));
        token.ok_or(TokenRefusal::NotVisible)
    }

    /// Refuses a token for an organization elsewhere, and what [`Self::may_grant`] refuses.
    pub(crate) fn may_make(&self, token: &OrganizationToken) -> Result<(), TokenRefusal> {
        if !self.reach.contains(token.organization) {
            return Err(TokenRefusal::NotVisible);
        }
        self.may_grant(token)
    }

    /// Refuses to replace what [`Self::may_grant`] refuses, or what no longer counts.
    pub(crate) fn may_rotate(&self, old: &OrganizationToken) -> Result<(), TokenRefusal> {
        self.may_grant(old)?;
        match old.validity.lapse(self.now) {
            None => Ok(()),
            Some(_) => Err(TokenRefusal::Lapsed),
        }
    }

    /// Refuses what could do more in its organization than the holder can.
    fn may_grant(&self, token: &OrganizationToken) -> Result<(), TokenRefusal> {
        let held = self.standing.held_in(token.organization, self.now);
        match token.actions().without(held).iter().next() {
            None => Ok(()),
            Some(action) => Err(TokenRefusal::Exceeds(action)),
        }
    }

    /// The token, which ends no later than that of its maker: one that was given for an hour must
    /// not make itself permanent.
    pub(crate) fn bounded(&self, mut token: OrganizationToken) -> OrganizationToken {
        let ends = [token.validity.expires_at, self.expires_at];
        token.validity.expires_at = ends.into_iter().flatten().min();
        token
    }
}

impl TokenRotation {
    /// The token that takes the place of the old one, which was made for `lifetime`.
    pub(crate) fn successor_of(
        &self,
        old: OrganizationToken,
        lifetime: Option<Duration>,
    ) -> OrganizationToken {
        let expires_at = self.expires_at.or(lifetime.map(|lifetime| self.now.after(lifetime)));
        let validity = Validity { expires_at, revoked_at: None };
        OrganizationToken { id: self.successor, created_at: self.now, validity, ..old }
    }
}
