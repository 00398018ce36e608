//! `cargo xtask bench`: how long something takes and how much memory, beside others that do the
//! same.

pub mod database;
pub mod diff;
pub mod growth;
mod machine;
mod measure;
mod progress;
pub mod service;
mod summary;
mod svg;

use std::{io::Write, path::Path};

use clap::Subcommand;

use super::Outcome;

/// What to measure.
#[derive(Clone, Debug, Subcommand)]
pub enum Benchmark {
    /// Compare documents of the API of Oxide's control plane, with ours and with oasdiff.
    Diff(diff::Options),
    /// Measure the service as there are more and more customers.
    Growth(growth::Options),
    /// Read customers at random from the service, and from others that do the same.
    Service(service::Options),
}

/// Measures and reports.
///
/// # Errors
/// When a program that is measured can't be had, or fails, or is worse than it has to be.
pub fn run(root: &Path, benchmark: &Benchmark, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    match benchmark {
        Benchmark::Diff(options) => diff::run(root, options, out),
        Benchmark::Growth(options) => growth::run(root, options, out),
        Benchmark::Service(options) => service::run(root, options, out),
    }
}
