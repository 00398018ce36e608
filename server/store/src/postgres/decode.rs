//! From columns to values.

use std::str::FromStr;

use customers_types::{access::Role, id::PublicId, scalar::Timestamp};
use serde::de::DeserializeOwned;
use tokio_postgres::{Row, types::FromSql};
use uuid::Uuid;

use crate::error::StoreError;

/// A row whose columns are read by name, with an error that says what could not be read.
pub(super) struct Columns<'r>(pub(super) &'r Row);

impl<'r> Columns<'r> {
    pub(super) fn get<T: FromSql<'r>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.0.try_get(column).map_err(|_| StoreError::Corrupt(column))
    }

    pub(super) fn id<I: PublicId>(&self, column: &'static str) -> Result<I, StoreError> {
        self.get(column).map(I::from_uuid)
    }

    pub(super) fn optional_id<I: PublicId>(
        &self,
        column: &'static str,
    ) -> Result<Option<I>, StoreError> {
        Ok(self.get::<Option<Uuid>>(column)?.map(I::from_uuid))
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
        serde_json::from_str(self.get(column)?).map_err(|_| StoreError::Corrupt(column))
    }

    /// A value that is kept as text.
    pub(super) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.optional_parsed(column)?.ok_or(StoreError::Corrupt(column))
    }

    pub(super) fn optional_parsed<T: FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<&str> = self.get(column)?;
        text.map(str::parse).transpose().map_err(|_| StoreError::Corrupt(column))
    }
}

/// The role of this name.
pub(super) fn role(name: &str) -> Result<Role, StoreError> {
    name.parse().map_err(|_| StoreError::Corrupt("role"))
}
