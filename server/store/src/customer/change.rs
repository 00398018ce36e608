//! What a change of a customer comes to: whether it may be made, and which fields differ.

use std::ops::Deref;

use customers_types::{
    access::{Action, Clause, Decision, decide},
    customer::CustomerUpdate,
    field::CustomerField,
    given::Given,
};

use crate::{
    audit::AuditEntry,
    customer::{Customer, CustomerAccess, CustomerChange},
    token::Token,
};

/// The clause that lets the holder of the token write, if the token counts and there is one.
pub(crate) fn clause(access: &CustomerAccess, change: &CustomerChange) -> Option<Clause> {
    let counts = access.token.validity.lapse(change.now).is_none();
    match decide(Action::CustomerWrite, &access.facts, change.now) {
        Decision::Allowed(clause) if counts => Some(clause),
        _ => None,
    }
}

/// The row that the change leaves in the audit trail.
pub(crate) fn entry(
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

/// Where a field is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// Of users.
    User,
    /// Of customers.
    Customer,
}

/// A field that is to have another value than it has.
pub(crate) struct Changed<'c> {
    pub(crate) field: CustomerField,
    /// Where it is kept.
    pub(crate) column: (Table, &'static str),
    pub(crate) value: Option<&'c str>,
}

/// The fields whose values the update changes; those that it gives the value that they have
/// already are not among them.
pub(crate) fn changed<'c>(update: &'c CustomerUpdate, customer: &Customer) -> Vec<Changed<'c>> {
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
