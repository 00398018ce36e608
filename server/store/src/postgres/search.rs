//! What searches compare: folded texts and their trigrams, kept beside the users.

use customers_types::id::PublicId;
use deadpool_postgres::GenericClient;
use itertools::Itertools;

use crate::{customer::User, error::StoreError, search::fold};

/// A character of Unicode has 21 bits, so that three have room in a positive number of 64. Numbers
/// are compared, and indexed, several times faster than texts.
const BITS: u32 = 21;

/// The trigrams of a text: every three characters in a row, as one number.
pub(super) fn trigrams(text: &str) -> Vec<i64> {
    let numbers = text.chars().map(|character| i64::from(u32::from(character)));
    let packed = |(a, b, c)| (a << (2 * BITS)) | (b << BITS) | c;
    numbers.tuple_windows().map(packed).collect()
}

/// The same, as an expression on a text that only the database has.
pub(super) fn trigrams_in_sql(text: &str) -> String {
    let character = |behind| format!("ascii(substr({text}, i + {behind}, 1))::bigint");
    format!(
        "ARRAY(SELECT ({} << {}) | ({} << {BITS}) | {} FROM generate_series(1, length({text}) - 2) i)",
        character(0),
        2 * BITS,
        character(1),
        character(2),
    )
}

/// The folded names as one text, as SQL has it by `concat_ws`.
pub(super) fn full_name(first: Option<&str>, last: Option<&str>) -> String {
    [first, last].into_iter().flatten().join(" ")
}

/// Keeps a user's new name.
pub(super) async fn rename(client: &impl GenericClient, user: &User) -> Result<(), StoreError> {
    let first = user.first_name.as_deref().map(fold);
    let last = user.last_name.as_deref().map(fold);
    let trigrams = trigrams(&full_name(first.as_deref(), last.as_deref()));
    let sql = r#"UPDATE search SET first_name = $2, last_name = $3, name_trigrams = $4
                 WHERE user_key = (SELECT key FROM "user" WHERE id = $1)"#;
    let statement = client.prepare_cached(sql).await?;
    client.execute(&statement, &[&user.id.uuid(), &first, &last, &trigrams]).await?;
    Ok(())
}
