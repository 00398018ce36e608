//! Directory records, all or none.
//!
//! Records may come in any order, so none can be applied before all are read. They are first put
//! aside in temporary tables ([`stage`]), which SQLite keeps on disk beyond a few megabytes; then
//! each table is brought up to date by a few statements that take all its records at once
//! ([`merge`]), parents before children. What can't be applied is found by queries ([`refuse`]).

mod affected;
mod merge;
mod refuse;
mod stage;

use customers_types::scalar::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;

use self::{refuse::Refusals, stage::Staging};
use super::{audit, principal};
use crate::{
    error::{ImportError, StoreError},
    import::{
        Batch, ImportMode, RecordsAttempt, RecordsChange, RecordsOutcome, Summary, audit_entries,
        may_write, table::TABLES,
    },
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

/// Applies records if the token counts and the rule lets its holder, and leaves a row in the audit
/// trail for each customer that they make another; all in one transaction, so that nothing can
/// come between.
pub(super) fn change(
    connection: &mut Connection,
    change: RecordsChange,
) -> Result<Option<RecordsAttempt>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some(principal) = principal::find(&transaction, &change.token)? else { return Ok(None) };
    if !may_write(&principal, change.now) {
        return Ok(Some(RecordsAttempt { principal, outcome: RecordsOutcome::NotAllowed }));
    }
    let RecordsChange { records, now, origin, .. } = change;
    stage::create(&transaction)?;
    let numbered: Vec<_> = (0..).zip(records).collect();
    Staging::new(&transaction)?.put(&numbered)?;
    let affected = affected::find(&transaction)?;
    let outcome = match apply(&transaction, now) {
        Ok(summary) => {
            stage::remove(&transaction)?;
            audit::append(&transaction, &audit_entries(&principal.token, affected, now, &origin))?;
            transaction.commit()?;
            RecordsOutcome::Applied(summary)
        }
        Err(ImportError::Refused(faults)) => RecordsOutcome::Refused(faults),
        Err(ImportError::Abandoned) => return Err(StoreError::Interrupted),
        Err(ImportError::Store(error)) => return Err(error),
    };
    Ok(Some(RecordsAttempt { principal, outcome }))
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
    Ok(Summary::of(types))
}

#[cfg(test)]
mod tests;
