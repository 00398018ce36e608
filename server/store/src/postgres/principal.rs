//! Reading the holder of a token, with memberships, grants and denies, in one statement.

use customers_types::{
    access::{ActionSet, PackSet, Role},
    id::{OrganizationId, PublicId},
    scalar::Timestamp,
    token::TokenHash,
};
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    decode::{Columns, role},
    token,
};
use crate::{
    error::StoreError,
    principal::{Principal, Rule},
    record::RuleTarget,
    token::Holder,
};

/// `$1` is the hash of the token. Lists are in the order in which they came.
const FIND: &str = r#"
    SELECT
        t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
        t.expires_at, t.revoked_at, tu.id AS holder_user_id, tor.id AS holder_organization_id,
        (SELECT coalesce(json_agg(m.role), '[]')::text FROM platform_membership m
         WHERE m.user_key = t.user_key) AS platform_roles,
        (SELECT coalesce(json_agg(json_build_array(m.role, o.id) ORDER BY o.id), '[]')::text
         FROM membership m JOIN organization o ON o.key = m.organization_key
         WHERE m.user_key = t.user_key) AS memberships,
        (SELECT coalesce(json_agg(json_build_array(r.id, r.actions, r.packs, r.valid_from,
             c.id, o.id) ORDER BY r.id), '[]')::text
         FROM direct_grant r
         LEFT JOIN customer c ON c.key = r.customer_key
         LEFT JOIN organization o ON o.key = r.organization_key
         WHERE r.user_key = t.user_key) AS grants,
        (SELECT coalesce(json_agg(json_build_array(r.id, r.actions, r.packs, r.valid_from,
             c.id, o.id) ORDER BY r.id), '[]')::text
         FROM direct_deny r
         LEFT JOIN customer c ON c.key = r.customer_key
         LEFT JOIN organization o ON o.key = r.organization_key
         WHERE r.user_key = t.user_key) AS denies
    FROM api_token t
    LEFT JOIN "user" tu ON tu.key = t.user_key
    LEFT JOIN organization tor ON tor.key = t.organization_key
    WHERE t.hash = $1"#;

pub(super) async fn find(
    client: &impl GenericClient,
    hash: &TokenHash,
) -> Result<Option<Principal>, StoreError> {
    let statement = client.prepare_cached(FIND).await?;
    let row = client.query_opt(&statement, &[&hash.as_bytes().as_slice()]).await?;
    row.as_ref().map(decode).transpose()
}

fn decode(row: &Row) -> Result<Principal, StoreError> {
    let token = token::decode(row)?;
    let row = Columns(row);
    Ok(Principal {
        token,
        memberships: memberships(&row, token.holder)?,
        grants: rules(&row, "grants")?,
        denies: rules(&row, "denies")?,
    })
}

fn memberships(
    row: &Columns<'_>,
    holder: Holder,
) -> Result<Vec<(Role, Option<OrganizationId>)>, StoreError> {
    let mut memberships = Vec::new();
    for name in row.rows::<String>("platform_roles")? {
        memberships.push((role(&name)?, None));
    }
    for (name, organization) in row.rows::<(String, String)>("memberships")? {
        memberships.push((role(&name)?, Some(written_id(&organization)?)));
    }
    if let Holder::Organization(organization, role) = holder {
        memberships.push((role, Some(organization)));
    }
    Ok(memberships)
}

/// Identifier, actions, packs, moment from which it counts, customer and organization.
type StoredRule = (String, u32, u32, Option<i64>, Option<String>, Option<String>);

fn rules<I: PublicId>(
    row: &Columns<'_>,
    column: &'static str,
) -> Result<Vec<(I, Rule)>, StoreError> {
    let rule = |(id, actions, packs, valid_from, customer, organization): StoredRule| {
        let target = match (customer, organization) {
            (Some(customer), _) => RuleTarget::Customer(written_id(&customer)?),
            (None, Some(organization)) => RuleTarget::Organization(written_id(&organization)?),
            (None, None) => return Err(StoreError::Corrupt(column)),
        };
        let rule = Rule {
            actions: ActionSet::from_bits(actions),
            packs: PackSet::from_bits(packs),
            target,
            valid_from: valid_from.map(Timestamp::from_millis),
        };
        Ok((written_id(&id)?, rule))
    };
    row.rows(column)?.into_iter().map(rule).collect()
}

/// The identifier whose UUID a subquery has written out.
fn written_id<I: PublicId>(text: &str) -> Result<I, StoreError> {
    Uuid::try_parse(text).map(I::from_uuid).map_err(|_| StoreError::Corrupt("id"))
}
