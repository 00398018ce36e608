//! In which order, and from where, customers come to be considered for a page.

use std::collections::BTreeSet;

use customers_types::id::PublicId;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, ToSql};
use serde_json::json;

use super::search;
use crate::{
    error::StoreError,
    list::{CustomerListing, Order, Position, caller::Scope},
    search::fold,
};

/// A customer that comes next.
pub(super) struct Candidate {
    pub(super) position: Position,
    /// Whether it meets the filter.
    pub(super) matches: bool,
}

/// From where the candidates come.
enum Source {
    /// All customers who were created at the moment of the place after which the page begins. They
    /// are apart from the later ones because SQLite finds a place in an index by the key of its
    /// rows only among those that are otherwise the same.
    AllOfMoment,
    /// All customers who were created after it.
    AllBeyond,
    /// Those whom an organization reaches.
    Organization(i64),
    /// These, by key.
    Customers(Vec<i64>),
}

/// All that candidates come from, and what they have to meet.
pub(super) struct Candidates {
    sources: Vec<Source>,
    /// The organization that has to reach a candidate that was not found by it.
    organization: Option<i64>,
    user: Option<i64>,
    email: Option<String>,
    name: Option<String>,
    order: Order,
    after: Position,
}

/// How many customers may be near a caller for all of them to be gone through.
const MOST_NEAR: usize = 2_000;

/// How many organizations may be gone through side by side.
const MOST_ORGANIZATIONS: usize = 50;

/// The customers whom the caller may see at most, if they are few. To go through them takes the
/// same time whoever else there is: what others are called is nothing to this caller, not even by
/// the time of an answer.
fn near(connection: &Connection, scope: &Scope) -> Result<Option<Vec<i64>>, StoreError> {
    let Scope::Some { organizations, customers } = scope else { return Ok(None) };
    let reached: Vec<i64> = connection
        .prepare_cached(
            "SELECT r.customer_key FROM json_each(?1) o
             CROSS JOIN reach r ON r.organization_key = o.value LIMIT ?2",
        )?
        .query_map((json!(organizations).to_string(), MOST_NEAR + 1), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if reached.len() > MOST_NEAR || customers.len() > MOST_NEAR {
        return Ok(None);
    }
    let near: BTreeSet<i64> = reached.into_iter().chain(customers.iter().copied()).collect();
    Ok(Some(near.into_iter().collect()))
}

/// The customers whom an index finds for the filter, of those within the scope; `None` if it finds
/// too many, or there is nothing to look up.
fn found(
    connection: &Connection,
    scope: &Scope,
    user: Option<i64>,
    email: Option<&str>,
    name: Option<&str>,
) -> Result<Option<Vec<i64>>, StoreError> {
    let found = match user {
        Some(user) => Some(
            connection
                .prepare_cached("SELECT key FROM customer WHERE user_key = ?1")?
                .query_map((user,), |row| row.get(0))?
                .collect::<Result<Vec<i64>, _>>()?,
        ),
        None => search::find(connection, email, name)?,
    };
    match (found, scope) {
        (Some(found), Scope::Some { organizations, customers }) => {
            // Before anything is counted: a page must not end because of customers who are none of
            // the caller's business.
            let sql = "SELECT k.value FROM json_each(?1) k
                 WHERE EXISTS (SELECT 1 FROM reach r JOIN json_each(?2) o
                               ON o.value = r.organization_key WHERE r.customer_key = k.value)
                    OR k.value IN (SELECT value FROM json_each(?3))";
            let within = [json!(found), json!(organizations), json!(customers)];
            let within = within.map(|keys| keys.to_string());
            let mut statement = connection.prepare_cached(sql)?;
            let keys = statement.query_map(within, |row| row.get(0))?;
            Ok(Some(keys.collect::<Result<_, _>>()?))
        }
        (found, _) => Ok(found),
    }
}

/// Decides where to look; `None` if there can be nothing.
pub(super) fn plan(
    connection: &Connection,
    scope: Scope,
    listing: &CustomerListing,
) -> Result<Option<Candidates>, StoreError> {
    let filter = &listing.filter;
    let organization = match filter.organization {
        None => None,
        Some(id) => match key_of(connection, "SELECT key FROM organization WHERE id = ?1", id)? {
            Some(key) if scope.has(key) => Some(key),
            // Not there, or none of the caller's business.
            _ => return Ok(None),
        },
    };
    let email = filter.email.as_deref().map(fold);
    let name = filter.name.as_deref().map(fold);
    let user = match filter.user {
        None => None,
        // A key that nobody has, if there is no such user.
        Some(id) => {
            Some(key_of(connection, "SELECT key FROM user WHERE id = ?1", id)?.unwrap_or(0))
        }
    };
    let sources = match near(connection, &scope)? {
        Some(near) => vec![Source::Customers(near)],
        None => match (
            found(connection, &scope, user, email.as_deref(), name.as_deref())?,
            organization,
            scope,
        ) {
            (Some(found), ..) => vec![Source::Customers(found)],
            (None, Some(organization), _) => vec![Source::Organization(organization)],
            (None, None, Scope::Some { organizations, customers })
                if organizations.len() <= MOST_ORGANIZATIONS =>
            {
                let mut sources: Vec<_> =
                    organizations.into_iter().map(Source::Organization).collect();
                sources.push(Source::Customers(customers.into_iter().collect()));
                sources
            }
            (None, None, _) => vec![Source::AllOfMoment, Source::AllBeyond],
        },
    };
    let before_all = match listing.order {
        Order::OldestFirst => Position { created_at: i64::MIN, key: i64::MIN },
        Order::NewestFirst => Position { created_at: i64::MAX, key: i64::MAX },
    };
    Ok(Some(Candidates {
        sources,
        organization,
        user,
        email,
        name,
        order: listing.order,
        after: listing.after.unwrap_or(before_all),
    }))
}

fn key_of(
    connection: &Connection,
    sql: &str,
    id: impl PublicId,
) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row((id.uuid().as_bytes(),), |row| row.get(0)).optional()?)
}

