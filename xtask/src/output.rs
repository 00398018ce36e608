//! Standard output, whoever reads it and for however long.

use std::io::{self, ErrorKind, Stdout, Write};

/// Standard output whose reader may close it: who stops reading, such as `head`, has read enough, and
/// the exit code says the rest.
#[derive(Debug)]
pub struct Output(Stdout);

impl Output {
    /// That of this process.
    #[must_use]
    pub fn standard() -> Self {
        Self(io::stdout())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}
