//! From the temporary tables into the real ones.

use std::fmt::Write;

use customers_types::scalar::Timestamp;
use deadpool_postgres::Transaction;

use crate::{
    error::StoreError,
    import::{
        TypeSummary,
        table::{Column, Content, Table},
    },
};

/// Changes the rows that are there and adds those that are not.
pub(super) async fn upsert(
    transaction: &Transaction<'_>,
    table: &Table,
    now: Timestamp,
) -> Result<TypeSummary, StoreError> {
    let count = format!("SELECT count(*) FROM staged_{} WHERE NOT removed", table.name);
    let count = transaction.prepare_cached(&count).await?;
    let staged: i64 = transaction.query_one(&count, &[]).await?.get(0);
    let staged = u64::try_from(staged).unwrap_or(0);
    let (mut changed, mut added) = (0, 0);
    if staged > 0 {
        changed = execute(transaction, &update(table), now).await?;
        added = execute(transaction, &insert(table), now).await?;
    }
    Ok(TypeSummary {
        record_type: table.record_type,
        label: table.label,
        added,
        changed,
        unchanged: staged.saturating_sub(changed + added),
        removed: 0,
    })
}

/// Not every statement has a use for the time.
async fn execute(
    transaction: &Transaction<'_>,
    sql: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let statement = transaction.prepare_cached(&sql.replace(":now", "$1::bigint")).await?;
    let result = if sql.contains(":now") {
        transaction.execute(&statement, &[&now.millis()]).await
    } else {
        transaction.execute(&statement, &[]).await
    };
    Ok(result?)
}

/// Removes the rows whose records say so.
pub(super) async fn remove(
    transaction: &Transaction<'_>,
    table: &Table,
) -> Result<u64, StoreError> {
    let sql = format!(
        "DELETE FROM {name} t USING {staged} s WHERE s.removed AND {same_key}",
        name = quoted(table.name),
        staged = staged(table),
        same_key = same_key(table),
    );
    let statement = transaction.prepare_cached(&sql).await?;
    Ok(transaction.execute(&statement, &[]).await?)
}

/// The name of a table, which may be a word of the language, too.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The staged records, with keys in the place of the identifiers by which they refer to others.
pub(super) fn staged(table: &Table) -> String {
    let (mut columns, mut joins) = (String::new(), String::new());
    for Column { name, content, .. } in table.columns {
        let _ = match content {
            Content::Reference { table: parent } => {
                let parent = quoted(parent);
                let _ = write!(joins, " LEFT JOIN {parent} of_{name} ON of_{name}.id = r.{name}");
                write!(columns, ", of_{name}.key AS {name}")
            }
            _ => write!(columns, ", r.{name}"),
        };
    }
    format!("(SELECT r.number, r.removed, r.given{columns} FROM staged_{} r{joins})", table.name)
}

/// That row `t` of the table is the one that the staged record `s` is about.
pub(super) fn same_key(table: &Table) -> String {
    let same = |column: &Column| format!("t.{0} = s.{0}", column.name);
    table.key_columns().iter().map(same).collect::<Vec<_>>().join(" AND ")
}

/// Touches only rows that become different, so that an import that is repeated changes nothing.
fn update(table: &Table) -> String {
    let changes: Vec<_> = table.columns[table.key..]
        .iter()
        .enumerate()
        .map(|(index, column)| (column.name, new_value(column, table.key + index)))
        .collect();
    let mut set: Vec<_> = changes.iter().map(|(name, new)| format!("{name} = {new}")).collect();
    if table.stamped {
        // Later than before even if the clock was set back: it is the version of the row.
        set.push("updated_at = greatest(:now, t.updated_at + 1)".to_owned());
    }
    let differs: Vec<_> =
        changes.iter().map(|(name, new)| format!("t.{name} IS DISTINCT FROM {new}")).collect();
    format!(
        "UPDATE {name} AS t SET {set} FROM {staged} s
         WHERE NOT s.removed AND {same_key} AND ({differs})",
        name = quoted(table.name),
        set = set.join(", "),
        staged = staged(table),
        same_key = same_key(table),
        differs = differs.join(" OR "),
    )
}

/// In the order of the keys, so that the indexes grow at their ends.
fn insert(table: &Table) -> String {
    let mut names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
    let mut values: Vec<_> = table.columns.iter().map(first_value).collect();
    if table.stamped {
        names.push("updated_at");
        values.push(":now".to_owned());
    }
    let order: Vec<_> =
        table.key_columns().iter().map(|column| format!("s.{}", column.name)).collect();
    format!(
        "INSERT INTO {name} ({names}) SELECT {values} FROM {staged} s
         WHERE NOT s.removed AND NOT EXISTS (SELECT 1 FROM {name} t WHERE {same_key})
         ORDER BY {order}",
        name = quoted(table.name),
        names = names.join(", "),
        values = values.join(", "),
        staged = staged(table),
        same_key = same_key(table),
        order = order.join(", "),
    )
}

/// The value in a row that is new.
pub(super) fn first_value(column: &Column) -> String {
    match column.content {
        Content::Kept { default } => format!("coalesce(s.{}, {default})", column.name),
        Content::Value | Content::Reference { .. } => format!("s.{}", column.name),
    }
}

/// The value in a row that is there; the bit says whether the record gives one.
pub(super) fn new_value(column: &Column, bit: usize) -> String {
    let name = column.name;
    match column.content {
        Content::Kept { .. } => {
            format!("CASE WHEN (s.given >> {bit}) & 1 = 1 THEN s.{name} ELSE t.{name} END")
        }
        _ => format!("s.{name}"),
    }
}
