//! From the temporary tables into the real ones.

use customers_types::scalar::Timestamp;
use rusqlite::{Connection, named_params};

use crate::{
    error::StoreError,
    import::{
        TypeSummary,
        table::{Column, Content, Table},
    },
};

/// Changes the rows that are there and adds those that are not.
pub(super) fn upsert(
    connection: &Connection,
    table: &Table,
    now: Timestamp,
) -> Result<TypeSummary, StoreError> {
    let Table { name, .. } = table;
    let staged: u64 = connection.query_row(
        &format!("SELECT count(*) FROM temp.staged_{name} WHERE removed = 0"),
        (),
        |row| row.get(0),
    )?;
    let execute = |sql: &str| {
        let mut statement = connection.prepare(sql)?;
        // Not every statement has a use for the time.
        match statement.parameter_index(":now")? {
            Some(_) => statement.execute(named_params! { ":now": now.millis() }),
            None => statement.execute(()),
        }
    };
    let changed = if staged == 0 { 0 } else { execute(&update(table))? as u64 };
    let added = if staged == 0 { 0 } else { execute(&insert(table))? as u64 };
    Ok(TypeSummary {
        record_type: table.record_type,
        label: table.label,
        added,
        changed,
        unchanged: staged.saturating_sub(changed + added),
        removed: 0,
    })
}

/// Removes the rows whose records say so.
pub(super) fn remove(connection: &Connection, table: &Table) -> Result<u64, StoreError> {
    Ok(connection.execute(&delete(table), ())? as u64)
}

pub(super) fn delete(table: &Table) -> String {
    let row = table.row_key();
    format!(
        "DELETE FROM {name} WHERE ({row}) IN (
            SELECT {row} FROM (
                SELECT t.* FROM temp.staged_{name} s CROSS JOIN {name} t
                WHERE s.removed = 1 AND {same_key}))",
        name = table.name,
        same_key = same_key(table),
    )
}

/// Touches only rows that become different, so that an import that is repeated changes nothing.
pub(super) fn update(table: &Table) -> String {
    let changes: Vec<_> = table.columns[table.key..]
        .iter()
        .enumerate()
        .map(|(index, column)| (column.name, new_value(column, table.key + index)))
        .collect();
    let mut set: Vec<_> = changes.iter().map(|(name, new)| format!("{name} = {new}")).collect();
    if table.stamped {
        // Later than before even if the clock was set back: it is the version of the row.
        set.push("updated_at = max(:now, t.updated_at + 1)".to_owned());
    }
    let differs: Vec<_> =
        changes.iter().map(|(name, new)| format!("t.{name} IS NOT {new}")).collect();
    format!(
        "UPDATE {name} AS t SET {set} FROM temp.staged_{name} s
         WHERE s.removed = 0 AND {same_key} AND ({differs})",
        name = table.name,
        set = set.join(", "),
        same_key = same_key(table),
        differs = differs.join(" OR "),
    )
}

/// In the order of the keys, so that the indexes grow at their ends.
pub(super) fn insert(table: &Table) -> String {
    let mut names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
    let mut values: Vec<_> = table.columns.iter().map(first_value).collect();
    if table.stamped {
        names.push("updated_at");
        values.push(":now".to_owned());
    }
    format!(
        "INSERT INTO {name} ({names}) SELECT {values} FROM temp.staged_{name} s
         WHERE s.removed = 0 AND NOT EXISTS (SELECT 1 FROM {name} t WHERE {same_key})
         ORDER BY {key_names}",
        name = table.name,
        names = names.join(", "),
        values = values.join(", "),
        same_key = same_key(table),
        key_names = table.key_names(),
    )
}

/// The value in a row that is new.
fn first_value(column: &Column) -> String {
    let name = column.name;
    match column.content {
        Content::Value => format!("s.{name}"),
        Content::Kept { default } => format!("coalesce(s.{name}, {default})"),
        Content::Reference { table } => {
            format!("(SELECT r.key FROM {table} r WHERE r.id = s.{name})")
        }
    }
}

/// The value in a row that is there; the bit says whether the record gives one.
pub(super) fn new_value(column: &Column, bit: usize) -> String {
    let name = column.name;
    match column.content {
        Content::Kept { .. } => {
            format!("CASE WHEN s.given >> {bit} & 1 THEN s.{name} ELSE t.{name} END")
        }
        _ => first_value(column),
    }
}

/// That row `t` of the table is the one that the staged record `s` is about. The `+` keeps
/// SQLite from looking it up the other way round, from a large table into a small import.
pub(super) fn same_key(table: &Table) -> String {
    let same = |column: &Column| match column.content {
        Content::Reference { table } => {
            format!("t.{0} = (SELECT r.key FROM {table} r WHERE r.id = s.{0})", column.name)
        }
        _ => format!("t.{0} = +s.{0}", column.name),
    };
    table.key_columns().iter().map(same).collect::<Vec<_>>().join(" AND ")
}
