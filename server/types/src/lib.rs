//! The words of the domain, as types that cannot be wrong.
//!
//! What is here is pure: identifiers ([`id`]), validated scalars ([`scalar`]), statuses
//! ([`status`]), the fields of a customer and what may be changed of them ([`field`],
//! [`customer`], [`given`]), directory records ([`record`]), the bearer token ([`token`]), and who
//! may do what ([`access`]). No HTTP, no SQL, no clock and no other I/O; time and randomness are
//! passed in.
//!
//! Where to look next: `customers-api` puts these types on the wire, `customers-store` keeps
//! them, and `customers-server` joins the two.

pub mod access;
pub mod customer;
pub mod field;
pub mod given;
pub mod id;
pub mod record;
pub mod scalar;
pub mod status;
pub mod token;
