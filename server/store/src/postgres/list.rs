//! Lists of customers that the holder of a token may read: one statement a page.
//!
//! The statement ([`statement`]) finds out where the caller may look, and brings customers from
//! there, in order and with what the access rule has to know of them. Each is then put to
//! [`decide`], the one access rule; what the statement says of access may be too much and never
//! too little. How many customers it looks at is bounded, so that no page takes long, whatever is
//! asked and whoever asks.

mod statement;

use customers_types::access::{Action, Clause, Decision, decide};
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use self::statement::Statement;
use super::{
    customer::decode_customer,
    decode::{Columns, role},
    token,
};
use crate::{
    error::StoreError,
    list::{
        CustomerList, CustomerListing, CustomerPage, Position,
        caller::{Caller, Rule, StoredRule},
    },
};

pub(super) async fn list(
    client: &impl GenericClient,
    listing: &CustomerListing,
) -> Result<Option<CustomerList>, StoreError> {
    let statement = Statement::new(listing);
    let prepared = client.prepare_cached(statement.sql()).await?;
    let rows = client.query(&prepared, &statement.values()).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let caller = caller(first)?;
    let counts = caller.token.validity.lapse(listing.now).is_none();
    let held =
        decide(Action::CustomerRead, &caller.facts(None, &[]), listing.now) != Decision::NotHeld;
    let page = if counts && held {
        page(&rows, &caller, listing, &statement)?
    } else {
        CustomerPage::default()
    };
    Ok(Some(CustomerList { token: caller.token, held, page }))
}

/// Who asks; every row has it, but for what can be long, which is in the first.
fn caller(row: &Row) -> Result<Caller, StoreError> {
    let token = token::decode(row)?;
    let row = Columns(row);
    let platform_roles = row.rows::<String>("platform_roles")?;
    let organization_roles = row.rows::<(i64, String)>("organization_roles")?;
    let rules = |column| -> Result<Vec<Rule>, StoreError> {
        Ok(row.rows::<StoredRule>(column)?.into_iter().map(Rule::from).collect())
    };
    Ok(Caller {
        token,
        profile: row.get("profile")?,
        platform_roles: platform_roles.iter().map(|name| role(name)).collect::<Result<_, _>>()?,
        organization_roles: organization_roles
            .iter()
            .map(|(organization, name)| Ok((*organization, role(name)?)))
            .collect::<Result<_, StoreError>>()?,
        grants: rules("grants")?,
        denies: rules("denies")?,
    })
}

fn page(
    rows: &[Row],
    caller: &Caller,
    listing: &CustomerListing,
    statement: &Statement,
) -> Result<CustomerPage, StoreError> {
    let mut page = CustomerPage::default();
    let (mut last_shown, mut last, mut brought) = (None, None, 0);
    for row in rows.iter().map(Columns) {
        let Some(id) = row.optional_id("customer_id")? else { break };
        let position =
            Position { created_at: row.get("created_at")?, key: row.get("customer_key")? };
        brought += 1;
        last = Some(position);
        let Some(clause) = clause(&row, caller, position.key, listing)? else { continue };
        if page.items.len() == listing.limit {
            page.next = last_shown;
            return Ok(page);
        }
        page.items.push((clause, decode_customer(&row, id)?));
        last_shown = Some(position);
    }
    let first = rows.first().map(Columns).ok_or(StoreError::Corrupt("list"))?;
    page.next = if brought == statement.most_rows() {
        // There may be more behind them.
        last
    } else {
        // Where it stopped to look, if that was before the end.
        let (created_at, key) = (first.get("scanned_created_at")?, first.get("scanned_key")?);
        match (created_at, key) {
            (Some(created_at), Some(key)) => Some(Position { created_at, key }),
            _ => None,
        }
    };
    Ok(page)
}

/// The clause that lets the caller read the customer.
fn clause(
    row: &Columns<'_>,
    caller: &Caller,
    customer: i64,
    listing: &CustomerListing,
) -> Result<Option<Clause>, StoreError> {
    let facts = caller.facts(Some(customer), &row.rows("reached_by")?);
    Ok(match decide(Action::CustomerRead, &facts, listing.now) {
        Decision::Allowed(clause) => Some(clause),
        Decision::NotVisible | Decision::NotHeld => None,
    })
}
