//! The audit trail.

use customers_types::id::{CustomerPubId, PublicId};
use rusqlite::{Connection, Row, TransactionBehavior, named_params};

use super::{decode::Columns, token};
use crate::{
    audit::{AuditEntry, AuditPage, AuditPosition, decode_fields, encode_fields},
    error::StoreError,
    token::Holder,
};

const APPEND: &str = "
    INSERT INTO audit (at, user_id, organization_id, role, token_id, request_id, operation,
                       customer_id, clause, fields)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

/// Rows lie in blocks: those whose keys are the same but for this many bits.
const BLOCK_BITS: u32 = 16;

const INDEX: &str = "
    INSERT INTO audit_of_customer (block, customer_id, key)
    SELECT :block, customer_id, key FROM audit
    WHERE key BETWEEN :first AND :last
    ORDER BY customer_id, key";

const COLUMNS: &str = "
    SELECT a.key, a.at, a.user_id AS holder_user_id, a.organization_id AS holder_organization_id,
           a.role AS token_role, a.token_id, a.request_id, a.operation, a.clause, a.fields";

/// From a block that is indexed.
const FIND: &str = "
    FROM audit_of_customer i CROSS JOIN audit a ON a.key = i.key
    WHERE i.customer_id = ?1 AND i.key >= ?2 AND i.block = ?4
    ORDER BY i.key
    LIMIT ?3";

/// From the last block.
const SCAN: &str = "
    FROM audit a
    WHERE a.customer_id = ?1 AND a.key >= ?2
    ORDER BY a.key
    LIMIT ?3";

/// Writes entries in a transaction of their own.
pub(super) fn append_batch(
    connection: &mut Connection,
    entries: &[AuditEntry],
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    append(&transaction, entries)?;
    Ok(transaction.commit()?)
}

/// Writes entries in the transaction of the change that they are about.
pub(super) fn append(connection: &Connection, entries: &[AuditEntry]) -> Result<(), StoreError> {
    let full = last_block(connection)?;
    let mut statement = connection.prepare_cached(APPEND)?;
    for entry in entries {
        let (user, organization, role) = match entry.holder {
            Holder::User(user) => (Some(user.uuid()), None, None),
            Holder::Organization(organization, role) => {
                (None, Some(organization.uuid()), Some(role.name()))
            }
        };
        statement.execute((
            entry.at.millis(),
            user.as_ref().map(uuid::Uuid::as_bytes),
            organization.as_ref().map(uuid::Uuid::as_bytes),
            role,
            entry.token.uuid().as_bytes(),
            &entry.request_id,
            &entry.operation,
            entry.customer.uuid().as_bytes(),
            entry.clause.name(),
            encode_fields(&entry.fields),
        ))?;
    }
    for block in full..last_block(connection)? {
        connection.prepare_cached(INDEX)?.execute(named_params! {
            ":block": block,
            ":first": block << BLOCK_BITS,
            ":last": ((block + 1) << BLOCK_BITS) - 1,
        })?;
    }
    Ok(())
}

/// The block of the newest row.
fn last_block(connection: &Connection) -> Result<i64, StoreError> {
    let newest: Option<i64> =
        connection.prepare_cached("SELECT max(key) FROM audit")?.query_row((), |row| row.get(0))?;
    Ok(newest.unwrap_or(0) >> BLOCK_BITS)
}

/// The entries about one customer behind a position, as they were appended.
pub(super) fn page(
    connection: &Connection,
    customer: CustomerPubId,
    after: Option<AuditPosition>,
    limit: usize,
) -> Result<AuditPage, StoreError> {
    let first = after.map_or(0, |position| position.key + 1);
    let last = last_block(connection)?;
    let mut find = connection.prepare_cached(&format!("{COLUMNS}{FIND}"))?;
    let mut scan = connection.prepare_cached(&format!("{COLUMNS}{SCAN}"))?;
    let mut page = AuditPage { entries: Vec::new(), next: None };
    for block in (first >> BLOCK_BITS)..=last {
        let from = first.max(block << BLOCK_BITS);
        let room = limit - page.entries.len();
        // While this runs, the last block may come to be indexed; its rows stay where they are.
        let mut rows = if block < last {
            find.query((customer.uuid().as_bytes(), from, room, block))?
        } else {
            scan.query((customer.uuid().as_bytes(), from, room))?
        };
        while let Some(row) = rows.next()? {
            page.entries.push(decode(row, customer)?);
            if page.entries.len() == limit {
                page.next = Some(AuditPosition { key: Columns::of(row).get("key")? });
                return Ok(page);
            }
        }
    }
    Ok(page)
}

fn decode(row: &Row<'_>, customer: CustomerPubId) -> Result<AuditEntry, StoreError> {
    let row = Columns::of(row);
    Ok(AuditEntry {
        at: row.moment("at")?,
        holder: token::holder(&row)?,
        token: row.id("token_id")?,
        request_id: row.get("request_id")?,
        operation: row.get("operation")?,
        customer,
        clause: row.parsed("clause")?,
        fields: decode_fields(row.get("fields")?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tenancy, sqlite::connection::Connections};

    fn plan(connection: &Connection, statement: &str) -> Vec<String> {
        let mut explain =
            connection.prepare(&format!("EXPLAIN QUERY PLAN {COLUMNS}{statement}")).unwrap();
        explain.raw_query().mapped(|row| row.get("detail")).collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn the_rows_of_a_block_are_looked_up_and_only_the_last_block_is_read_through() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("customers.db");
        let connections = Connections::open(&path, Tenancy::Sole).unwrap();
        let connection = connections.writer();
        assert_eq!(
            plan(&connection, FIND),
            [
                "SEARCH i USING PRIMARY KEY (block=? AND customer_id=? AND key>?)",
                "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)"
            ]
        );
        assert_eq!(plan(&connection, SCAN), ["SEARCH a USING INTEGER PRIMARY KEY (rowid>?)"]);
    }
}
