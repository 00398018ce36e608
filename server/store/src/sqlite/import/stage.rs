//! Records on their way into the store, in temporary tables.

use std::{borrow::Cow, fmt::Write};

use rusqlite::{
    Connection, Statement, params_from_iter,
    types::{
        ToSqlOutput,
        Value::{Blob, Integer, Null, Text},
        ValueRef,
    },
};

use crate::{
    error::StoreError,
    import::{
        row::{Row, Value},
        table::{TABLES, Table},
    },
    record::Change,
};

const NULL: ToSqlOutput<'static> = ToSqlOutput::Owned(Null);

/// Makes the temporary tables; the number of the record is their key.
pub(super) fn create(connection: &Connection) -> Result<(), StoreError> {
    for table in TABLES {
        let mut columns = String::new();
        for column in table.columns {
            let _ = write!(columns, ", {}", column.name);
        }
        connection.execute_batch(&format!(
            "CREATE TEMP TABLE staged_{} (number INTEGER PRIMARY KEY, removed, given{columns})",
            table.name
        ))?;
    }
    Ok(())
}

/// Drops the temporary tables.
pub(super) fn remove(connection: &Connection) -> Result<(), StoreError> {
    for table in TABLES {
        connection.execute_batch(&format!("DROP TABLE temp.staged_{}", table.name))?;
    }
    Ok(())
}

/// The statements that put records aside, one for each table.
pub(super) struct Staging<'c> {
    statements: Vec<(&'static str, Statement<'c>)>,
}

impl<'c> Staging<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        let prepare = |table: &Table| {
            let places = vec!["?"; 3 + table.columns.len()].join(", ");
            let sql = format!("INSERT INTO temp.staged_{} VALUES ({places})", table.name);
            Ok((table.name, connection.prepare(&sql)?))
        };
        Ok(Self { statements: TABLES.iter().map(prepare).collect::<Result<_, StoreError>>()? })
    }

    pub(super) fn put(&mut self, changes: &[(u64, Change)]) -> Result<(), StoreError> {
        for (number, change) in changes {
            let mut row = Row::default();
            let (table, removed) = match change {
                Change::Upsert(record) => (row.record(record), 0),
                Change::Remove(key) => (row.key(*key), 1),
            };
            self.insert(table, *number, removed, row)?;
        }
        Ok(())
    }

    fn insert(
        &mut self,
        table: &str,
        number: u64,
        removed: i64,
        row: Row<'_>,
    ) -> Result<(), StoreError> {
        let found = self.statements.iter_mut().find(|(name, _)| *name == table);
        let (_, statement) = found.ok_or(StoreError::Corrupt("staged table"))?;
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let head = [integer(number), integer(removed), integer(row.given)];
        let missing = statement.parameter_count().saturating_sub(head.len() + row.values.len());
        let rest = std::iter::repeat_n(NULL, missing);
        statement.execute(params_from_iter(
            head.into_iter().chain(row.values.into_iter().map(stored)).chain(rest),
        ))?;
        Ok(())
    }
}

fn integer(value: i64) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(Integer(value))
}

/// As SQLite keeps it.
fn stored(value: Value<'_>) -> ToSqlOutput<'_> {
    match value {
        Value::Null => NULL,
        Value::Id(id) => ToSqlOutput::Owned(Blob(id.as_bytes().to_vec())),
        Value::Text(Cow::Borrowed(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Value::Text(Cow::Owned(text)) => ToSqlOutput::Owned(Text(text)),
        Value::Number(number) => integer(number),
    }
}
