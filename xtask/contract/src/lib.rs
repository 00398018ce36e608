//! Compares two OpenAPI 3.0 documents, and says what the change does to those who depend on the
//! first.
//!
//! Work in progress.

pub mod change;
pub(crate) mod client;
mod compare;
pub mod document;
pub mod rule;
pub(crate) mod schema;
pub mod verdict;

#[doc(hidden)]
pub use client::{client_differences, client_refusals, client_surface};

pub use change::{Change, Comparison, Signature, Witness};
pub use compare::compare;
pub use document::{Document, DocumentError};
pub use rule::{Category, Rule};
pub use verdict::{ClientStyle, Direction, Side, Verdict};

/// How to compare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Which generated interface the client verdict is about.
    pub client_style: ClientStyle,
}
