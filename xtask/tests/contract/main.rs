//! The commands around the comparison, by the real binary, in Git repositories made for the test.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

mod baseline;
mod changelog;
mod document;
mod gate;
mod git_driver;
mod sarif;
mod sides;
mod together;
mod world;
