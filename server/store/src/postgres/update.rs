//! Changing a customer, and the user behind it.

use std::fmt::Write;

use customers_types::{field::CustomerField, id::PublicId};
use deadpool_postgres::GenericClient;
use tokio_postgres::types::ToSql;

use super::{audit, connection::Done, customer, search};
use crate::{
    customer::{
        CustomerAttempt, CustomerChange,
        change::{Changed, Table, changed, clause, entry},
    },
    error::StoreError,
};

/// Takes the rows for this transaction: the user first, as imports do, so that none waits for the
/// other. Whoever waits for them reads afterwards, and so sees what the other has changed.
const LOCK: [&str; 2] = [
    r#"SELECT 1 FROM "user" WHERE key = (SELECT user_key FROM customer WHERE id = $1)
       FOR NO KEY UPDATE"#,
    "SELECT 1 FROM customer WHERE id = $1 FOR NO KEY UPDATE",
];

/// Makes the change if the token counts, the rule lets its holder write, and the version is as
/// wanted; all in one transaction. The customer is not changed meanwhile. What the decision rests
/// on may be; the change then counts as made before that, since both ran at once.
pub(super) async fn update(
    client: &impl GenericClient,
    change: &CustomerChange,
) -> Result<Done<Option<CustomerAttempt>>, StoreError> {
    for lock in LOCK {
        let statement = client.prepare_cached(lock).await?;
        client.execute(&statement, &[&change.customer.uuid()]).await?;
    }
    let read = || customer::access(client, &change.token, change.customer);
    let Some(access) = read().await? else { return Ok(Done::Undo(None)) };
    let (Some(clause), Some(customer)) = (clause(&access, change), &access.customer) else {
        return Ok(Done::Undo(Some(CustomerAttempt { access, version_differs: false })));
    };
    let version = customer.version();
    if change.if_match.as_ref().is_some_and(|wanted| !wanted.contains(&version)) {
        return Ok(Done::Undo(Some(CustomerAttempt { access, version_differs: true })));
    }
    let changed = changed(&change.update, customer);
    for table in [Table::User, Table::Customer] {
        write_changed(client, table, &changed, change).await?;
    }
    // Also where nothing is changed: the caller is shown the customer.
    audit::append(client, &[entry(&access.token, clause, &changed, change)]).await?;
    let access = read().await?.ok_or(StoreError::Corrupt("token"))?;
    let names = [CustomerField::FirstName, CustomerField::LastName];
    if let Some(customer) = &access.customer
        && changed.iter().any(|changed| names.contains(&changed.field))
    {
        search::rename(client, &customer.user).await?;
    }
    Ok(Done::Keep(Some(CustomerAttempt { access, version_differs: false })))
}

/// Writes the changed columns of one table, if there are any.
async fn write_changed(
    client: &impl GenericClient,
    table: Table,
    changed: &[Changed<'_>],
    change: &CustomerChange,
) -> Result<(), StoreError> {
    let (now, id) = (change.now.millis(), change.customer.uuid());
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&now, &id];
    let mut set = String::new();
    for changed in changed {
        if let (its_table, column) = changed.column
            && its_table == table
        {
            values.push(&changed.value);
            let _ = write!(set, "{column} = ${}, ", values.len());
        }
    }
    if set.is_empty() {
        return Ok(());
    }
    // Later with every change, even if the clock was set back: it is a part of the version.
    set.push_str("updated_at = greatest($1, updated_at + 1)");
    let row = match table {
        Table::User => r#""user" SET {} WHERE key = (SELECT user_key FROM customer WHERE id = $2)"#,
        Table::Customer => "customer SET {} WHERE id = $2",
    };
    // Not kept for later: there are as many forms of it as sets of fields.
    let statement = client.prepare(&format!("UPDATE {}", row.replace("{}", &set))).await?;
    client.execute(&statement, &values).await?;
    Ok(())
}
