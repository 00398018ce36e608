//! Programs of others that npm installs below `target/`, once for each lock file.

use std::{fs, path::Path, process::Command};

use anyhow::Context;

use super::program::silent;

/// What npm reads; relative to the folder of the settings.
const MANIFEST: [&str; 3] = [".npmrc", "package-lock.json", "package.json"];
/// Written last: the lock file that the installed programs belong to.
const INSTALLED: &str = "installed-lock.json";

/// Installs in `folder` what the lock file in `settings` names, unless it is there already.
///
/// # Errors
/// When a file can't be read or copied, or npm fails.
pub fn install(settings: &Path, folder: &Path) -> anyhow::Result<()> {
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
