//! What requests share, and what each operation is given.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use customers_api::document;
use customers_store::{Store, token::Token};
use customers_types::{scalar::Timestamp, token::TokenHash};
use rand::RngExt;
use serde_json::Value;
use slog::Logger;
use zeroize::Zeroizing;

use crate::cursor::Cursors;

use crate::http::{Limits, RateLimits};

use crate::audit::AuditLog;

/// What all requests share.
pub struct ServerContext {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) cursors: Cursors,
    pub(crate) audit: Arc<AuditLog>,
    pub(crate) log: Logger,
    pub(crate) limits: RateLimits,
    /// The document, as it is served.
    pub(crate) document: String,
    queries: BTreeMap<String, BTreeSet<String>>,
}

impl ServerContext {
    /// Takes the store, the trail in it and the limits, and reads from the document what requests
    /// are held to.
    pub(crate) async fn new(
        store: Arc<dyn Store>,
        audit: AuditLog,
        log: Logger,
        limits: Limits,
    ) -> anyhow::Result<Self> {
        let queries = queries(&document::document()?);
        let new_key = Zeroizing::new(rand::rng().random());
        let cursors = Cursors::new(&Zeroizing::new(store.cursor_key(*new_key).await?));
        let (audit, limits) = (Arc::new(audit), RateLimits::new(limits));
        let document = document::canonical()?;
        Ok(Self { store, cursors, audit, log, limits, document, queries })
    }

    /// Whether the document gives this operation a query parameter of that name.
    pub(crate) fn has_query_parameter(&self, operation: &str, name: &str) -> bool {
        self.queries.get(operation).is_some_and(|names| names.contains(name))
    }
}

/// The names of the query parameters by operation.
fn queries(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items.filter_map(|(_, item)| item.as_object()).flatten();
    operations
        .map(|(_, operation)| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = parameters
                .filter(|parameter| parameter["in"] == "query")
                .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                .collect();
            (operation["operationId"].as_str().unwrap_or_default().to_owned(), names)
        })
        .collect()
}

/// What one operation is given: who calls what, when, and the store.
pub struct OperationContext {
    /// The hash of the token that was shown. Whether it is known and counts is not decided yet.
    pub(crate) token: TokenHash,
    /// When the request came.
    pub(crate) now: Timestamp,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) audit: Arc<AuditLog>,
    pub(crate) request_id: String,
    /// The operation, as the document names it.
    pub(crate) operation: String,
    /// The token, once it is known to count; for the log.
    pub(crate) authenticated: Arc<OnceLock<Token>>,
}
