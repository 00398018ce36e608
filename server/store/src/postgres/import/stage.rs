//! Records on their way into the store, in temporary tables.

use std::{fmt::Write, mem, ops::Deref};

use bytes::{BufMut, Bytes, BytesMut};
use customers_types::given::Given;
use deadpool_postgres::Transaction;
use futures::{SinkExt, pin_mut};
use itertools::Itertools;
use tokio::sync::mpsc;
use tokio_postgres::types::Type;

use super::bulk::LARGE;
use crate::{
    error::{ImportError, StoreError},
    import::{
        Batch,
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

/// What was put aside.
pub(super) struct Staged {
    /// The tables that there are records for, parents before children.
    pub(super) tables: Vec<&'static Table>,
    /// The most records that one of the tables has which there are many of.
    pub(super) most: usize,
    /// Whether objects are to be removed.
    pub(super) has_removals: bool,
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

/// What the binary format of COPY begins with, and what it ends with:
/// <https://www.postgresql.org/docs/current/sql-copy.html>.
const START: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: i16 = -1;
/// The length of a value that there is none of.
const NULL: i32 = -1;

/// Takes records until their source ends, and puts them aside. While PostgreSQL takes some, the next
/// are written.
pub(super) async fn take(
    transaction: &Transaction<'_>,
    batches: &mut mpsc::Receiver<Batch>,
) -> Result<Staging, ImportError> {
    let (parts, mut written) = mpsc::channel(1);
    let write = async move {
        let mut staging = Staging::new();
        loop {
            match batches.recv().await {
                Some(Batch::Changes(changes)) => staging.put(&changes)?,
                Some(Batch::End) => break,
                None => return Err(ImportError::Abandoned),
            }
            for part in staging.parts(PART) {
                // Nobody takes it where copying has failed, and that is the error.
                parts.send(part).await.map_err(|_| ImportError::Abandoned)?;
            }
        }
        Ok(staging)
    };
    let copy = async move {
        while let Some(part) = written.recv().await {
            copy(transaction, part).await?;
        }
        Ok::<_, ImportError>(())
    };
    let (staging, ()) = tokio::try_join!(write, copy)?;
    Ok(staging)
}

/// Rows of a table.
struct Part {
    table: &'static Table,
    rows: BytesMut,
}

/// Writes records as rows of the tables in which they are put aside.
pub(super) struct Staging {
    /// What is to be sent, for each table, in the binary format of COPY: numbers, of which trigrams
    /// are most, take a fraction of the time that their digits take.
    waiting: Vec<BytesMut>,
    /// How many records there were, for each table.
    counts: Vec<usize>,
    has_removals: bool,
}

impl Staging {
    pub(super) fn new() -> Self {
        let waiting = vec![BytesMut::new(); TABLES.len()];
        Self { waiting, counts: vec![0; TABLES.len()], has_removals: false }
    }

    fn put(&mut self, changes: &[(u64, Change)]) -> Result<(), StoreError> {
        changes.iter().try_for_each(|(number, change)| self.put_one(*number, change))
    }

    /// The rows that wait, of each table for which they are as long as this at least.
    fn parts(&mut self, least: usize) -> Vec<Part> {
        let tables = TABLES.iter().zip(&mut self.waiting);
        let long = tables.filter(|(_, rows)| rows.len() >= least);
        let parts = long.map(|(table, rows)| {
            let next = BytesMut::with_capacity(rows.capacity());
            Part { table, rows: mem::replace(rows, next) }
        });
        parts.collect()
    }

    /// Takes one record; it is sent with others.
    pub(super) fn put_one(&mut self, number: u64, change: &Change) -> Result<(), StoreError> {
        let mut row = Row::default();
        let (name, removed) = match change {
            Change::Upsert(record) => (row.record(record), false),
            Change::Remove(key) => (row.key(*key), true),
        };
        let index = TABLES.iter().position(|table| table.name == name);
        let index = index.ok_or(StoreError::Corrupt("staged table"))?;
        let table = &TABLES[index];
        self.counts[index] += 1;
        self.has_removals |= removed;
        let bytes = &mut self.waiting[index];
        if bytes.is_empty() {
            bytes.put_slice(START);
        }
        let fields = 3 + table.columns.len() + searched(table).len();
        bytes.put_i16(i16::try_from(fields).map_err(|_| StoreError::Corrupt("staged table"))?);
        write_number(bytes, i64::try_from(number).unwrap_or(i64::MAX));
        write_bytes(bytes, &[removed.into()])?;
        write_number(bytes, row.given);
        let missing = table.columns.len().saturating_sub(row.values.len());
        for value in row.values {
            write_value(bytes, &value)?;
        }
        for _ in 0..missing {
            bytes.put_i32(NULL);
        }
        if name == "user" {
            write_searched(bytes, change)?;
        }
        Ok(())
    }

    /// Sends all that waits.
    pub(super) async fn finish(
        mut self,
        transaction: &Transaction<'_>,
    ) -> Result<Staged, StoreError> {
        for part in self.parts(1) {
            copy(transaction, part).await?;
        }
        let (mut tables, mut most) = (Vec::new(), 0);
        for (table, number) in TABLES.iter().zip(self.counts) {
            if number > 0 {
                tables.push(table);
                count(transaction, table).await?;
            }
            if LARGE.contains(&table.name) {
                most = most.max(number);
            }
        }
        Ok(Staged { tables, most, has_removals: self.has_removals })
    }
}

async fn copy(transaction: &Transaction<'_>, part: Part) -> Result<(), StoreError> {
    let Part { table, mut rows } = part;
    rows.put_i16(END);
    let copy = format!("COPY staged_{} FROM STDIN WITH BINARY", table.name);
    let sink = transaction.copy_in::<_, Bytes>(&copy).await?;
    pin_mut!(sink);
    sink.send(rows.freeze()).await?;
    sink.finish().await?;
    Ok(())
}

/// Nobody else counts the rows of temporary tables, and plans depend on it. They depend on how many
/// identifiers there are, and not on texts and trigrams, which take long to count.
async fn count(transaction: &Transaction<'_>, table: &Table) -> Result<(), StoreError> {
    let identifiers = table.columns.iter().filter(|column| column.is_identifier());
    let names = ["number", "removed"].into_iter().chain(identifiers.map(|column| column.name));
    let count = format!("ANALYZE staged_{} ({})", table.name, names.format(", "));
    Ok(transaction.batch_execute(&count).await?)
}

fn write_value(bytes: &mut BytesMut, value: &Value<'_>) -> Result<(), StoreError> {
    match value {
        Value::Null => bytes.put_i32(NULL),
        Value::Id(id) => write_bytes(bytes, id.as_bytes())?,
        Value::Number(number) => write_number(bytes, *number),
        Value::Text(text) => write_bytes(bytes, text.as_bytes())?,
    }
    Ok(())
}

fn write_number(bytes: &mut BytesMut, number: i64) {
    bytes.put_i32(8);
    bytes.put_i64(number);
}

fn write_bytes(bytes: &mut BytesMut, value: &[u8]) -> Result<(), StoreError> {
    bytes.put_i32(length(value)?);
    bytes.put_slice(value);
    Ok(())
}

fn length<T>(values: &[T]) -> Result<i32, StoreError> {
    i32::try_from(values.len()).map_err(|_| StoreError::Corrupt("staged value"))
}

fn write_searched(bytes: &mut BytesMut, change: &Change) -> Result<(), StoreError> {
    let Change::Upsert(Record::User(user)) = change else {
        for _ in SEARCHED {
            bytes.put_i32(NULL);
        }
        return Ok(());
    };
    let UserRecord { email, first_name, last_name, .. } = &**user;
    let (email, first, last) = (fold(email), fold_given(first_name), fold_given(last_name));
    for text in [Some(&email), first.as_ref(), last.as_ref()] {
        match text {
            Some(text) => write_bytes(bytes, text.as_bytes())?,
            None => bytes.put_i32(NULL),
        }
    }
    write_numbers(bytes, &trigrams(&email))?;
    write_numbers(bytes, &trigrams(&full_name(first.as_deref(), last.as_deref())))
}

fn fold_given<T: Deref<Target = str>>(text: &Given<T>) -> Option<String> {
    match text {
        Given::Value(text) => Some(fold(text)),
        Given::LeftOut | Given::Cleared => None,
    }
}

/// An array: how many dimensions, whether there are nulls, of what, then of each dimension how many
/// and from where on they are counted.
fn write_numbers(bytes: &mut BytesMut, numbers: &[i64]) -> Result<(), StoreError> {
    let count = length(numbers)?;
    let dimensions = i32::from(count > 0);
    bytes.put_i32(12 + dimensions * 8 + count * 12);
    bytes.put_i32(dimensions);
    bytes.put_i32(0);
    bytes.put_u32(Type::INT8.oid());
    if count > 0 {
        bytes.put_i32(count);
        bytes.put_i32(1);
    }
    for number in numbers {
        write_number(bytes, *number);
    }
    Ok(())
}
