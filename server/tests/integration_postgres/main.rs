//! The tests of `integration`, on PostgreSQL, and what only several servers can show.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

/// Tests of what only a store in a file has: not here.
macro_rules! on_a_file {
    ($($item:item)+) => {};
}

mod backup;
#[path = "../../store/tests/postgres/cluster.rs"]
#[expect(dead_code, reason = "the tests of the store use more of it")]
mod cluster;
mod home;
mod instances;
mod outage;
#[path = "../integration/suite.rs"]
mod suite;

use suite::*;
