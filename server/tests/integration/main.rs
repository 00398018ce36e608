//! The real server, as a process, over a socket, through the generated client.
//!
//! The tree of these tests mirrors that of the URLs; beside it stand the command line and what
//! holds for all operations.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod actor;
mod audit;
mod command;
mod customers;
mod directory;
mod errors;
mod faults;
mod health;
mod lifecycle;
mod matrix;
mod openapi;
mod permissions;
mod privacy;
mod rate_limits;
mod raw_socket;
mod service;
mod tokens;
