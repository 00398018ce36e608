//! A token bucket for each key.

use std::{
    collections::HashMap,
    hash::Hash,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};

use super::{Policy, Standing};

/// The buckets of one policy. A bucket that is full is as good as none, and need not be kept.
pub(super) struct Buckets<K: Copy + Eq + Hash, C: Clock> {
    policy: Policy,
    quota: NonZeroU32,
    levels: Levels<K>,
    limiter: RateLimiter<Visit<K>, Levels<K>, C, StateInformationMiddleware>,
}

impl<K: Copy + Eq + Hash, C: Clock> Buckets<K, C> {
    pub(super) fn new(policy: Policy, quota: NonZeroU32, clock: C) -> Self {
        let levels = Levels::default();
        let limiter = RateLimiter::new(Quota::per_minute(quota), levels.clone(), clock);
        Self { policy, quota, levels, limiter }
    }

    /// Takes one from the bucket; else says how long it is empty.
    pub(super) fn take(&self, key: K) -> Result<Standing, Standing> {
        self.visit(&Visit::Take(key))
    }

    /// Whether there is one in the bucket.
    pub(super) fn ask(&self, key: K) -> Result<Standing, Standing> {
        self.visit(&Visit::Ask(key))
    }

    fn visit(&self, visit: &Visit<K>) -> Result<Standing, Standing> {
        match self.limiter.check_key(visit) {
            Ok(state) => {
                Ok(Standing::open(self.policy, self.quota, state.remaining_burst_capacity()))
            }
            Err(until) => {
                let wait = until.wait_time_from(self.limiter.clock().now());
                Err(Standing::used_up(self.policy, self.quota, wait))
            }
        }
    }

    /// Makes the bucket as if it had never been used.
    pub(super) fn forget(&self, key: K) {
        self.levels.lock().remove(&key);
    }

    /// Drops the buckets that are full again.
    pub(super) fn drop_full(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.limiter.len()
    }
}

/// What a request wants of a bucket.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Visit<K> {
    Take(K),
    Ask(K),
}

/// How full each bucket is, as governor counts: the moment at which it will be full again.
///
/// Governor's own stores can't be asked without taking, and can't forget a single key.
#[derive(Clone)]
struct Levels<K>(Arc<Mutex<HashMap<K, Nanos>>>);

impl<K> Levels<K> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Nanos>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> Default for Levels<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Copy + Eq + Hash> StateStore for Levels<K> {
    type Key = Visit<K>;

    fn measure_and_replace<T, F, E>(&self, visit: &Visit<K>, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let (Visit::Take(key) | Visit::Ask(key)) = visit;
        let mut levels = self.lock();
        let (outcome, level) = decide(levels.get(key).copied())?;
        if matches!(visit, Visit::Take(_)) {
            levels.insert(*key, level);
        }
        Ok(outcome)
    }
}

impl<K: Copy + Eq + Hash> ShrinkableKeyedStateStore<Visit<K>> for Levels<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        self.lock().retain(|_, level| *level > drop_below);
    }

    fn shrink_to_fit(&self) {
        self.lock().shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.lock().len()
    }

    fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}
