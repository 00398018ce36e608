//! The load: wrk, with one thread on a core of its own.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use serde::Deserialize;

use super::contestant::Course;
use crate::command::bench::database::records;

/// Has wrk ask for customers at random.
const SCRIPT: &str = include_str!("load.lua");

/// Who asks.
pub(super) struct Load {
    script: PathBuf,
}

/// Fails where wrk is not installed.
pub(super) fn check() -> anyhow::Result<()> {
    if Command::new("wrk").arg("--version").output().is_err() {
        bail!("wrk is not installed; on Debian: apt-get install --yes wrk");
    }
    Ok(())
}

/// What wrk saw.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Seen {
    pub(super) requests: u64,
    /// How long it took, in microseconds.
    pub(super) micros: u64,
    /// Latencies, in microseconds.
    pub(super) p50: u64,
    pub(super) p99: u64,
    /// Answers that are no success, and connections that were cut.
    failed: u64,
}

impl Load {
    /// Makes the script.
    pub(super) fn new(course: &Course) -> anyhow::Result<Self> {
        let script = course.folder.join("load.lua");
        fs::write(&script, SCRIPT)
            .with_context(|| format!("{} can't be written", script.display()))?;
        Ok(Self { script })
    }

    /// Asks a server for so many seconds, in every round for other customers.
    pub(super) fn run(
        &self,
        course: &Course,
        url: &str,
        connections: u32,
        seconds: u32,
        round: u32,
    ) -> anyhow::Result<Seen> {
        let mut wrk = course.machine.on_core_of_load("wrk");
        wrk.args(["--threads=1", "--latency"]);
        wrk.arg(format!("--connections={connections}")).arg(format!("--duration={seconds}s"));
        wrk.arg("--script").arg(&self.script).args([url, "--"]);
        let path = format!("/v1/customers/{}", records::CUSTOMER_START);
        wrk.args([&path, &course.customers.to_string(), &course.token, &round.to_string()]);
        let output = wrk.stdin(Stdio::null()).output().context("wrk can't be started")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let last = said.lines().rfind(|line| line.starts_with('{'));
        let seen: Seen = match last.map(serde_json::from_str) {
            Some(Ok(seen)) if output.status.success() => seen,
            _ => bail!("wrk: {}\n{said}{}", output.status, String::from_utf8_lossy(&output.stderr)),
        };
        if seen.failed > 0 || seen.requests == 0 {
            bail!("{} of {} requests to {url} were not answered well", seen.failed, seen.requests);
        }
        Ok(seen)
    }
}
