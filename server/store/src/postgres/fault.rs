//! From what the driver says to what a store can't do.

use std::{error::Error, fmt};

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::error::{Cause, StoreError};

/// What a server says of a statement that failed, without what it repeats of the values: the log
/// must not have them.
#[derive(Debug)]
struct Refusal {
    code: String,
    constraint: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered with the error {}", self.code)?;
        match &self.constraint {
            Some(constraint) => write!(f, " of {constraint}"),
            None => Ok(()),
        }
    }
}

impl Error for Refusal {}

/// What can be logged.
fn cause(error: tokio_postgres::Error) -> Cause {
    match error.as_db_error() {
        Some(refusal) => Box::new(Refusal {
            code: refusal.code().code().to_owned(),
            constraint: refusal.constraint().map(str::to_owned),
        }),
        None => error.into(),
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(code) = error.code() else {
            // The driver's own complaints are about types; all else is about the connection.
            return if is_about_connection(&error) {
                Self::Unreachable(error.into())
            } else {
                Self::Database(error.into())
            };
        };
        match code.code() {
            // The server ends, begins, or has no connection left. Whatever else ends a session, such
            // as a limit on how long it may be idle, says nothing of what it was asked.
            _ if ends_session(&error) => Self::Unreachable(cause(error)),
            // Others changed the same (serialization failure, deadlock): nothing was applied.
            "40001" | "40P01" => Self::Conflict(cause(error)),
            // Nobody knows whether it was applied.
            "40003" => Self::Uncertain(cause(error)),
            "53100" => Self::Unwritable(cause(error)),
            // Waited too long for a lock, or took too long; no memory.
            "55P03" | "57014" | "53000" | "53200" => Self::Busy(cause(error)),
            // It has become a replica, or has to be read only.
            "25006" => Self::Unreachable(cause(error)),
            code if code.starts_with("08") => Self::Unreachable(cause(error)),
            _ => Self::Database(cause(error)),
        }
    }
}

fn ends_session(error: &tokio_postgres::Error) -> bool {
    let severity = error.as_db_error().and_then(DbError::parsed_severity);
    matches!(severity, Some(Severity::Fatal | Severity::Panic))
        || matches!(error.code().map(SqlState::code), Some("57P01" | "57P02" | "57P03" | "53300"))
}

fn is_about_connection(error: &tokio_postgres::Error) -> bool {
    let is_io = error.source().is_some_and(<dyn Error>::is::<std::io::Error>);
    error.is_closed() || is_io
}

/// Whether what a row refers to is not there.
pub(super) fn is_dangling(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION)
}

/// Whether what was written is against a rule of its table, such as that of a unique key.
pub(super) fn is_violation(error: &StoreError) -> bool {
    let StoreError::Database(cause) = error else { return false };
    cause.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.code.starts_with("23"))
}

/// Why there is no connection. What a server says of that is about users, databases and hosts, so
/// it can be logged as it is.
pub(super) fn no_connection(error: PoolError) -> StoreError {
    match error {
        PoolError::Timeout(TimeoutType::Wait) => StoreError::Exhausted,
        PoolError::Timeout(_) => StoreError::Unreachable("no answer in time".into()),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            StoreError::Unreachable(error.into())
        }
        PoolError::PostCreateHook(error) => StoreError::Unreachable(error.into()),
        PoolError::Closed | PoolError::NoRuntimeSpecified => StoreError::Interrupted,
    }
}
