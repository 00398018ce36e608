//! From columns to values.

use std::{cell::Cell, str::FromStr, sync::OnceLock};

use customers_types::{access::Role, id::PublicId, scalar::Timestamp};
use rusqlite::{Row, Statement, types::FromSql};
use serde::Deserialize;
use uuid::Uuid;

use crate::error::StoreError;

/// A row whose columns are read by name, with an error that says what could not be read.
///
/// SQLite knows columns by their place, and a name is looked for among all of them. So the column
/// behind the one that was read last is tried first: reading costs least in the order in which the
/// statement names them.
pub(super) struct Columns<'r> {
    row: &'r Row<'r>,
    next: Cell<usize>,
    names: Option<&'r [String]>,
}

/// The names of the columns of one statement. SQLite gives them as C texts, which take longer to
/// look at than what is in the columns.
pub(super) struct Names(OnceLock<Vec<String>>);

impl Names {
    /// Those of a statement that was not run yet.
    pub(super) const fn unknown() -> Self {
        Self(OnceLock::new())
    }

    fn of(&self, statement: &Statement<'_>) -> Option<&[String]> {
        let read = || statement.column_names().map(str::to_owned).collect();
        let names = self.0.get_or_init(read);
        (names.len() == statement.column_count()).then_some(names)
    }
}

impl<'r> Columns<'r> {
    pub(super) fn of(row: &'r Row<'r>) -> Self {
        Self { row, next: Cell::new(0), names: None }
    }

    /// The columns of a statement whose names are kept.
    pub(super) fn named(row: &'r Row<'r>, names: &'static Names) -> Self {
        Self { row, next: Cell::new(0), names: names.of(row.as_ref()) }
    }

    pub(super) fn get<T: FromSql>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.get(self.place(column)?).map_err(|_| StoreError::Corrupt(column))
    }

    fn place(&self, column: &'static str) -> Result<usize, StoreError> {
        let statement: &Statement<'_> = self.row.as_ref();
        let next = self.next.get();
        let is_next = match self.names {
            Some(names) => names.get(next).is_some_and(|name| name == column),
            None => statement.column_name(next).is_ok_and(|name| name == column),
        };
        let place = if is_next {
            next
        } else {
            statement.column_index(column).map_err(|_| StoreError::Corrupt(column))?
        };
        self.next.set(place + 1);
        Ok(place)
    }

    pub(super) fn id<I: PublicId>(&self, column: &'static str) -> Result<I, StoreError> {
        self.get::<[u8; 16]>(column).map(|bytes| I::from_uuid(Uuid::from_bytes(bytes)))
    }

    pub(super) fn optional_id<I: PublicId>(
        &self,
        column: &'static str,
    ) -> Result<Option<I>, StoreError> {
        let bytes: Option<[u8; 16]> = self.get(column)?;
        Ok(bytes.map(|bytes| I::from_uuid(Uuid::from_bytes(bytes))))
    }

    pub(super) fn moment(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get(column).map(Timestamp::from_millis)
    }

    pub(super) fn optional_moment(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.get::<Option<i64>>(column)?.map(Timestamp::from_millis))
    }

    /// The rows that a subquery has made into one JSON array.
    pub(super) fn rows<T: Deserialize<'r>>(
        &self,
        column: &'static str,
    ) -> Result<Vec<T>, StoreError> {
        let value = self.row.get_ref(self.place(column)?);
        let text = value.and_then(|value| Ok(value.as_str()?));
        let text = text.map_err(|_| StoreError::Corrupt(column))?;
        serde_json::from_str(text).map_err(|_| StoreError::Corrupt(column))
    }

    /// A value that is kept as text.
    pub(super) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.optional_parsed(column)?.ok_or(StoreError::Corrupt(column))
    }

    pub(super) fn optional_parsed<T: FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let value = self.row.get_ref(self.place(column)?);
        let text = value.and_then(|value| Ok(value.as_str_or_null()?));
        text.map_err(|_| StoreError::Corrupt(column))?
            .map(str::parse)
            .transpose()
            .map_err(|_| StoreError::Corrupt(column))
    }
}

/// The role of this name.
pub(super) fn role(name: &str) -> Result<Role, StoreError> {
    name.parse().map_err(|_| StoreError::Corrupt("role"))
}

/// The identifier whose UUID a subquery has written in hexadecimal.
pub(super) fn hex_id<I: PublicId>(hex: &str) -> Result<I, StoreError> {
    Uuid::try_parse(hex).map(I::from_uuid).map_err(|_| StoreError::Corrupt("id"))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn columns_are_found_by_name_in_whatever_order() {
        let connection = Connection::open_in_memory().unwrap();
        let read = |names: &[&'static str]| {
            let read = |row: &Row<'_>| {
                let row = Columns::of(row);
                Ok(names.iter().map(|name| row.get::<i64>(name).ok()).collect::<Vec<_>>())
            };
            connection.query_row("SELECT 1 AS one, 2 AS two, 3 AS three", (), read).unwrap()
        };
        assert_eq!(read(&["one", "two", "three"]), [Some(1), Some(2), Some(3)]);
        assert_eq!(read(&["three", "one", "one", "two"]), [Some(3), Some(1), Some(1), Some(2)]);
        assert_eq!(read(&["two", "four", "three"]), [Some(2), None, Some(3)]);
    }
}
