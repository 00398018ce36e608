//! Reading a customer: token, decision inputs and customer in one statement.

use customers_types::{
    access::{ActionSet, DirectRule, Facts, OrganizationRole, PackSet},
    id::{CustomerPubId, PublicId},
    scalar::Timestamp,
    token::TokenHash,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    decode::{Columns, Names, role},
    token,
};
use crate::{
    customer::{Customer, CustomerAccess, User},
    error::StoreError,
};

/// The columns of a customer, in the order in which [`decode_customer`] reads them.
macro_rules! customer_columns {
    () => {
        "c.id AS customer_id,
         u.id AS user_id, u.email, u.first_name, u.last_name, u.updated_at AS user_updated_at,
         c.credit_status, c.identity_verification_status, c.address1,
         c.address2, c.city, c.state, c.zip, c.country, c.phone, c.credit_ip_address,
         c.credit_timestamp, c.stripe_id, c.stripe_sandbox_id, c.stripe_verification_session_id,
         c.created_at, c.updated_at "
    };
}

/// `?1` is the hash of the token, `?2` the identifier of the customer.
///
/// Where the customer does not exist, every comparison with it is null, which counts as no.
const ACCESS: &str = concat!(
    "
    SELECT
        t.id AS token_id, tu.id AS holder_user_id, tor.id AS holder_organization_id,
        t.role AS token_role, t.scopes, t.created_at AS token_created_at, t.expires_at,
        t.revoked_at,

        (SELECT json_group_array(json_array(held.organization_key, held.role, EXISTS (
             SELECT 1 FROM reach
             WHERE customer_key = c.key AND organization_key = held.organization_key)))
         FROM (
             SELECT m.organization_key, m.role FROM membership m WHERE m.user_key = t.user_key
             UNION ALL
             SELECT t.organization_key, t.role WHERE t.organization_key IS NOT NULL
         ) held) AS organization_roles,
        (SELECT json_group_array(json_array(r.key, r.actions, r.packs, r.valid_from,
             ifnull(r.customer_key = c.key, 0) OR EXISTS (
                 SELECT 1 FROM reach
                 WHERE customer_key = c.key AND organization_key = r.organization_key)))
         FROM direct_grant r WHERE r.user_key = t.user_key) AS grants,
        (SELECT json_group_array(json_array(r.key, r.actions, r.packs, r.valid_from,
             ifnull(r.customer_key = c.key, 0) OR EXISTS (
                 SELECT 1 FROM reach
                 WHERE customer_key = c.key AND organization_key = r.organization_key)))
         FROM direct_deny r WHERE r.user_key = t.user_key) AS denies,
        EXISTS (SELECT 1 FROM customer own WHERE own.user_key = t.user_key) AS has_profile,
        ifnull(c.user_key = t.user_key, 0) AS is_self,
        (SELECT json_group_array(m.role) FROM platform_membership m
         WHERE m.user_key = t.user_key) AS platform_roles,

        ",
    customer_columns!(),
    "
    FROM api_token t
    LEFT JOIN user tu ON tu.key = t.user_key
    LEFT JOIN organization tor ON tor.key = t.organization_key
    LEFT JOIN customer c ON c.id = ?2
    LEFT JOIN user u ON u.key = c.user_key
    WHERE t.hash = ?1"
);

/// `?1` is the key of the customer.
const BY_KEY: &str = concat!(
    "SELECT ",
    customer_columns!(),
    "FROM customer c JOIN user u ON u.key = c.user_key WHERE c.key = ?1"
);

/// Of what rows the facts were made, by their keys and in the order of the facts.
pub(super) struct Origins {
    /// The organizations of the roles.
    pub(super) organizations: Vec<i64>,
    /// The grants.
    pub(super) grants: Vec<i64>,
}

pub(super) fn access(
    connection: &Connection,
    token: &TokenHash,
    customer: CustomerPubId,
) -> Result<Option<CustomerAccess>, StoreError> {
    Ok(access_with_origins(connection, token, customer)?.map(|(access, _)| access))
}

pub(super) fn access_with_origins(
    connection: &Connection,
    token: &TokenHash,
    customer: CustomerPubId,
) -> Result<Option<(CustomerAccess, Origins)>, StoreError> {
    connection
        .prepare_cached(ACCESS)?
        .query_row((token.as_bytes(), customer.uuid().as_bytes()), |row| Ok(decode(row)))
        .optional()?
        .transpose()
}

