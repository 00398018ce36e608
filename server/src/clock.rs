//! The one place where the time comes in.

use std::time::{SystemTime, UNIX_EPOCH};

use customers_types::scalar::Timestamp;

/// Now, by the clock of the system.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
