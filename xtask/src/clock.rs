//! What day it is, and what time.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};

/// Today, in UTC. All else that needs the day is given it, so that tests control it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}

/// Now, in seconds since 1970, as programs write it into logs that are compared with it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn seconds_since_1970() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
