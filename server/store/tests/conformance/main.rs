//! What every store has to do: one body of tests, run on each.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod audit;
mod directory;
mod explain;
mod import;
mod list;
mod organization_tokens;
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

/// An empty store that goes when it is dropped.
pub(crate) struct Scratch {
    pub(crate) store: Arc<dyn Store>,
    _folder: TempDir,
}

pub(crate) async fn sqlite() -> Scratch {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::Sqlite(folder.path().join("customers.db"));
    Scratch { store: customers_store::open(&url, Tenancy::Sole).await.unwrap(), _folder: folder }
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
                    body($crate::sqlite().await.store.as_ref()).await;
                }
            }
        )+
    };
}
pub(crate) use on_each_store;
