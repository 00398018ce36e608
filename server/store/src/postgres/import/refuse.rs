//! Finding the records that can't be applied.
//!
//! Each check sets the records that it finds aside, so that the checks after it are not led
//! astray and all faults are found in one run.

use deadpool_postgres::Transaction;
use tokio_postgres::Row;

use super::merge::{quoted, same_key, staged};
use crate::{
    error::{ImportError, StoreError},
    import::{
        Fault, Reason,
        table::{Content, Table},
    },
};

/// The records found so far.
pub(super) struct Refusals<'t> {
    transaction: &'t Transaction<'t>,
    faults: Vec<Fault>,
}

impl<'t> Refusals<'t> {
    pub(super) fn new(transaction: &'t Transaction<'_>) -> Self {
        Self { transaction, faults: Vec::new() }
    }

    /// Objects that are named twice: without an order among the records, neither could win.
    pub(super) async fn repeated(&mut self, table: &Table) -> Result<(), StoreError> {
        let (name, keys) = (table.name, table.key_names());
        let sql = format!(
            "SELECT number, first FROM (
                 SELECT number, min(number) OVER (PARTITION BY {keys}) AS first FROM staged_{name}
             ) s WHERE number > first"
        );
        self.refuse(table, &sql, table.key_field, |row| Ok(Reason::SameObject(number(row, 1)?)))
            .await
    }

    /// References to what neither the records nor the store have.
    pub(super) async fn dangling(&mut self, table: &Table) -> Result<(), StoreError> {
        for column in table.columns {
            let Content::Reference { table: parent } = column.content else { continue };
            let sql = format!(
                "SELECT s.number FROM staged_{0} s WHERE s.{1} IS NOT NULL AND NOT s.removed
                 AND NOT EXISTS (SELECT 1 FROM {2} r WHERE r.id = s.{1})",
                table.name,
                column.name,
                quoted(parent),
            );
            self.refuse(table, &sql, column.field, |_| Ok(Reason::Missing(parent))).await?;
        }
        Ok(())
    }

    /// Customers of a user who has another one: a user has one customer.
    pub(super) async fn taken(&mut self, table: &Table) -> Result<(), StoreError> {
        if table.name != "customer" {
            return Ok(());
        }
        let stored = r#"
            SELECT s.number FROM staged_customer s
            JOIN "user" u ON u.id = s.user_key
            JOIN customer c ON c.user_key = u.key
            WHERE NOT s.removed AND c.id <> s.id"#;
        self.refuse(table, stored, "userId", |_| Ok(Reason::OtherCustomer)).await?;
        let repeated = "
            SELECT number, first FROM (
                SELECT number, min(number) OVER (PARTITION BY user_key) AS first
                FROM staged_customer WHERE NOT removed) s
            WHERE number > first";
        self.refuse(table, repeated, "userId", |row| Ok(Reason::SameUser(number(row, 1)?))).await
    }

    /// Removals of what others still refer to.
    pub(super) async fn still_referred_to(&mut self, table: &Table) -> Result<(), StoreError> {
        for (referrer, column) in table.referrers {
            let sql = format!(
                "SELECT s.number FROM {staged} s JOIN {name} t ON {same_key}
                 WHERE s.removed AND EXISTS (SELECT 1 FROM {of} r WHERE r.{column} = t.key)",
                staged = staged(table),
                name = quoted(table.name),
                same_key = same_key(table),
                of = quoted(referrer),
            );
            self.refuse(table, &sql, table.key_field, |_| Ok(Reason::ReferredTo(referrer))).await?;
        }
        Ok(())
    }

    /// What was found, in the order of the records.
    pub(super) fn into_result(mut self) -> Result<(), ImportError> {
        self.faults.sort();
        if self.faults.is_empty() { Ok(()) } else { Err(ImportError::Refused(self.faults)) }
    }

    async fn refuse(
        &mut self,
        table: &Table,
        numbers: &str,
        field: &'static str,
        reason: impl Fn(&Row) -> Result<Reason, StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.transaction.prepare_cached(numbers).await?;
        let rows = self.transaction.query(&statement, &[]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let set_aside = format!("DELETE FROM staged_{} WHERE number = ANY ($1)", table.name);
        let found: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        self.transaction.execute(&set_aside, &[&found]).await?;
        for row in &rows {
            self.faults.push(Fault { number: number(row, 0)?, field, reason: reason(row)? });
        }
        Ok(())
    }
}

/// The number of a record.
fn number(row: &Row, column: usize) -> Result<u64, StoreError> {
    u64::try_from(row.get::<_, i64>(column)).map_err(|_| StoreError::Corrupt("number"))
}
