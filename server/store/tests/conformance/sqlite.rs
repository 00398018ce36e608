//! What only the embedded store has: a file, its settings, its plans.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use customers_store::{Tenancy, error::StoreError, open, token::Holder, url::StoreUrl};
use rusqlite::Connection;

use crate::{
    directory::{id, import, organization, product, user},
    tokens::issue,
};

fn at(path: &Path) -> StoreUrl {
    StoreUrl::Sqlite(path.to_owned())
}

/// The error of opening the file, which is left as it was, and its write-ahead log too.
async fn refused(path: &Path) -> StoreError {
    let log = PathBuf::from(format!("{}-wal", path.display()));
    // An empty log is as good as none.
    let state = || (std::fs::read(path).unwrap(), std::fs::read(&log).unwrap_or_default());
    let before = state();
    let error = open(&at(path), Tenancy::Sole).await.err().unwrap();
    assert!(state() == before, "the file was changed");
    assert!(!Path::new(&format!("{}-journal", path.display())).exists());
    error
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    drop(open(&at(&path), Tenancy::Sole).await.unwrap());
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    let check = async || {
        let error = refused(&path).await;
        assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
        assert!(error.to_string().contains("use the newer program"), "{error}");
    };
    check().await;
    connection.close().unwrap();
    check().await;

    // As a newer program leaves it that was killed: with a log that is not in the file yet.
    let crashed = folder.path().join("crashed.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE newer (a); INSERT INTO newer VALUES (1)").unwrap();
    for companion in ["", "-wal"] {
        let from = format!("{}{companion}", path.display());
        std::fs::copy(from, format!("{}{companion}", crashed.display())).unwrap();
    }
    assert!(std::fs::metadata(folder.path().join("crashed.db-wal")).unwrap().len() > 0);
    assert!(matches!(refused(&crashed).await, StoreError::Newer { found: 99, .. }));
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE other (a)").unwrap();
    connection.close().unwrap();
    assert!(matches!(refused(&path).await, StoreError::Foreign { .. }));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "x".repeat(5_000)).unwrap();
    assert!(matches!(refused(&path).await, StoreError::Foreign { .. }));
}

#[tokio::test]
async fn a_second_sole_tenant_is_refused_and_a_guest_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let first = open(&at(&path), Tenancy::Sole).await.unwrap();
    assert!(matches!(open(&at(&path), Tenancy::Sole).await, Err(StoreError::InUse { .. })));
    assert!(open(&at(&path), Tenancy::Beside).await.is_ok());
    drop(first);
    assert!(open(&at(&path), Tenancy::Sole).await.is_ok());
}

#[tokio::test]
async fn another_name_of_the_file_is_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let _first = open(&at(&path), Tenancy::Sole).await.unwrap();
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let detour = folder.path().join(".").join("customers.db");
    for name in [link, detour] {
        let second = open(&at(&name), Tenancy::Sole).await;
        assert!(matches!(second, Err(StoreError::InUse { .. })), "{}", name.display());
    }
}

#[tokio::test]
async fn a_name_that_sqlite_would_read_as_more_is_only_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file:customers.db?mode=memory");
    drop(open(&at(&path), Tenancy::Sole).await.unwrap());
    assert!(std::fs::metadata(&path).unwrap().len() > 0);
}

#[tokio::test]
async fn a_guest_makes_no_database_and_brings_none_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    assert!(matches!(open(&at(&path), Tenancy::Beside).await, Err(StoreError::File { .. })));
    assert!(!path.exists());
    std::fs::write(&path, "").unwrap();
    let older = open(&at(&path), Tenancy::Beside).await;
    assert!(matches!(older, Err(StoreError::Older { found: 0, .. })));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
}

/// The tables as version 1 made them, and a row in them.
#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date_with_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(include_str!("../../migrations/sqlite/0001_directory_and_tokens.sql"))
        .unwrap();
    connection
        .execute_batch(
            "PRAGMA application_id = 0x63757374;
             PRAGMA user_version = 1;
             INSERT INTO user (id, email, updated_at) VALUES (randomblob(16), 'a@b.example', 1);",
        )
        .unwrap();
    connection.close().unwrap();
    assert!(matches!(
        open(&at(&path), Tenancy::Beside).await,
        Err(StoreError::Older { found: 1, .. })
    ));

    let store = open(&at(&path), Tenancy::Sole).await.unwrap();
    assert!(store.audit_of(id(1), None, 10).await.unwrap().entries.is_empty());
    let connection = Connection::open(&path).unwrap();
    let users: i64 =
        connection.query_row("SELECT count(*) FROM user", (), |row| row.get(0)).unwrap();
    assert_eq!(users, 1);
}

#[tokio::test]
async fn a_folder_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let error = open(&at(folder.path()), Tenancy::Sole).await;
    assert!(matches!(error, Err(StoreError::File { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// A guest that writes between the reading of the source and the first write must not make the
/// import fail.
#[tokio::test]
async fn an_import_waits_for_a_guest_that_is_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let store = open(&at(&path), Tenancy::Sole).await.unwrap();
    let guest = open(&at(&path), Tenancy::Beside).await.unwrap();
    import(store.as_ref(), vec![user(1), organization(2)]).await;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let writing = tokio::spawn(async move {
        let mut number = 0;
        while !stopped.load(Ordering::Relaxed) {
            issue(guest.as_ref(), number, Holder::User(id(1)), None).await;
            number += 1;
        }
        number
    });
    for number in 0..200 {
        import(store.as_ref(), vec![product(number, 2)]).await;
    }
    stop.store(true, Ordering::Relaxed);
    assert!(writing.await.unwrap() > 0);
}

#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let _store = open(&at(&path), Tenancy::Sole).await.unwrap();
    for file in ["customers.db", "customers.db-wal", "customers.db.lock"] {
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}
