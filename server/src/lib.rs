//! The customers service: the contract of `customers-api` over the records of `customers-store`.
//!
//! A request passes `http` (what every request must satisfy, and what every operation needs),
//! then `app` (what the operation does: decide, one call to the store); `audit` notes whom it
//! showed. [`directory`] reads the records that the wider platform sends; `command` is the command
//! line.
//!
//! What must not be here: SQL (it is in the store), the shape of a body (it is in the contract),
//! and the access rule (it is in `customers-types`).

mod app;
mod audit;
pub mod clock;
pub mod command;
pub mod config;
pub mod context;
pub mod cursor;
pub mod directory;
pub mod error;
pub mod http;
pub mod logging;
mod new_id;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use customers_api::customers_api_mod;
use customers_store::Store;
use dropshot::{
    ApiDescription, ApiDescriptionBuildErrors, ConfigDropshot, HttpServer, ServerBuilder,
    VersionPolicy,
};
use slog::Logger;

use crate::{
    audit::{AuditLog, AuditTask},
    context::ServerContext,
    http::{Limits, Operations, RouteGuard},
};

/// The largest request body that an operation takes unless it says otherwise.
const BODY_LIMIT: usize = 64 * 1024;

/// How long a stopping server waits for the requests that it has accepted.
const GRACE: Duration = Duration::from_secs(10);

/// A server that accepts requests.
pub struct RunningServer {
    server: HttpServer<ServerContext>,
    audit: AuditTask,
    log: Logger,
}

/// Starts the service on an address; port 0 picks a free one.
///
/// # Errors
/// When the address can't be listened on, or the contract can't be made.
pub async fn start_server(
    listen: SocketAddr,
    store: Arc<dyn Store>,
    log: &Logger,
    limits: Limits,
) -> anyhow::Result<RunningServer> {
    start_operations(listen, store, log, limits, customers_api_mod::api_description::<Operations>)
        .await
}

/// Starts a server in every way like the service, but for what its operations do.
///
/// # Errors
/// When the address can't be listened on, or Dropshot does not accept the operations.
pub async fn start_operations(
    listen: SocketAddr,
    store: Arc<dyn Store>,
    log: &Logger,
    limits: Limits,
    operations: impl Fn() -> Result<ApiDescription<ServerContext>, ApiDescriptionBuildErrors>,
) -> anyhow::Result<RunningServer> {
    let (audit_log, audit) = AuditLog::start(Arc::clone(&store), log.clone());
    let context = ServerContext::new(store, audit_log, log.clone(), limits).await?;
    let guard = RouteGuard::new(operations()?);
    let config = ConfigDropshot {
        bind_address: listen,
        default_request_body_max_bytes: BODY_LIMIT,
        ..ConfigDropshot::default()
    };
    let server = ServerBuilder::new(operations()?, context, logging::of_dropshot(log))
        .config(config)
        .version_policy(VersionPolicy::Dynamic(Box::new(guard)))
        .start()?;
    Ok(RunningServer { server, audit, log: log.clone() })
}

impl RunningServer {
    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// Stops the server: no new connection, the requests that it has accepted are finished. A
    /// connection that is stuck is cut after ten seconds. Then the rest of the audit trail is
    /// written.
    ///
    /// # Errors
    /// When the server did not run any more, or the trail can't be written.
    pub async fn close(self) -> anyhow::Result<()> {
        slog::info!(self.log, "stopping");
        let closed = tokio::time::timeout(GRACE, self.server.close()).await.unwrap_or_else(|_| {
            slog::warn!(self.log, "some connections were cut"; "after" => ?GRACE);
            Ok(())
        });
        self.audit.finish().await?;
        closed.map_err(anyhow::Error::msg)?;
        slog::info!(self.log, "stopped");
        Ok(())
    }
}

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
