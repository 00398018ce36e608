//! What the generator refuses, so that there is no client at all.

use super::place::Place;

/// Something of which no client can be made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refusal {
    /// JSON pointer to it.
    pub(crate) pointer: String,
    /// The operation that it is in, where it is in one.
    pub(crate) operation: Option<String>,
    /// What the generator can't do with it.
    pub(crate) problem: String,
}

impl Refusal {
    pub(super) fn at(place: &Place<'_>, problem: impl Into<String>) -> Self {
        Self { pointer: place.pointer(), operation: None, problem: problem.into() }
    }

    /// In this operation.
    pub(super) fn of(self, operation: &str) -> Self {
        Self { operation: Some(operation.to_owned()), ..self }
    }
}
