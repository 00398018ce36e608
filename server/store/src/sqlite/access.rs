//! Why the rule lets the holder of a token at a customer.

use customers_types::{
    access::{Action, Reason, reason},
    id::{CheckoutId, CustomerPubId, OrganizationId, PublicId},
    scalar::Timestamp,
    token::TokenHash,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{customer, customer::Origins, decode::Columns};
use crate::{
    access::{AccessExplanation, Evidence},
    error::StoreError,
    record::RuleTarget,
};

/// `?1` is the key of an organization, `?2` the identifier of a customer. Identifiers are in the
/// order in which they were made.
const ORGANIZATION: &str = "
    SELECT o.id AS organization_id,
        (SELECT min(k.id) FROM checkout k
         JOIN product p ON p.key = k.product_key
         JOIN customer c ON c.key = k.customer_key
         WHERE c.id = ?2 AND p.organization_key = o.key) AS checkout_id
    FROM organization o WHERE o.key = ?1";

/// `?1` is the key of a grant.
const GRANT: &str = "
    SELECT r.id AS grant_id, c.id AS customer_id, r.organization_key
    FROM direct_grant r LEFT JOIN customer c ON c.key = r.customer_key
    WHERE r.key = ?1";

pub(super) fn explain(
    connection: &Connection,
    token: &TokenHash,
    customer: CustomerPubId,
    now: Timestamp,
) -> Result<Option<AccessExplanation>, StoreError> {
    // All statements see one state of the store.
    let snapshot = connection.unchecked_transaction()?;
    let found = customer::access_with_origins(&snapshot, token, customer)?;
    let Some((access, origins)) = found else { return Ok(None) };
    let mut evidence = Vec::new();
    for action in [Action::CustomerRead, Action::CustomerWrite] {
        // Nothing more is looked up for one who may not read: the time of an answer must not tell
        // a customer who is hidden from one who does not exist.
        let Some(reason) = reason(action, &access.facts, now) else { break };
        if access.customer.is_some() {
            evidence.push((action, found_by(&snapshot, customer, reason, &origins)?));
        }
    }
    Ok(Some(AccessExplanation { access, evidence }))
}

fn found_by(
    connection: &Connection,
    customer: CustomerPubId,
    reason: Reason,
    origins: &Origins,
) -> Result<Evidence, StoreError> {
    match reason {
        Reason::SelfService => Ok(Evidence::SelfService),
        Reason::Platform(role) => Ok(Evidence::Platform(role)),
        Reason::Organization { role, index } => {
            let key = origins.organizations.get(index).ok_or(StoreError::Corrupt("role"))?;
            let (organization, checkout) = reached(connection, *key, customer)?;
            Ok(Evidence::Organization { role, organization, checkout })
        }
        Reason::Direct { index } => {
            let key = origins.grants.get(index).ok_or(StoreError::Corrupt("grant"))?;
            granted(connection, *key, customer)
        }
    }
}

/// The organization, and the checkout by which it reaches the customer.
fn reached(
    connection: &Connection,
    organization: i64,
    customer: CustomerPubId,
) -> Result<(OrganizationId, CheckoutId), StoreError> {
    let decode = |row: &Row<'_>| {
        let row = Columns::of(row);
        Ok(row.id("organization_id").and_then(|id| Ok((id, row.id("checkout_id")?))))
    };
    let mut statement = connection.prepare_cached(ORGANIZATION)?;
    let found =
        statement.query_row((organization, customer.uuid().as_bytes()), decode).optional()?;
    found.ok_or(StoreError::Corrupt("organization"))?
}

fn granted(
    connection: &Connection,
    grant: i64,
    customer: CustomerPubId,
) -> Result<Evidence, StoreError> {
    let decode = |row: &Row<'_>| {
        let row = Columns::of(row);
        let organization = row.get::<Option<i64>>("organization_key");
        Ok((row.id("grant_id"), row.optional_id("customer_id"), organization))
    };
    let mut statement = connection.prepare_cached(GRANT)?;
    let found = statement.query_row((grant,), decode).optional()?;
    let (grant, of_customer, organization) = found.ok_or(StoreError::Corrupt("grant"))?;
    let (target, checkout) = match (of_customer?, organization?) {
        (Some(customer), _) => (RuleTarget::Customer(customer), None),
        (None, Some(key)) => {
            let (organization, checkout) = reached(connection, key, customer)?;
            (RuleTarget::Organization(organization), Some(checkout))
        }
        (None, None) => return Err(StoreError::Corrupt("grant")),
    };
    Ok(Evidence::Direct { grant: grant?, target, checkout })
}
