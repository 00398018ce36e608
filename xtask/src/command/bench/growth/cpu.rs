//! How long processes have been on a core, to the nanosecond: the ticks in which `/proc` counts by
//! default are as long as a whole import of some records.

use std::{collections::BTreeMap, fs};

/// Each thread, and how long it was on a core so far, in nanoseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading(BTreeMap<String, u64>);

impl Reading {
    /// Of all threads of some processes.
    pub(super) fn of(processes: &[u32]) -> Self {
        let mut threads = BTreeMap::new();
        for process in processes {
            let folder = fs::read_dir(format!("/proc/{process}/task"));
            for thread in folder.into_iter().flatten().flatten() {
                // It may have ended meanwhile.
                let Ok(text) = fs::read_to_string(thread.path().join("schedstat")) else {
                    continue;
                };
                if let Some(nanos) = text.split(' ').next().and_then(|text| text.parse().ok()) {
                    threads.insert(thread.file_name().to_string_lossy().into_owned(), nanos);
                }
            }
        }
        Self(threads)
    }

    /// How long since an earlier reading, in microseconds. A thread of the server ends
    /// after it had nothing to do for long, so that one that is gone was not on a core either. What a
    /// process of PostgreSQL did that came and went in between, such as an autovacuum, is missing.
    #[expect(clippy::cast_precision_loss, reason = "below 2^52 ns there is none")]
    pub(super) fn micros_since(&self, earlier: &Self) -> f64 {
        let since = |(thread, nanos): (&String, &u64)| {
            nanos.saturating_sub(earlier.0.get(thread).copied().unwrap_or_default())
        };
        self.0.iter().map(since).sum::<u64>() as f64 / 1e3
    }
}

#[cfg(test)]
mod tests {
    use std::{hint::black_box, process, sync::mpsc, thread};

    use super::*;

    #[test]
    fn what_a_thread_does_counts_also_when_it_is_new() {
        let before = Reading::of(&[process::id()]);
        let (sender, count) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        thread::spawn(move || {
            sender.send((0..3_000_000_u64).map(black_box).sum::<u64>()).unwrap();
            ended.recv().unwrap_err();
        });
        count.recv().unwrap();
        let after = Reading::of(&[process::id()]);
        assert!(after.micros_since(&before) > 1_000.0, "{after:?}");
        drop(end);
    }
}
