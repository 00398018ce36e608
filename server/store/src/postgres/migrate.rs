//! The versions of the tables, and the way from each to the next.

use deadpool_postgres::{Client, GenericClient};

use crate::{Tenancy, error::StoreError, url::PostgresUrl};

/// The way from version N to version N + 1 stands at index N. What was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/postgres/0001_customers.sql"),
    include_str!("../../migrations/postgres/0002_audit_writer.sql"),
    include_str!("../../migrations/postgres/0003_packed_trigrams.sql"),
];

/// Which lock those take who change the tables, so that one does it while the others wait (`cust`
/// in ASCII). CockroachDB knows the function and does not lock: there, one instance has to be
/// started before the others.
const LOCK: i64 = 0x6375_7374;

/// Marks the schema as ours, and has its version.
const MARK: &str = "
    CREATE TABLE customers_schema (
        one     BIGINT PRIMARY KEY CHECK (one = 1),
        version BIGINT NOT NULL
    );
    INSERT INTO customers_schema (one, version) VALUES (1, 0)";

/// The version that the last migration leads to.
fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The version of the tables. Refuses a database of a newer version or of another program before
/// anything is changed, and an older one if the tenant may not bring it up to date.
pub(super) async fn version(
    client: &impl GenericClient,
    url: &PostgresUrl,
    tenancy: Tenancy,
) -> Result<i64, StoreError> {
    let encoding: String = client.query_one("SHOW server_encoding", &[]).await?.get(0);
    if encoding != "UTF8" {
        return Err(StoreError::Setting("encoding UTF8"));
    }
    let found = identify(client, url).await?;
    if found != latest() && tenancy == Tenancy::Beside {
        return Err(StoreError::Older { database: url.to_string(), found, known: latest() });
    }
    Ok(found)
}

/// The version of the tables; 0 if there are none.
async fn identify(client: &impl GenericClient, url: &PostgresUrl) -> Result<i64, StoreError> {
    let tables = "
        SELECT count(*) FILTER (WHERE table_name = 'customers_schema'), count(*)
        FROM information_schema.tables WHERE table_schema = current_schema()";
    let row = client.query_one(tables, &[]).await?;
    let (ours, all): (i64, i64) = (row.get(0), row.get(1));
    if ours == 0 && all == 0 {
        return Ok(0);
    }
    if ours == 0 {
        return Err(StoreError::Foreign { database: url.to_string() });
    }
    let version: i64 = client.query_one("SELECT version FROM customers_schema", &[]).await?.get(0);
    if version > latest() {
        let (database, known) = (url.to_string(), latest());
        return Err(StoreError::Newer { database, found: version, known });
    }
    Ok(version)
}

/// Brings tables of this version up to date, in one transaction: all of it happens or nothing.
pub(super) async fn to_latest(
    client: &mut Client,
    url: &PostgresUrl,
    version: i64,
) -> Result<(), StoreError> {
    if version == latest() {
        return Ok(());
    }
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await?;
    transaction.query_one("SELECT pg_advisory_xact_lock($1)::text", &[&LOCK]).await?;
    // Another instance may have been quicker.
    let found = identify(&transaction, url).await?;
    if found == 0 {
        transaction.batch_execute(MARK).await?;
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.batch_execute(migration).await?;
    }
    transaction.execute("UPDATE customers_schema SET version = $1", &[&latest()]).await?;
    Ok(transaction.commit().await?)
}
