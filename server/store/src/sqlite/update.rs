//! Changing a customer, and the user behind it.

use std::{fmt::Write, ops::Deref};

use customers_types::{
    access::{Action, Clause, Decision, decide},
    customer::CustomerUpdate,
    field::CustomerField,
    given::Given,
    id::PublicId,
};
use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::Value};

use super::{audit, customer};
use crate::{
    audit::AuditEntry,
    customer::{Customer, CustomerAccess, CustomerAttempt, CustomerChange},
    error::StoreError,
    token::Token,
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

/// The clause that lets the holder of the token write, if the token counts and there is one.
fn clause(access: &CustomerAccess, change: &CustomerChange) -> Option<Clause> {
    let counts = access.token.validity.lapse(change.now).is_none();
    match decide(Action::CustomerWrite, &access.facts, change.now) {
        Decision::Allowed(clause) if counts => Some(clause),
        _ => None,
    }
}

fn entry(
    token: &Token,
    clause: Clause,
    changed: &[Changed<'_>],
    change: &CustomerChange,
) -> AuditEntry {
    AuditEntry {
        at: change.now,
        holder: token.holder,
        token: token.id,
        request_id: change.origin.request_id.clone(),
        operation: change.origin.operation.clone(),
        customer: change.customer,
        clause,
        fields: changed.iter().map(|changed| changed.field).collect(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    User,
    Customer,
}

/// A field that is to have another value than it has.
struct Changed<'c> {
    field: CustomerField,
    /// Where it is kept.
    column: (Table, &'static str),
    value: Option<&'c str>,
}

/// The fields whose values the update changes; those that it gives the value that they have
/// already are not among them.
fn changed<'c>(update: &'c CustomerUpdate, customer: &Customer) -> Vec<Changed<'c>> {
    let user = &customer.user;
    [
        differs(
            CustomerField::FirstName,
            (Table::User, "first_name"),
            &update.first_name,
            user.first_name.as_ref(),
        ),
        differs(
            CustomerField::LastName,
            (Table::User, "last_name"),
            &update.last_name,
            user.last_name.as_ref(),
        ),
        differs(
            CustomerField::Phone,
            (Table::Customer, "phone"),
            &update.phone,
            customer.phone.as_ref(),
        ),
        differs(
            CustomerField::Address1,
            (Table::Customer, "address1"),
            &update.address1,
            customer.address1.as_ref(),
        ),
        differs(
            CustomerField::Address2,
            (Table::Customer, "address2"),
            &update.address2,
            customer.address2.as_ref(),
        ),
        differs(
            CustomerField::City,
            (Table::Customer, "city"),
            &update.city,
            customer.city.as_ref(),
        ),
        differs(
            CustomerField::State,
            (Table::Customer, "state"),
            &update.state,
            customer.state.as_ref(),
        ),
        differs(CustomerField::Zip, (Table::Customer, "zip"), &update.zip, customer.zip.as_ref()),
        differs(
            CustomerField::Country,
            (Table::Customer, "country"),
            &update.country,
            customer.country.as_ref(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn differs<'c, T: Deref<Target = str>>(
    field: CustomerField,
    column: (Table, &'static str),
    given: &'c Given<T>,
    present: Option<&String>,
) -> Option<Changed<'c>> {
    let value = match given {
        Given::LeftOut => return None,
        Given::Cleared => None,
        Given::Value(value) => Some(&**value),
    };
    (value != present.map(String::as_str)).then_some(Changed { field, column, value })
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
