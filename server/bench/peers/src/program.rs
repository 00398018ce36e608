//! What the programs have in common: the argument, the first line, the clock.

use std::{
    env,
    io::Write,
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context;

/// The first argument.
///
/// # Errors
/// When there is none.
pub fn store() -> anyhow::Result<String> {
    env::args().nth(1).context("the argument is missing that names the store")
}

/// Says where the server listens, as `customers-server` does.
///
/// # Errors
/// When nobody reads it.
pub fn announce(address: SocketAddr) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on http://{address}")?;
    Ok(stdout.flush()?)
}

/// Says what went wrong: the harness shows it once a server fails.
pub fn complain(error: &dyn std::error::Error) {
    let _ = writeln!(std::io::stderr(), "{error}");
}

/// Now, in milliseconds since 1970.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the service has a clock of its own to be tested by")]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
