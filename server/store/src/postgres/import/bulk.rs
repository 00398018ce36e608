//! Filling tables that are empty with many records: their indexes are made once they are full, and
//! references are followed all at once, which takes a fraction of the time.
//!
//! The tables are locked until the import is done, and requests get 503 meanwhile. Nobody misses
//! much: there is not one user, and so no customer to read. Where that can't be done, as by a role
//! that does not own the tables or on an engine that can't change tables in the middle of a
//! transaction, the import works without, and takes longer.

use deadpool_postgres::Transaction;

use super::{merge::quoted, stage::Staged};
use crate::{error::StoreError, import::table::Table};

/// From how many records on it is worth it.
const MANY: usize = 10_000;

/// More memory than a request may have, for what is sorted and put together.
const MEMORY: &str = "SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '512MB'";

/// The types of which there are most records.
pub(super) const LARGE: [&str; 3] = ["user", "customer", "checkout"];

/// What is filled. All of it has to be empty: to take a reference away locks the table that is
/// referred to as well.
const FILLED: [&str; 5] = ["\"user\"", "search", "customer", "checkout", "reach"];

/// All at once and before anything is changed. Products are referred to as well.
const LOCK: &str = "
    SAVEPOINT before_lock;
    LOCK TABLE \"user\", search, customer, product, checkout, reach IN ACCESS EXCLUSIVE MODE";
const UNLOCK: &str = "ROLLBACK TO SAVEPOINT before_lock";

/// What takes each reference, unique key and index away, and what makes it again. Primary keys stay
/// where others refer to them, and where rows are added unless they are there.
const DEFINITIONS: &str = "
    SELECT 'ALTER TABLE ' || c.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname),
        'ALTER TABLE ' || c.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname)
            || ' ' || pg_get_constraintdef(c.oid),
        CASE c.contype WHEN 'u' THEN c.conrelid::regclass::text END,
        CASE c.contype WHEN 'f' THEN 1 ELSE 2 END AS turn
    FROM pg_constraint c
    WHERE c.conrelid = ANY ($1::text[]::regclass[])
      AND (c.contype IN ('f', 'u') OR c.contype = 'p' AND c.conrelid = 'reach'::regclass)
    UNION ALL
    SELECT 'DROP INDEX ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid), NULL, 3
    FROM pg_index i
    WHERE i.indrelid = ANY ($1::text[]::regclass[])
      AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    ORDER BY turn";

/// Whether the tables are ours to change, and indexes ours to make.
const OWNED: &str = "
    SELECT bool_and(pg_has_role(c.relowner, 'USAGE'))
        AND has_schema_privilege(current_schema(), 'CREATE')
    FROM pg_class c WHERE c.oid = 'product'::regclass OR c.oid = ANY ($1::text[]::regclass[])";

/// What was taken away, and has to be made again; nothing where the import goes the other way.
#[derive(Default)]
pub(super) struct Bulk {
    /// In the order in which they are run.
    again: Vec<Again>,
}

struct Again {
    statement: String,
    /// The table, if it makes a unique key.
    unique_in: Option<String>,
}

/// Takes from the tables, if they are empty and get many of the staged records, what would have to
/// be kept up with each row.
pub(super) async fn begin(
    transaction: &Transaction<'_>,
    staged: &Staged,
) -> Result<Bulk, StoreError> {
    if staged.most <= MANY || !is_postgresql(transaction).await? {
        return Ok(Bulk::default());
    }
    transaction.batch_execute(MEMORY).await?;
    let is_possible = are_empty(transaction).await? && are_ours(transaction).await?;
    if !is_possible || !lock(transaction).await? {
        return Ok(Bulk::default());
    }
    let mut again = Vec::new();
    for row in transaction.query(DEFINITIONS, &[&FILLED.as_slice()]).await? {
        transaction.batch_execute(row.get(0)).await?;
        again.push(Again { statement: row.get(1), unique_in: row.get(2) });
    }
    again.reverse();
    Ok(Bulk { again })
}

impl Bulk {
    /// Counts what is in a table now, since nothing else tells how to join it with others.
    pub(super) async fn count(
        &self,
        transaction: &Transaction<'_>,
        table: &Table,
    ) -> Result<(), StoreError> {
        if !self.is_first() || !LARGE.contains(&table.name) {
            return Ok(());
        }
        Ok(transaction.batch_execute(&format!("ANALYZE {}", quoted(table.name))).await?)
    }

    /// Whether there was nothing before.
    pub(super) fn is_first(&self) -> bool {
        !self.again.is_empty()
    }

    /// Makes the unique keys of a table again before all else.
    pub(super) async fn end_uniqueness(
        &self,
        transaction: &Transaction<'_>,
        table: &str,
    ) -> Result<(), StoreError> {
        for again in self.again.iter().filter(|again| again.unique_in.as_deref() == Some(table)) {
            transaction.batch_execute(&again.statement).await?;
        }
        Ok(())
    }

    /// Makes again what was taken away, but for the unique keys of a table that has them again.
    pub(super) async fn end(
        &self,
        transaction: &Transaction<'_>,
        but: Option<&str>,
    ) -> Result<(), StoreError> {
        let is_missing = |again: &&Again| but.is_none() || again.unique_in.as_deref() != but;
        for again in self.again.iter().filter(is_missing) {
            transaction.batch_execute(&again.statement).await?;
        }
        Ok(())
    }
}

/// False if others, such as a backup that is being made, are in the way for long.
async fn lock(transaction: &Transaction<'_>) -> Result<bool, StoreError> {
    match transaction.batch_execute(LOCK).await.map_err(StoreError::from) {
        Ok(()) => Ok(true),
        Err(StoreError::Busy(_) | StoreError::Conflict(_)) => {
            transaction.batch_execute(UNLOCK).await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Others speak the protocol, and can do less with tables within a transaction.
async fn is_postgresql(transaction: &Transaction<'_>) -> Result<bool, StoreError> {
    let version: String = transaction.query_one("SELECT version()", &[]).await?.get(0);
    Ok(version.starts_with("PostgreSQL ") && !version.contains("-YB-"))
}

async fn are_empty(transaction: &Transaction<'_>) -> Result<bool, StoreError> {
    let all = FILLED.map(|table| format!("NOT EXISTS (SELECT 1 FROM {table})"));
    let sql = format!("SELECT {}", all.join(" AND "));
    Ok(transaction.query_one(&sql, &[]).await?.get(0))
}

async fn are_ours(transaction: &Transaction<'_>) -> Result<bool, StoreError> {
    Ok(transaction.query_one(OWNED, &[&FILLED.as_slice()]).await?.get(0))
}
