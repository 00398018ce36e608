//! What probes ask.

use customers_store::Store;

use crate::error::Failure;

/// Whether requests can be answered.
pub(crate) async fn ready(store: &dyn Store) -> Result<(), Failure> {
    store.ping().await.map_err(Failure::NotReady)
}
