//! Records on their way into the store, in temporary tables.

use std::{fmt::Write, mem, ops::Deref};

use bytes::Bytes;
use customers_types::given::Given;
use deadpool_postgres::Transaction;
use futures::{SinkExt, pin_mut};
use itertools::Itertools;

use crate::{
    error::StoreError,
    import::{
        row::{Row, Value},
        table::{Column, TABLES, Table},
    },
    postgres::search::{full_name, trigrams},
    record::{Change, Record, UserRecord},
    search::fold,
};

/// How many bytes are sent to a table at once, or a few more.
const PART: usize = 512 * 1024;

/// What is staged of users beside their columns: their texts as searches compare them, and the
/// trigrams of the address and of as much of the name as the record has.
const SEARCHED: [&str; 5] = [
    "folded_email TEXT",
    "folded_first_name TEXT",
    "folded_last_name TEXT",
    "email_trigrams BIGINT[]",
    "name_trigrams BIGINT[]",
];

/// Makes the temporary tables, or finds them as an earlier transaction on this connection left
/// them, empty.
pub(super) async fn create(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let mut sql = String::new();
    for table in TABLES {
        let mut columns = String::new();
        for column in table.columns {
            let _ = write!(columns, ", {} {}", column.name, sql_type(column));
        }
        for column in searched(table) {
            let _ = write!(columns, ", {column}");
        }
        let _ = write!(
            sql,
            "CREATE TEMP TABLE IF NOT EXISTS staged_{} (
                 number BIGINT NOT NULL, removed BOOLEAN NOT NULL, given BIGINT NOT NULL{columns}
             ) ON COMMIT DELETE ROWS;",
            table.name
        );
    }
    sql.push_str(
        "CREATE TEMP TABLE IF NOT EXISTS touched (customer_key BIGINT NOT NULL)
         ON COMMIT DELETE ROWS",
    );
    Ok(transaction.batch_execute(&sql).await?)
}

fn sql_type(column: &Column) -> &'static str {
    if column.is_identifier() {
        "UUID"
    } else if column.is_number() {
        "BIGINT"
    } else {
        "TEXT"
    }
}

fn searched(table: &Table) -> &'static [&'static str] {
    if table.name == "user" { &SEARCHED } else { &[] }
}

/// The tables that records were staged for, parents before children.
pub(super) async fn tables(
    transaction: &Transaction<'_>,
) -> Result<Vec<&'static Table>, StoreError> {
    let exists = |table: &Table| format!("EXISTS (SELECT 1 FROM staged_{})", table.name);
    let all: Vec<_> = TABLES.iter().map(exists).collect();
    let statement = transaction.prepare_cached(&format!("SELECT {}", all.join(", "))).await?;
    let row = transaction.query_one(&statement, &[]).await?;
    let is_staged =
        |(index, table): (usize, &'static Table)| row.get::<_, bool>(index).then_some(table);
    let staged: Vec<_> = TABLES.iter().enumerate().filter_map(is_staged).collect();
    for table in &staged {
        // Nobody else counts the rows of temporary tables, and plans depend on it.
        transaction.batch_execute(&format!("ANALYZE staged_{}", table.name)).await?;
    }
    Ok(staged)
}

/// Whether objects of a table are to be removed.
pub(super) async fn has_removals(
    transaction: &Transaction<'_>,
    table: &Table,
) -> Result<bool, StoreError> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM staged_{} WHERE removed)", table.name);
    let statement = transaction.prepare_cached(&sql).await?;
    Ok(transaction.query_one(&statement, &[]).await?.get(0))
}

/// Puts records aside, many at once.
pub(super) struct Staging<'t> {
    transaction: &'t Transaction<'t>,
    /// What is to be sent, for each table, in the text format of COPY.
    waiting: Vec<String>,
}

impl<'t> Staging<'t> {
    pub(super) fn new(transaction: &'t Transaction<'_>) -> Self {
        Self { transaction, waiting: vec![String::new(); TABLES.len()] }
    }

    pub(super) async fn put(&mut self, changes: &[(u64, Change)]) -> Result<(), StoreError> {
        for (number, change) in changes {
            self.put_one(*number, change)?;
        }
        for index in 0..TABLES.len() {
            if self.waiting[index].len() >= PART {
                self.send(index).await?;
            }
        }
        Ok(())
    }

    /// Takes one record; it is sent with others.
    pub(super) fn put_one(&mut self, number: u64, change: &Change) -> Result<(), StoreError> {
        let mut row = Row::default();
        let (name, removed) = match change {
            Change::Upsert(record) => (row.record(record), "f"),
            Change::Remove(key) => (row.key(*key), "t"),
        };
        let index = TABLES.iter().position(|table| table.name == name);
        let index = index.ok_or(StoreError::Corrupt("staged table"))?;
        let missing = TABLES[index].columns.len().saturating_sub(row.values.len());
        let line = &mut self.waiting[index];
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let _ = write!(line, "{number}\t{removed}\t{}", row.given);
        for value in row.values {
            line.push('\t');
            write_value(line, &value);
        }
        for _ in 0..missing {
            line.push_str("\t\\N");
        }
        if name == "user" {
            write_searched(line, change);
        }
        line.push('\n');
        Ok(())
    }

    /// Sends all that waits.
    pub(super) async fn finish(mut self) -> Result<(), StoreError> {
        for index in 0..TABLES.len() {
            if !self.waiting[index].is_empty() {
                self.send(index).await?;
            }
        }
        Ok(())
    }

    async fn send(&mut self, index: usize) -> Result<(), StoreError> {
        let lines = mem::take(&mut self.waiting[index]);
        let copy = format!("COPY staged_{} FROM STDIN", TABLES[index].name);
        let sink = self.transaction.copy_in::<_, Bytes>(&copy).await?;
        pin_mut!(sink);
        sink.send(Bytes::from(lines)).await?;
        sink.finish().await?;
        Ok(())
    }
}

/// In the text format of COPY: <https://www.postgresql.org/docs/current/sql-copy.html>.
fn write_value(line: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => line.push_str("\\N"),
        Value::Id(id) => {
            let _ = write!(line, "{id}");
        }
        Value::Number(number) => {
            let _ = write!(line, "{number}");
        }
        Value::Text(text) => write_text(line, text),
    }
}

fn write_text(line: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            other => line.push(other),
        }
    }
}

fn write_searched(line: &mut String, change: &Change) {
    let Change::Upsert(Record::User(user)) = change else {
        line.push_str(&"\t\\N".repeat(SEARCHED.len()));
        return;
    };
    let UserRecord { email, first_name, last_name, .. } = &**user;
    let (email, first, last) = (fold(email), fold_given(first_name), fold_given(last_name));
    for text in [Some(&email), first.as_ref(), last.as_ref()] {
        line.push('\t');
        match text {
            Some(text) => write_text(line, text),
            None => line.push_str("\\N"),
        }
    }
    write_numbers(line, &trigrams(&email));
    write_numbers(line, &trigrams(&full_name(first.as_deref(), last.as_deref())));
}

fn fold_given<T: Deref<Target = str>>(text: &Given<T>) -> Option<String> {
    match text {
        Given::Value(text) => Some(fold(text)),
        Given::LeftOut | Given::Cleared => None,
    }
}

fn write_numbers(line: &mut String, numbers: &[i64]) {
    let _ = write!(line, "\t{{{}}}", numbers.iter().format(","));
}
