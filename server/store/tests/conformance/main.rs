//! What every store has to do: one body of tests, run on each.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../postgres/cluster.rs"]
#[expect(dead_code, reason = "the tests of the server use more of it")]
mod cluster;

mod access;
mod audit;
mod bulk;
mod directory;
mod explain;
mod import;
mod list;
mod organization_tokens;
mod plans;
mod postgres;
mod records;
mod sqlite;
mod token_lists;
mod token_rule;
mod tokens;
mod update;
mod world;

use std::sync::Arc;

use customers_store::{Store, Tenancy, url::StoreUrl};
use tempfile::TempDir;
use tokio::sync::Mutex;

use self::cluster::Database;

/// The kinds of stores.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// An empty store that goes when it is dropped.
pub(crate) struct Scratch {
    pub(crate) store: Arc<dyn Store>,
    /// Each kind has one of these.
    _folder: Option<TempDir>,
    database: Option<Database>,
}

impl Kind {
    /// How many cases of a property are tried: on PostgreSQL, one takes ten times as long.
    pub(crate) fn cases(self, cases: u32) -> u32 {
        match self {
            Self::Sqlite => cases,
            Self::Postgres => cases / 8,
        }
    }

    pub(crate) async fn scratch(self) -> Scratch {
        let (url, folder, database) = match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                (StoreUrl::Sqlite(folder.path().join("customers.db")), Some(folder), None)
            }
            Self::Postgres => {
                let database = Database::prepared(make_tables);
                (database.url().parse().unwrap(), None, Some(database))
            }
        };
        let store = customers_store::open(&url, Tenancy::Sole).await.unwrap();
        Scratch { store, _folder: folder, database }
    }
}

/// Opens a store once, apart from the runtime of the test.
fn make_tables(url: &str) {
    let url = url.parse().unwrap();
    let opening = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(customers_store::open(&url, Tenancy::Sole)).map(drop).unwrap();
    };
    std::thread::spawn(opening).join().unwrap();
}

/// Empty stores, one after the other. To make one of PostgreSQL takes long, so it is emptied.
pub(crate) struct Spare {
    kind: Kind,
    used: Mutex<Option<Scratch>>,
}

impl Spare {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, used: Mutex::new(None) }
    }

    pub(crate) async fn empty(&self) -> Arc<dyn Store> {
        let mut used = self.used.lock().await;
        let scratch = match (self.kind, used.take()) {
            (Kind::Postgres, Some(scratch)) => {
                if let Some(database) = &scratch.database {
                    postgres::empty(database).await;
                }
                scratch
            }
            (kind, _) => kind.scratch().await,
        };
        let store = Arc::clone(&scratch.store);
        *used = Some(scratch);
        store
    }
}

/// Declares tests that are run on each store.
macro_rules! on_each_store {
    ($($(#[$attribute:meta])* async fn $name:ident($store:ident) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                async fn body($store: &dyn customers_store::Store) $body

                $(#[$attribute])*
                #[tokio::test]
                async fn on_sqlite() {
                    body($crate::Kind::Sqlite.scratch().await.store.as_ref()).await;
                }

                $(#[$attribute])*
                #[tokio::test]
                async fn on_postgres() {
                    body($crate::Kind::Postgres.scratch().await.store.as_ref()).await;
                }
            }
        )+
    };
}
pub(crate) use on_each_store;

/// Declares tests that make stores of each kind by themselves.
macro_rules! with_each_kind {
    ($($(#[$attribute:meta])* fn $name:ident($kind:ident) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                fn body($kind: $crate::Kind) $body

                $(#[$attribute])*
                #[test]
                fn on_sqlite() {
                    body($crate::Kind::Sqlite);
                }

                $(#[$attribute])*
                #[test]
                fn on_postgres() {
                    body($crate::Kind::Postgres);
                }
            }
        )+
    };
}
pub(crate) use with_each_kind;

/// The runtime of a test that is not one as a whole.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
