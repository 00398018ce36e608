//! Connections, and what is done again when one is lost.

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use deadpool_postgres::{
    Client, ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod,
    Runtime, Transaction,
};
use futures::future::BoxFuture;
use tokio::time::timeout;
use tokio_postgres::IsolationLevel;

use super::{fault::no_connection, host::Hosts, lost::Lost, migrate, tls};
use crate::{Tenancy, error::StoreError, url::PostgresUrl};

/// How often a write is tried that others came in the way of.
const ATTEMPTS: usize = 10;

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
    limits: Limits,
    lost: Lost,
}

/// What becomes of what a write has done so far.
pub(super) enum Done<T> {
    /// It is kept.
    Keep(T),
    /// It is not.
    Undo(T),
}

/// How long what may take, as parts of the time after which a request gives up.
#[derive(Clone, Copy)]
struct Limits {
    deadline: Duration,
}

impl Limits {
    /// How long a request waits for one of the connections to be free.
    fn turn(self) -> Duration {
        self.deadline * 3 / 10
    }

    /// How long it may take to make a connection, on all hosts together.
    fn connecting(self) -> Duration {
        self.deadline * 4 / 5
    }

    /// What each connection begins with: no statement, and no wait for a lock, may take long.
    fn settings(self) -> String {
        let (statement, lock) = (self.deadline * 4 / 5, self.deadline / 2);
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {};
             SET idle_in_transaction_session_timeout = {}",
            statement.as_millis(),
            lock.as_millis(),
            (self.deadline * 2).as_millis(),
        )
    }
}

impl Connections {
    pub(super) async fn open(url: &PostgresUrl, tenancy: Tenancy) -> Result<Self, StoreError> {
        let (limits, lost) = (Limits { deadline: url.deadline }, Lost::default());
        // That a connection is alive shows when it is used; asking would be a round trip more.
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let hosts = Hosts::of(url, tls::connector(url)?, limits.connecting(), lost.clone());
        let manager = Manager::from_connect((*url.config).clone(), hosts, config);
        let pool = Pool::builder(manager)
            .max_size(url.pool_size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(limits.turn()))
            .create_timeout(Some(limits.connecting()))
            .post_create(Hook::async_fn(move |client, _| Box::pin(set_up(client, limits))))
            .pre_recycle(Hook::sync_fn({
                let lost = lost.clone();
                move |_, metrics| {
                    let is_lost = lost.has(metrics.created);
                    if is_lost { Err(HookError::message("lost")) } else { Ok(()) }
                }
            }))
            .build()
            .map_err(|error| StoreError::Database(error.into()))?;
        let connections = Self { pool, limits, lost };
        let begin = async {
            let mut connection = connections.claim().await?;
            let version = migrate::version(connection.client()?, url, tenancy).await?;
            Ok((connection, version))
        };
        let (mut connection, version) = connections.in_time(limits.deadline, begin).await?;
        // Takes as long as it takes.
        migrate::to_latest(connection.client()?, url, version).await?;
        connection.release();
        Ok(connections)
    }

