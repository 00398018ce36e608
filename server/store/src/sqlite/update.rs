//! Changing a customer, and the user behind it.

use std::fmt::Write;

use customers_types::id::PublicId;
use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::Value};

use super::{audit, customer};
use crate::{
    customer::{
        CustomerAttempt, CustomerChange,
        change::{Changed, Table, changed, clause, entry},
    },
    error::StoreError,
};

/// Makes the change if the token counts, the rule lets its holder write, and the version is as
/// wanted; all in one transaction, so that nothing can come between.
pub(super) fn update(
    connection: &mut Connection,
    change: &CustomerChange,
) -> Result<Option<CustomerAttempt>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let read = || customer::access(&transaction, &change.token, change.customer);
    let Some(access) = read()? else { return Ok(None) };
    let (Some(clause), Some(customer)) = (clause(&access, change), &access.customer) else {
        return Ok(Some(CustomerAttempt { access, version_differs: false }));
    };
    let version = customer.version();
    if change.if_match.as_ref().is_some_and(|wanted| !wanted.contains(&version)) {
        return Ok(Some(CustomerAttempt { access, version_differs: true }));
    }
    let changed = changed(&change.update, customer);
    for table in [Table::User, Table::Customer] {
        write_changed(&transaction, table, &changed, change)?;
    }
    // Also where nothing is changed: the caller is shown the customer.
    audit::append(&transaction, &[entry(&access.token, clause, &changed, change)])?;
    let access = read()?.ok_or(StoreError::Corrupt("token"))?;
    transaction.commit()?;
    Ok(Some(CustomerAttempt { access, version_differs: false }))
}

/// Writes the changed columns of one table, if there are any.
fn write_changed(
    connection: &Connection,
    table: Table,
    changed: &[Changed<'_>],
    change: &CustomerChange,
) -> Result<(), StoreError> {
    let mut set = String::new();
    let mut values: Vec<Value> =
        vec![change.now.millis().into(), change.customer.uuid().as_bytes().to_vec().into()];
    for changed in changed {
        if let (its_table, column) = changed.column
            && its_table == table
        {
            values.push(changed.value.map(str::to_owned).into());
            let _ = write!(set, "{column} = ?{}, ", values.len());
        }
    }
    if set.is_empty() {
        return Ok(());
    }
    // Later with every change, even if the clock was set back: it is a part of the version.
    set.push_str("updated_at = max(?1, updated_at + 1)");
    let row = match table {
        Table::User => "user SET {} WHERE key = (SELECT user_key FROM customer WHERE id = ?2)",
        Table::Customer => "customer SET {} WHERE id = ?2",
    };
    let sql = format!("UPDATE {}", row.replace("{}", &set));
    connection.prepare(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}
