//! Cargo, started from within Cargo.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command::program::silent;

/// What `cargo run` and `cargo test` tell the program that they start about its own package. A
/// second Cargo and its build scripts would take it for theirs.
const ABOUT_THIS_PACKAGE: [&str; 6] = [
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_",
    "CARGO_TARGET_TMPDIR",
];

/// A Cargo that starts in `folder`, the same that started this program if one did.
#[must_use]
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    for (name, _) in env::vars_os() {
        let about_this_package = name
            .to_str()
            .is_some_and(|name| ABOUT_THIS_PACKAGE.iter().any(|start| name.starts_with(start)));
        if about_this_package {
            command.env_remove(name);
        }
    }
    command
}

/// Builds a package as it is shipped, since a debug build says little about it; gives back where
/// its program is.
///
/// # Errors
/// When it can't be built.
pub fn build_release(root: &Path, package: &str) -> anyhow::Result<PathBuf> {
    silent(command(root).args(["build", "--release", "--locked", "--package", package]))?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release").join(format!("{package}{}", env::consts::EXE_SUFFIX)))
}
