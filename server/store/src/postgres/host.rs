//! Which of several hosts a connection is made with.
//!
//! The driver gives each host a limit of time to accept a connection, and none to say anything on
//! it. One that is frozen would be waited for until there is no time left for the others.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use deadpool_postgres::{ConfigConnectImpl, Connect};
use futures::future::BoxFuture;
use tokio::{task::JoinHandle, time::timeout};
use tokio_postgres::{Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::lost::Lost;
use crate::url::PostgresUrl;

/// The hosts of a URL, each of which gets its share of the time.
pub(super) struct Hosts {
    each: Vec<Config>,
    share: Duration,
    driver: ConfigConnectImpl<MakeRustlsConnect>,
    /// The host with which a connection was made last. The next is made there, too: after a
    /// failover, the former primary is not waited for each time.
    latest: AtomicUsize,
    lost: Lost,
}

impl Hosts {
    /// The time is for all of them together.
    pub(super) fn of(
        url: &PostgresUrl,
        tls: MakeRustlsConnect,
        time: Duration,
        lost: Lost,
    ) -> Self {
        let count = u32::try_from(url.each_host.len()).unwrap_or(u32::MAX).max(1);
        let driver = ConfigConnectImpl { tls };
        let each = url.each_host.clone();
        Self { each, share: time / count, driver, latest: AtomicUsize::default(), lost }
    }
}

impl Connect for Hosts {
    /// Ends with an error once some host has given one and no other has done better; else the one
    /// who waits for it ends it.
    fn connect(&self, _: &Config) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), Error>> {
        Box::pin(async move {
            loop {
                let mut failed = None;
                let latest = self.latest.load(Ordering::Relaxed);
                for index in (latest..self.each.len()).chain(0..latest) {
                    match timeout(self.share, self.driver.connect(&self.each[index])).await {
                        Ok(Ok(connection)) => {
                            if self.latest.swap(index, Ordering::Relaxed) != index {
                                self.lost.add_until(Instant::now());
                            }
                            return Ok(connection);
                        }
                        Ok(Err(error)) => failed = Some(error),
                        Err(_) => {}
                    }
                }
                if let Some(error) = failed {
                    return Err(error);
                }
            }
        })
    }
}
