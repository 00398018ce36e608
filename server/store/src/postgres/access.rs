//! Why the rule lets the holder of a token at a customer.

use customers_types::{
    access::{Action, Reason, reason},
    id::{CheckoutId, CustomerPubId, OrganizationId, PublicId},
    scalar::Timestamp,
    token::TokenHash,
};
use deadpool_postgres::GenericClient;

use super::{customer, customer::Origins, decode::Columns};
use crate::{
    access::{AccessExplanation, Evidence},
    error::StoreError,
    record::RuleTarget,
};

/// `$1` is the key of an organization, `$2` the identifier of a customer. Identifiers are in the
/// order in which they were made.
const ORGANIZATION: &str = "
    SELECT o.id AS organization_id,
        (SELECT k.id FROM checkout k
         JOIN product p ON p.key = k.product_key
         JOIN customer c ON c.key = k.customer_key
         WHERE c.id = $2 AND p.organization_key = o.key
         ORDER BY k.id LIMIT 1) AS checkout_id
    FROM organization o WHERE o.key = $1";

/// `$1` is the key of a grant.
const GRANT: &str = "
    SELECT r.id AS grant_id, c.id AS customer_id, r.organization_key
    FROM direct_grant r LEFT JOIN customer c ON c.key = r.customer_key
    WHERE r.key = $1";

/// All statements have to see one state of the store.
pub(super) async fn explain(
    snapshot: &impl GenericClient,
    token: &TokenHash,
    customer: CustomerPubId,
    now: Timestamp,
) -> Result<Option<AccessExplanation>, StoreError> {
    let found = customer::access_with_origins(snapshot, token, customer).await?;
    let Some((access, origins)) = found else { return Ok(None) };
    let mut evidence = Vec::new();
    for action in [Action::CustomerRead, Action::CustomerWrite] {
        // Nothing more is looked up for one who may not read: the time of an answer must not tell
        // a customer who is hidden from one who does not exist.
        let Some(reason) = reason(action, &access.facts, now) else { break };
        if access.customer.is_some() {
            evidence.push((action, found_by(snapshot, customer, reason, &origins).await?));
        }
    }
    Ok(Some(AccessExplanation { access, evidence }))
}

async fn found_by(
    client: &impl GenericClient,
    customer: CustomerPubId,
    reason: Reason,
    origins: &Origins,
) -> Result<Evidence, StoreError> {
    match reason {
        Reason::SelfService => Ok(Evidence::SelfService),
        Reason::Platform(role) => Ok(Evidence::Platform(role)),
        Reason::Organization { role, index } => {
            let key = origins.organizations.get(index).ok_or(StoreError::Corrupt("role"))?;
            let (organization, checkout) = reached(client, *key, customer).await?;
            Ok(Evidence::Organization { role, organization, checkout })
        }
        Reason::Direct { index } => {
            let key = origins.grants.get(index).ok_or(StoreError::Corrupt("grant"))?;
            granted(client, *key, customer).await
        }
    }
}

/// The organization, and the checkout by which it reaches the customer.
async fn reached(
    client: &impl GenericClient,
    organization: i64,
    customer: CustomerPubId,
) -> Result<(OrganizationId, CheckoutId), StoreError> {
    let statement = client.prepare_cached(ORGANIZATION).await?;
    let row = client.query_opt(&statement, &[&organization, &customer.uuid()]).await?;
    let row = row.ok_or(StoreError::Corrupt("organization"))?;
    Ok((Columns(&row).id("organization_id")?, Columns(&row).id("checkout_id")?))
}

async fn granted(
    client: &impl GenericClient,
    grant: i64,
    customer: CustomerPubId,
) -> Result<Evidence, StoreError> {
    let statement = client.prepare_cached(GRANT).await?;
    let row = client.query_opt(&statement, &[&grant]).await?.ok_or(StoreError::Corrupt("grant"))?;
    let row = Columns(&row);
    let (target, checkout) =
        match (row.optional_id("customer_id")?, row.get::<Option<i64>>("organization_key")?) {
            (Some(customer), _) => (RuleTarget::Customer(customer), None),
            (None, Some(key)) => {
                let (organization, checkout) = reached(client, key, customer).await?;
                (RuleTarget::Organization(organization), Some(checkout))
            }
            (None, None) => return Err(StoreError::Corrupt("grant")),
        };
    Ok(Evidence::Direct { grant: row.id("grant_id")?, target, checkout })
}
