//! Directory records, all or none.
//!
//! As on SQLite, records are first put aside in temporary tables ([`stage`]); then each table is
//! brought up to date by a few statements that take all its records at once ([`merge`]), parents
//! before children. What can't be applied is found by queries ([`refuse`]), and what follows from
//! the tables is written last ([`derive`]).
//!
//! Two imports at once would each add what the other adds, so they come one after the other, by a
//! lock in the database that ends with the transaction. The first of many records is faster than
//! the others ([`bulk`], [`first`]).

mod affected;
mod bulk;
mod derive;
mod first;
mod merge;
mod refuse;
mod stage;

use std::time::Duration;

use customers_types::scalar::Timestamp;
use deadpool_postgres::Transaction;
use tokio::sync::{Mutex, mpsc};

use self::{
    refuse::Refusals,
    stage::{Staged, Staging},
};
use super::{
    audit,
    connection::{Connections, Done},
    principal,
};
use crate::{
    error::{ImportError, StoreError},
    import::{
        Batch, ImportMode, RecordsAttempt, RecordsChange, RecordsOutcome, Summary, audit_entries,
        may_write, table::TABLES,
    },
};

/// How long an import may take; it ends by itself only if its source does.
const LONGEST: Duration = Duration::from_hours(24);

/// An import takes as long as it takes, and waits for its source. Only for others it does not wait
/// longer than a request does.
const PATIENT: &str = "SET LOCAL statement_timeout = 0;
     SET LOCAL idle_in_transaction_session_timeout = 0";

/// The lock of those who apply records: `dir` in ASCII. CockroachDB, which knows the function but
/// does not lock, finds out by itself that two came in each other's way.
const TURN: &str = "SELECT pg_advisory_xact_lock(6580594)::text";

/// What ends an import within its transaction.
type Outcome = Result<Summary, ImportError>;

pub(super) async fn run(
    connections: &Connections,
    batches: mpsc::Receiver<Batch>,
    mode: ImportMode,
    now: Timestamp,
) -> Result<Summary, ImportError> {
    let batches = Mutex::new(batches);
    let write = connections.write_once(LONGEST, &batches, |transaction, batches| {
        Box::pin(async move {
            match take_and_apply(transaction, &mut *batches.lock().await, now).await {
                Ok(summary) if mode == ImportMode::Commit => Ok(Done::Keep(Outcome::Ok(summary))),
                Ok(summary) => Ok(Done::Undo(Ok(summary))),
                Err(ImportError::Store(error)) => Err(error),
                Err(refused) => Ok(Done::Undo(Err(refused))),
            }
        })
    });
    write.await?
}

async fn take_and_apply(
    transaction: &Transaction<'_>,
    batches: &mut mpsc::Receiver<Batch>,
    now: Timestamp,
) -> Outcome {
    transaction.batch_execute(PATIENT).await.map_err(StoreError::from)?;
    stage::create(transaction).await?;
    let staging = stage::take(transaction, batches).await?;
    let staged = staging.finish(transaction).await?;
    take_turn(transaction).await?;
    apply(transaction, &staged, now).await
}

async fn take_turn(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let statement = transaction.prepare_cached(TURN).await?;
    transaction.query_one(&statement, &[]).await.map(drop).map_err(StoreError::from)
}

/// Applies records if the token counts and the rule lets its holder, and leaves a row in the audit
/// trail for each customer that they make another; all in one transaction. Nobody else applies
/// records meanwhile, so what the decision rests on stays.
pub(super) async fn change(
    transaction: &Transaction<'_>,
    change: &RecordsChange,
) -> Result<Done<Option<RecordsAttempt>>, StoreError> {
    take_turn(transaction).await?;
    let Some(principal) = principal::find(transaction, &change.token).await? else {
        return Ok(Done::Undo(None));
    };
    if !may_write(&principal, change.now) {
        let outcome = RecordsOutcome::NotAllowed;
        return Ok(Done::Undo(Some(RecordsAttempt { principal, outcome })));
    }
    stage::create(transaction).await?;
    let mut staging = Staging::new();
    for (number, record) in (0..).zip(&change.records) {
        staging.put_one(number, record)?;
    }
    let staged = staging.finish(transaction).await?;
    let affected = affected::find(transaction).await?;
    match apply(transaction, &staged, change.now).await {
        Ok(summary) => {
            let entries = audit_entries(&principal.token, affected, change.now, &change.origin);
            audit::append(transaction, &entries).await?;
            let outcome = RecordsOutcome::Applied(summary);
            Ok(Done::Keep(Some(RecordsAttempt { principal, outcome })))
        }
        Err(ImportError::Refused(faults)) => {
            let outcome = RecordsOutcome::Refused(faults);
            Ok(Done::Undo(Some(RecordsAttempt { principal, outcome })))
        }
        Err(ImportError::Abandoned) => Err(StoreError::Interrupted),
        Err(ImportError::Store(error)) => Err(error),
    }
}

async fn apply(transaction: &Transaction<'_>, staged: &Staged, now: Timestamp) -> Outcome {
    let bulk = bulk::begin(transaction, staged).await?;
    if bulk.is_first()
        && let Some(types) = first::fill(transaction, staged, &bulk, now).await?
    {
        return Ok(Summary::of(types));
    }
    let tables = &staged.tables;
    let mut refusals = Refusals::new(transaction);
    for table in tables {
        refusals.repeated(table).await?;
    }
    derive::begin(transaction, tables).await?;
    let mut types = Vec::with_capacity(TABLES.len());
    for table in tables {
        refusals.dangling(table).await?;
        refusals.taken(table).await?;
        // What was found is shown; nothing can be applied any more.
        types.push(merge::upsert(transaction, table, now).await?);
        bulk.count(transaction, table).await?;
    }
    for (table, summary) in tables.iter().zip(&mut types).rev() {
        if !staged.has_removals || !stage::has_removals(transaction, table).await? {
            continue;
        }
        refusals.still_referred_to(table).await?;
        summary.removed = merge::remove(transaction, table).await?;
    }
    refusals.into_result()?;
    derive::end(transaction, tables, &bulk).await?;
    bulk.end(transaction, None).await?;
    Ok(Summary::of(types))
}
