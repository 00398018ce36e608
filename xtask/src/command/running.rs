//! A process that runs until it is told to stop, such as a server.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::{Context, bail};

/// The server cuts what is stuck ten seconds after it was told to stop.
const STOPS_WITHIN: Duration = Duration::from_secs(30);

/// A process that is told to stop when it is dropped, whatever has failed until then.
pub(super) struct Running(Option<Child>);

impl Running {
    pub(super) fn new(process: Child) -> Self {
        Self(Some(process))
    }

    /// Starts a server whose log goes to a file; gives back where it listens, too.
    pub(super) fn server(command: &mut Command, log: &Path) -> anyhow::Result<(Self, String)> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(log)?);
        let mut process = command.spawn().context("the server can't be started")?;
        let output = process.stdout.take();
        let process = Self::new(process);
        let mut first = String::new();
        BufReader::new(output.context("it has no output")?).read_line(&mut first)?;
        let Some(url) = first.trim_end().strip_prefix("listening on ") else {
            bail!("the server did not start:\n{}", fs::read_to_string(log)?);
        };
        Ok((process, url.to_owned()))
    }

    /// The number that the system knows it by.
    pub(super) fn id(&self) -> Option<u32> {
        self.0.as_ref().map(Child::id)
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
