//! The tests, whatever the store is. Those that are about the file of an embedded one stand in
//! `on_a_file!`, which the store that is tested declares.

pub(crate) mod actor;
pub(crate) mod audit;
pub(crate) mod command;
pub(crate) mod customers;
pub(crate) mod directory;
pub(crate) mod errors;
pub(crate) mod faults;
pub(crate) mod health;
pub(crate) mod lifecycle;
pub(crate) mod matrix;
pub(crate) mod openapi;
pub(crate) mod permissions;
pub(crate) mod privacy;
pub(crate) mod rate_limits;
pub(crate) mod raw_socket;
pub(crate) mod recovery;
pub(crate) mod service;
pub(crate) mod tokens;
