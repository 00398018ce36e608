//! What follows from the tables: who reaches whom, and what searches compare.

use deadpool_postgres::Transaction;

use super::bulk::Bulk;
use crate::{error::StoreError, import::table::Table, postgres::search::trigrams_in_sql};

/// The customers whose checkouts go, or go elsewhere: as long as it shows whose they were.
const OF_CHECKOUTS: &str = "
    INSERT INTO touched (customer_key)
    SELECT t.customer_key FROM staged_checkout s JOIN checkout t ON t.id = s.id
    LEFT JOIN customer c ON c.id = s.customer_key LEFT JOIN product p ON p.id = s.product_key
    WHERE s.removed OR c.key IS DISTINCT FROM t.customer_key OR p.key IS DISTINCT FROM t.product_key";

/// The customers who have checked out products that go to another organization.
const OF_PRODUCTS: &str = "
    INSERT INTO touched (customer_key)
    SELECT k.customer_key FROM staged_product s JOIN product t ON t.id = s.id
    LEFT JOIN organization o ON o.id = s.organization_key
    JOIN checkout k ON k.product_key = t.key
    WHERE NOT s.removed AND o.key IS DISTINCT FROM t.organization_key";

const REACHED_BY_CHECKOUTS: &str = "
    INSERT INTO reach (customer_key, organization_key, created_at)
    SELECT DISTINCT c.key, p.organization_key, c.created_at
    FROM staged_checkout s JOIN checkout k ON k.id = s.id
    JOIN product p ON p.key = k.product_key JOIN customer c ON c.key = k.customer_key
    WHERE NOT s.removed
    ON CONFLICT DO NOTHING";

/// The same for all checkouts that there are.
const REACHED_AT_FIRST: &str = "
    INSERT INTO reach (customer_key, organization_key, created_at)
    SELECT DISTINCT c.key, p.organization_key, c.created_at
    FROM checkout k JOIN product p ON p.key = k.product_key JOIN customer c ON c.key = k.customer_key";

const REACHED_AGAIN: &str = "
    INSERT INTO reach (customer_key, organization_key, created_at)
    SELECT DISTINCT c.key, p.organization_key, c.created_at
    FROM touched x JOIN checkout k ON k.customer_key = x.customer_key
    JOIN product p ON p.key = k.product_key JOIN customer c ON c.key = k.customer_key
    ON CONFLICT DO NOTHING";

const REACHED_NO_LONGER: &str = "
    DELETE FROM reach r
    WHERE r.customer_key IN (SELECT x.customer_key FROM touched x)
      AND NOT EXISTS (
          SELECT 1 FROM checkout k JOIN product p ON p.key = k.product_key
          WHERE k.customer_key = r.customer_key AND p.organization_key = r.organization_key)";

const REACHED_AT_ANOTHER_PLACE: &str = "
    UPDATE reach r SET created_at = c.created_at
    FROM staged_customer s JOIN customer c ON c.id = s.id
    WHERE NOT s.removed AND r.customer_key = c.key AND r.created_at <> c.created_at";

/// Before the merge: notes what will no longer show after it.
pub(super) async fn begin(
    transaction: &Transaction<'_>,
    staged: &[&Table],
) -> Result<(), StoreError> {
    for (name, sql) in [("checkout", OF_CHECKOUTS), ("product", OF_PRODUCTS)] {
        if has(staged, name) {
            execute(transaction, sql).await?;
        }
    }
    Ok(())
}

/// After the merge.
pub(super) async fn end(
    transaction: &Transaction<'_>,
    staged: &[&Table],
    bulk: &Bulk,
) -> Result<(), StoreError> {
    if bulk.is_first() {
        execute(transaction, REACHED_AT_FIRST).await?;
    } else {
        reach(transaction, staged).await?;
    }
    if has(staged, "user") {
        execute(transaction, &searched()).await?;
    }
    Ok(())
}

async fn reach(transaction: &Transaction<'_>, staged: &[&Table]) -> Result<(), StoreError> {
    if has(staged, "checkout") {
        execute(transaction, REACHED_BY_CHECKOUTS).await?;
    }
    if has(staged, "checkout") || has(staged, "product") {
        execute(transaction, REACHED_NO_LONGER).await?;
        execute(transaction, REACHED_AGAIN).await?;
    }
    if has(staged, "customer") {
        execute(transaction, REACHED_AT_ANOTHER_PLACE).await?;
    }
    Ok(())
}

fn has(staged: &[&Table], name: &str) -> bool {
    staged.iter().any(|table| table.name == name)
}

async fn execute(transaction: &Transaction<'_>, sql: &str) -> Result<(), StoreError> {
    let statement = transaction.prepare_cached(sql).await?;
    transaction.execute(&statement, &[]).await.map(drop).map_err(StoreError::from)
}

/// The texts of new users and of those who are called otherwise now.
fn searched() -> String {
    // The bits are those of the columns of users: 2 the first name, 3 the last.
    let texts = r#"
        SELECT u.key, s.folded_email AS email,
            CASE WHEN (s.given >> 2) & 1 = 1 THEN s.folded_first_name ELSE o.first_name END
                AS first_name,
            CASE WHEN (s.given >> 3) & 1 = 1 THEN s.folded_last_name ELSE o.last_name END
                AS last_name,
            s.email_trigrams, s.name_trigrams,
            o.user_key IS NULL OR (s.given & 12) = 12 AS has_all_of_the_name,
            o.user_key IS NULL AS is_new, o.email AS old_email, o.first_name AS old_first_name,
            o.last_name AS old_last_name
        FROM staged_user s JOIN "user" u ON u.id = s.id LEFT JOIN search o ON o.user_key = u.key
        WHERE NOT s.removed"#;
    format!(
        "INSERT INTO search
             (user_key, email, first_name, last_name, email_trigrams, name_trigrams)
         SELECT n.key, n.email, n.first_name, n.last_name, n.email_trigrams,
             CASE WHEN n.has_all_of_the_name THEN n.name_trigrams ELSE {of_name} END
         FROM ({texts}) n
         WHERE n.is_new OR n.email <> n.old_email
            OR n.first_name IS DISTINCT FROM n.old_first_name
            OR n.last_name IS DISTINCT FROM n.old_last_name
         ON CONFLICT (user_key) DO UPDATE SET
             email = excluded.email, first_name = excluded.first_name,
             last_name = excluded.last_name, email_trigrams = excluded.email_trigrams,
             name_trigrams = excluded.name_trigrams",
        of_name = trigrams_in_sql("concat_ws(' ', n.first_name, n.last_name)"),
    )
}
