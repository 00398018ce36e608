//! The versions of the tables, and the way from each to the next.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;

/// Marks the file as ours (`cust` in ASCII): <https://sqlite.org/pragma.html#pragma_application_id>.
const APPLICATION_ID: i64 = 0x6375_7374;

/// The way from version N to version N + 1 stands at index N. What was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_directory_and_tokens.sql"),
    include_str!("../../migrations/sqlite/0002_audit.sql"),
    include_str!("../../migrations/sqlite/0003_lists.sql"),
    include_str!("../../migrations/sqlite/0004_token_administration.sql"),
];

/// The version that the last migration leads to.
fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The file, as errors name it.
pub(super) fn file(path: &Path) -> String {
    format!("file {}", path.display())
}

/// Refuses a file of a newer version or of another program before a byte of it is changed.
pub(super) fn identify(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let foreign = || StoreError::Foreign { database: file(path) };
    let objects: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    let application = pragma(connection, "application_id")?;
    let version = pragma(connection, "user_version")?;
    match application {
        0 if version == 0 && objects == 0 => Ok(()),
        APPLICATION_ID if version <= latest() => Ok(()),
        APPLICATION_ID => {
            Err(StoreError::Newer { database: file(path), found: version, known: latest() })
        }
        _ => Err(foreign()),
    }
}

/// Refuses a file whose tables are not yet of this version, to whoever must not change them.
pub(super) fn require_latest(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let found = pragma(connection, "user_version")?;
    if found == latest() {
        Ok(())
    } else {
        Err(StoreError::Older { database: file(path), found, known: latest() })
    }
}

/// Brings the tables up to date, in one transaction: all of it happens or nothing.
pub(super) fn to_latest(connection: &mut Connection) -> Result<(), StoreError> {
    if pragma(connection, "user_version")? == latest() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let version = usize::try_from(pragma(&transaction, "user_version")?).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", latest())?;
    Ok(transaction.commit()?)
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::connection::connect;

    /// A database in this file as the migrations before this one left it.
    fn before(migration: &str, path: &Path) -> Connection {
        std::fs::write(path, "").unwrap();
        let connection = connect(path, 64).unwrap();
        let version = MIGRATIONS.iter().position(|known| *known == migration).unwrap();
        for migration in &MIGRATIONS[..version] {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", version).unwrap();
        connection
    }

    #[test]
    fn a_token_of_an_older_version_is_known_to_have_been_made_for_as_long_as_it_was() {
        let migration = include_str!("../../migrations/sqlite/0004_token_administration.sql");
        let folder = tempfile::tempdir().unwrap();
        let mut connection = before(migration, &folder.path().join("customers.db"));
        connection
            .execute_batch(
                "INSERT INTO organization (key, id, name) VALUES (1, randomblob(16), 'a');
                 INSERT INTO api_token
                     (key, id, hash, organization_key, role, created_at, expires_at)
                 VALUES (1, randomblob(16), randomblob(32), 1, 'CustomerSupport', 100, 350),
                        (2, randomblob(16), randomblob(32), 1, 'CustomerSupport', 100, NULL);",
            )
            .unwrap();
        to_latest(&mut connection).unwrap();
        let lifetimes: Vec<Option<i64>> = connection
            .prepare("SELECT lifetime FROM api_token ORDER BY key")
            .unwrap()
            .query_map((), |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(lifetimes, [Some(250), None]);
    }
}
