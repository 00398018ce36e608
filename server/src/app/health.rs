//! What probes ask.

use crate::{context::ServerContext, error::Failure};

/// Whether requests can be answered: the store answers, and takes the rows of the audit trail.
pub(crate) async fn ready(context: &ServerContext) -> Result<(), Failure> {
    context.store.ping().await.map_err(Failure::NotReady)?;
    if context.audit.is_writable() { Ok(()) } else { Err(Failure::NotAudited) }
}
