//! The real server, as a process, over a socket, through the generated client.
//!
//! Here its store is a file of SQLite; `integration_postgres` has the same tests on PostgreSQL.
//!
//! The tree of these tests mirrors that of the URLs; beside it stand the command line and what
//! holds for all operations.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

/// Tests of what only a store in a file has.
macro_rules! on_a_file {
    ($($item:item)+) => {
        $($item)+
    };
}

mod backup;
mod disk;
mod home;
mod log;
#[path = "suite.rs"]
mod suite;

use suite::*;
