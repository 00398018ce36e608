//! The store for several instances: a database of PostgreSQL, or of what speaks its protocol.
//!
//! A read of one customer is one statement, prepared once a connection, and so one round trip; a
//! page of customers is one, too. What is decided is decided in the transaction that writes, under
//! locks on the rows that it changes; no lock of this process is relied on, since others write,
//! too.

mod access;
mod audit;
mod connection;
mod customer;
mod decode;
mod fault;
mod host;
mod import;
mod list;
mod lost;
mod migrate;
mod organization_token;
mod principal;
mod search;
mod tls;
mod token;
mod token_list;
mod update;

use async_trait::async_trait;
use customers_types::{
    id::{CustomerPubId, TokenId},
    scalar::Timestamp,
    token::TokenHash,
};
use deadpool_postgres::GenericClient;
use tokio::sync::mpsc;

use self::{
    connection::{Connections, Done},
    decode::Columns,
};
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
    url::PostgresUrl,
};

/// A store in one database of PostgreSQL.
pub(crate) struct PostgresStore {
    connections: Connections,
}

impl PostgresStore {
    /// Opens the database, and brings it up to date if a tenant may that is called sole: here it
    /// locks nobody out.
    pub(crate) async fn open(url: &PostgresUrl, tenancy: Tenancy) -> Result<Self, StoreError> {
        Ok(Self { connections: Connections::open(url, tenancy).await? })
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.connections.read(&(), |client, ()| Box::pin(ping(client))).await
    }

    async fn token(&self, hash: &TokenHash) -> Result<Option<Token>, StoreError> {
        self.connections.read(hash, |client, hash| Box::pin(token::find(client, hash))).await
    }

    async fn principal(&self, hash: &TokenHash) -> Result<Option<Principal>, StoreError> {
        self.connections.read(hash, |client, hash| Box::pin(principal::find(client, hash))).await
    }

    async fn customer_access(
        &self,
        token: &TokenHash,
        customer: CustomerPubId,
    ) -> Result<Option<CustomerAccess>, StoreError> {
        let asked = (*token, customer);
        let read = self.connections.read(&asked, |client, (token, customer)| {
            Box::pin(customer::access(client, token, *customer))
        });
        read.await
    }

    async fn explain_access(
        &self,
        token: &TokenHash,
        customer: CustomerPubId,
        now: Timestamp,
    ) -> Result<Option<AccessExplanation>, StoreError> {
        let asked = (*token, customer, now);
        let read = self.connections.read_snapshot(&asked, |client, (token, customer, now)| {
            Box::pin(access::explain(client, token, *customer, *now))
        });
        read.await
    }

    async fn update_customer(
        &self,
        change: CustomerChange,
    ) -> Result<Option<CustomerAttempt>, StoreError> {
        let write = self
            .connections
            .write(&change, |client, change| Box::pin(update::update(client, change)));
        write.await
    }

    async fn list_customers(
        &self,
        listing: &CustomerListing,
    ) -> Result<Option<CustomerList>, StoreError> {
        self.connections
            .read(listing, |client, listing| Box::pin(list::list(client, listing)))
            .await
    }

    async fn cursor_key(&self, new: [u8; 32]) -> Result<[u8; 32], StoreError> {
        self.connections.write(&new, |client, new| Box::pin(cursor_key(client, new))).await
    }

    async fn create_token(&self, token: &NewToken) -> Result<(), StoreError> {
        let write = self.connections.write(token, |client, token| {
            Box::pin(async { token::create(client, token).await.map(Done::Keep) })
        });
        write.await
    }

    async fn revoke_token(&self, id: TokenId, at: Timestamp) -> Result<bool, StoreError> {
        let wanted = (id, at);
        let write = self.connections.write(&wanted, |client, (id, at)| {
            Box::pin(async { token::revoke(client, *id, *at).await.map(Done::Keep) })
        });
        write.await
    }

    async fn tokens_as(&self, listing: &TokenListing) -> Result<Option<TokenList>, StoreError> {
        let read = self
            .connections
            .read_snapshot(listing, |client, listing| Box::pin(token_list::list(client, listing)));
        read.await
    }

    async fn create_token_as(
        &self,
        creation: TokenCreation,
    ) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError> {
        let write = self.connections.write(&creation, |client, creation| {
            Box::pin(organization_token::create(client, creation))
        });
        write.await
    }

    async fn revoke_token_as(
        &self,
        revocation: TokenRevocation,
    ) -> Result<Option<TokenAttempt<()>>, StoreError> {
        let write = self.connections.write(&revocation, |client, revocation| {
            Box::pin(organization_token::revoke(client, revocation))
        });
        write.await
    }

    async fn rotate_token_as(
        &self,
        rotation: TokenRotation,
    ) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError> {
        let write = self.connections.write(&rotation, |client, rotation| {
            Box::pin(organization_token::rotate(client, rotation))
        });
        write.await
    }

    async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.connections.read(&(), |client, ()| Box::pin(token::list(client))).await
    }

    async fn append_audit(&self, batch: &AuditBatch) -> Result<(), StoreError> {
        let write = self
            .connections
            .write(batch, |client, batch| Box::pin(audit::append_batch(client, batch)));
        write.await
    }

    async fn audit_of(
        &self,
        customer: CustomerPubId,
        after: Option<AuditPosition>,
        limit: usize,
    ) -> Result<AuditPage, StoreError> {
        let asked = (customer, after, limit);
        let read = self.connections.read(&asked, |client, (customer, after, limit)| {
            Box::pin(audit::page(client, *customer, *after, *limit))
        });
        read.await
    }

    async fn import(
        &self,
        batches: mpsc::Receiver<Batch>,
        mode: ImportMode,
        now: Timestamp,
    ) -> Result<Summary, ImportError> {
        import::run(&self.connections, batches, mode, now).await
    }

    async fn change_records(
        &self,
        change: RecordsChange,
    ) -> Result<Option<RecordsAttempt>, StoreError> {
        let write = self
            .connections
            .write(&change, |client, change| Box::pin(import::change(client, change)));
        write.await
    }
}

async fn ping(client: &impl GenericClient) -> Result<(), StoreError> {
    // From a table, so that it is seen to be there.
    let statement = client.prepare_cached(r#"SELECT key FROM "user" LIMIT 1"#).await?;
    Ok(client.query_opt(&statement, &[]).await.map(drop)?)
}

async fn cursor_key(
    client: &impl GenericClient,
    new: &[u8; 32],
) -> Result<Done<[u8; 32]>, StoreError> {
    let insert = "INSERT INTO cursor_key (one, key) VALUES (1, $1) ON CONFLICT DO NOTHING";
    client.execute(insert, &[&new.as_slice()]).await?;
    let kept = client.query_one("SELECT key FROM cursor_key", &[]).await?;
    let kept: &[u8] = Columns(&kept).get("key")?;
    kept.try_into().map(Done::Keep).map_err(|_| StoreError::Corrupt("key of cursors"))
}
