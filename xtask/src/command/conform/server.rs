//! The server that is examined: the program as it is built for everybody, on the demo data.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::{cargo, command::running::Running};

/// Somebody in `server/demo.ndjson` who may do everything. The token acts for a user: those of
/// organizations can be revoked through the service, and would be.
const ADMINISTRATOR: &str = "usr_01ke0v3d00e3qrb0y5x2t8m4nm";

/// A server that runs.
pub(super) struct Server {
    process: Running,
    url: String,
    token: String,
    log: PathBuf,
}

/// Builds the program as `cargo run` does, and gives back where it is. The tests have one of the
/// same name whose libraries can have more features, for what the tests themselves depend on.
pub(super) fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let mut cargo = cargo::command(root);
    cargo.args(["build", "--locked", "--package", "customers-server"]);
    cargo.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit());
    let built = cargo.output().context("cargo can't be started")?;
    if !built.status.success() {
        bail!("customers-server can't be built");
    }
    let messages = built.stdout.split(|byte| *byte == b'\n');
    let messages = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut programs =
        messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    programs.next().context("cargo does not say where it has put customers-server")
}

impl Server {
    /// Starts the program on a fresh copy of the demo data in the folder.
    pub(super) fn start(program: &Path, settings: &Path, folder: &Path) -> anyhow::Result<Self> {
        let store = format!("sqlite:{}", folder.join("customers.db").display());
        let log = folder.join("server.log");
        let mut serve = command(program, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
        serve.args(["--store", &store, "--config"]).arg(settings);
        let (process, url) = Running::server(&mut serve, &log)?;
        let token = token(program, &store)?;
        Ok(Self { process, url, token, log })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The token of somebody who may do everything.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// What is in the log so far: every request that was answered.
    pub(super) fn log(&self) -> anyhow::Result<String> {
        fs::read_to_string(&self.log).context("the server's log can't be read")
    }

    /// Stops the server, and gives back how it ended and its whole log.
    pub(super) fn stop(mut self) -> anyhow::Result<(ExitStatus, String)> {
        let ended = self.process.end()?;
        Ok((ended, self.log()?))
    }
}

/// A new token, made beside the server that runs on the store.
fn token(program: &Path, store: &str) -> anyhow::Result<String> {
    let create = ["token", "create", "--user", ADMINISTRATOR, "--store", store];
    let created = command(program, &create).output()?;
    if !created.status.success() {
        bail!("no token could be made:\n{}", String::from_utf8_lossy(&created.stderr));
    }
    Ok(String::from_utf8(created.stdout)?.trim_end().to_owned())
}

/// The program, with nothing of our environment: a setting in it would count.
fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_clear();
    command
}
