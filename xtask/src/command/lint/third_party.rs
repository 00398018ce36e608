//! What the linters of others say about the document: nothing.
//!
//! Their versions and rules are pinned in `.config/document-linters`; npm installs them below
//! `target/`, once for each lock file.

use std::{fs, io::Write, path::Path, process::Command};

use anyhow::Context;

use crate::{
    artifact,
    command::{program::silent, requirements},
};

/// What npm reads; relative to the folder of the linters.
const MANIFEST: [&str; 3] = [".npmrc", "package-lock.json", "package.json"];
/// Written last: the lock file that the installed linters belong to.
const INSTALLED: &str = "installed-lock.json";

/// Installs the linters where needed and runs both.
///
/// # Errors
/// When they can't be installed, or one has something to say.
pub(super) fn run(root: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    requirements::node()?;
    let settings = root.join(".config/document-linters");
    let installed = root.join("target/document-linters");
    install(&settings, &installed)?;
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

fn install(settings: &Path, folder: &Path) -> anyhow::Result<()> {
    let lock = read(&settings.join("package-lock.json"))?;
    let stamp = folder.join(INSTALLED);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    // Not believed again before the installation is complete.
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    for name in MANIFEST {
        let (from, to) = (settings.join(name), folder.join(name));
        fs::copy(&from, &to).with_context(|| format!("{} can't be copied", from.display()))?;
    }
    let npm = &mut Command::new("npm");
    // Scripts of packages are not run: none is needed, and one reports the installation.
    npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    silent(npm)?;
    fs::copy(settings.join("package-lock.json"), &stamp)?;
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} can't be read", path.display()))
}
