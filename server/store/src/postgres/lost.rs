//! Which connections are not used any more.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// Where one connection was lost, or one was made with another host than before, the older ones
/// most likely are lost, too; or are still with a server that may no longer be written to, and
/// does not know what was written elsewhere.
#[derive(Clone, Default)]
pub(super) struct Lost {
    /// Those that were made until then.
    until: Arc<Mutex<Option<Instant>>>,
}

impl Lost {
    /// Counts those as lost that were made until then.
    pub(super) fn add_until(&self, moment: Instant) {
        let mut until = self.until();
        *until = (*until).max(Some(moment));
    }

    /// Whether one that was made at this moment is lost.
    pub(super) fn has(&self, made: Instant) -> bool {
        self.until().is_some_and(|until| made <= until)
    }

    fn until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
