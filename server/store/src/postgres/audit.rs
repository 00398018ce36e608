//! The audit trail.

use customers_types::id::{CustomerPubId, PublicId};
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{connection::Done, decode::Columns, token};
use crate::{
    audit::{AuditBatch, AuditEntry, AuditPage, AuditPosition, decode_fields, encode_fields},
    error::StoreError,
    token::Holder,
};

/// A column each, in the order in which the entries came.
const APPEND: &str = "
    INSERT INTO audit (at, user_id, organization_id, role, token_id, request_id, operation,
                       customer_id, clause, fields)
    SELECT e.at, e.user_id, e.organization_id, e.role, e.token_id, e.request_id, e.operation,
           e.customer_id, e.clause, e.fields
    FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[],
                $7::text[], $8::uuid[], $9::text[], $10::text[])
         WITH ORDINALITY
         AS e (at, user_id, organization_id, role, token_id, request_id, operation, customer_id,
               clause, fields, place)
    ORDER BY e.place";

/// `$1` is the writer, `$2` the number of its batch, which is noted unless it was before. While
/// nobody knows whether the batch is there, this waits until the database does.
const NOTE: &str = "
    INSERT INTO audit_writer (id, last_batch) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET last_batch = excluded.last_batch
    WHERE audit_writer.last_batch < excluded.last_batch";

/// `$1` is the customer, `$2` the place where it begins, `$3` how many are wanted.
const PAGE: &str = "
    SELECT key, at, user_id AS holder_user_id, organization_id AS holder_organization_id,
           role AS token_role, token_id, request_id, operation, clause, fields
    FROM audit WHERE customer_id = $1 AND key >= $2
    ORDER BY key
    LIMIT $3";

/// Writes the entries of a batch that is not there yet.
pub(super) async fn append_batch(
    client: &impl GenericClient,
    batch: &AuditBatch,
) -> Result<Done<()>, StoreError> {
    let statement = client.prepare_cached(NOTE).await?;
    let writer = Uuid::from_u128(batch.writer);
    if client.execute(&statement, &[&writer, &batch.number]).await? == 0 {
        return Ok(Done::Undo(()));
    }
    append(client, &batch.entries).await.map(Done::Keep)
}

/// Writes entries, all or none.
pub(super) async fn append(
    client: &impl GenericClient,
    entries: &[AuditEntry],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let holders = || entries.iter().map(|entry| entry.holder);
    let users: Vec<Option<Uuid>> = holders()
        .map(|holder| match holder {
            Holder::User(user) => Some(user.uuid()),
            Holder::Organization(..) => None,
        })
        .collect();
    let (organizations, roles): (Vec<Option<Uuid>>, Vec<Option<&str>>) = holders()
        .map(|holder| match holder {
            Holder::User(_) => (None, None),
            Holder::Organization(organization, role) => {
                (Some(organization.uuid()), Some(role.name()))
            }
        })
        .unzip();
    let statement = client.prepare_cached(APPEND).await?;
    client
        .execute(
            &statement,
            &[
                &column(entries, |entry| entry.at.millis()),
                &users,
                &organizations,
                &roles,
                &column(entries, |entry| entry.token.uuid()),
                &column(entries, |entry| entry.request_id.as_str()),
                &column(entries, |entry| entry.operation.as_str()),
                &column(entries, |entry| entry.customer.uuid()),
                &column(entries, |entry| entry.clause.name()),
                &column(entries, |entry| encode_fields(&entry.fields)),
            ],
        )
        .await?;
    Ok(())
}

fn column<'e, T>(entries: &'e [AuditEntry], value: impl Fn(&'e AuditEntry) -> T) -> Vec<T> {
    entries.iter().map(value).collect()
}

/// The entries about one customer behind a position, as they were appended.
pub(super) async fn page(
    client: &impl GenericClient,
    customer: CustomerPubId,
    after: Option<AuditPosition>,
    limit: usize,
) -> Result<AuditPage, StoreError> {
    let first = after.map_or(i64::MIN, |position| position.key + 1);
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = client.prepare_cached(PAGE).await?;
    let rows = client.query(&statement, &[&customer.uuid(), &first, &wanted]).await?;
    let is_full = rows.len() == limit;
    let next = match rows.last().filter(|_| is_full) {
        Some(row) => Some(AuditPosition { key: Columns(row).get("key")? }),
        None => None,
    };
    let entries = rows.iter().map(|row| decode(row, customer)).collect::<Result<_, _>>()?;
    Ok(AuditPage { entries, next })
}

fn decode(row: &Row, customer: CustomerPubId) -> Result<AuditEntry, StoreError> {
    let row = Columns(row);
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
