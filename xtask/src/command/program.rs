//! A program of others that is run for what it does, and not for what it says.

use std::{path::Path, process::Command};

use anyhow::{Context, bail};

/// Runs a program; shows what it says only if it does not succeed.
///
/// # Errors
/// When it can't be started or does not succeed.
pub fn silent(program: &mut Command) -> anyhow::Result<()> {
    let name = Path::new(program.get_program()).file_name().unwrap_or_default().to_owned();
    let name = name.display();
    let output = program.output().with_context(|| format!("{name} can't be started"))?;
    if !output.status.success() {
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("{name}: {}\n{said}{complained}", output.status);
    }
    Ok(())
}