    /// Reads, and reads again on a new connection if the first one was lost.
    pub(super) async fn read<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: impl for<'c> Fn(&'c Client, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        let attempts = async {
            match self.read_once(asked, &read).await {
                Err(StoreError::Unreachable(_)) => self.read_once(asked, &read).await,
                result => result,
            }
        };
        self.in_time(self.limits.deadline, attempts).await
    }

    async fn read_once<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: &impl for<'c> Fn(&'c Client, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.claim().await?;
        let result = read(connection.client()?, asked).await;
        self.settle(connection, &result);
        result
    }

    /// Reads by several statements that all see one state of the store.
    pub(super) async fn read_snapshot<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        let attempts = async {
            match self.read_snapshot_once(asked, &read).await {
                Err(StoreError::Unreachable(_)) => self.read_snapshot_once(asked, &read).await,
                result => result,
            }
        };
        self.in_time(self.limits.deadline, attempts).await
    }

    async fn read_snapshot_once<A: Sync + ?Sized, T>(
        &self,
        asked: &A,
        read: &impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.claim().await?;
        let client = connection.client()?;
        let result = async {
            let snapshot = client.build_transaction().isolation_level(REPEATABLE_READ);
            let snapshot = snapshot.read_only(true).start().await?;
            let found = read(&snapshot, asked).await?;
            snapshot.commit().await?;
            Ok(found)
        }
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
        let is_ending = AtomicBool::new(false);
        let attempts = async {
            let (mut attempts, mut was_lost) = (1, false);
            loop {
                match self.attempt(wanted, &write, &is_ending).await {
                    Err(StoreError::Conflict(_)) if attempts < ATTEMPTS => attempts += 1,
                    Err(StoreError::Unreachable(_)) if !was_lost => was_lost = true,
                    result => return result,
                }
            }
        };
        let result = self.in_time(self.limits.deadline, attempts).await;
        uncertain_if(&is_ending, result)
    }

    /// Writes in one transaction, within this time and only once.
    pub(super) async fn write_once<A: Sync + ?Sized, T>(
        &self,
        time: Duration,
        wanted: &A,
        write: impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, Done<T>>,
    ) -> Result<T, StoreError> {
        let is_ending = AtomicBool::new(false);
        let result = self.in_time(time, self.attempt(wanted, &write, &is_ending)).await;
        uncertain_if(&is_ending, result)
    }

    /// `is_ending` tells who drops the attempt whether it may have been applied.
    async fn attempt<A: Sync + ?Sized, T>(
        &self,
        wanted: &A,
        write: &impl for<'c> Fn(&'c Transaction<'c>, &'c A) -> Work<'c, Done<T>>,
        is_ending: &AtomicBool,
    ) -> Result<T, StoreError> {
        let mut connection = self.claim().await?;
        let client = connection.client()?;
        let result = async {
            let transaction = client.transaction().await?;
            match write(&transaction, wanted).await? {
                Done::Keep(kept) => {
                    is_ending.store(true, Ordering::Relaxed);
                    let committed = transaction.commit().await.map_err(StoreError::from);
                    if let Err(StoreError::Unreachable(cause)) = committed {
                        return Err(StoreError::Uncertain(cause));
                    }
                    is_ending.store(false, Ordering::Relaxed);
                    committed.map(|()| kept)
                }
                Done::Undo(undone) => {
                    transaction.rollback().await?;
                    Ok(undone)
                }
            }
        }
        .await;
        self.settle(connection, &result);
        result
    }

    async fn claim(&self) -> Result<Connection, StoreError> {
        self.pool.get().await.map(|client| Connection(Some(client))).map_err(no_connection)
    }

    /// Gives a connection back if it is still good.
    fn settle<T>(&self, connection: Connection, result: &Result<T, StoreError>) {
        match result {
            Err(StoreError::Unreachable(_) | StoreError::Uncertain(_)) => {
                drop(connection);
                self.lose_until(Instant::now());
            }
            _ => connection.release(),
        }
    }

    fn lose_until(&self, moment: Instant) {
        self.lost.add_until(moment);
        self.pool.retain(|_, metrics| !self.lost.has(metrics.created));
    }

    async fn in_time<T>(
        &self,
        time: Duration,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        timeout(time, work).await.unwrap_or_else(|_| {
            self.lose_until(began);
            Err(StoreError::Unreachable("no answer in time".into()))
        })
    }
}

/// The pool limits the time to connect, and not the time that this takes.
async fn set_up(client: &ClientWrapper, limits: Limits) -> Result<(), HookError> {
    let settings = async {
        client.batch_execute(&limits.settings()).await?;
        let _ = client.batch_execute(NOT_COMPILED).await;
        Ok(())
    };
    match timeout(limits.connecting(), settings).await {
        Ok(done) => done.map_err(HookError::Backend),
        Err(_) => Err(HookError::message("no answer in time")),
    }
}

/// Who was stopped while a transaction was ending can't say how it ended.
fn uncertain_if<T>(is_ending: &AtomicBool, result: Result<T, StoreError>) -> Result<T, StoreError> {
    match result {
        Err(StoreError::Unreachable(cause)) if is_ending.load(Ordering::Relaxed) => {
            Err(StoreError::Uncertain(cause))
        }
        result => result,
    }
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
        f.debug_struct("Connections").field("pool", &self.pool.status()).finish_non_exhaustive()
    }
}
