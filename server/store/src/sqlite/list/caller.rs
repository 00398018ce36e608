//! Reading who asks for a list, in one statement.

use customers_types::token::TokenHash;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    error::StoreError,
    list::caller::{Caller, Rule, StoredRule},
    sqlite::{
        decode::{Columns, role},
        token,
    },
};

/// `?1` is the hash of the token.
const FIND: &str = "
    SELECT
        t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
        t.expires_at, t.revoked_at, tu.id AS holder_user_id, tor.id AS holder_organization_id,
        (SELECT own.key FROM customer own WHERE own.user_key = t.user_key) AS profile,
        (SELECT json_group_array(m.role) FROM platform_membership m
         WHERE m.user_key = t.user_key) AS platform_roles,
        (SELECT json_group_array(json_array(held.organization_key, held.role))
         FROM (
             SELECT m.organization_key, m.role FROM membership m WHERE m.user_key = t.user_key
             UNION ALL
             SELECT t.organization_key, t.role WHERE t.organization_key IS NOT NULL
         ) held) AS organization_roles,
        (SELECT json_group_array(json_array(r.actions, r.packs, r.valid_from,
             r.customer_key, r.organization_key))
         FROM direct_grant r WHERE r.user_key = t.user_key) AS grants,
        (SELECT json_group_array(json_array(r.actions, r.packs, r.valid_from,
             r.customer_key, r.organization_key))
         FROM direct_deny r WHERE r.user_key = t.user_key) AS denies
    FROM api_token t
    LEFT JOIN user tu ON tu.key = t.user_key
    LEFT JOIN organization tor ON tor.key = t.organization_key
    WHERE t.hash = ?1";

/// The holder of the token; `None` if there is no such token.
pub(super) fn find(
    connection: &Connection,
    hash: &TokenHash,
) -> Result<Option<Caller>, StoreError> {
    connection
        .prepare_cached(FIND)?
        .query_row((hash.as_bytes(),), |row| Ok(decode(row)))
        .optional()?
        .transpose()
}

fn decode(row: &Row<'_>) -> Result<Caller, StoreError> {
    let token = token::decode(row)?;
    let row = Columns::of(row);
    let platform_roles = row.rows::<String>("platform_roles")?;
    let organization_roles = row.rows::<(i64, String)>("organization_roles")?;
    Ok(Caller {
        token,
        profile: row.get("profile")?,
        platform_roles: platform_roles.iter().map(|name| role(name)).collect::<Result<_, _>>()?,
        organization_roles: organization_roles
            .iter()
            .map(|(organization, name)| Ok((*organization, role(name)?)))
            .collect::<Result<_, StoreError>>()?,
        grants: rules(&row, "grants")?,
        denies: rules(&row, "denies")?,
    })
}

fn rules(row: &Columns<'_>, column: &'static str) -> Result<Vec<Rule>, StoreError> {
    Ok(row.rows::<StoredRule>(column)?.into_iter().map(Rule::from).collect())
}
