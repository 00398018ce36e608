//! Compares two OpenAPI 3.0 documents, and says what the change does to those who depend on the
//! first.
//!
//! Work in progress.

pub mod change;
pub(crate) mod client;
pub mod document;
pub mod rule;
pub mod verdict;

pub use change::{Change, Comparison, Signature, Witness};
pub use document::{Document, DocumentError};
pub use rule::{Category, Rule};
pub use verdict::{ClientStyle, Direction, Side, Verdict};

/// How to compare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Which generated interface the client verdict is about.
    pub client_style: ClientStyle,
}

/// Compares two documents.
#[must_use]
pub fn compare(base: &Document, head: &Document, options: Options) -> Comparison {
    let _ = options;
    Comparison {
        base_version: base.version().map(str::to_owned),
        head_version: head.version().map(str::to_owned),
        ..Comparison::default()
    }
}
