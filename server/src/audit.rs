//! The audit trail: who read or changed which customer.
//!
//! The row of a change is written by the store with the change itself. A read changes nothing,
//! so its rows go through a channel to a task, which writes at once as many as came while it was
//! writing the last. A read is answered as soon as the channel has taken its rows; a server that
//! is stopped writes them before it ends.
//!
//! Nothing is answered that can't be audited: while the trail can't be written, or more rows
//! wait than there is room for, reads wait too, and then fail.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use customers_store::{
    Store,
    audit::{AuditBatch, AuditEntry, AuditOrigin},
    token::Token,
};
use customers_types::{access::Clause, id::CustomerPubId};
use slog::{Logger, error, info};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{
    context::OperationContext,
    error::{Failure, causes},
    new_id::new_number,
};

/// Rows that may wait to be written.
const ROOM: usize = 16 * 1024;

/// Rows that are written in one transaction, at most.
const BATCH: usize = 4 * 1024;

/// How long rows gather between two transactions. Each transaction costs as much as many rows,
/// and makes every reader look again for what it had in memory.
const GATHERING: Duration = Duration::from_millis(50);

/// How long a read waits until its rows are taken.
const PATIENCE: Duration = Duration::from_secs(5);

/// After how long a write that failed is repeated.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a server that is stopped tries to write what is left, and how long it does so while
/// nothing is wrong but that another writer, such as `import --check`, is at it.
const GRACE: Duration = Duration::from_secs(10);
const GRACE_WHILE_BUSY: Duration = Duration::from_secs(110);

impl OperationContext {
    /// Leaves a row for each customer that the caller is about to be shown.
    pub(crate) async fn audit_reads(
        &self,
        token: &Token,
        shown: impl IntoIterator<Item = (CustomerPubId, Clause)>,
    ) -> Result<(), Failure> {
        let AuditOrigin { request_id, operation } = self.audit_origin();
        let entry = |(customer, clause)| AuditEntry {
            at: self.now,
            holder: token.holder,
            token: token.id,
            request_id: request_id.clone(),
            operation: operation.clone(),
            customer,
            clause,
            fields: Vec::new(),
        };
        let entries = shown.into_iter().map(entry).collect();
        self.audit.take(entries).await
    }

    /// The request, for the row of a change, which the store writes with it.
    pub(crate) fn audit_origin(&self) -> AuditOrigin {
        AuditOrigin { request_id: self.request_id.clone(), operation: self.operation.clone() }
    }
}

/// Where reads leave their rows.
pub(crate) struct AuditLog {
    rows: mpsc::Sender<AuditEntry>,
    writable: watch::Receiver<bool>,
}

impl AuditLog {
    /// Begins a trail in this store.
    pub(crate) fn start(store: Arc<dyn Store>, log: Logger) -> (Self, AuditTask) {
        let (rows, waiting) = mpsc::channel(ROOM);
        let (is_writable, writable) = watch::channel(true);
        let (stop, stopped) = oneshot::channel();
        let writer = Writer { store, is_writable, log, id: new_number() };
        let task = tokio::spawn(writer.run(waiting, stopped));
        (Self { rows, writable: writable.clone() }, AuditTask { stop, writable, task })
    }

    /// Whether the trail can be written, as far as is known.
    pub(crate) fn is_writable(&self) -> bool {
        *self.writable.borrow()
    }

    /// Takes all rows of a read, or none.
    async fn take(&self, entries: Vec<AuditEntry>) -> Result<(), Failure> {
        let room = async {
            self.writable.clone().wait_for(|writable| *writable).await.ok()?;
            self.rows.reserve_many(entries.len()).await.ok()
        };
        let room = timeout(PATIENCE, room).await.ok().flatten().ok_or(Failure::NotAudited)?;
        for (place, entry) in room.zip(entries) {
            place.send(entry);
        }
        Ok(())
    }
}

/// The task that writes the rows of reads.
pub(crate) struct AuditTask {
    stop: oneshot::Sender<()>,
    writable: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

impl AuditTask {
    /// Writes what is left, and ends. From here on no read is answered.
    pub(crate) async fn finish(self) -> anyhow::Result<()> {
        let Self { stop, writable, mut task } = self;
        // A task that has ended says so below.
        let _ = stop.send(());
        for grace in [GRACE, GRACE_WHILE_BUSY] {
            if let Ok(ended) = timeout(grace, &mut task).await {
                return ended.context("the task that writes the audit trail failed");
            }
            if !*writable.borrow() {
                break;
            }
        }
        task.abort();
        bail!("the last rows of the audit trail can't be written, and are lost")
    }
}

struct Writer {
    store: Arc<dyn Store>,
    is_writable: watch::Sender<bool>,
    log: Logger,
    id: u128,
}

impl Writer {
    async fn run(self, mut rows: mpsc::Receiver<AuditEntry>, mut stopped: oneshot::Receiver<()>) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut number = 0;
        loop {
            let taken = tokio::select! {
                taken = rows.recv_many(&mut batch, BATCH) => taken,
                _ = &mut stopped => break,
            };
            if taken == 0 {
                break;
            }
            number += 1;
            self.write(number, batch.drain(..).collect()).await;
            if taken < BATCH && timeout(GATHERING, &mut stopped).await.is_ok() {
                break;
            }
        }
        rows.close();
        while rows.recv_many(&mut batch, BATCH).await > 0 {
            number += 1;
            self.write(number, batch.drain(..).collect()).await;
        }
    }

    /// Writes rows, and tries until it succeeds.
    async fn write(&self, number: i64, entries: Arc<[AuditEntry]>) {
        let batch = AuditBatch { writer: self.id, number, entries };
        while let Err(error) = self.store.append_audit(&batch).await {
            // Whoever is writing will be done soon. After any other failure nobody knows when
            // there will be a way again, so reads are held back from the first on.
            if !error.is_contention() {
                self.is_writable.send_replace(false);
            }
            error!(self.log, "the audit trail can't be written";
                "rows" => batch.entries.len(), "cause" => causes(&error));
            sleep(PAUSE).await;
        }
        if !self.is_writable.send_replace(true) {
            info!(self.log, "the audit trail is written again");
        }
    }
}
