//! A process that runs until it is told to stop, such as a server.

use std::{
    io,
    process::{Child, Command, ExitStatus},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::Context;

/// The server cuts what is stuck ten seconds after it was told to stop.
const STOPS_WITHIN: Duration = Duration::from_secs(30);

/// A process that is told to stop when it is dropped, whatever has failed until then.
pub(super) struct Running(Option<Child>);

impl Running {
    pub(super) fn new(process: Child) -> Self {
        Self(Some(process))
    }

    /// Tells the process to stop and waits until it has.
    pub(super) fn end(&mut self) -> anyhow::Result<ExitStatus> {
        let mut process = self.0.take().context("it was ended before")?;
        let id = process.id();
        let (sender, ended) = mpsc::channel();
        signal(id, "TERM")?;
        thread::spawn(move || sender.send(process.wait()));
        ended
            .recv_timeout(STOPS_WITHIN)
            .unwrap_or_else(|_| {
                signal(id, "KILL")?;
                Err(io::Error::other(format!("was not over after {STOPS_WITHIN:?} and was killed")))
            })
            .context("the server can't be stopped")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.is_some() {
            // Something else has failed, and that is what is reported.
            let _ = self.end();
        }
    }
}

fn signal(process: u32, signal: &str) -> io::Result<()> {
    // Safe Rust can't send signals; every shell can. The process is not waited for yet, so that
    // its number is still its own, even if it has ended.
    let kill = format!("kill -s {signal} {process}");
    Command::new("sh").args(["-c", &kill]).status().map(drop)
}
