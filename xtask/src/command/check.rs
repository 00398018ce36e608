//! `cargo xtask check`: are the committed files what would be generated?

use std::{io::Write, path::Path};

use super::Outcome;
use crate::artifact::{self, Drift};

/// The command that mends every drift.
const REMEDY: &str = "cargo xtask generate";

/// Compares, reports, writes no file.
///
/// # Errors
/// When a file can't be made or read.
pub fn run(root: &Path, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut stale = Vec::new();
    for artifact in artifact::generate()? {
        if let Some(drift) = artifact.drift(root)? {
            report(artifact.path, &drift, out)?;
            stale.push(artifact.path);
        }
    }
    if stale.is_empty() {
        writeln!(out, "{} and {}: in step", artifact::DOCUMENT, artifact::CLIENT)?;
        return Ok(Outcome::InStep);
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
