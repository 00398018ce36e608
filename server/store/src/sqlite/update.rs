//! Changing a customer, and the user behind it.

use std::{fmt::Write, ops::Deref};

use customers_types::{
    access::{Action, Decision, decide},
    customer::CustomerUpdate,
    given::Given,
    id::PublicId,
};
use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::Value};

use super::customer;
use crate::{
    customer::{Customer, CustomerAccess, CustomerAttempt, CustomerChange},
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
    let (true, Some(customer)) = (may_write(&access, change), &access.customer) else {
        return Ok(Some(CustomerAttempt { access, version_differs: false }));
    };
    let version = customer.version();
    if change.if_match.as_ref().is_some_and(|wanted| !wanted.contains(&version)) {
        return Ok(Some(CustomerAttempt { access, version_differs: true }));
    }
    let changed = changed(&change.update, customer);
    if changed.is_empty() {
        return Ok(Some(CustomerAttempt { access, version_differs: false }));
    }
    for table in [Table::User, Table::Customer] {
        write_changed(&transaction, table, &changed, change)?;
    }
    let access = read()?.ok_or(StoreError::Corrupt("token"))?;
    transaction.commit()?;
    Ok(Some(CustomerAttempt { access, version_differs: false }))
}

fn may_write(access: &CustomerAccess, change: &CustomerChange) -> bool {
    let counts = access.token.validity.lapse(change.now).is_none();
    let decision = decide(Action::CustomerWrite, &access.facts, change.now);
    counts && matches!(decision, Decision::Allowed(_))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    User,
    Customer,
}

/// A column that is to have another value than it has.
struct Changed<'c> {
    table: Table,
    column: &'static str,
    value: Option<&'c str>,
}

/// The columns whose values the update changes; those that it gives the value that they have
/// already are not among them.
fn changed<'c>(update: &'c CustomerUpdate, customer: &Customer) -> Vec<Changed<'c>> {
    let user = &customer.user;
    [
        differs(Table::User, "first_name", &update.first_name, user.first_name.as_ref()),
        differs(Table::User, "last_name", &update.last_name, user.last_name.as_ref()),
        differs(Table::Customer, "phone", &update.phone, customer.phone.as_ref()),
        differs(Table::Customer, "address1", &update.address1, customer.address1.as_ref()),
        differs(Table::Customer, "address2", &update.address2, customer.address2.as_ref()),
        differs(Table::Customer, "city", &update.city, customer.city.as_ref()),
        differs(Table::Customer, "state", &update.state, customer.state.as_ref()),
        differs(Table::Customer, "zip", &update.zip, customer.zip.as_ref()),
        differs(Table::Customer, "country", &update.country, customer.country.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn differs<'c, T: Deref<Target = str>>(
    table: Table,
    column: &'static str,
    given: &'c Given<T>,
    present: Option<&String>,
) -> Option<Changed<'c>> {
    let value = match given {
        Given::LeftOut => return None,
        Given::Cleared => None,
        Given::Value(value) => Some(&**value),
    };
    (value != present.map(String::as_str)).then_some(Changed { table, column, value })
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
    for column in changed.iter().filter(|column| column.table == table) {
        values.push(column.value.map(str::to_owned).into());
        let _ = write!(set, "{} = ?{}, ", column.column, values.len());
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
