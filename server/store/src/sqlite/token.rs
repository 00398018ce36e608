//! Tokens.

use customers_types::{
    access::ActionSet,
    id::{PublicId, TokenId},
    scalar::Timestamp,
    token::{TokenHash, Validity},
};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::decode::Columns;
use crate::{
    error::StoreError,
    token::{Holder, NewToken, Token},
};

const FIND: &str = "
    SELECT t.id AS token_id, u.id AS holder_user_id, o.id AS holder_organization_id,
           t.role AS token_role, t.scopes, t.created_at AS token_created_at, t.expires_at,
           t.revoked_at
    FROM api_token t
    LEFT JOIN user u ON u.key = t.user_key
    LEFT JOIN organization o ON o.key = t.organization_key";

const CREATE: &str = "
    INSERT INTO api_token
        (id, hash, user_key, organization_key, role, scopes, created_at, expires_at, lifetime)
    SELECT :id, :hash, u.key, o.key, :role, :scopes, :created_at, :expires_at,
           :expires_at - :created_at
    FROM (SELECT 1)
    LEFT JOIN user u ON u.id = :user_id
    LEFT JOIN organization o ON o.id = :organization_id
    WHERE u.key IS NOT NULL OR o.key IS NOT NULL";

pub(super) fn find(connection: &Connection, hash: &TokenHash) -> Result<Option<Token>, StoreError> {
    connection
        .prepare_cached(&format!("{FIND} WHERE t.hash = ?1"))?
        .query_row((hash.as_bytes(),), |row| Ok(decode(row)))
        .optional()?
        .transpose()
}

pub(super) fn find_by_id(
    connection: &Connection,
    id: TokenId,
) -> Result<Option<Token>, StoreError> {
    connection
        .prepare_cached(&format!("{FIND} WHERE t.id = ?1"))?
        .query_row((id.uuid().as_bytes(),), |row| Ok(decode(row)))
        .optional()?
        .transpose()
}

pub(super) fn list(connection: &Connection) -> Result<Vec<Token>, StoreError> {
    connection
        .prepare_cached(&format!("{FIND} ORDER BY t.created_at, t.key"))?
        .query_map((), |row| Ok(decode(row)))?
        .collect::<Result<Result<_, _>, _>>()?
}

pub(super) fn create(
    connection: &Connection,
    NewToken { hash, token }: &NewToken,
) -> Result<(), StoreError> {
    let (user, organization, role) = match token.holder {
        Holder::User(user) => (Some(user.uuid()), None, None),
        Holder::Organization(organization, role) => {
            (None, Some(organization.uuid()), Some(role.name()))
        }
    };
    let created = connection.prepare_cached(CREATE)?.execute(named_params! {
        ":id": token.id.uuid().as_bytes(),
        ":hash": hash.as_bytes(),
        ":user_id": user.as_ref().map(uuid::Uuid::as_bytes),
        ":organization_id": organization.as_ref().map(uuid::Uuid::as_bytes),
        ":role": role,
        ":scopes": token.scopes.map(ActionSet::bits),
        ":created_at": token.created_at.millis(),
        ":expires_at": token.validity.expires_at.map(Timestamp::millis),
    })?;
    if created == 1 { Ok(()) } else { Err(StoreError::NoSuchHolder) }
}

pub(super) fn revoke(
    connection: &Connection,
    id: TokenId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let revoked = connection
        .prepare_cached(
            "UPDATE api_token SET revoked_at = coalesce(revoked_at, :at) WHERE id = :id",
        )?
        .execute(named_params! { ":id": id.uuid().as_bytes(), ":at": at.millis() })?;
    Ok(revoked == 1)
}

/// Reads the columns that [`FIND`] names, which the read of a customer names too.
pub(super) fn decode(row: &Row<'_>) -> Result<Token, StoreError> {
    decode_columns(&Columns::of(row))
}

pub(super) fn decode_columns(row: &Columns<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.id("token_id")?,
        holder: holder(row)?,
        scopes: row.get::<Option<u32>>("scopes")?.map(ActionSet::from_bits),
        created_at: row.moment("token_created_at")?,
        validity: Validity {
            expires_at: row.optional_moment("expires_at")?,
            revoked_at: row.optional_moment("revoked_at")?,
        },
    })
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
