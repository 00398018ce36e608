//! What the linters of others say about the document: nothing.
//!
//! Their versions and rules are pinned in `.config/document-linters`; npm installs them below
//! `target/`, once for each lock file.

use std::{io::Write, path::Path, process::Command};

use crate::{
    artifact,
    command::{npm, program::silent, requirements},
};

/// Installs the linters where needed and runs both.
///
/// # Errors
/// When they can't be installed, or one has something to say.
pub(super) fn run(root: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    requirements::node()?;
    let settings = root.join(".config/document-linters");
    let installed = root.join("target/document-linters");
    npm::install(&settings, &installed)?;
    let program = |name: &str| {
        let mut program = Command::new(installed.join("node_modules/.bin").join(name));
        program.current_dir(root).envs(NO_NETWORK);
        program
    };
    let redocly = &mut program("redocly");
    redocly.args(["lint", artifact::DOCUMENT, "--config"]).arg(settings.join(".redocly.yaml"));
    silent(redocly)?;
    let spectral = &mut program("spectral");
    spectral.args(["lint", artifact::DOCUMENT, "--fail-severity", "hint", "--ruleset"]);
    silent(spectral.arg(settings.join(".spectral.yaml")))?;
    writeln!(out, "{}: the third-party linters have nothing to say", artifact::DOCUMENT)?;
    Ok(())
}

/// Neither reports who uses it, nor asks for newer versions.
const NO_NETWORK: [(&str, &str); 2] =
    [("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")];
