//! How much one caller may ask for.
//!
//! Each token has a quota of requests. Each network has a quota of authentications that may fail;
//! once it is used up, a token from there is not even looked up, unless it has authenticated
//! lately: so whoever shares an address with an attacker goes on working.
//!
//! What is remembered here grants nothing: a token that is let through is looked up as ever.

mod bucket;
mod network;
mod standing;

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
};

use customers_types::token::TokenHash;
use governor::{
    clock::{Clock, DefaultClock, Reference},
    nanos::Nanos,
};

use self::bucket::Buckets;
pub(super) use self::network::Network;
pub use self::standing::{Policy, Standing};
use crate::error::Failure;

/// How long a token that has authenticated is remembered: long enough for what runs once a day.
const MEMORY: Nanos = Nanos::new(26 * 60 * 60 * 1_000_000_000);

/// How often what is no longer needed is dropped.
const SWEEP: Nanos = Nanos::new(60 * 1_000_000_000);

/// How many requests are answered.
///
/// Both numbers are for a minute. The whole of it may be used at once; it comes back one by one,
/// evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests of one token.
    pub requests_per_minute: NonZeroU32,
    /// Authentications from one address that may fail.
    pub failed_authentications_per_minute: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        const REQUESTS: NonZeroU32 = NonZeroU32::new(6_000).unwrap();
        const FAILED_AUTHENTICATIONS: NonZeroU32 = NonZeroU32::new(60).unwrap();
        Self {
            requests_per_minute: REQUESTS,
            failed_authentications_per_minute: FAILED_AUTHENTICATIONS,
        }
    }
}

/// Who has asked for how much.
pub(crate) struct RateLimits<C: Clock = DefaultClock> {
    requests: Buckets<TokenHash, C>,
    failures: Buckets<Network, C>,
    /// The tokens that have authenticated, and when they last did.
    proven: Mutex<HashMap<TokenHash, C::Instant>>,
    swept: Mutex<C::Instant>,
    clock: C,
}

impl RateLimits {
    pub(crate) fn new(limits: Limits) -> Self {
        Self::with_clock(limits, DefaultClock::default())
    }
}

impl<C: Clock + Clone> RateLimits<C> {
    fn with_clock(limits: Limits, clock: C) -> Self {
        let buckets = (limits.requests_per_minute, limits.failed_authentications_per_minute);
        Self {
            requests: Buckets::new(Policy::Requests, buckets.0, clock.clone()),
            failures: Buckets::new(Policy::FailedAuthentications, buckets.1, clock.clone()),
            proven: Mutex::default(),
            swept: Mutex::new(clock.now()),
            clock,
        }
    }

    /// Counts a request against its token, of which nothing is known yet but its form.
    pub(super) fn admit(&self, network: Network, token: TokenHash) -> Result<Standing, Failure> {
        self.sweep_now_and_then();
        if !self.proven().contains_key(&token) {
            self.failures.ask(network).map_err(Failure::TooManyRequests)?;
        }
        self.requests.take(token).map_err(Failure::TooManyRequests)
    }

    /// Remembers a token that has authenticated.
    pub(super) fn prove(&self, token: TokenHash) {
        self.proven().insert(token, self.clock.now());
    }

    /// Forgets a token that has not: tokens that somebody made up must not fill the memory.
    pub(super) fn forget(&self, token: TokenHash) {
        self.proven().remove(&token);
        self.requests.forget(token);
    }

    /// Counts a failed authentication against the network that it came from. Once there were too
    /// many, this is what the caller is told, and no longer why.
    pub(super) fn charge(&self, network: Network, failure: Failure) -> Failure {
        match failure {
            Failure::Unauthenticated(_) => {
                self.failures.take(network).map_or_else(Failure::TooManyRequests, |_| failure)
            }
            other => other,
        }
    }

    fn proven(&self) -> MutexGuard<'_, HashMap<TokenHash, C::Instant>> {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops what no longer matters: full buckets, and tokens that have not been seen for long.
    fn sweep_now_and_then(&self) {
        let now = self.clock.now();
        // If it is locked, another request is at it.
        let Ok(mut swept) = self.swept.try_lock() else { return };
        if now.duration_since(*swept) < SWEEP {
            return;
        }
        *swept = now;
        self.requests.drop_full();
        self.failures.drop_full();
        let mut proven = self.proven();
        proven.retain(|_, at| now.duration_since(*at) < MEMORY);
        proven.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests;
