//! The read of a customer as others would write it: three queries over a pool.
//!
//! The peers answer with the very bytes of the service, by the same tables. They neither log nor
//! keep an audit trail.

pub mod customer;
pub mod postgres;
pub mod program;
pub mod token;
