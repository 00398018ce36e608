//! What can go wrong in a store.

use std::path::PathBuf;

use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};

use crate::import::Fault;

/// A store that can't do what it was asked.
///
/// The messages name files and causes for operators; none of them may reach an answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file or its folder can't be used.
    #[error("the database file {} can't be used", path.display())]
    File {
        /// The database file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another server or import has the store.
    #[error(
        "the database file {} is in use by another process: stop that one first",
        path.display()
    )]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The store was written by a newer version of this program.
    #[error(
        "the database file {} has schema version {found}, and this program knows {known}: use the \
         newer program; the file was left as it is",
        path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The version of its tables.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The store was written by an older version of this program, or is empty.
    #[error(
        "the database file {} has schema version {found}, and this program wants {known}: \
         customers-server serve or import brings it up to date",
        path.display()
    )]
    Older {
        /// The database file.
        path: PathBuf,
        /// The version of its tables; 0 if there are none.
        found: i64,
        /// The version that is wanted.
        known: i64,
    },
    /// The file belongs to another program.
    #[error(
        "{} is not a database of this service: name another file; this one was left as it is",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The token's user or organization is not in the store.
    #[error("there is no such user or organization in the store")]
    NoSuchHolder,
    /// What was read can't have been written by this program.
    #[error("the stored {0} can't be read")]
    Corrupt(&'static str),
    /// A setting that guards the data was not accepted.
    #[error("the database does not accept the setting {0}")]
    Setting(&'static str),
    /// The store is busy for longer than a request can wait.
    #[error("the database is busy")]
    Busy(#[source] rusqlite::Error),
    /// So many are waiting to write that it was not this one's turn in time.
    #[error("others are writing")]
    Occupied,
    /// There is no room on the disk, or what is there may not be changed.
    #[error("the database can't be written: make room on its disk, or make it writable")]
    Unwritable(#[source] rusqlite::Error),
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] rusqlite::Error),
    /// The task that was writing ended before it was done.
    #[error("the write was interrupted")]
    Interrupted,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull, ReadOnly};
        let Some(failed) = error.sqlite_error() else { return Self::Database(error) };
        match (failed.code, failed.extended_code) {
            (DatabaseBusy | DatabaseLocked, _) => Self::Busy(error),
            (DiskFull | ReadOnly, _) | (_, SQLITE_IOERR_WRITE | SQLITE_IOERR_SHMSIZE) => {
                Self::Unwritable(error)
            }
            _ => Self::Database(error),
        }
    }
}

/// An import that wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Records that can't be applied, in the order of their numbers.
    #[error("{} records can't be applied", .0.len())]
    Refused(Vec<Fault>),
    /// The source ended before it said that it was complete.
    #[error("the source of the import ended early")]
    Abandoned,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
