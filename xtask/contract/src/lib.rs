//! Compares two OpenAPI 3.0 documents, and says what the change does to those who depend on the
//! first.
//!
//! Two questions are asked of every change:
//!
//! - **wire**: does a client that is deployed already, generated from the old document, still work
//!   with the new server? What it sends has to be accepted, and what it gets it has to be able to
//!   read.
//! - **client**: does code that was written against the old generated client still compile, and mean
//!   the same, against the new one? The generator is [Progenitor](https://docs.rs/progenitor).
//!
//! [`compare`] answers both: [`Comparison::changes`] has each cause once, with a stable
//! [rule](rule::Rule), its place in both documents, the operations that it reaches, a reason, a remedy,
//! and for a break of the wire a [`Witness`]: a value that one document accepts and the other
//! refuses, checked against both, or a whole request that deployed clients send.
//!
//! # What is judged, and how
//!
//! The documents are judged by what they say, not by what a server happens to tolerate. What is sent
//! is read as generated code sends it: of an object that names its properties, no others, unless
//! `additionalProperties` says which. What is accepted is read as it stands. A property or parameter
//! that a request may no longer have is a break even where it would be passed over, since who sends
//! it means something by it. An enum is closed: a value that it does not list is not read.
//!
//! Values of parameters and headers are text, as their style has it: who reads any text reads what who
//! writes integers sends, and styles that write a value alike are the same. What has a `content` is as
//! its media type has it.
//!
//! Whether a schema accepts all that another has is proven, refuted by a value, or
//! left open; what is left open is a warning that says why (rule `undecided`, or that of the keyword).
//! Nothing that is not proven passes without a change that tells of it. Spellings that mean the same,
//! such as an `enum` and a `oneOf` of single values, are no change.
//!
//! # What it must not do
//!
//! No I/O, no clock, no generator, and no panic, whatever it is given. Work is bounded: documents that
//! are out of all proportion end in `undecided`. A comparison uses two threads, where it can have a second.
//!
//! # Where to look next
//!
//! [`rule`] has the catalogue, [`change`] what is found, `compare` the comparison part by part, `schema`
//! what schemas accept, `client` the model of the generated client. Cases for each rule are data, in
//! `cases/`.

pub mod change;
pub(crate) mod client;
mod compare;
pub mod document;
pub mod rule;
pub(crate) mod schema;
pub mod verdict;

#[doc(hidden)]
pub use client::{client_differences, client_refusals, client_surface};

pub use change::{Change, Comparison, Signature, Witness, WitnessKind};
pub use compare::{compare, compare_as_generated};
pub use document::{Document, DocumentError};
pub use rule::{Category, Rule};
pub use verdict::{ClientStyle, Direction, Side, Verdict};

/// How to compare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Which generated interface the client verdict is about.
    pub client_style: ClientStyle,
}
