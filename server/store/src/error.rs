//! What can go wrong in a store.

use std::path::PathBuf;

use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};

use crate::import::Fault;

/// What is behind a failure, as the driver of a database tells it.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A store that can't do what it was asked.
///
/// The messages name databases and causes for operators; none of them may reach an answer.
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
        "the database {database} has schema version {found}, and this program knows {known}: use \
         the newer program; the database was left as it is"
    )]
    Newer {
        /// Which database, such as `file customers.db`.
        database: String,
        /// The version of its tables.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The store was written by an older version of this program, or is empty.
    #[error(
        "the database {database} has schema version {found}, and this program wants {known}: \
         customers-server serve or import brings it up to date"
    )]
    Older {
        /// Which database, such as `file customers.db`.
        database: String,
        /// The version of its tables; 0 if there are none.
        found: i64,
        /// The version that is wanted.
        known: i64,
    },
    /// The database belongs to another program.
    #[error(
        "the {database} is not a database of this service: name another; this one was left as it is"
    )]
    Foreign {
        /// Which, such as `file customers.db`.
        database: String,
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
    Busy(#[source] Cause),
    /// So many are waiting to write that it was not this one's turn in time.
    #[error("others are writing")]
    Occupied,
    /// PostgreSQL has its own means for that.
    #[error("PostgreSQL has its own means to back up a database: see RECOVERY.md")]
    NotOurs,
    /// There is no room on the disk, or what is there may not be changed.
    #[error("the database can't be written: make room on its disk, or make it writable")]
    Unwritable(#[source] Cause),
    /// All connections that this program may have to the database are in use.
    #[error("all connections to the database are in use")]
    Exhausted,
    /// Others changed the same at the same time.
    #[error("others are changing the same")]
    Conflict(#[source] Cause),
    /// The database can't be reached, or the connection to it was lost before anything was applied.
    #[error("the database can't be reached")]
    Unreachable(#[source] Cause),
    /// The connection was lost at a moment from which nobody knows whether the change was applied.
    #[error("the connection to the database was lost, and with it what became of the request")]
    Uncertain(#[source] Cause),
    /// The certificates by which the database is to be known can't be read.
    #[error("the certificates in {} (sslrootcert) can't be read", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Cause,
    },
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] Cause),
    /// The task that was writing ended before it was done.
    #[error("the write was interrupted")]
    Interrupted,
}

impl StoreError {
    /// Whether nothing is wrong but that others are at it, who will be done in a moment.
    #[must_use]
    pub fn is_contention(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Occupied | Self::Exhausted | Self::Conflict(_))
    }

    /// Whether it may pass by itself, so that it is worth while to ask again.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.is_contention()
            || matches!(self, Self::Unwritable(_) | Self::Unreachable(_) | Self::Uncertain(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull, ReadOnly};
        let Some(failed) = error.sqlite_error() else {
            return Self::Database(error.into());
        };
        match (failed.code, failed.extended_code) {
            (DatabaseBusy | DatabaseLocked, _) => Self::Busy(error.into()),
            (DiskFull | ReadOnly, _) | (_, SQLITE_IOERR_WRITE | SQLITE_IOERR_SHMSIZE) => {
                Self::Unwritable(error.into())
            }
            _ => Self::Database(error.into()),
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
