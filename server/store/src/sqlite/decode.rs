//! From columns to values.

use std::str::FromStr;

use customers_types::{access::Role, id::PublicId, scalar::Timestamp};
use rusqlite::{Row, types::FromSql};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::StoreError;

/// A row whose columns are read by name, with an error that says what could not be read.
pub(super) struct Columns<'r>(pub(super) &'r Row<'r>);

impl Columns<'_> {
    pub(super) fn get<T: FromSql>(&self, column: &'static str) -> Result<T, StoreError> {
        self.0.get(column).map_err(|_| StoreError::Corrupt(column))
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
    pub(super) fn rows<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Vec<T>, StoreError> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|_| StoreError::Corrupt(column))
    }

    /// A value that is kept as text.
    pub(super) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.optional_parsed(column)?.ok_or(StoreError::Corrupt(column))
    }

    pub(super) fn optional_parsed<T: FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.0.get_ref(column).and_then(|value| Ok(value.as_str_or_null()?));
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
