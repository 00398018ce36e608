//! The comparison from outside: collected cases, and laws that hold for generated documents.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't be set up fails")]

mod case;
mod large;
mod property;
mod requests;
mod validation;
mod verdicts;
mod witnesses;
