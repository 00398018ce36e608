//! What the programs have in common: their arguments, the store, the clock.

use std::{
    env,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use customers_store::{Store, Tenancy};
use customers_types::scalar::Timestamp;

/// The argument at this place, counted from 1.
///
/// # Errors
/// When there is none; the message names it.
pub fn argument(place: usize, name: &str) -> anyhow::Result<String> {
    env::args().nth(place).with_context(|| format!("argument {place} is missing: {name}"))
}

/// The store that the first argument names.
///
/// # Errors
/// When there is no such argument, or the store can't be opened.
pub async fn store() -> anyhow::Result<Arc<dyn Store>> {
    let url = argument(1, "the URL of the store")?.parse()?;
    Ok(customers_store::open(&url, Tenancy::Sole).await?)
}

/// Now, by the clock of the system.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the service has a clock of its own to be tested by")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
