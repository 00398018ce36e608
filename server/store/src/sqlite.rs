//! The embedded store: one SQLite file.
//!
//! There is one connection that writes and a few that read. A read runs where it is called, on
//! the thread of the request: it takes some tens of microseconds, less than handing it to
//! another thread would. A write waits for the disk, so it runs on a blocking thread.

mod access;
mod audit;
pub(crate) mod backup;
mod connection;
mod customer;
mod decode;
mod import;
mod list;
mod migrate;
mod organization_token;
mod principal;
mod token;
mod token_list;
mod update;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use customers_types::{
    id::{CustomerPubId, TokenId},
    scalar::Timestamp,
    token::TokenHash,
};
use rusqlite::Connection;
use tokio::sync::{Semaphore, mpsc};

use self::connection::{Connections, with_cache_of_import};
use crate::{
    Store, Tenancy,
    access::AccessExplanation,
    audit::{AuditBatch, AuditPage, AuditPosition},
    customer::{CustomerAccess, CustomerAttempt, CustomerChange},
    error::{ImportError, StoreError},
    import::{Batch, ImportMode, RecordsAttempt, RecordsChange, Summary},
    list::{CustomerList, CustomerListing},
    principal::Principal,
    token::{
        NewToken, OrganizationToken, Token, TokenAttempt, TokenCreation, TokenList, TokenListing,
        TokenRevocation, TokenRotation,
    },
};

/// A store in one SQLite file.
pub(crate) struct SqliteStore {
    connections: Arc<Connections>,
    /// Whose turn it is to write.
    turn: Arc<Semaphore>,
}

/// How long a write waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

impl SqliteStore {
    /// Opens the file, makes it if a sole tenant finds none, and brings it up to date.
    pub(crate) fn open(path: &Path, tenancy: Tenancy) -> Result<Self, StoreError> {
        let connections = Arc::new(Connections::open(path, tenancy)?);
        Ok(Self { connections, turn: Arc::new(Semaphore::new(1)) })
    }

    async fn write<T, E>(
        &self,
        write: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        // In line, and not for ever: a writer that is stuck must not keep a thread for each that
        // waits behind it.
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turn).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(StoreError::Occupied.into()) };
        let connections = Arc::clone(&self.connections);
        let write = move || {
            let _turn = turn;
            write(&mut connections.writer())
        };
        tokio::task::spawn_blocking(write).await.unwrap_or(Err(StoreError::Interrupted.into()))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.connections.read(|connection| {
            // From a table, so that the file is looked at.
            let mut statement = connection.prepare_cached("SELECT key FROM user LIMIT 1")?;
            statement.exists(()).map(drop).map_err(Into::into)
        })
    }

    async fn token(&self, hash: &TokenHash) -> Result<Option<Token>, StoreError> {
        self.connections.read(|connection| token::find(connection, hash))
    }

    async fn principal(&self, hash: &TokenHash) -> Result<Option<Principal>, StoreError> {
        self.connections.read(|connection| principal::find(connection, hash))
    }

    async fn customer_access(
        &self,
        token: &TokenHash,
        customer: CustomerPubId,
    ) -> Result<Option<CustomerAccess>, StoreError> {
        self.connections.read(|connection| customer::access(connection, token, customer))
    }

    async fn explain_access(
        &self,
        token: &TokenHash,
        customer: CustomerPubId,
        now: Timestamp,
    ) -> Result<Option<AccessExplanation>, StoreError> {
        self.connections.read(|connection| access::explain(connection, token, customer, now))
    }

    async fn update_customer(
        &self,
        change: CustomerChange,
    ) -> Result<Option<CustomerAttempt>, StoreError> {
        self.write(move |connection| update::update(connection, &change)).await
    }

    async fn list_customers(
        &self,
        listing: &CustomerListing,
    ) -> Result<Option<CustomerList>, StoreError> {
        self.connections.read(|connection| list::list(connection, listing))
    }

    async fn cursor_key(&self, new: [u8; 32]) -> Result<[u8; 32], StoreError> {
        self.write(move |connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO cursor_key (only, key) VALUES (1, ?1) ON CONFLICT DO NOTHING",
                (new,),
            )?;
            let kept = transaction.query_row("SELECT key FROM cursor_key", (), |row| row.get(0))?;
            transaction.commit()?;
            Ok(kept)
        })
        .await
    }

    async fn create_token(&self, token: &NewToken) -> Result<(), StoreError> {
        let token = NewToken { hash: token.hash, token: token.token };
        self.write(move |connection| token::create(connection, &token)).await
    }

    async fn revoke_token(&self, id: TokenId, at: Timestamp) -> Result<bool, StoreError> {
        self.write(move |connection| token::revoke(connection, id, at)).await
    }

    async fn tokens_as(&self, listing: &TokenListing) -> Result<Option<TokenList>, StoreError> {
        self.connections.read(|connection| token_list::list(connection, listing))
    }

    async fn create_token_as(
        &self,
        creation: TokenCreation,
    ) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError> {
        self.write(move |connection| organization_token::create(connection, &creation)).await
    }

    async fn revoke_token_as(
        &self,
        revocation: TokenRevocation,
    ) -> Result<Option<TokenAttempt<()>>, StoreError> {
        self.write(move |connection| organization_token::revoke(connection, &revocation)).await
    }

    async fn rotate_token_as(
        &self,
        rotation: TokenRotation,
    ) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError> {
        self.write(move |connection| organization_token::rotate(connection, &rotation)).await
    }

    async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.connections.read(token::list)
    }

    async fn append_audit(&self, batch: &AuditBatch) -> Result<(), StoreError> {
        // What becomes of a transaction is always known here.
        let entries = Arc::clone(&batch.entries);
        self.write(move |connection| audit::append_batch(connection, &entries)).await
    }

    async fn audit_of(
        &self,
        customer: CustomerPubId,
        after: Option<AuditPosition>,
        limit: usize,
    ) -> Result<AuditPage, StoreError> {
        self.connections.read(|connection| audit::page(connection, customer, after, limit))
    }

    async fn import(
        &self,
        batches: mpsc::Receiver<Batch>,
        mode: ImportMode,
        now: Timestamp,
    ) -> Result<Summary, ImportError> {
        self.write(move |connection| {
            with_cache_of_import(connection, |writer| import::run(writer, batches, mode, now))
        })
        .await
    }

    async fn change_records(
        &self,
        change: RecordsChange,
    ) -> Result<Option<RecordsAttempt>, StoreError> {
        self.write(move |connection| import::change(connection, change)).await
    }
}

/// A thread that panicked while it held a connection left no transaction open: dropping one
/// rolls it back.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
