//! Directory records, all or none.
//!
//! Records may come in any order, so none can be applied before all are read. They are first put
//! aside in temporary tables ([`stage`]), which SQLite keeps on disk beyond a few megabytes; then
//! each table is brought up to date by a few statements that take all its records at once
//! ([`merge`]), parents before children. What can't be applied is found by queries ([`refuse`]).

mod merge;
mod refuse;
mod stage;
mod table;

use customers_types::scalar::Timestamp;
use rusqlite::Connection;
use tokio::sync::mpsc;

use self::{refuse::Refusals, stage::Staging, table::TABLES};
use crate::{
    error::ImportError,
    import::{Batch, ImportMode, Summary, TypeSummary},
};

pub(super) fn run(
    connection: &mut Connection,
    mut batches: mpsc::Receiver<Batch>,
    mode: ImportMode,
    now: Timestamp,
) -> Result<Summary, ImportError> {
    // Nothing but temporary tables is touched until the source has been read to its end.
    let transaction = connection.transaction()?;
    stage::create(&transaction)?;
    let mut staging = Staging::new(&transaction)?;
    loop {
        match batches.blocking_recv() {
            Some(Batch::Changes(changes)) => staging.put(&changes)?,
            Some(Batch::End) => break,
            None => return Err(ImportError::Abandoned),
        }
    }
    drop(staging);
    let summary = apply(&transaction, now)?;
    match mode {
        ImportMode::Commit => {
            stage::remove(&transaction)?;
            transaction.commit()?;
        }
        ImportMode::Check => transaction.rollback()?,
    }
    Ok(summary)
}

fn apply(connection: &Connection, now: Timestamp) -> Result<Summary, ImportError> {
    // The first statement on a table that is not temporary has to be a write, if only in form:
    // it waits for whoever else is writing. A read would begin before such a write and could
    // not be followed by ours.
    connection.execute("UPDATE user SET key = key WHERE 0", ())?;
    let mut refusals = Refusals::new(connection);
    for table in TABLES {
        refusals.repeated(table)?;
    }
    let mut types = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        refusals.dangling(table)?;
        refusals.taken(table)?;
        types.push(merge::upsert(connection, table, now)?);
    }
    for (table, summary) in TABLES.iter().zip(&mut types).rev() {
        refusals.still_referred_to(table)?;
        summary.removed = merge::remove(connection, table)?;
    }
    refusals.into_result()?;
    Ok(Summary { types: types.into_iter().filter(is_about_something).collect() })
}

fn is_about_something(summary: &TypeSummary) -> bool {
    summary.added + summary.changed + summary.unchanged + summary.removed > 0
}
