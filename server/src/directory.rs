//! Directory records: from lines of JSON into the store, all or none.

mod reason;

use std::{io::BufRead, sync::Arc};

use customers_api::request::{InvalidInput, read_json};
use customers_store::{
    Store,
    error::{ImportError, StoreError},
    import::{Batch, ImportMode, Summary},
    record::Change,
};
use tokio::sync::mpsc;

pub(crate) use self::reason::{Source, reason};
use crate::clock;

/// Records that travel to the store at once, and how many such batches may wait.
const BATCH: usize = 1024;
const WAITING: usize = 8;

/// The longest line that is read, in bytes; a record with every field at its longest, and every
/// character of it escaped, has half of it.
const LONGEST_LINE: usize = 32 * 1024;

/// Some editors put it before the first line; it is not part of it.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Characters of a field's name that a fault repeats: a name that is not ours may be anything.
const LONGEST_NAME: usize = 40;

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many bytes of the source are read.
    Read(u64),
    /// All of it is read, and the store applies it.
    Applying,
}

/// A line that can't be applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("line {line}: {}{reason}", shown(field))]
pub struct LineFault {
    /// Its number, from 1.
    pub line: u64,
    /// The field at fault; empty if it is the line as a whole.
    pub field: String,
    /// Why, without the value.
    pub reason: String,
}

/// The field before its reason, without anything that a terminal would obey.
fn shown(field: &str) -> String {
    let name = field.chars().take(LONGEST_NAME).flat_map(char::escape_debug).collect::<String>();
    if name.is_empty() { name } else { name + ": " }
}

/// Why an import wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Lines that can't be applied, in their order.
    #[error("{} lines can't be applied", .0.len())]
    Faults(Vec<LineFault>),
    /// The source can't be read.
    #[error("the records can't be read")]
    Source(#[source] std::io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies the records of a source, one JSON object a line, and tells how far it has come.
///
/// A commit ends at the first line that is no record. A check goes on, and finds all that is
/// wrong; it writes nothing.
///
/// # Errors
/// [`DirectoryError`]; in every case nothing was written.
pub async fn import(
    store: Arc<dyn Store>,
    source: impl BufRead + Send + 'static,
    mode: ImportMode,
    progress: impl Fn(Progress) + Send + 'static,
) -> Result<Summary, DirectoryError> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        Reader { sender, mode, faults: Vec::new() }.read(source, progress)
    });
    let applied = store.import(receiver, mode, clock::now()).await;
    // A reader that ended in a panic has already closed the channel, so nothing was written.
    let read = reading.await.map_err(|_| StoreError::Interrupted)?;
    let mut faults = read.map_err(DirectoryError::Source)?;
    match applied {
        Ok(summary) if faults.is_empty() => return Ok(summary),
        Ok(_) | Err(ImportError::Abandoned) => {}
        Err(ImportError::Refused(refused)) => {
            faults.extend(refused.into_iter().map(|fault| LineFault {
                line: fault.number,
                field: fault.field.to_owned(),
                reason: reason(fault.reason, Source::File),
            }));
        }
        Err(ImportError::Store(error)) => return Err(error.into()),
    }
    faults.sort();
    Err(DirectoryError::Faults(faults))
}

/// Reads lines and sends them on in batches.
struct Reader {
    sender: mpsc::Sender<Batch>,
    mode: ImportMode,
    faults: Vec<LineFault>,
}

impl Reader {
    fn read(
        mut self,
        mut source: impl BufRead,
        progress: impl Fn(Progress),
    ) -> std::io::Result<Vec<LineFault>> {
        let mut batch = Vec::with_capacity(BATCH);
        let (mut number, mut total) = (0, 0);
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = read_line(&mut source, &mut line)?;
            if length == 0 {
                break;
            }
            number += 1;
            total += length;
            if number == 1 && line.starts_with(BYTE_ORDER_MARK) {
                line.drain(..BYTE_ORDER_MARK.len());
            }
            match change(&line) {
                Ok(None) => {}
                Ok(Some(change)) => batch.push((number, change)),
                Err((field, reason)) => {
                    self.faults.push(LineFault { line: number, field, reason });
                    if self.mode == ImportMode::Commit {
                        return Ok(self.faults);
                    }
                }
            }
            if batch.len() == BATCH {
                progress(Progress::Read(total));
                let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                if self.sender.blocking_send(Batch::Changes(full)).is_err() {
                    // The store has given up, and says why itself.
                    return Ok(self.faults);
                }
            }
        }
        progress(Progress::Applying);
        let _ = self.sender.blocking_send(Batch::Changes(batch));
        let _ = self.sender.blocking_send(Batch::End);
        Ok(self.faults)
    }
}

/// Reads a line without its end, or as much of it as is enough to see that it is too long; the
/// whole of it is taken from the source. Returns the bytes that were taken.
fn read_line(source: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<u64> {
    let mut taken = 0;
    loop {
        let buffer = source.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        let room = (LONGEST_LINE + 1).saturating_sub(line.len());
        line.extend_from_slice(&part[..part.len().min(room)]);
        let length = part.len() + usize::from(end.is_some());
        source.consume(length);
        taken += length as u64;
        if end.is_some() || length == 0 {
            return Ok(taken);
        }
    }
}

/// The change on a line, `None` if the line is blank; or the field at fault, and why.
fn change(line: &[u8]) -> Result<Option<Change>, (String, String)> {
    if line.len() > LONGEST_LINE {
        return Err((String::new(), format!("is longer than {LONGEST_LINE} bytes")));
    }
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    read_json(line).map(Some).map_err(|InvalidInput { param, message }| {
        (param.strip_prefix('/').unwrap_or(&param).to_owned(), message)
    })
}

#[cfg(test)]
mod tests;
