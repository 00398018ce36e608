//! One run of a program: how long it takes, and its peak of memory.

use std::{
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use wait4::Wait4;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) time: Duration,
    /// How long it was on a core.
    pub(super) cpu: Duration,
    /// The most that was resident at once, in bytes. It can't be seen below what the measuring
    /// program has itself, some 10 MB, which a new process begins with.
    pub(super) memory: u64,
}

impl Run {
    /// Waits until a program that was started then has ended.
    pub(super) fn until_end(child: Child, start: Instant) -> anyhow::Result<(ExitStatus, Self)> {
        let used = child.wait4()?;
        let (time, rusage) = (start.elapsed(), used.rusage);
        let cpu = rusage.utime + rusage.stime;
        Ok((used.status, Self { time, cpu, memory: rusage.maxrss }))
    }
}

/// Runs a program whose exit code is one of `expected`. What it says is thrown away.
pub(super) fn run(program: &mut Command, expected: &[i32]) -> anyhow::Result<Run> {
    let name = program.get_program().display().to_string();
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = program.spawn().with_context(|| format!("{name} can't be started"))?;
    let (status, run) = Run::until_end(child, start)?;
    if !status.code().is_some_and(|code| expected.contains(&code)) {
        bail!("{name}: {status}; it was called as {program:?}");
    }
    Ok(run)
}
