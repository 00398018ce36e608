//! What no server of ours can be faster than: bare hyper and plain Dropshot with a constant
//! answer, bare hyper over the same store, and the store without any server.
//!
//! `cargo xtask bench service` builds, starts and measures them; each server says on standard
//! output where it listens, in the words of `customers-server`.

pub mod customer;
pub mod program;
pub mod serving;
