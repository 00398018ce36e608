//! What searches compare: folded texts and their trigrams, kept beside the users.

use customers_types::id::PublicId;
use deadpool_postgres::GenericClient;

use crate::{customer::User, error::StoreError, search::fold};

/// The trigrams of a text, as an expression on one.
pub(super) fn trigrams(text: &str) -> String {
    format!(
        "ARRAY(SELECT DISTINCT substr({text}, i, 3) FROM generate_series(1, length({text}) - 2) i)"
    )
}

/// Keeps a user's new name.
pub(super) async fn rename(client: &impl GenericClient, user: &User) -> Result<(), StoreError> {
    let first = user.first_name.as_deref().map(fold);
    let last = user.last_name.as_deref().map(fold);
    let sql = format!(
        r#"UPDATE search SET first_name = $2::text, last_name = $3::text, name_trigrams = {}
           WHERE user_key = (SELECT key FROM "user" WHERE id = $1)"#,
        trigrams("concat_ws(' ', $2::text, $3::text)"),
    );
    let statement = client.prepare_cached(&sql).await?;
    client.execute(&statement, &[&user.id.uuid(), &first, &last]).await?;
    Ok(())
}
