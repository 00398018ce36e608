//! Reading the holder of a token, with memberships, grants and denies, in one statement.

use customers_types::{
    access::{ActionSet, PackSet, Role},
    id::{OrganizationId, PublicId},
    scalar::Timestamp,
    token::TokenHash,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    decode::{Columns, hex_id, role},
    token,
};
use crate::{
    error::StoreError,
    principal::{Principal, Rule},
    record::RuleTarget,
    token::Holder,
};

/// `?1` is the hash of the token. Lists are in the order in which they came.
const FIND: &str = "
    SELECT
        t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
        t.expires_at, t.revoked_at, tu.id AS holder_user_id, tor.id AS holder_organization_id,
        (SELECT json_group_array(m.role) FROM platform_membership m
         WHERE m.user_key = t.user_key) AS platform_roles,
        (SELECT json_group_array(json_array(m.role, hex(o.id)) ORDER BY o.id)
         FROM membership m JOIN organization o ON o.key = m.organization_key
         WHERE m.user_key = t.user_key) AS memberships,
        (SELECT json_group_array(json_array(hex(r.id), r.actions, r.packs, r.valid_from,
             hex(c.id), hex(o.id)) ORDER BY r.id)
         FROM direct_grant r
         LEFT JOIN customer c ON c.key = r.customer_key
         LEFT JOIN organization o ON o.key = r.organization_key
         WHERE r.user_key = t.user_key) AS grants,
        (SELECT json_group_array(json_array(hex(r.id), r.actions, r.packs, r.valid_from,
             hex(c.id), hex(o.id)) ORDER BY r.id)
         FROM direct_deny r
         LEFT JOIN customer c ON c.key = r.customer_key
         LEFT JOIN organization o ON o.key = r.organization_key
         WHERE r.user_key = t.user_key) AS denies
    FROM api_token t
    LEFT JOIN user tu ON tu.key = t.user_key
    LEFT JOIN organization tor ON tor.key = t.organization_key
    WHERE t.hash = ?1";

pub(super) fn find(
    connection: &Connection,
    hash: &TokenHash,
) -> Result<Option<Principal>, StoreError> {
    connection
        .prepare_cached(FIND)?
        .query_row((hash.as_bytes(),), |row| Ok(decode(row)))
        .optional()?
        .transpose()
}

fn decode(row: &Row<'_>) -> Result<Principal, StoreError> {
    let token = token::decode(row)?;
    let row = Columns::of(row);
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
        memberships.push((role(&name)?, Some(hex_id(&organization)?)));
    }
    if let Holder::Organization(organization, role) = holder {
        memberships.push((role, Some(organization)));
    }
    Ok(memberships)
}

/// Identifier, actions, packs, moment from which it counts, customer and organization; SQLite
/// writes the identifier of nothing as an empty text.
type StoredRule = (String, u32, u32, Option<i64>, String, String);

fn rules<I: PublicId>(
    row: &Columns<'_>,
    column: &'static str,
) -> Result<Vec<(I, Rule)>, StoreError> {
    let rule = |(id, actions, packs, valid_from, customer, organization): StoredRule| {
        let target = if customer.is_empty() {
            RuleTarget::Organization(hex_id(&organization)?)
        } else {
            RuleTarget::Customer(hex_id(&customer)?)
        };
        let rule = Rule {
            actions: ActionSet::from_bits(actions),
            packs: PackSet::from_bits(packs),
            target,
            valid_from: valid_from.map(Timestamp::from_millis),
        };
        Ok((hex_id(&id)?, rule))
    };
    row.rows(column)?.into_iter().map(rule).collect()
}
