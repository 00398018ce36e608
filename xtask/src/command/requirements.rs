//! What has to be installed before it is worth to begin.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::bail;

/// The oldest Node.js that the document linters run on.
const NODE: (u32, u32) = (20, 19);
/// The names that Chromium goes by.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// The oldest Python that Schemathesis runs on.
const PYTHON: (u32, u32) = (3, 11);

/// Fails with one line that says what to install.
///
/// # Errors
/// When something is missing or too old.
pub fn check() -> anyhow::Result<()> {
    c_compiler()?;
    git()?;
    component("rustfmt")?;
    component("clippy")?;
    node()?;
    chromium()?;
    postgres().map(drop)?;
    python()
}

/// SQLite and the TLS library are compiled from C.
fn c_compiler() -> anyhow::Result<()> {
    compiler("C", "CC", "cc")
}

/// The fuzzer is compiled from C++.
///
/// # Errors
/// When no compiler is installed.
pub fn cpp_compiler() -> anyhow::Result<()> {
    compiler("C++", "CXX", "c++")
}

fn compiler(language: &str, variable: &str, usual: &str) -> anyhow::Result<()> {
    let compiler = env::var(variable).unwrap_or_else(|_| usual.to_owned());
    // The variable may have arguments, or a program that caches before the compiler.
    let program = compiler.split_whitespace().next().unwrap_or(usual);
    if answer(Path::new(program)).is_none() {
        bail!(
            "no {language} compiler is installed; on Debian: apt-get install --yes build-essential"
        );
    }
    Ok(())
}

/// A test copies the files that git knows.
fn git() -> anyhow::Result<()> {
    if answer(Path::new("git")).is_none() {
        bail!("git is not installed; on Debian: apt-get install --yes git");
    }
    Ok(())
}

/// Toolchains of the minimal profile come without these.
fn component(name: &str) -> anyhow::Result<()> {
    let program = if name == "clippy" { "cargo-clippy" } else { name };
    if answer(Path::new(program)).is_none() {
        bail!("{name} is not installed: rustup component add {name}");
    }
    Ok(())
}

/// The linters of the document, and the test of the page, run on Node.js and are installed by npm.
///
/// # Errors
/// When either is missing or Node.js is too old.
pub fn node() -> anyhow::Result<()> {
    let node = answer(Path::new("node"));
    if node.is_none() || answer(Path::new("npm")).is_none() {
        bail!("npm is not installed; on Debian: apt-get install --yes nodejs npm");
    }
    let version = node.unwrap_or_default();
    if parse("v", &version).is_none_or(|version| version < NODE) {
        bail!(
            "Node.js {}.{} or newer is needed and this is {version}; Debian 13 has it: \
             apt-get install --yes nodejs npm",
            NODE.0,
            NODE.1
        );
    }
    Ok(())
}

/// The page of a report is tested in Chromium, or in what is made of it.
///
/// # Errors
/// When none is installed.
pub fn chromium() -> anyhow::Result<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let named = |name: &&str| {
        env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| file.is_file())
    };
    let Some(browser) = CHROMIUM.iter().find_map(named) else {
        bail!("Chromium is not installed; on Debian: apt-get install --yes chromium");
    };
    Ok(browser)
}

/// The tests of the store, and what is measured on PostgreSQL, make a server of their own, of the
/// programs in the PATH or where Debian has them.
///
/// # Errors
/// When they are not installed.
pub fn postgres() -> anyhow::Result<PathBuf> {
    let has_all = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "psql"].iter().all(|program| folder.join(program).is_file())
    };
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    installed.sort();
    let mut folders = env::split_paths(&path).chain(installed.into_iter().rev());
    let Some(programs) = folders.find(has_all) else {
        bail!("PostgreSQL is not installed; on Debian: apt-get install --yes postgresql");
    };
    Ok(programs)
}

/// Schemathesis runs on Python, and is installed by pip into a virtual environment.
///
/// # Errors
/// When Python is missing or too old, or can't make such environments.
pub fn python() -> anyhow::Result<()> {
    let version = answer(Path::new("python3")).unwrap_or_default();
    if parse("Python ", &version).is_none_or(|version| version < PYTHON) {
        bail!(
            "Python {}.{} or newer is needed and this is {}; Debian 12 has it: apt-get install \
             --yes python3-venv",
            PYTHON.0,
            PYTHON.1,
            if version.is_empty() { "none" } else { &version },
        );
    }
    // Debian has them in a package of their own.
    let modules = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    if !modules.is_ok_and(|output| output.status.success()) {
        bail!(
            "Python can't make virtual environments; on Debian: apt-get install --yes python3-venv"
        );
    }
    Ok(())
}

/// What the program says about its version, if it can be started at all.
fn answer(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    // rustup has a stand-in for each component, which fails where that is not installed.
    if !output.status.success() {
        return None;
    }
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The numbers in `v20.19.2` after `v`, or in `Python 3.11.7` after `Python `.
fn parse(start: &str, version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix(start)?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(parse("v", "v20.19.2"), Some((20, 19)));
        assert!(parse("v", "v20.9.0").unwrap() < NODE);
        assert!(parse("v", "v100.0.0").unwrap() > NODE);
        assert_eq!(parse("v", "node"), None);
        assert!(parse("Python ", "Python 3.9.18").unwrap() < PYTHON);
        assert!(parse("Python ", "Python 3.13.0").unwrap() > PYTHON);
    }
}
