//! Which store: `sqlite:PATH` or `postgres://…`.

mod postgres;

use std::{fmt, path::PathBuf, str::FromStr};

pub use self::postgres::PostgresUrl;

/// Where the records are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreUrl {
    /// A file of the embedded SQLite.
    Sqlite(PathBuf),
    /// A database of PostgreSQL, or of what speaks its protocol.
    Postgres(PostgresUrl),
}

/// A text that names no store. It is not repeated: such a text may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct InvalidStoreUrl(
    /// What was expected, of the text or of the part of it that is wrong.
    pub &'static str,
);

const EXPECTED: &str = "sqlite:PATH, such as sqlite:customers.db, or \
                        postgres://USER:PASSWORD@HOST/DATABASE";

impl FromStr for StoreUrl {
    type Err = InvalidStoreUrl;

    fn from_str(text: &str) -> Result<Self, InvalidStoreUrl> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return PostgresUrl::parse(text).map(Self::Postgres).map_err(InvalidStoreUrl);
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() && !path.contains('\0') => {
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            _ => Err(InvalidStoreUrl(EXPECTED)),
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}
