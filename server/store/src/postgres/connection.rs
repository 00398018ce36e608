//! Connections, and what is done again when one is lost.

use std::{fmt, time::Duration};

use deadpool_postgres::{
    Client, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
    Transaction,
};
use futures::future::BoxFuture;
use tokio::time::timeout;
use tokio_postgres::IsolationLevel;

use super::{fault::no_connection, migrate, tls};
use crate::{Tenancy, error::StoreError, url::PostgresUrl};

/// How long a request waits for a connection to be free, and for a new one.
const PATIENCE: Duration = Duration::from_secs(3);
const CONNECTING: Duration = Duration::from_secs(10);

/// After how long a request gives up, if the server has not ended its statements by then.
const DEADLINE: Duration = Duration::from_secs(15);

/// How often a write is tried that others came in the way of.
const ATTEMPTS: usize = 10;

/// What each connection begins with: no statement, and no wait for a lock, may take long.
const SETTINGS: &str = "SET statement_timeout = 10000; SET lock_timeout = 5000;
     SET idle_in_transaction_session_timeout = 30000";

/// To compile the few statements that are estimated to be dear takes longer than to run them.
/// Not every engine that speaks the protocol knows the setting.
const NOT_COMPILED: &str = "SET jit = off";

const REPEATABLE_READ: IsolationLevel = IsolationLevel::RepeatableRead;

/// What is done on a connection with what was asked. Both are given to it: the future of a closure
/// that borrows what was asked could not be sent to another thread, as far as is known of it.
pub(super) type Work<'c, T> = BoxFuture<'c, Result<T, StoreError>>;

/// The connections to one database.
pub(super) struct Connections {
    pool: Pool,
}

/// What becomes of what a write has done so far.
pub(super) enum Done<T> {
    /// It is kept.
    Keep(T),
    /// It is not.
    Undo(T),
}

impl Connections {
    pub(super) async fn open(url: &PostgresUrl, tenancy: Tenancy) -> Result<Self, StoreError> {
        // That a connection is alive shows when it is used; asking would be a round trip more.
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config((*url.config).clone(), tls::connector(url)?, config);
        let pool = Pool::builder(manager)
            .max_size(url.pool_size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(CONNECTING))
            .recycle_timeout(Some(PATIENCE))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move {
                    client.batch_execute(SETTINGS).await.map_err(HookError::Backend)?;
                    let _ = client.batch_execute(NOT_COMPILED).await;
                    Ok(())
                })
            }))
            .build()
            .map_err(|error| StoreError::Database(error.into()))?;
        let connections = Self { pool };
        let mut connection = connections.claim().await?;
        migrate::prepare(connection.client()?, url, tenancy).await?;
        connection.release();
        Ok(connections)
    }

    /// Reads, and reads again on a new connection if the first one was lost.
    pub(super) async fn read<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: impl for<'c> Fn(&'c Client, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        match self.read_once(asked, &read).await {
            Err(StoreError::Unreachable(_)) => self.read_once(asked, &read).await,
            result => result,
        }
    }

    async fn read_once<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: &impl for<'c> Fn(&'c Client, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.claim().await?;
        let result = in_time(DEADLINE, read(connection.client()?, asked)).await;
        self.settle(connection, &result);
        result
    }

    /// Reads by several statements that all see one state of the store.
    pub(super) async fn read_snapshot<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        match self.read_snapshot_once(asked, &read).await {
            Err(StoreError::Unreachable(_)) => self.read_snapshot_once(asked, &read).await,
            result => result,
        }
    }

    async fn read_snapshot_once<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: &impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.claim().await?;
        let client = connection.client()?;
        let result = in_time(DEADLINE, async {
            let snapshot = client.build_transaction().isolation_level(REPEATABLE_READ);
            let snapshot = snapshot.read_only(true).start().await?;
            let found = read(&snapshot, asked).await?;
            snapshot.commit().await?;
            Ok(found)
        })
        .await;
        self.settle(connection, &result);
        result
    }

    /// Writes in one transaction. It is tried again where it is certain that nothing was applied:
    /// when others came in the way, or the connection was lost before the end.
    pub(super) async fn write<A: Sync + ?Sized, T>(
        &self,
        wanted: &A,
        write: impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, Done<T>>,
    ) -> Result<T, StoreError> {
        let (mut attempts, mut was_lost) = (1, false);
        loop {
            match self.write_once(DEADLINE, wanted, &write).await {
                Err(StoreError::Conflict(_)) if attempts < ATTEMPTS => attempts += 1,
                Err(StoreError::Unreachable(_)) if !was_lost => was_lost = true,
                result => return result,
            }
        }
    }

    /// Writes in one transaction, within this time.
    pub(super) async fn write_once<A: Sync + ?Sized, T>(
        &self,
        time: Duration,
        wanted: &A,
        write: impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, Done<T>>,
    ) -> Result<T, StoreError> {
        let mut connection = self.claim().await?;
        let client = connection.client()?;
        let result = in_time(time, async {
            let transaction = client.transaction().await?;
            match write(&transaction, wanted).await? {
                Done::Keep(kept) => {
                    transaction.commit().await.map_err(|error| match error.into() {
                        // The answer to a commit was lost, but perhaps not the commit.
                        StoreError::Unreachable(cause) => StoreError::Uncertain(cause),
                        error => error,
                    })?;
                    Ok(kept)
                }
                Done::Undo(undone) => {
                    transaction.rollback().await?;
                    Ok(undone)
                }
            }
        })
        .await;
        self.settle(connection, &result);
        result
    }

    async fn claim(&self) -> Result<Connection, StoreError> {
        self.pool.get().await.map(|client| Connection(Some(client))).map_err(no_connection)
    }

    /// Gives a connection back if it is still good. Where one was lost, those that are idle most
    /// likely were lost, too.
    fn settle<T>(&self, connection: Connection, result: &Result<T, StoreError>) {
        match result {
            Err(StoreError::Unreachable(_) | StoreError::Uncertain(_)) => {
                drop(connection);
                self.pool.retain(|_, _| false);
            }
            _ => connection.release(),
        }
    }
}

async fn in_time<T>(
    time: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let timed_out = |_| Err(StoreError::Uncertain("no answer in time".into()));
    timeout(time, work).await.unwrap_or_else(timed_out)
}

/// A connection that is closed, and not given to others, unless it is released: whoever was
/// stopped in the middle leaves it in a state that nobody knows.
struct Connection(Option<Client>);

impl Connection {
    fn client(&mut self) -> Result<&mut Client, StoreError> {
        self.0.as_mut().ok_or(StoreError::Interrupted)
    }

    fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("pool", &self.pool.status()).finish()
    }
}
