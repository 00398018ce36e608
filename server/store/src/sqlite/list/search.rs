//! Finding the customers whose names or e-mail addresses have a part, by the index of trigrams.

use std::collections::BTreeSet;

use itertools::Itertools;
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;

/// Up to how many customers the index is asked for. Where more may match, going through customers
/// in order soon finds a page of them.
const MOST_FOUND: u32 = 2_000;

/// How many of its trigrams a part is looked up by, of how many that are compared.
const MOST_COMBINED: usize = 4;
const MOST_COMPARED: usize = 24;

/// How many customers are looked at to see how rare a trigram is.
const SAMPLE: i64 = 500;

/// The keys of the customers who may have the given parts: all who do, and some who don't. `None`
/// if the index does not help: nothing is given, it is too short, or too many have it.
pub(super) fn find(
    connection: &Connection,
    email: Option<&str>,
    name: Option<&str>,
) -> Result<Option<Vec<i64>>, StoreError> {
    let mut fewest: Option<Vec<i64>> = None;
    for (index, part) in [("email_search", email), ("name_search", name)] {
        let Some(part) = part else { continue };
        let found = find_in(connection, index, part)?;
        let is_fewer =
            |found: &Vec<i64>| fewest.as_ref().is_none_or(|fewest| found.len() < fewest.len());
        if let Some(found) = found.filter(is_fewer) {
            fewest = Some(found);
        }
    }
    Ok(fewest)
}

fn find_in(
    connection: &Connection,
    index: &str,
    part: &str,
) -> Result<Option<Vec<i64>>, StoreError> {
    let rarest = rarest(connection, index, trigrams(part))?;
    if rarest.is_empty() {
        return Ok(None);
    }
    let all_of_them = rarest.iter().map(|trigram| quoted(trigram)).join(" AND ");
    let sql = format!("SELECT rowid FROM {index} WHERE {index} MATCH ?1 LIMIT ?2");
    let found: Vec<i64> = connection
        .prepare_cached(&sql)?
        .query_map((all_of_them, MOST_FOUND + 1), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let is_complete = u32::try_from(found.len()).is_ok_and(|count| count <= MOST_FOUND);
    Ok(is_complete.then_some(found))
}

/// The trigrams of a part; where it is long, those of its beginning.
fn trigrams(part: &str) -> BTreeSet<String> {
    let characters: Vec<_> = part.chars().collect();
    characters.windows(3).take(MOST_COMPARED).map(|three| three.iter().collect()).collect()
}

/// A few of the trigrams that the fewest customers have. To combine all would take long where the
/// part has some that nearly all customers have, such as those of `@example.com`.
fn rarest(
    connection: &Connection,
    index: &str,
    trigrams: BTreeSet<String>,
) -> Result<Vec<String>, StoreError> {
    // The further the sample reaches among the keys, the rarer the trigram is.
    let sql = format!("SELECT rowid FROM {index} WHERE {index} MATCH ?1 LIMIT 1 OFFSET ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut reach = Vec::new();
    for trigram in trigrams {
        let last = statement
            .query_row((quoted(&trigram), SAMPLE), |row| row.get(0))
            .optional()?
            .unwrap_or(i64::MAX);
        reach.push((last, trigram));
    }
    reach.sort_by_key(|(last, _)| std::cmp::Reverse(*last));
    Ok(reach.into_iter().take(MOST_COMBINED).map(|(_, trigram)| trigram).collect())
}

/// As a string in a query of FTS5: <https://sqlite.org/fts5.html#fts5_strings>.
fn quoted(trigram: &str) -> String {
    format!("\"{}\"", trigram.replace('"', "\"\""))
}
