//! Filling tables that are empty with many records: their indexes are made once they are full, and
//! references are followed all at once, which takes a fraction of the time.
//!
//! The tables are locked until the import is done. Nobody misses them: there is nothing in them.
//! Where that can't be done, as by a role that does not own the tables or on an engine that can't
//! change tables in the middle of a transaction, the import works without, and takes longer.

use deadpool_postgres::Transaction;

use super::merge::quoted;
use crate::{error::StoreError, import::table::Table};

/// From how many records on it is worth it.
const MANY: usize = 10_000;

/// More memory than a request may have, for what is sorted and put together.
const MEMORY: &str = "SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '512MB'";

/// What fills up with the records of a type.
const FILLED: [(&str, &[&str]); 3] = [
    ("user", &["\"user\"", "search"]),
    ("customer", &["customer"]),
    ("checkout", &["checkout", "reach"]),
];

/// What takes each reference, unique key and index away, and what makes it again. Primary keys stay
/// where others refer to them, and where rows are added unless they are there.
const DEFINITIONS: &str = "
    SELECT 'ALTER TABLE ' || c.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname),
        'ALTER TABLE ' || c.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname)
            || ' ' || pg_get_constraintdef(c.oid),
        CASE c.contype WHEN 'f' THEN 1 ELSE 2 END AS turn
    FROM pg_constraint c
    WHERE c.conrelid = ANY ($1::text[]::regclass[])
      AND (c.contype IN ('f', 'u') OR c.contype = 'p' AND c.conrelid = 'reach'::regclass)
    UNION ALL
    SELECT 'DROP INDEX ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid), 3
    FROM pg_index i
    WHERE i.indrelid = ANY ($1::text[]::regclass[])
      AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    ORDER BY turn";

/// Whether the tables are ours to change.
const OWNED: &str = "
    SELECT bool_and(pg_has_role(c.relowner, 'USAGE')) FROM pg_class c
    WHERE c.oid = ANY ($1::text[]::regclass[])";

/// What was taken away, and has to be made again.
#[derive(Default)]
pub(super) struct Bulk {
    tables: Vec<&'static str>,
    /// In the order in which they are run.
    again: Vec<String>,
}

/// Takes from tables that are empty, and get many of the staged records, what would have to be kept
/// up with each row.
pub(super) async fn begin(
    transaction: &Transaction<'_>,
    staged: &[&Table],
) -> Result<Bulk, StoreError> {
    let mut filled = Vec::new();
    for (name, tables) in FILLED.iter().filter(|(name, _)| staged.iter().any(|it| it.name == *name))
    {
        if are_many(transaction, name).await? {
            filled.push(*tables);
        }
    }
    if filled.is_empty() || !is_postgresql(transaction).await? {
        return Ok(Bulk::default());
    }
    transaction.batch_execute(MEMORY).await?;
    let mut tables = Vec::new();
    for filled in filled {
        if are_empty(transaction, filled).await? {
            tables.extend(filled);
        }
    }
    if tables.is_empty() || !are_ours(transaction, &tables).await? {
        return Ok(Bulk::default());
    }
    let mut again = Vec::new();
    for row in transaction.query(DEFINITIONS, &[&tables]).await? {
        transaction.batch_execute(row.get(0)).await?;
        again.push(row.get(1));
    }
    again.reverse();
    Ok(Bulk { tables, again })
}

impl Bulk {
    /// Counts what is in a table now, since nothing else tells how to join it with others.
    pub(super) async fn count(
        &self,
        transaction: &Transaction<'_>,
        table: &Table,
    ) -> Result<(), StoreError> {
        let name = quoted(table.name);
        if !self.fills(table.name) && !self.fills(&name) {
            return Ok(());
        }
        Ok(transaction.batch_execute(&format!("ANALYZE {name}")).await?)
    }

    /// Whether the table was empty and gets many records.
    pub(super) fn fills(&self, table: &str) -> bool {
        self.tables.contains(&table)
    }

    /// Makes again what was taken away.
    pub(super) async fn end(self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        for statement in self.again {
            transaction.batch_execute(&statement).await?;
        }
        Ok(())
    }
}

async fn are_many(transaction: &Transaction<'_>, name: &str) -> Result<bool, StoreError> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM staged_{name} OFFSET {MANY})");
    Ok(transaction.query_one(&sql, &[]).await?.get(0))
}

/// Others speak the protocol, and can do less with tables within a transaction.
async fn is_postgresql(transaction: &Transaction<'_>) -> Result<bool, StoreError> {
    let version: String = transaction.query_one("SELECT version()", &[]).await?.get(0);
    Ok(version.starts_with("PostgreSQL ") && !version.contains("-YB-"))
}

async fn are_empty(transaction: &Transaction<'_>, tables: &[&str]) -> Result<bool, StoreError> {
    let has_none = |table: &&str| format!("NOT EXISTS (SELECT 1 FROM {table})");
    let all: Vec<_> = tables.iter().map(has_none).collect();
    let sql = format!("SELECT {}", all.join(" AND "));
    Ok(transaction.query_one(&sql, &[]).await?.get(0))
}

async fn are_ours(transaction: &Transaction<'_>, tables: &[&str]) -> Result<bool, StoreError> {
    Ok(transaction.query_one(OWNED, &[&tables]).await?.get(0))
}
