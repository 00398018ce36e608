//! Finding the records that can't be applied.
//!
//! Each check sets the records that it finds aside, so that the checks after it are not led
//! astray and all faults are found in one run.

use rusqlite::{Connection, Row};

use super::merge::same_key;
use crate::{
    error::{ImportError, StoreError},
    import::{
        Fault, Reason,
        table::{Content, Table},
    },
};

/// The records found so far.
pub(super) struct Refusals<'c> {
    connection: &'c Connection,
    faults: Vec<Fault>,
}

impl<'c> Refusals<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, faults: Vec::new() }
    }

    /// Objects that are named twice: without an order among the records, neither could win.
    pub(super) fn repeated(&mut self, table: &Table) -> Result<(), StoreError> {
        let (name, keys) = (table.name, table.key_names());
        self.connection.execute_batch(&format!(
            "CREATE INDEX temp.staged_{name}_key ON staged_{name} ({keys})"
        ))?;
        let sql = format!(
            "SELECT s.number, first.number FROM temp.staged_{name} s
             JOIN (SELECT min(number) AS number, {keys} FROM temp.staged_{name}
                   GROUP BY {keys} HAVING count(*) > 1) first USING ({keys})
             WHERE s.number > first.number"
        );
        self.refuse(table, &sql, table.key_field, |row| row.get(1).map(Reason::SameObject))
    }

    /// References to what neither the records nor the store have.
    pub(super) fn dangling(&mut self, table: &Table) -> Result<(), StoreError> {
        for column in table.columns {
            let Content::Reference { table: parent } = column.content else { continue };
            let sql = format!(
                "SELECT s.number FROM temp.staged_{0} s WHERE s.{1} IS NOT NULL AND s.removed = 0
                 AND NOT EXISTS (SELECT 1 FROM {parent} r WHERE r.id = s.{1})",
                table.name, column.name,
            );
            self.refuse(table, &sql, column.field, |_| Ok(Reason::Missing(parent)))?;
        }
        Ok(())
    }

    /// Customers of a user who has another one: a user has one customer.
    pub(super) fn taken(&mut self, table: &Table) -> Result<(), StoreError> {
        if table.name != "customer" {
            return Ok(());
        }
        let stored = "
            SELECT s.number FROM temp.staged_customer s
            CROSS JOIN user u ON u.id = s.user_key
            CROSS JOIN customer c ON c.user_key = u.key
            WHERE s.removed = 0 AND c.id <> s.id";
        self.refuse(table, stored, "userId", |_| Ok(Reason::OtherCustomer))?;
        let repeated = "
            SELECT number, first FROM (
                SELECT number, min(number) OVER (PARTITION BY user_key) AS first
                FROM temp.staged_customer WHERE removed = 0)
            WHERE number > first";
        self.refuse(table, repeated, "userId", |row| row.get(1).map(Reason::SameUser))
    }

    /// Removals of what others still refer to.
    pub(super) fn still_referred_to(&mut self, table: &Table) -> Result<(), StoreError> {
        for (referrer, column) in table.referrers {
            let sql = format!(
                "SELECT s.number FROM temp.staged_{name} s CROSS JOIN {name} t ON {same_key}
                 WHERE s.removed = 1
                 AND EXISTS (SELECT 1 FROM {referrer} r WHERE r.{column} = t.key)",
                name = table.name,
                same_key = same_key(table),
            );
            self.refuse(table, &sql, table.key_field, |_| Ok(Reason::ReferredTo(referrer)))?;
        }
        Ok(())
    }

    /// What was found, in the order of the records.
    pub(super) fn into_result(mut self) -> Result<(), ImportError> {
        self.faults.sort();
        if self.faults.is_empty() { Ok(()) } else { Err(ImportError::Refused(self.faults)) }
    }

    fn refuse(
        &mut self,
        table: &Table,
        numbers: &str,
        field: &'static str,
        reason: impl Fn(&Row<'_>) -> rusqlite::Result<Reason>,
    ) -> Result<(), StoreError> {
        let found = self
            .connection
            .prepare(numbers)?
            .query_map((), |row| Ok(Fault { number: row.get(0)?, field, reason: reason(row)? }))?
            .collect::<Result<Vec<_>, _>>()?;
        let mut set_aside = self
            .connection
            .prepare(&format!("DELETE FROM temp.staged_{} WHERE number = ?1", table.name))?;
        for fault in &found {
            set_aside.execute((fault.number,))?;
        }
        self.faults.extend(found);
        Ok(())
    }
}
