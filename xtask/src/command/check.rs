//! `cargo xtask check`: are the committed files what would be generated, and may what changed pass?

mod contract;
mod decision;

use std::{ffi::OsString, io::Write, path::Path};

use chrono::NaiveDate;
use clap::Args;

use super::Outcome;
use crate::artifact::{self, Drift};

/// The command that mends every drift.
const REMEDY: &str = "cargo xtask generate";

/// What to compare with.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Compare the contract with this only, and not with the main branch: a revision, or a file.
    #[arg(long, value_name = "REV|FILE")]
    pub base: Option<OsString>,
}

/// Compares, reports, writes no file.
///
/// While a file is stale, what it means is not asked: the document is not the one that will be.
///
/// # Errors
/// When a file can't be made, read or compared.
pub fn run(
    root: &Path,
    options: &Options,
    today: NaiveDate,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let mut stale = Vec::new();
    for artifact in artifact::generate()? {
        if let Some(drift) = artifact.drift(root)? {
            report(artifact.path, &drift, out)?;
            stale.push(artifact.path);
        }
    }
    if stale.is_empty() {
        writeln!(out, "{} and {}: in step", artifact::DOCUMENT, artifact::CLIENT)?;
        return contract::check(root, options.base.as_deref(), today, out);
    }
    writeln!(out, "stale: {}", stale.join(", "))?;
    writeln!(out, "These are generated from the trait in server/api. To mend them: {REMEDY}")?;
    Ok(Outcome::Stale)
}

fn report(path: &str, drift: &Drift, out: &mut dyn Write) -> std::io::Result<()> {
    match drift {
        Drift::Missing => writeln!(out, "{path}: missing"),
        Drift::LineEnds => {
            writeln!(out, "{path}: its line ends are CRLF, and have to be LF; nothing else differs")
        }
        Drift::Contents { diff, crlf } => {
            write!(out, "{diff}")?;
            if *crlf {
                writeln!(out, "{path}: its line ends are CRLF too, and have to be LF")?;
            }
            Ok(())
        }
    }
}