/// The customer of this key, which is there.
pub(super) fn by_key(connection: &Connection, key: i64) -> Result<Customer, StoreError> {
    connection.prepare_cached(BY_KEY)?.query_row((key,), |row| {
        let columns = Columns::of(row);
        Ok(columns.id("customer_id").and_then(|id| decode_customer(&columns, id)))
    })?
}

fn decode(row: &Row<'_>) -> Result<(CustomerAccess, Origins), StoreError> {
    static NAMES: Names = Names::unknown();
    let columns = Columns::named(row, &NAMES);
    let token = token::decode_columns(&columns)?;
    let roles = columns.rows::<(i64, &str, u8)>("organization_roles")?;
    let (grants, granted) = rules(&columns, "grants")?;
    let (_, denied) = rules(&columns, "denies")?;
    let facts = Facts {
        scopes: token.scopes,
        has_profile: columns.get("has_profile")?,
        is_self: columns.get("is_self")?,
        platform_roles: columns
            .rows::<&str>("platform_roles")?
            .iter()
            .map(|name| role(name))
            .collect::<Result<_, _>>()?,
        organization_roles: roles
            .iter()
            .map(|(_, name, reaches)| {
                Ok(OrganizationRole { role: role(name)?, reaches_customer: *reaches != 0 })
            })
            .collect::<Result<_, StoreError>>()?,
        grants: granted,
        denies: denied,
    };
    let organizations = roles.iter().map(|(organization, ..)| *organization).collect();
    let customer = match columns.optional_id("customer_id")? {
        Some(id) => Some(decode_customer(&columns, id)?),
        None => None,
    };
    Ok((CustomerAccess { token, facts, customer }, Origins { organizations, grants }))
}

fn decode_customer(row: &Columns<'_>, id: CustomerPubId) -> Result<Customer, StoreError> {
    Ok(Customer {
        id,
        user: User {
            id: row.id("user_id")?,
            email: row.get("email")?,
            first_name: row.get("first_name")?,
            last_name: row.get("last_name")?,
            updated_at: row.moment("user_updated_at")?,
        },
        credit_status: row.parsed("credit_status")?,
        identity_verification_status: row.parsed("identity_verification_status")?,
        address1: row.get("address1")?,
        address2: row.get("address2")?,
        city: row.get("city")?,
        state: row.get("state")?,
        zip: row.get("zip")?,
        country: row.get("country")?,
        phone: row.get("phone")?,
        credit_ip_address: row.optional_parsed("credit_ip_address")?,
        credit_timestamp: row.optional_moment("credit_timestamp")?,
        stripe_id: row.get("stripe_id")?,
        stripe_sandbox_id: row.get("stripe_sandbox_id")?,
        stripe_verification_session_id: row.get("stripe_verification_session_id")?,
        created_at: row.moment("created_at")?,
        updated_at: row.moment("updated_at")?,
    })
}

/// Key, actions, packs, moment from which it counts, and whether it is about the customer.
type StoredRule = (i64, u32, u32, Option<i64>, u8);

/// The rules, and their keys in the same order.
fn rules(
    row: &Columns<'_>,
    column: &'static str,
) -> Result<(Vec<i64>, Vec<DirectRule>), StoreError> {
    let rules = row.rows::<StoredRule>(column)?.into_iter();
    let rule = |(key, actions, packs, valid_from, covers): StoredRule| {
        let actions = ActionSet::from_bits(actions).union(PackSet::from_bits(packs).actions());
        let valid_from = valid_from.map(Timestamp::from_millis);
        (key, DirectRule { actions, covers_customer: covers != 0, valid_from })
    };
    Ok(rules.map(rule).unzip())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tenancy, sqlite::connection::Connections};

    /// How SQLite goes about the statement, a step a line.
    fn plan(connection: &Connection) -> Vec<String> {
        let nothing: [u8; 0] = [];
        connection
            .prepare(&format!("EXPLAIN QUERY PLAN {ACCESS}"))
            .unwrap()
            .query_map((&nothing, &nothing), |row| row.get("detail"))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn no_table_is_read_from_end_to_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("customers.db");
        let connections = Connections::open(&path, Tenancy::Sole).unwrap();
        let plan = plan(&connections.writer());
        let searches = plan.iter().filter(|step| step.starts_with("SEARCH ")).count();
        assert!(searches > 10, "{plan:#?}");
        let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN ")).collect();
        // The roles held, which were just looked up, and the one row of an organization's token.
        assert_eq!(scans, ["SCAN CONSTANT ROW", "SCAN held"], "{plan:#?}");
    }
}
