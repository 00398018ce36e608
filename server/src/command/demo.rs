//! `serve --demo`: a small fictional data set, and a request that reads from it.

use std::{io::Cursor, net::SocketAddr, sync::Arc};

use anyhow::{Context, bail};
use customers_store::{
    Store, Tenancy, error::StoreError, import::ImportMode, token::Holder, url::StoreUrl,
};
use customers_types::{access::Role, id::OrganizationId, token::TokenSecret};
use tempfile::TempDir;

use super::token::issue;
use crate::directory;

/// The data set; it is also an example of the import format.
const RECORDS: &str = include_str!("../../demo.ndjson");

/// An organization of the data set, and a customer who has checked out one of its products: those
/// of the document's examples.
const ORGANIZATION: &str = "org_01h455vb4pex5vsknk084sn02q";
const CUSTOMER: &str = "cus_01h455vb4pex5vsknk084sn02q";

/// A store with the data set, and a token to read from it.
pub(super) struct Demo {
    store: Arc<dyn Store>,
    token: TokenSecret,
    /// Removed when the demo ends.
    _folder: Option<TempDir>,
}

impl Demo {
    /// Makes the data set in this store, or in a temporary one.
    pub(super) async fn make(url: Option<StoreUrl>) -> anyhow::Result<Self> {
        let (url, folder) = if let Some(url) = url {
            require_fresh(&url).await?;
            (url, None)
        } else {
            let folder = tempfile::Builder::new().prefix("customers-demo-").tempdir()?;
            (StoreUrl::Sqlite(folder.path().join("customers.db")), Some(folder))
        };
        let store = customers_store::open(&url, Tenancy::Sole).await?;
        let records = Cursor::new(RECORDS);
        directory::import(Arc::clone(&store), records, ImportMode::Commit, |_| {}).await?;
        let organization: OrganizationId =
            ORGANIZATION.parse().context("the demo's organization")?;
        let holder = Holder::Organization(organization, Role::CustomerSupport);
        let (_, token) = issue(store.as_ref(), holder, None, None).await?;
        Ok(Self { store, token, _folder: folder })
    }

    pub(super) fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// What to do with the demo, for the person at the terminal.
    pub(super) fn introduction(&self, address: SocketAddr) -> String {
        let token = self.token.reveal();
        format!(
            "\ntry it:\n\
             curl -H 'Authorization: Bearer {token}' \
             'http://{address}/v1/customers/{CUSTOMER}?expand=user'\n\n\
             or through the client:\n\
             CUSTOMERS_URL=http://{address} CUSTOMERS_TOKEN={token} CUSTOMERS_ID={CUSTOMER} \
             cargo run --quiet --locked -p customers-client --example get_customer\n"
        )
    }
}

/// Refuses a store that is there already: it may have more than a demo in it.
async fn require_fresh(url: &StoreUrl) -> anyhow::Result<()> {
    let is_fresh = match url {
        StoreUrl::Sqlite(path) => !path.exists(),
        StoreUrl::Postgres(_) => match customers_store::open(url, Tenancy::Beside).await {
            Ok(_) => false,
            Err(StoreError::Older { found: 0, .. }) => true,
            Err(error) => return Err(error.into()),
        },
    };
    if is_fresh {
        return Ok(());
    }
    bail!("{url} exists: the demo wants a fresh store; leave --store out for a temporary one")
}
