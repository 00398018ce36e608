//! Where the records are kept: the [`Store`] trait, what goes in and out of it, its errors.
//!
//! There is no HTTP here, and no access rule but that of `customers_types::access`. The read of one
//! customer brings back, in one statement, all that the decision needs, and the caller decides; a
//! write asks the same function inside its transaction. Only this crate names an SQL driver.
//!
//! Where to look next: [`record`] is what the directory sends, `sqlite/` is the embedded store,
//! `migrations/` its tables, and `tests/conformance/` what every store has to do.

pub mod access;
pub mod audit;
pub mod customer;
pub mod error;
pub mod import;
pub mod list;
mod postgres;
pub mod principal;
mod search;
mod sqlite;
pub mod token;
pub mod url;

/// What the directory sends, and a store takes as it was read.
pub use customers_types::record;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use customers_types::{
    id::{CustomerPubId, TokenId},
    scalar::Timestamp,
    token::TokenHash,
};
use tokio::sync::mpsc;

use crate::{
    access::AccessExplanation,
    audit::{AuditBatch, AuditPage, AuditPosition},
    customer::{CustomerAccess, CustomerAttempt, CustomerChange},
    error::{ImportError, StoreError},
    import::{Batch, ImportMode, RecordsAttempt, RecordsChange, Summary},
    list::{CustomerList, CustomerListing},
    postgres::PostgresStore,
    principal::Principal,
    sqlite::SqliteStore,
    token::{
        NewToken, OrganizationToken, Token, TokenAttempt, TokenCreation, TokenList, TokenListing,
        TokenRevocation, TokenRotation,
    },
    url::StoreUrl,
};

/// Everything that the service asks of a store.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// The token with this hash; `None` if there is none.
    async fn token(&self, hash: &TokenHash) -> Result<Option<Token>, StoreError>;

    /// The holder of the token with this hash, with all that bears on what it may do; `None` if
    /// there is no such token.
    async fn principal(&self, hash: &TokenHash) -> Result<Option<Principal>, StoreError>;

    /// One customer, as the holder of a token meets it: the token, what the access decision has
    /// to know, and the customer, from one statement. `None` if there is no such token.
    async fn customer_access(
        &self,
        token: &TokenHash,
        customer: CustomerPubId,
    ) -> Result<Option<CustomerAccess>, StoreError>;

    /// Like [`customer_access`](Self::customer_access), with what lets the holder of the token read
    /// and write the customer, if the rule does so at this moment.
    async fn explain_access(
        &self,
        token: &TokenHash,
        customer: CustomerPubId,
        now: Timestamp,
    ) -> Result<Option<AccessExplanation>, StoreError>;

    /// Changes one customer, in one transaction with the decision: if the token counts, the rule
    /// lets its holder write, and the version is as wanted. The row of the audit trail is written
    /// with the change. `None` if there is no such token.
    async fn update_customer(
        &self,
        change: CustomerChange,
    ) -> Result<Option<CustomerAttempt>, StoreError>;

    /// A page of the customers that the holder of a token may read; `None` if there is no such
    /// token.
    async fn list_customers(
        &self,
        listing: &CustomerListing,
    ) -> Result<Option<CustomerList>, StoreError>;

    /// The key by which the cursors of lists are sealed: the new one, unless there is one already.
    async fn cursor_key(&self, new: [u8; 32]) -> Result<[u8; 32], StoreError>;

    /// Keeps a new token.
    ///
    /// Fails with [`StoreError::NoSuchHolder`] if there is no such user or organization.
    async fn create_token(&self, token: &NewToken) -> Result<(), StoreError>;

    /// Revokes a token from this moment on; one that is revoked already keeps its moment.
    /// `false` if there is no such token.
    async fn revoke_token(&self, id: TokenId, at: Timestamp) -> Result<bool, StoreError>;

    /// A page of the tokens of the organizations in which the caller holds `TokenRead`; `None` if
    /// there is no such caller.
    async fn tokens_as(&self, listing: &TokenListing) -> Result<Option<TokenList>, StoreError>;

    /// Makes a token of an organization, in one transaction with the decision: if the caller's
    /// token counts, and holds `TokenWrite` there and all that the new one could do. `None` if
    /// there is no such caller.
    async fn create_token_as(
        &self,
        creation: TokenCreation,
    ) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError>;

    /// Revokes a token of an organization, like [`revoke_token`](Self::revoke_token) and in one
    /// transaction with the decision. `None` if there is no such caller.
    async fn revoke_token_as(
        &self,
        revocation: TokenRevocation,
    ) -> Result<Option<TokenAttempt<()>>, StoreError>;

    /// Makes a token that can do what another can, and ends the other, in one transaction with
    /// the decision. `None` if there is no such caller.
    async fn rotate_token_as(
        &self,
        rotation: TokenRotation,
    ) -> Result<Option<TokenAttempt<OrganizationToken>>, StoreError>;

    /// All tokens, oldest first.
    async fn tokens(&self) -> Result<Vec<Token>, StoreError>;

    /// Appends entries to the audit trail, all or none, in one transaction. After
    /// [`StoreError::Uncertain`] the same batch may be appended again, and is there once. The entry
    /// of a change is not appended here, but by the change itself.
    async fn append_audit(&self, batch: &AuditBatch) -> Result<(), StoreError>;

    /// The entries of the audit trail that are about one customer, in the order in which they
    /// were appended: at most `limit` of them, from the beginning or behind a position.
    async fn audit_of(
        &self,
        customer: CustomerPubId,
        after: Option<AuditPosition>,
        limit: usize,
    ) -> Result<AuditPage, StoreError>;

    /// Applies directory records, all or none, in one transaction.
    ///
    /// The batches come through a channel, so that reading the source and writing overlap. A
    /// channel that closes before [`Batch::End`] abandons the import: nothing is written.
    async fn import(
        &self,
        batches: mpsc::Receiver<Batch>,
        mode: ImportMode,
        now: Timestamp,
    ) -> Result<Summary, ImportError>;

    /// Applies directory records, all or none, in one transaction with the decision: if the
    /// token counts and the rule lets its holder. The rows of the audit trail are written with
    /// them. `None` if there is no such token.
    async fn change_records(
        &self,
        change: RecordsChange,
    ) -> Result<Option<RecordsAttempt>, StoreError>;
}

/// How a store is going to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenancy {
    /// By a server or an import: no other may use an embedded store at the same time.
    Sole,
    /// For a short command beside whoever else uses the store, which must be there and be of
    /// this version.
    Beside,
}

/// Opens the store. For a sole tenant it is made if there is none, and brought to this version.
///
/// # Errors
/// [`StoreError`]; a store of a newer version, or of another program, is refused untouched.
pub async fn open(url: &StoreUrl, tenancy: Tenancy) -> Result<Arc<dyn Store>, StoreError> {
    match url {
        StoreUrl::Sqlite(path) => Ok(Arc::new(SqliteStore::open(path, tenancy)?)),
        StoreUrl::Postgres(url) => Ok(Arc::new(PostgresStore::open(url, tenancy).await?)),
    }
}

/// Copies the store, as it is at one moment, to a file that is not there yet. Whoever uses the
/// store goes on meanwhile; the copy is a store of its own.
///
/// It blocks for as long as it takes to write the file and to read it again.
///
/// # Errors
/// [`StoreError`]; then there is no new file.
pub fn backup(url: &StoreUrl, to: &Path) -> Result<(), StoreError> {
    match url {
        StoreUrl::Sqlite(path) => sqlite::backup::backup(path, to),
        StoreUrl::Postgres(_) => Err(StoreError::NotOurs),
    }
}
