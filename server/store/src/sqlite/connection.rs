//! Opening the file, and the settings that guard what is in it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, functions::FunctionFlags};

use super::{lock, migrate};
use crate::{Tenancy, error::StoreError, search::fold};

/// The oldest SQLite without the bug by which two connections could corrupt a database when the
/// write-ahead log was reset (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST_SQLITE: i32 = 3_051_003;

/// Page cache of the connection that writes, and of each that reads, in KiB. With two that read, a
/// server stays far below 100 MiB however much there is to read.
const WRITER_CACHE: i64 = 32 * 1024;
const READER_CACHE: i64 = 16 * 1024;

/// Page cache of the connection that writes while it imports, in KiB.
const IMPORT_CACHE: i64 = 64 * 1024;

/// What each connection has to accept, with the value that it then reports.
const SETTINGS: &[(&str, i64)] = &[
    ("synchronous", 2), // FULL: a commit that was acknowledged survives a power cut.
    ("foreign_keys", 1),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("secure_delete", 1),
];

/// The connections to one file.
pub(super) struct Connections {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Those that are idle. A reader never waits for another: there come to be as many as there
    /// are threads that read at once.
    readers: Mutex<Vec<Connection>>,
    /// Held as long as the store is open; the system releases it when the process ends.
    _sole_tenancy: Option<File>,
}

impl Connections {
    pub(super) fn open(path: &Path, tenancy: Tenancy) -> Result<Self, StoreError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(StoreError::Setting("version 3.51.3 or newer"));
        }
        touch(path, tenancy)?;
        // By its one full name: another spelling or a link must not get round the lock, and
        // SQLite would take a name such as `file:x?nolock=1` for more than a name.
        let path = &path.canonicalize().map_err(|source| unusable(path, source))?;
        let sole_tenancy = match tenancy {
            Tenancy::Sole => Some(become_sole_tenant(path)?),
            Tenancy::Beside => None,
        };
        let mut writer = connect(path, WRITER_CACHE)?;
        // Whoever closes a database last tidies it up, and would so change one that is refused.
        writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        migrate::identify(&writer, path)?;
        if tenancy == Tenancy::Beside {
            migrate::require_latest(&writer, path)?;
        }
        writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        writer
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))
            .map(|mode| mode.eq_ignore_ascii_case("wal"))?
            .then_some(())
            .ok_or(StoreError::Setting("journal_mode=wal"))?;
        migrate::to_latest(&mut writer)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            _sole_tenancy: sole_tenancy,
        })
    }

    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.writer)
    }

    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = lock(&self.readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.reader()?,
        };
        let result = read(&connection);
        lock(&self.readers).push(connection);
        result
    }

    fn reader(&self) -> Result<Connection, StoreError> {
        let connection = connect(&self.path, READER_CACHE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }
}

/// Two servers on one file would each trust what they hold in memory. The lock is on a file of
/// its own, so that it does not meet SQLite's.
fn become_sole_tenant(path: &Path) -> Result<File, StoreError> {
    let mut lock_path = path.as_os_str().to_owned();
    lock_path.push(".lock");
    let mut options = private_file();
    let lock = options.create(true).open(lock_path).map_err(|source| unusable(path, source))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unusable(path, source)),
    }
}

/// Makes the file if it may be made, readable by its owner only; SQLite gives its companions the
/// same rights.
fn touch(path: &Path, tenancy: Tenancy) -> Result<(), StoreError> {
    let mut options = private_file();
    let file = options.create(tenancy == Tenancy::Sole).open(path);
    let metadata = file.and_then(|file| file.metadata());
    if metadata.map_err(|source| unusable(path, source))?.is_file() {
        Ok(())
    } else {
        Err(unusable(path, ErrorKind::InvalidInput.into()))
    }
}

pub(super) fn unusable(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File { path: path.to_owned(), source }
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

pub(super) fn connect(path: &Path, cache: i64) -> Result<Connection, StoreError> {
    // One thread at a time has a connection, so it needs no mutex of its own.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // The plan of a statement must not depend on its values: with statistics of single values
    // (STAT4), each new value would prepare the statement anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Triggers use it, so every connection that writes needs it; it has no side effect.
    connection.create_scalar_function(
        "fold",
        1,
        FunctionFlags::SQLITE_UTF8
            | FunctionFlags::SQLITE_DETERMINISTIC
            | FunctionFlags::SQLITE_INNOCUOUS,
        |context| Ok(fold(context.get_raw(0).as_str()?)),
    )?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    for (name, value) in SETTINGS {
        let accepted = connection
            .pragma_update(None, name, value)
            .and_then(|()| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)))
            .map_err(|error| not_a_database(error, path))?;
        if accepted != *value {
            return Err(StoreError::Setting(name));
        }
    }
    set_cache(&connection, cache)?;
    Ok(connection)
}

fn set_cache(connection: &Connection, kib: i64) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "cache_size", -kib)?)
}

/// Runs an import on the connection that writes, with more page cache as long as it takes.
pub(super) fn with_cache_of_import<T, E: From<StoreError>>(
    writer: &mut Connection,
    import: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    set_cache(writer, IMPORT_CACHE)?;
    let result = import(writer);
    // It only takes more memory otherwise; what became of the import must not be lost for it.
    let _ = set_cache(writer, WRITER_CACHE);
    result
}

fn not_a_database(error: rusqlite::Error, path: &Path) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::Foreign { database: migrate::file(path) },
        _ => error.into(),
    }
}
