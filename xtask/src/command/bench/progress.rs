//! What is going on, for whoever waits.

use std::io::Write;

/// Says what is going on, unless only JSON may be printed.
pub(super) struct Progress<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) silent: bool,
}

impl Progress<'_> {
    pub(super) fn say(&mut self, line: &str) -> anyhow::Result<()> {
        if !self.silent {
            writeln!(self.out, "{line}")?;
            self.out.flush()?;
        }
        Ok(())
    }
}
