//! Lists of the tokens of organizations, for those who administer them.
//!
//! A page costs the same wherever it is in the list: each organization of which the caller may see
//! tokens gives its next ones by an index, and these are merged by the database.

use customers_types::{
    access::{Action, Reach},
    id::PublicId,
};
use deadpool_postgres::GenericClient;
use uuid::Uuid;

use super::{decode::Columns, principal, token};
use crate::{
    error::StoreError,
    list::Position,
    token::{OrganizationToken, TokenList, TokenListing, TokenPage},
};

macro_rules! token_columns {
    () => {
        "SELECT t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
                t.expires_at, t.revoked_at, NULL::uuid AS holder_user_id,
                o.id AS holder_organization_id, t.key "
    };
}

/// `$1` and `$2` are the position after which the page begins, `$3` is how many are wanted.
const OF_ALL: &str = concat!(
    token_columns!(),
    "FROM api_token t JOIN organization o ON o.key = t.organization_key
     WHERE t.organization_key IS NOT NULL AND (t.created_at, t.key) > ($1, $2)
     ORDER BY t.created_at, t.key LIMIT $3"
);

/// `$4` are the identifiers of organizations.
const OF_SOME: &str = concat!(
    token_columns!(),
    "FROM organization o CROSS JOIN LATERAL (
         SELECT * FROM api_token t
         WHERE t.organization_key = o.key AND (t.created_at, t.key) > ($1, $2)
         ORDER BY t.created_at, t.key LIMIT $3
     ) t
     WHERE o.id = ANY ($4)
     ORDER BY t.created_at, t.key LIMIT $3"
);

/// All statements have to see one state of the store.
pub(super) async fn list(
    snapshot: &impl GenericClient,
    listing: &TokenListing,
) -> Result<Option<TokenList>, StoreError> {
    let Some(principal) = principal::find(snapshot, &listing.caller).await? else {
        return Ok(None);
    };
    let reach = principal.standing().reach(Action::TokenRead, listing.now);
    let counts = principal.token.validity.lapse(listing.now).is_none();
    let page = if counts {
        page(snapshot, scope(&reach, listing), listing).await?
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

async fn page(
    client: &impl GenericClient,
    scope: Reach,
    listing: &TokenListing,
) -> Result<TokenPage, StoreError> {
    // One more than the page has tells whether there is another page.
    let wanted = i64::try_from(listing.limit).unwrap_or(i64::MAX).saturating_add(1);
    let Position { created_at, key } = listing.after.unwrap_or(Position::BEGINNING);
    let rows = match scope {
        Reach::Everywhere => {
            let statement = client.prepare_cached(OF_ALL).await?;
            client.query(&statement, &[&created_at, &key, &wanted]).await?
        }
        Reach::Organizations(organizations) => {
            let organizations: Vec<Uuid> = organizations.into_iter().map(PublicId::uuid).collect();
            let statement = client.prepare_cached(OF_SOME).await?;
            client.query(&statement, &[&created_at, &key, &wanted, &organizations]).await?
        }
    };
    let more = rows.len() > listing.limit;
    let mut page = TokenPage::default();
    for row in rows.iter().take(listing.limit) {
        let token = token::decode(row)?;
        let (created_at, key) = (token.created_at.millis(), Columns(row).get("key")?);
        page.next = more.then_some(Position { created_at, key });
        page.items.push(OrganizationToken::of(token).ok_or(StoreError::Corrupt("token"))?);
    }
    Ok(page)
}
