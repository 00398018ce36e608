//! Which core is whose, and how much of its core a process has used.

use std::{ffi::OsStr, fs, path::Path, process::Command, thread};

use anyhow::{Context, bail};

use crate::command::program::silent;

/// The ticks of `/proc` in a second: Linux tells programs that, whatever it counts by itself.
const TICKS: f64 = 100.0;

/// A machine with a core for the load and one for what is measured.
pub(super) struct Machine {
    load: usize,
    server: usize,
}

impl Machine {
    /// This machine.
    pub(super) fn new() -> anyhow::Result<Self> {
        let cores = thread::available_parallelism()?.get();
        if cores < 2 {
            bail!("the load and the server need a core each, and this machine has one");
        }
        Ok(Self { load: 0, server: 1 })
    }

    pub(super) fn on_core_of_load(&self, program: &str) -> Command {
        on_core(self.load, OsStr::new(program))
    }

    /// A command with nothing of our environment: a setting in it would count.
    pub(super) fn on_core_of_server(&self, program: &Path) -> Command {
        let mut command = on_core(self.server, program.as_os_str());
        command.env_clear();
        command
    }

    /// Moves a process that runs, all its threads included.
    pub(super) fn move_to_core_of_server(&self, process: u32) -> anyhow::Result<()> {
        let core = self.server.to_string();
        let mut taskset = Command::new("taskset");
        silent(taskset.args(["--all-tasks", "--cpu-list", "--pid", &core, &process.to_string()]))
    }
}

/// The processes that one has started and that run, their own not included.
pub(super) fn children(process: u32) -> anyhow::Result<Vec<u32>> {
    let text = fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    Ok(text.split_whitespace().filter_map(|id| id.parse().ok()).collect())
}

/// How much memory the machine has.
pub(super) fn memory_mib() -> anyhow::Result<u64> {
    let text = fs::read_to_string("/proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kib.context("/proc has another form")? / 1024)
}

fn on_core(core: usize, program: &OsStr) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string()]).arg(program);
    command
}

/// How long a process has been on a core so far, in microseconds; its threads included.
pub(super) fn cpu_micros(process: u32) -> anyhow::Result<f64> {
    times(process, 2)
}

/// Likewise, with those that it started and that have ended.
pub(super) fn cpu_micros_with_ended(process: u32) -> anyhow::Result<f64> {
    times(process, 4)
}

/// The sum of the first so many of: in the program, in the kernel, and both of those that ended.
fn times(process: u32, count: usize) -> anyhow::Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"));
    let text = text.context("how long a process ran can't be read; it may have ended")?;
    // The second field is a name in parentheses, which may hold anything.
    let fields = text.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(count).map(str::parse::<f64>);
    let ticks: f64 = ticks.sum::<Result<_, _>>().context("/proc has another form")?;
    Ok(ticks / TICKS * 1e6)
}

/// The most memory that a process has had at once, in MiB.
pub(super) fn peak_memory(process: u32) -> anyhow::Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kib.context("/proc has another form")? / 1024.0)
}
