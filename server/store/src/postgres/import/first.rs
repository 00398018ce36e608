//! Many records into tables that are empty, without asking first whether that can be.
//!
//! What each record refers to is looked up once, and no record is compared with what is there. A
//! record that can't be applied breaks a rule of its table, at the latest when the unique keys and
//! references are made: then all is taken back, and the checks of an ordinary import say what is
//! wrong. The number of a record becomes the key of its row, so that what belongs to the row can be
//! written without looking it up.

use std::fmt::Write;

use customers_types::scalar::Timestamp;
use deadpool_postgres::Transaction;

use super::{
    bulk::{Bulk, LARGE},
    merge::{self, quoted},
    refuse::Refusals,
    stage::Staged,
};
use crate::{
    error::{ImportError, StoreError},
    import::{
        TypeSummary,
        table::{Content, Table},
    },
    postgres::fault::is_violation,
};

/// What takes away the primary keys that nothing refers to, and what makes them again. An ordinary
/// import has a use for that of searches.
const KEYS: &str = "
    SELECT 'ALTER TABLE ' || c.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname),
        'ALTER TABLE ' || c.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname)
            || ' ' || pg_get_constraintdef(c.oid)
    FROM pg_constraint c
    WHERE c.conrelid IN ('search'::regclass, 'checkout'::regclass) AND c.contype = 'p'";

/// What checkouts are joined with. If there were several of one identifier, each would be joined with
/// every checkout of that one.
const JOINED: &str = "customer";

/// With whoever they make reach their customers: what is joined is the same.
const CHECKOUTS: &str = "
    WITH joined AS MATERIALIZED (
        SELECT s.number + 1 AS key, s.id, c.key AS customer_key, p.key AS product_key,
            p.organization_key, c.created_at
        FROM staged_checkout s LEFT JOIN customer c ON c.id = s.customer_key
        LEFT JOIN product p ON p.id = s.product_key
    ), reached AS (
        INSERT INTO reach (customer_key, organization_key, created_at)
        SELECT DISTINCT customer_key, organization_key, created_at FROM joined
    )
    INSERT INTO checkout (key, id, customer_key, product_key)
    SELECT key, id, customer_key, product_key FROM joined";

const SEARCHED: &str = "
    INSERT INTO search (user_key, email, first_name, last_name, email_trigrams, name_trigrams)
    SELECT number + 1, folded_email, folded_first_name, folded_last_name, email_trigrams,
        name_trigrams
    FROM staged_user";

/// Fills the tables and makes again what was taken from them; nothing if records can't be applied,
/// or are to remove something.
pub(super) async fn fill(
    transaction: &Transaction<'_>,
    staged: &Staged,
    bulk: &Bulk,
    now: Timestamp,
) -> Result<Option<Vec<TypeSummary>>, StoreError> {
    if staged.has_removals {
        return Ok(None);
    }
    transaction.batch_execute("SAVEPOINT before_first").await?;
    match fill_or_fail(transaction, staged, bulk, now).await {
        Ok(types) => return Ok(Some(types)),
        Err(ImportError::Store(error)) if !is_violation(&error) => return Err(error),
        Err(_) => transaction.batch_execute("ROLLBACK TO SAVEPOINT before_first").await?,
    }
    Ok(None)
}

async fn fill_or_fail(
    transaction: &Transaction<'_>,
    staged: &Staged,
    bulk: &Bulk,
    now: Timestamp,
) -> Result<Vec<TypeSummary>, ImportError> {
    let keys = transaction.query(KEYS, &[]).await.map_err(StoreError::from)?;
    for key in &keys {
        execute(transaction, key.get(0)).await?;
    }
    let mut refusals = Refusals::new(transaction);
    let mut types = Vec::with_capacity(staged.tables.len());
    for table in &staged.tables {
        if LARGE.contains(&table.name) {
            types.push(add(transaction, table, now).await?);
            if table.name == JOINED {
                bulk.end_uniqueness(transaction, JOINED).await?;
            }
            bulk.count(transaction, table).await?;
        } else {
            refusals.repeated(table).await?;
            refusals.dangling(table).await?;
            types.push(merge::upsert(transaction, table, now).await?);
        }
    }
    refusals.into_result()?;
    for key in &keys {
        execute(transaction, key.get(1)).await?;
    }
    let has_customers = staged.tables.iter().any(|table| table.name == JOINED);
    bulk.end(transaction, has_customers.then_some(JOINED)).await?;
    Ok(types)
}

/// Adds all records of a table, and what follows from them.
async fn add(
    transaction: &Transaction<'_>,
    table: &Table,
    now: Timestamp,
) -> Result<TypeSummary, StoreError> {
    let sql = if table.name == "checkout" { CHECKOUTS } else { &insert(table, now) };
    let added = execute(transaction, sql).await?;
    if table.name == "user" {
        execute(transaction, SEARCHED).await?;
    }
    // What is added from now on has keys behind these.
    let name = quoted(table.name);
    let keys = format!(
        "SELECT setval(pg_get_serial_sequence('{name}', 'key'), max(number) + 1) FROM staged_{}",
        table.name
    );
    execute(transaction, &keys).await?;
    let Table { record_type, label, .. } = *table;
    Ok(TypeSummary { record_type, label, added, changed: 0, unchanged: 0, removed: 0 })
}

async fn execute(transaction: &Transaction<'_>, sql: &str) -> Result<u64, StoreError> {
    Ok(transaction.execute(sql, &[]).await?)
}

fn insert(table: &Table, now: Timestamp) -> String {
    let (mut names, mut values) = (vec!["key"], vec!["s.number + 1".to_owned()]);
    let mut joins = String::new();
    for column in table.columns {
        let name = column.name;
        names.push(name);
        if let Content::Reference { table: parent } = column.content {
            let parent = quoted(parent);
            let _ = write!(joins, " LEFT JOIN {parent} of_{name} ON of_{name}.id = s.{name}");
            values.push(format!("of_{name}.key"));
        } else {
            values.push(merge::first_value(column));
        }
    }
    names.push("updated_at");
    values.push(":now".to_owned());
    let sql = format!(
        "INSERT INTO {} ({}) SELECT {} FROM staged_{} s{joins}",
        quoted(table.name),
        names.join(", "),
        values.join(", "),
        table.name,
    );
    sql.replace(":now", &format!("{}::bigint", now.millis()))
}
