//! `cargo xtask generate`: writes the document and the client.

use std::{io::Write, path::Path};

use similar::{ChangeTag, TextDiff};

use super::Outcome;
use crate::artifact::{self, Artifact, Drift};

/// Writes what differs and says how.
///
/// # Errors
/// When a file can't be made, read or written.
pub fn run(root: &Path, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    // All are made before the first is written: a mistake in the contract changes no file.
    for artifact in artifact::generate()? {
        let change = match artifact.drift(root)? {
            None => {
                writeln!(out, "{}: unchanged", artifact.path)?;
                continue;
            }
            Some(Drift::Missing) => "created".to_owned(),
            Some(Drift::LineEnds) => "line ends are LF again".to_owned(),
            Some(Drift::Contents { .. }) => lines_changed(root, &artifact)?,
        };
        artifact.write(root)?;
        writeln!(out, "{}: {change}", artifact.path)?;
    }
    Ok(Outcome::InStep)
}

fn lines_changed(root: &Path, artifact: &Artifact) -> anyhow::Result<String> {
    let before = std::fs::read(root.join(artifact.path))?;
    let before = String::from_utf8_lossy(&before);
    let diff = TextDiff::from_lines(before.as_ref(), &artifact.contents);
    let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    Ok(format!("{} lines added, {} removed", count(ChangeTag::Insert), count(ChangeTag::Delete)))
}
