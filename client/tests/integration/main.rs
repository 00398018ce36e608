//! The client against what a newer service may answer, and against a socket.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

mod socket;
mod unknown;
