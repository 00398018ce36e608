//! Schemathesis, in a virtual environment of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use anyhow::Context;

use super::server::Server;
use crate::{artifact, command::program};

/// Written last: what is installed, and in which Python.
const INSTALLED: &str = "installed.txt";

/// The settings refer to the token by this name; on a command line, others could read it.
const TOKEN: &str = "CONFORM_TOKEN";

/// Schemathesis, installed, and its settings.
pub(super) struct Fuzzer {
    program: PathBuf,
    settings: PathBuf,
    hooks: PathBuf,
}

/// Phases that are run together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phases {
    /// Those that ask one request at a time.
    Single,
    /// Requests that follow from the answers to others.
    Sequences,
}

impl Phases {
    /// What Schemathesis calls them.
    pub(super) fn names(self) -> &'static str {
        match self {
            Self::Single => "examples,coverage,fuzzing",
            Self::Sequences => "stateful",
        }
    }
}

/// Some phases, and how long they go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Round {
    pub(super) phases: Phases,
    /// Requests for each operation, or sequences.
    pub(super) examples: usize,
}

impl Fuzzer {
    /// Installs what the requirements name, with the hashes that they name; once for each file
    /// of requirements.
    pub(super) fn install(settings: &Path, target: &Path) -> anyhow::Result<Self> {
        let requirements = settings.join("requirements.txt");
        let environment = target.join("venv");
        let bin = environment.join("bin");
        let installed = Self {
            program: bin.join("schemathesis"),
            settings: settings.join("schemathesis.toml"),
            hooks: settings.join("hooks.py"),
        };
        let wanted = wanted(&requirements)?;
        let stamp = target.join(INSTALLED);
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(installed);
        }
        fs::create_dir_all(target)?;
        // Not believed again before the installation is complete.
        if stamp.exists() {
            fs::remove_file(&stamp)?;
        }
        program::silent(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment))?;
        let pip = &mut Command::new(bin.join("python"));
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
        // Packages that would have to be built run code of theirs: none is needed.
        pip.args(["--only-binary", ":all:", "--require-hashes", "--requirement"]);
        program::silent(pip.arg(requirements))?;
        fs::write(&stamp, wanted)?;
        Ok(installed)
    }

    /// Sends requests to the server and shows what is wrong with the answers.
    pub(super) fn examine(
        &self,
        root: &Path,
        server: &Server,
        round: Round,
        seed: u32,
        folder: &Path,
    ) -> anyhow::Result<ExitStatus> {
        let mut command = Command::new(&self.program);
        command.current_dir(folder).arg("--config-file").arg(&self.settings);
        command.arg("run").arg(root.join(artifact::DOCUMENT)).args(["--url", server.url()]);
        command.args(["--seed", &seed.to_string(), "--phases", round.phases.names()]);
        command.args(["--max-examples", &round.examples.to_string()]);
        command.env(TOKEN, server.token()).env("SCHEMATHESIS_HOOKS", &self.hooks);
        // Else Python puts a compiled copy of the hooks beside them.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        // The order of sets would be another in each run, and so would be the requests.
        command.env("PYTHONHASHSEED", "0");
        // A proxy, where one is set, has no way to this server.
        command.env("NO_PROXY", "127.0.0.1");
        command.status().context("Schemathesis can't be started")
    }
}

/// What the stamp of a complete installation says. Another Python makes the environment useless.
fn wanted(requirements: &Path) -> anyhow::Result<String> {
    let python = Command::new("python3").arg("--version").output()?;
    let requirements = fs::read_to_string(requirements)
        .with_context(|| format!("{} can't be read", requirements.display()))?;
    Ok(format!("# {}{requirements}", String::from_utf8_lossy(&python.stdout)))
}
