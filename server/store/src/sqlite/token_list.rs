//! Lists of the tokens of organizations, for those who administer them.
//!
//! A page costs the same wherever it is in the list: each organization of which the caller may see
//! tokens gives its next ones by an index, and these are merged.

use customers_types::{
    access::{Action, Reach},
    id::{OrganizationId, PublicId},
};
use rusqlite::{Connection, Params};

use super::{decode::Columns, principal, token};
use crate::{
    error::StoreError,
    list::Position,
    token::{OrganizationToken, TokenList, TokenListing, TokenPage},
};

macro_rules! token_columns {
    () => {
        "SELECT t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
                t.expires_at, t.revoked_at, NULL AS holder_user_id, o.id AS holder_organization_id,
                t.key "
    };
}

/// `?1` and `?2` are the position after which the page begins, `?3` is how many are wanted.
const OF_ALL: &str = concat!(
    token_columns!(),
    "FROM api_token t CROSS JOIN organization o ON o.key = t.organization_key
     WHERE t.organization_key IS NOT NULL AND (t.created_at, t.key) > (?1, ?2)
     ORDER BY t.created_at, t.key LIMIT ?3"
);

/// `?4` is the identifier of the organization.
const OF_ONE: &str = concat!(
    token_columns!(),
    "FROM organization o CROSS JOIN api_token t ON t.organization_key = o.key
     WHERE o.id = ?4 AND (t.created_at, t.key) > (?1, ?2)
     ORDER BY t.created_at, t.key LIMIT ?3"
);

pub(super) fn list(
    connection: &Connection,
    listing: &TokenListing,
) -> Result<Option<TokenList>, StoreError> {
    // All statements see one state of the store.
    let snapshot = connection.unchecked_transaction()?;
    let Some(principal) = principal::find(&snapshot, &listing.caller)? else { return Ok(None) };
    let reach = principal.standing().reach(Action::TokenRead, listing.now);
    let counts = principal.token.validity.lapse(listing.now).is_none();
    let page = if counts {
        page(&snapshot, scope(&reach, listing), listing)?
    } else {
        TokenPage::default()
    };
    Ok(Some(TokenList { caller: principal.token, held: !reach.is_nowhere(), page }))
}

/// The organizations whose tokens are on the list: those that are asked for and may be seen.
fn scope(reach: &Reach, listing: &TokenListing) -> Reach {
    match listing.organization {
        None => reach.clone(),
        Some(one) if reach.contains(one) => Reach::Organizations(vec![one]),
        Some(_) => Reach::Organizations(Vec::new()),
    }
}

fn page(
    connection: &Connection,
    scope: Reach,
    listing: &TokenListing,
) -> Result<TokenPage, StoreError> {
    // One more than the page has tells whether there is another page.
    let wanted = listing.limit.saturating_add(1);
    let mut tokens = match scope {
        Reach::Everywhere => of_all(connection, listing, wanted)?,
        Reach::Organizations(organizations) => {
            let mut tokens = Vec::new();
            for organization in organizations {
                tokens.extend(of_one(connection, organization, listing, wanted)?);
            }
            tokens.sort_unstable_by_key(|(position, _)| *position);
            tokens
        }
    };
    let more = tokens.len() > listing.limit;
    tokens.truncate(listing.limit);
    let next = tokens.last().filter(|_| more).map(|(position, _)| *position);
    Ok(TokenPage { items: tokens.into_iter().map(|(_, token)| token).collect(), next })
}

/// Tokens with their positions.
type Placed = Vec<(Position, OrganizationToken)>;

fn of_all(
    connection: &Connection,
    listing: &TokenListing,
    wanted: usize,
) -> Result<Placed, StoreError> {
    let Position { created_at, key } = listing.after.unwrap_or(Position::BEGINNING);
    read(connection, OF_ALL, (created_at, key, wanted))
}

fn of_one(
    connection: &Connection,
    organization: OrganizationId,
    listing: &TokenListing,
    wanted: usize,
) -> Result<Placed, StoreError> {
    let Position { created_at, key } = listing.after.unwrap_or(Position::BEGINNING);
    let organization = organization.uuid();
    read(connection, OF_ONE, (created_at, key, wanted, organization.as_bytes()))
}

fn read(connection: &Connection, sql: &str, parameters: impl Params) -> Result<Placed, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, |row| {
        let key = Columns::of(row).get("key");
        Ok(token::decode(row).and_then(|token| Ok((key?, token))))
    })?;
    let mut placed = Vec::new();
    for row in rows {
        let (key, token) = row??;
        let position = Position { created_at: token.created_at.millis(), key };
        let token = OrganizationToken::of(token).ok_or(StoreError::Corrupt("token"))?;
        placed.push((position, token));
    }
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tenancy, sqlite::connection::Connections};

    #[test]
    fn a_page_begins_where_the_last_one_ended_and_is_not_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("customers.db");
        let connections = Connections::open(&path, Tenancy::Sole).unwrap();
        let connection = connections.writer();
        let plan = |sql: &str, values: usize| -> Vec<String> {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nothing = rusqlite::params_from_iter((0..values).map(|_| 0));
            let steps = statement.query_map(nothing, |row| row.get("detail")).unwrap();
            steps.collect::<Result<_, _>>().unwrap()
        };
        let all = plan(OF_ALL, 3);
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(all[0].contains("api_token_in_order (created_at>?)"), "{all:?}");
        let one = plan(OF_ONE, 4);
        assert_eq!(one.len(), 2, "{one:?}");
        let index = "api_token_of_organization (organization_key=? AND created_at>?)";
        assert!(one[1].contains(index), "{one:?}");
    }
}
