//! Which customers records make new or different, and in which fields, and which they remove.
//!
//! It is asked before the merge, as long as what is there can be compared with what is to be.

use std::collections::BTreeMap;

use customers_types::{
    field::CustomerField,
    id::{CustomerPubId, PublicId},
};
use deadpool_postgres::Transaction;

use super::merge::{new_value, quoted};
use crate::{
    error::StoreError,
    import::table::{Column, Content, TABLES, Table},
};

/// The customers, each with the fields that differ; of a new one those that its record gives, of
/// one that goes none.
pub(super) async fn find(
    transaction: &Transaction<'_>,
) -> Result<BTreeMap<CustomerPubId, Vec<CustomerField>>, StoreError> {
    let mut affected = BTreeMap::<_, Vec<_>>::new();
    for (table, sql) in queries() {
        for (id, differing) in ids(transaction, &sql).await? {
            let columns = table.columns.iter().enumerate();
            for (_, column) in columns.filter(|(bit, _)| differing >> bit & 1 == 1) {
                let field = column.field.parse().map_err(|_| StoreError::Corrupt("field"))?;
                affected.entry(id).or_default().push(field);
            }
        }
    }
    affected.extend(ids(transaction, REMOVED).await?.into_keys().map(|id| (id, Vec::new())));
    Ok(affected)
}

/// The customers that records are about.
const CUSTOMERS: &str = "
    SELECT s.id, {differing} FROM staged_customer s LEFT JOIN customer t ON t.id = s.id
    WHERE NOT s.removed";

/// The customers behind whom are users that records are about.
const USERS: &str = r#"
    SELECT c.id, {differing} FROM staged_user s
    JOIN "user" t ON t.id = s.id JOIN customer c ON c.user_key = t.key
    WHERE NOT s.removed"#;

/// The customers who are there and go.
const REMOVED: &str = "
    SELECT t.id, 0::bigint FROM staged_customer s JOIN customer t ON t.id = s.id WHERE s.removed";

/// What asks for the customers and the columns of a table that make them different.
fn queries() -> impl Iterator<Item = (&'static Table, String)> {
    [("customer", CUSTOMERS), ("user", USERS)].into_iter().filter_map(|(name, rows)| {
        let table = TABLES.iter().find(|table| table.name == name)?;
        Some((table, rows.replace("{differing}", &differing(table))))
    })
}

/// Customers, each with the bits of a number.
async fn ids(
    transaction: &Transaction<'_>,
    sql: &str,
) -> Result<BTreeMap<CustomerPubId, i64>, StoreError> {
    let statement = transaction.prepare_cached(sql).await?;
    let rows = transaction.query(&statement, &[]).await?;
    Ok(rows.iter().map(|row| (CustomerPubId::from_uuid(row.get(0)), row.get(1))).collect())
}

/// The columns in which row `t` differs from the staged record `s`, each a bit; if there is no
/// such row, those for which the record has a value.
fn differing(table: &Table) -> String {
    let bit = |(bit, column): (usize, &Column)| {
        let name = column.name;
        let differs = match column.content {
            // By its identifier: the row that the record refers to may be yet to come.
            Content::Reference { table } => format!(
                "(SELECT r.id FROM {} r WHERE r.key = t.{name}) IS DISTINCT FROM s.{name}",
                quoted(table)
            ),
            _ => format!("t.{name} IS DISTINCT FROM {}", new_value(column, bit)),
        };
        format!("CASE WHEN {differs} THEN {}::bigint ELSE 0 END", 1_u64 << bit)
    };
    let bits = table.columns.iter().enumerate().skip(table.key).map(bit);
    bits.collect::<Vec<_>>().join(" + ")
}
