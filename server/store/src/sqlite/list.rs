//! Lists of customers that the holder of a token may read.
//!
//! [`candidate`] brings customers in order, a superset of those that may be read; each is then put
//! to [`decide`], the one access rule. How many are looked at for a page is bounded, so that no
//! page takes long, whatever is asked and whoever asks.

mod caller;
mod candidate;
mod search;

use customers_types::access::{Action, Clause, Decision, decide};
use itertools::Itertools;
use rusqlite::Connection;

use self::candidate::Candidates;
use super::customer;
use crate::{
    error::StoreError,
    list::{CustomerList, CustomerListing, CustomerPage, Order, Position, caller::Caller},
};

/// How many customers a page looks at, and for how many it asks the access rule, before it ends
/// although it is not full.
const MOST_SCANNED: usize = 2_000;
const MOST_DECIDED: usize = 1_000;

pub(super) fn list(
    connection: &Connection,
    listing: &CustomerListing,
) -> Result<Option<CustomerList>, StoreError> {
    // All statements see one state of the store.
    let snapshot = connection.unchecked_transaction()?;
    let Some(caller) = caller::find(&snapshot, &listing.token)? else { return Ok(None) };
    let counts = caller.token.validity.lapse(listing.now).is_none();
    let held =
        decide(Action::CustomerRead, &caller.facts(None, &[]), listing.now) != Decision::NotHeld;
    let page =
        if counts && held { page(&snapshot, &caller, listing)? } else { CustomerPage::default() };
    Ok(Some(CustomerList { token: caller.token, held, page }))
}

fn page(
    connection: &Connection,
    caller: &Caller,
    listing: &CustomerListing,
) -> Result<CustomerPage, StoreError> {
    let scope = caller.scope(Action::CustomerRead, listing.now);
    let Some(candidates) = candidate::plan(connection, scope, listing)? else {
        return Ok(CustomerPage::default());
    };
    let (readable, next) = walk(connection, caller, &candidates, listing)?;
    let items = readable
        .into_iter()
        .map(|(clause, position)| Ok((clause, customer::by_key(connection, position.key)?)))
        .collect::<Result<_, StoreError>>()?;
    Ok(CustomerPage { items, next })
}

/// The places of the customers of the page, and that after which the next one begins.
type Walked = (Vec<(Clause, Position)>, Option<Position>);

fn walk(
    connection: &Connection,
    caller: &Caller,
    candidates: &Candidates,
    listing: &CustomerListing,
) -> Result<Walked, StoreError> {
    let mut statements = candidates.statements(connection)?;
    let streams = candidates.streams(&mut statements)?;
    let comes_first = |a: &Position, b: &Position| match listing.order {
        Order::OldestFirst => a <= b,
        Order::NewestFirst => a >= b,
    };
    let in_order = streams.into_iter().kmerge_by(|a, b| match (a, b) {
        (Ok(a), Ok(b)) => comes_first(&a.position, &b.position),
        (a, _) => a.is_err(),
    });
    // A customer whom several organizations reach comes once for each.
    let in_order = in_order
        .enumerate()
        .dedup_by(|(_, a), (_, b)| matches!((a, b), (Ok(a), Ok(b)) if a.position == b.position));

    let mut readable: Vec<(Clause, Position)> = Vec::new();
    let (mut decided, mut last) = (0, None);
    for (scanned, candidate) in in_order {
        let candidate = candidate?;
        if scanned >= MOST_SCANNED || decided == MOST_DECIDED {
            return Ok((readable, last));
        }
        last = Some(candidate.position);
        if !candidate.matches {
            continue;
        }
        decided += 1;
        if let Some(clause) = clause(connection, caller, candidate.position.key, listing)? {
            if readable.len() == listing.limit {
                let next = readable.last().map(|(_, position)| *position);
                return Ok((readable, next));
            }
            readable.push((clause, candidate.position));
        }
    }
    Ok((readable, None))
}

/// The clause that lets the caller read the customer.
fn clause(
    connection: &Connection,
    caller: &Caller,
    customer: i64,
    listing: &CustomerListing,
) -> Result<Option<Clause>, StoreError> {
    let reached_by = if caller.depends_on_reach() {
        connection
            .prepare_cached("SELECT organization_key FROM reach WHERE customer_key = ?1")?
            .query_map((customer,), |row| row.get(0))?
            .collect::<Result<Vec<i64>, _>>()?
    } else {
        Vec::new()
    };
    let facts = caller.facts(Some(customer), &reached_by);
    Ok(match decide(Action::CustomerRead, &facts, listing.now) {
        Decision::Allowed(clause) => Some(clause),
        Decision::NotVisible | Decision::NotHeld => None,
    })
}
