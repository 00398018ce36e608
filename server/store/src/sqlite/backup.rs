//! A copy of the file, made while others write to it.

use std::{fs::File, io::ErrorKind, path::Path};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
    config::DbConfig,
    ffi::{Error as Code, SQLITE_BUSY},
};
use tempfile::NamedTempFile;

use super::{
    connection::{connect, unusable},
    migrate,
};
use crate::error::StoreError;

/// Page cache for reading what is copied, in KiB.
const CACHE: i64 = 1024;

pub(crate) fn backup(path: &Path, to: &Path) -> Result<(), StoreError> {
    if to.symlink_metadata().is_ok() {
        return Err(unusable(to, ErrorKind::AlreadyExists.into()));
    }
    let path = &path.canonicalize().map_err(|source| unusable(path, source))?;
    let source = connect(path, CACHE)?;
    // A copy changes nothing, not even by tidying up when it is the last to close the file.
    source.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    migrate::identify(&source, path)?;
    let folder = match to.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Under another name until it is whole, readable by its owner only.
    let copy = NamedTempFile::new_in(folder).map_err(|source| unusable(to, source))?;
    copy_pages(&source, copy.path())?;
    verify(copy.path())?;
    copy.as_file().sync_all().map_err(|source| unusable(to, source))?;
    copy.persist_noclobber(to).map_err(|error| unusable(to, error.error))?;
    // So that the name, too, is there after a power cut.
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| unusable(to, source))
}

/// All pages in one step: it reads as of one moment, which holds up nobody who writes. Between
/// several steps a writer would come, and the copy begin anew.
fn copy_pages(source: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut target = open(to)?;
    match Backup::new(source, &mut target)?.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(Code::new(SQLITE_BUSY), None).into()),
    }
}

/// Reads the copy through: a disk may have kept something else than it was given.
fn verify(copy: &Path) -> Result<(), StoreError> {
    let copy = open(copy)?;
    let found: String = copy.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt("copy")) }
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}
