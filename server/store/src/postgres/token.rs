//! Tokens.

use customers_types::{
    access::ActionSet,
    id::{PublicId, TokenId},
    scalar::Timestamp,
    token::{TokenHash, Validity},
};
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use super::{decode::Columns, fault::is_dangling};
use crate::{
    error::StoreError,
    token::{Holder, NewToken, Token},
};

const FIND: &str = r#"
    SELECT t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
           t.expires_at, t.revoked_at, u.id AS holder_user_id, o.id AS holder_organization_id
    FROM api_token t
    LEFT JOIN "user" u ON u.key = t.user_key
    LEFT JOIN organization o ON o.key = t.organization_key"#;

/// `$1` is the identifier, `$2` the hash, `$3` the user, `$4` the organization, `$5` the role,
/// `$6` the scopes, `$7` and `$8` when it begins and ends.
const CREATE: &str = r#"
    INSERT INTO api_token
        (id, hash, user_key, organization_key, role, scopes, created_at, expires_at, lifetime)
    SELECT $1::uuid, $2::bytea, u.key, o.key, $5::text, $6::bigint, $7::bigint, $8::bigint,
           $8::bigint - $7::bigint
    FROM (SELECT 1) one
    LEFT JOIN "user" u ON u.id = $3::uuid
    LEFT JOIN organization o ON o.id = $4::uuid
    WHERE u.key IS NOT NULL OR o.key IS NOT NULL"#;

pub(super) async fn find(
    client: &impl GenericClient,
    hash: &TokenHash,
) -> Result<Option<Token>, StoreError> {
    let statement = client.prepare_cached(&format!("{FIND} WHERE t.hash = $1")).await?;
    let row = client.query_opt(&statement, &[&hash.as_bytes().as_slice()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The token of this identifier, which nobody else changes until the end of the transaction.
pub(super) async fn find_by_id(
    client: &impl GenericClient,
    id: TokenId,
) -> Result<Option<Token>, StoreError> {
    let statement =
        client.prepare_cached(&format!("{FIND} WHERE t.id = $1 FOR NO KEY UPDATE OF t")).await?;
    let row = client.query_opt(&statement, &[&id.uuid()]).await?;
    row.as_ref().map(decode).transpose()
}

pub(super) async fn list(client: &impl GenericClient) -> Result<Vec<Token>, StoreError> {
    let statement = client.prepare_cached(&format!("{FIND} ORDER BY t.created_at, t.key")).await?;
    client.query(&statement, &[]).await?.iter().map(decode).collect()
}

pub(super) async fn create(
    client: &impl GenericClient,
    NewToken { hash, token }: &NewToken,
) -> Result<(), StoreError> {
    let (user, organization, role) = match token.holder {
        Holder::User(user) => (Some(user.uuid()), None, None),
        Holder::Organization(organization, role) => {
            (None, Some(organization.uuid()), Some(role.name()))
        }
    };
    let statement = client.prepare_cached(CREATE).await?;
    let created = client
        .execute(
            &statement,
            &[
                &token.id.uuid(),
                &hash.as_bytes().as_slice(),
                &user,
                &organization,
                &role,
                &token.scopes.map(|scopes| i64::from(scopes.bits())),
                &token.created_at.millis(),
                &token.validity.expires_at.map(Timestamp::millis),
            ],
        )
        .await;
    match created {
        Ok(1) => Ok(()),
        Ok(_) => Err(StoreError::NoSuchHolder),
        // The holder was just removed.
        Err(error) if is_dangling(&error) => Err(StoreError::NoSuchHolder),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn revoke(
    client: &impl GenericClient,
    id: TokenId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let statement = client
        .prepare_cached("UPDATE api_token SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1")
        .await?;
    Ok(client.execute(&statement, &[&id.uuid(), &at.millis()]).await? == 1)
}

/// Reads the columns that [`FIND`] names, which the read of a customer names too.
pub(super) fn decode(row: &Row) -> Result<Token, StoreError> {
    let row = Columns(row);
    Ok(Token {
        id: row.id("token_id")?,
        holder: holder(&row)?,
        scopes: scopes(row.get("scopes")?)?,
        created_at: row.moment("token_created_at")?,
        validity: Validity {
            expires_at: row.optional_moment("expires_at")?,
            revoked_at: row.optional_moment("revoked_at")?,
        },
    })
}

fn scopes(bits: Option<i64>) -> Result<Option<ActionSet>, StoreError> {
    let bits = bits.map(u32::try_from).transpose().map_err(|_| StoreError::Corrupt("scopes"))?;
    Ok(bits.map(ActionSet::from_bits))
}

/// Reads for whom a token acts, of which an entry of the audit trail tells too.
pub(super) fn holder(row: &Columns<'_>) -> Result<Holder, StoreError> {
    let user = row.optional_id("holder_user_id")?;
    let organization = row.optional_id("holder_organization_id")?;
    let role = row.optional_parsed("token_role")?;
    match (user, organization, role) {
        (Some(user), None, None) => Ok(Holder::User(user)),
        (None, Some(organization), Some(role)) => Ok(Holder::Organization(organization, role)),
        _ => Err(StoreError::Corrupt("holder")),
    }
}
