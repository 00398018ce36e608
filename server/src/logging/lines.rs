//! Lines for standard error, written by a thread of their own.
//!
//! Whoever logs leaves a line in memory: to write each would cost a request more than to make it,
//! and a pipe that nobody reads would hold it up. The thread writes what comes after a silence at
//! once, and then lets lines gather for a moment. What there is no room for, or can't be written,
//! is dropped and counted; the count is written before the next line that can be.

use std::{
    io::{self, ErrorKind, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Bytes that may wait to be written.
const ROOM: usize = 1024 * 1024;

/// How long lines gather after some were written.
const GATHERING: Duration = Duration::from_millis(10);

/// How long a program that ends waits until all is written.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where lines are left to be written.
#[derive(Clone)]
pub(super) struct Lines(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    text: Vec<u8>,
    /// Lines that there was no room for, after those in `text`.
    dropped: u64,
    /// Whether the thread has nothing to do until it is woken.
    asleep: bool,
    /// Whether the program ends.
    ending: bool,
    /// Whether the thread has ended, and so all is written.
    ended: bool,
}

impl Lines {
    /// Begins to write lines, and before others how many were lost, as `lost` words it.
    pub(super) fn start(
        out: impl Write + Send + 'static,
        lost: fn(u64) -> Vec<u8>,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared { waiting: Mutex::default(), changed: Condvar::new() });
        let (lines, output) =
            (Self(Arc::clone(&shared)), Output { out, lost, count: 0, torn: false });
        thread::Builder::new().name("log".to_owned()).spawn(move || shared.write(output))?;
        Ok(lines)
    }

    /// Leaves a line. It never waits for one that is being written.
    pub(super) fn leave(&self, line: &[u8]) {
        let mut waiting = self.0.lock();
        if waiting.dropped > 0 || waiting.text.len() + line.len() > ROOM {
            waiting.dropped += 1;
        } else {
            waiting.text.extend_from_slice(line);
        }
        if mem::take(&mut waiting.asleep) {
            self.0.changed.notify_all();
        }
    }

    /// Waits until all lines are written, but not for long: nobody may be reading them. What is
    /// left from here on is not written any more.
    pub(super) fn finish(&self) {
        let mut waiting = self.0.lock();
        waiting.ending = true;
        self.0.changed.notify_all();
        let _ = self.0.changed.wait_timeout_while(waiting, PATIENCE, |waiting| !waiting.ended);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the thread does.
    fn write(&self, mut output: Output<impl Write>) {
        let mut text = Vec::new();
        while let Some(dropped) = self.take(&mut text) {
            output.put(&text, dropped);
            text.clear();
            let gathering =
                self.changed.wait_timeout_while(self.lock(), GATHERING, |waiting| !waiting.ending);
            drop(gathering);
        }
        self.lock().ended = true;
        self.changed.notify_all();
    }

    /// Takes what waits once there is something, and says how many lines were dropped after it;
    /// `None` if there is nothing and the program ends.
    fn take(&self, text: &mut Vec<u8>) -> Option<u64> {
        let mut waiting = self.lock();
        while waiting.text.is_empty() && waiting.dropped == 0 {
            if waiting.ending {
                return None;
            }
            waiting.asleep = true;
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.asleep = false;
        mem::swap(&mut waiting.text, text);
        Some(mem::take(&mut waiting.dropped))
    }
}

/// What lines are written to, and what became of them.
struct Output<W> {
    out: W,
    lost: fn(u64) -> Vec<u8>,
    /// Lines that were lost since their number was last written.
    count: u64,
    /// Whether only a part of the last line could be written.
    torn: bool,
}

impl<W: Write> Output<W> {
    /// Writes lines, and how many were lost before and after them.
    fn put(&mut self, text: &[u8], dropped: u64) {
        self.tell();
        // Before it is said that lines are missing, none may follow them.
        self.count += if self.count == 0 { self.write(text) } else { number_of_lines(text) };
        self.count += dropped;
        self.tell();
    }

    /// Writes how many lines were lost, if any were.
    fn tell(&mut self) {
        if self.count > 0 && self.write(&(self.lost)(self.count)) == 0 {
            self.count = 0;
        }
    }

    /// Writes lines, and gives back how many of them could not be written, or only in part.
    fn write(&mut self, text: &[u8]) -> u64 {
        if self.torn && self.out.write_all(b"\n").is_err() {
            return number_of_lines(text);
        }
        self.torn = false;
        let mut rest = text;
        while !rest.is_empty() {
            match self.out.write(rest) {
                Ok(0) => break,
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let written = text.get(..text.len() - rest.len()).unwrap_or_default();
        self.torn = written.last().is_some_and(|byte| *byte != b'\n');
        // A line of which only the end is missing gets it before the next.
        number_of_lines(rest) - u64::from(self.torn && rest.starts_with(b"\n"))
    }
}

fn number_of_lines(text: &[u8]) -> u64 {
    text.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, then nothing for a while, then everything.
    struct Disk {
        written: Vec<u8>,
        room: usize,
        refusals: u32,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 && self.refusals > 0 {
                self.refusals -= 1;
                self.room = if self.refusals == 0 { usize::MAX } else { 0 };
                return Err(ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.room);
            self.written.extend_from_slice(&bytes[..taken]);
            self.room -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lost(lines: u64) -> Vec<u8> {
        format!("-{lines}\n").into_bytes()
    }

    #[test]
    fn each_line_is_there_or_told_to_be_lost_wherever_the_disk_was_full() {
        let all: Vec<_> = (0..6).map(|number| format!("line {number}\n")).collect();
        for (room, refusals) in (0..43).flat_map(|room| (1..6).map(move |times| (room, times))) {
            let out = Disk { written: Vec::new(), room, refusals };
            let mut output = Output { out, lost, count: 0, torn: false };
            for lines in all.chunks(2) {
                output.put(lines.concat().as_bytes(), 0);
            }
            output.put(b"", 0);
            output.put(b"", 0);
            let written = String::from_utf8(output.out.written).unwrap();
            let whole = written.lines().filter(|line| all.contains(&format!("{line}\n"))).count();
            let told =
                written.lines().filter_map(|line| line.strip_prefix('-')?.parse::<usize>().ok());
            assert_eq!(whole + told.sum::<usize>(), all.len(), "{room} {refusals}: {written:?}");
        }
    }
}
