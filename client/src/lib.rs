#![doc = include_str!("../README.md")]
//!
//! # About this crate
//!
//! For programs that call the service. Nearly all of it is generated: nothing may be edited in
//! `generated.rs`, and what is written by hand must not repeat what the document says. It
//! depends on no other crate of the repository that it comes from, so that it can be published.
//!
//! Where to look next: [`Client::with_token`] makes a client, the methods of [`Client`] are the
//! operations, [`types`] has what they take and give.

#[rustfmt::skip]
#[expect(
    clippy::pedantic,
    clippy::unwrap_used,
    missing_docs,
    reason = "generated: the lints are about code that people write"
)]
mod generated;
mod token;

pub use self::{generated::*, token::WithTokenError};