impl Candidates {
    /// One statement for each source.
    pub(super) fn statements<'c>(
        &self,
        connection: &'c Connection,
    ) -> Result<Vec<CachedStatement<'c>>, StoreError> {
        let prepare = |source| Ok(connection.prepare_cached(&self.sql(source))?);
        self.sources.iter().map(prepare).collect()
    }

    /// The candidates of each source, one after the other as they are asked for.
    pub(super) fn streams<'s>(
        &self,
        statements: &'s mut [CachedStatement<'_>],
    ) -> Result<Vec<impl Iterator<Item = Result<Candidate, StoreError>> + use<'s>>, StoreError>
    {
        let mut streams = Vec::with_capacity(self.sources.len());
        for (source, statement) in self.sources.iter().zip(statements) {
            self.bind(source, statement)?;
            let candidates = statement.raw_query().mapped(candidate);
            streams.push(candidates.map(|candidate| candidate.map_err(StoreError::from)));
        }
        Ok(streams)
    }

    /// Gives a statement the values that it has a use for.
    fn bind(&self, source: &Source, statement: &mut CachedStatement<'_>) -> Result<(), StoreError> {
        let (keys, organization) = match source {
            Source::AllOfMoment | Source::AllBeyond => (None, None),
            Source::Organization(key) => (None, Some(*key)),
            Source::Customers(keys) => (Some(json!(keys).to_string()), self.organization),
        };
        let values: [(&str, &dyn ToSql); 7] = [
            (":keys", &keys),
            (":organization", &organization),
            (":user", &self.user),
            (":email", &self.email),
            (":name", &self.name),
            (":created_at", &self.after.created_at),
            (":key", &self.after.key),
        ];
        for (name, value) in values {
            if let Some(index) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(index, value)?;
            }
        }
        Ok(())
    }

    fn sql(&self, source: &Source) -> String {
        let (after, direction) = match self.order {
            Order::OldestFirst => (">", "ASC"),
            Order::NewestFirst => ("<", "DESC"),
        };
        let (from, created_at, key) = match source {
            Source::Organization(_) => ("reach r", "r.created_at", "r.customer_key"),
            Source::AllOfMoment | Source::AllBeyond => ("customer c", "c.created_at", "c.key"),
            Source::Customers(_) => (
                "json_each(:keys) k CROSS JOIN customer c ON c.key = k.value",
                "c.created_at",
                "c.key",
            ),
        };
        let range = match source {
            Source::AllOfMoment => format!("c.created_at = :created_at AND c.key {after} :key"),
            Source::AllBeyond => format!("c.created_at {after} :created_at"),
            Source::Organization(_) => format!(
                "r.organization_key = :organization
                 AND (r.created_at, r.customer_key) {after} (:created_at, :key)"
            ),
            Source::Customers(_) => format!("(c.created_at, c.key) {after} (:created_at, :key)"),
        };
        let mut conditions = Vec::new();
        if self.email.is_some() {
            conditions.push("instr(fold(u.email), :email) > 0");
        }
        if self.name.is_some() {
            conditions.push("instr(fold(concat_ws(' ', u.first_name, u.last_name)), :name) > 0");
        }
        if self.user.is_some() {
            conditions.push("of_user.user_key = :user");
        }
        let mut joins = String::new();
        if !conditions.is_empty() {
            // The other way round, every user would be read before the first candidate.
            joins = format!(
                "CROSS JOIN customer of_user ON of_user.key = {key}
                 CROSS JOIN user u ON u.key = of_user.user_key"
            );
        }
        if matches!(source, Source::Customers(_)) && self.organization.is_some() {
            conditions.push(
                "EXISTS (SELECT 1 FROM reach
                         WHERE customer_key = c.key AND organization_key = :organization)",
            );
        }
        let matches = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
        format!(
            "SELECT {created_at}, {key}, {matches} FROM {from} {joins}
             WHERE {range}
             ORDER BY {created_at} {direction}, {key} {direction}"
        )
    }
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let position = Position { created_at: row.get(0)?, key: row.get(1)? };
    Ok(Candidate { position, matches: row.get(2)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tenancy, sqlite::connection::Connections};

    /// How SQLite finds the place where a source begins.
    fn search(connection: &Connection, source: &Source, order: Order) -> String {
        let candidates = Candidates {
            sources: Vec::new(),
            organization: None,
            user: None,
            email: Some("a".to_owned()),
            name: None,
            order,
            after: Position { created_at: 0, key: 0 },
        };
        let explain = format!("EXPLAIN QUERY PLAN {}", candidates.sql(source));
        let mut statement = connection.prepare(&explain).unwrap();
        let plan: Vec<String> = statement
            .raw_query()
            .mapped(|row| row.get("detail"))
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
        plan[0].clone()
    }

    #[test]
    fn a_page_begins_at_its_place_in_an_index_and_goes_on_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("customers.db");
        let connections = Connections::open(&path, Tenancy::Sole).unwrap();
        let connection = connections.writer();
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let after = if order == Order::OldestFirst { ">" } else { "<" };
            for (source, place) in [
                (Source::AllOfMoment, format!("(created_at=? AND rowid{after}?)")),
                (Source::AllBeyond, format!("(created_at{after}?)")),
                (
                    Source::Organization(1),
                    format!("(organization_key=? AND (created_at,customer_key){after}(?,?))"),
                ),
            ] {
                let search = search(&connection, &source, order);
                assert!(search.starts_with("SEARCH ") && search.ends_with(&place), "{search}");
            }
        }
    }
}
