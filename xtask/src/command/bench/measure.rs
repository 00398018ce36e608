//! One run of a program: how long it takes, and its peak of memory.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use wait4::Wait4;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) time: Duration,
    /// The most that was resident at once, in bytes. It can't be seen below what the measuring
    /// program has itself, some 10 MB, which a new process begins with.
    pub(super) memory: u64,
}

/// Runs a program whose exit code is one of `expected`. What it says is thrown away.
pub(super) fn run(program: &mut Command, expected: &[i32]) -> anyhow::Result<Run> {
    let name = program.get_program().display().to_string();
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = program.spawn().with_context(|| format!("{name} can't be started"))?;
    let used = child.wait4()?;
    let time = start.elapsed();
    if !used.status.code().is_some_and(|code| expected.contains(&code)) {
        bail!("{name}: {}; it was called as {program:?}", used.status);
    }
    Ok(Run { time, memory: used.rusage.maxrss })
}
