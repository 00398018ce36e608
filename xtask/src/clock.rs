//! What day it is.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};

/// Today, in UTC. All else that needs the day is given it, so that tests control it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}
