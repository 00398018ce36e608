//! Lists of tokens on the wire: from a query to what the store is asked, and back.

use customers_api::{
    request::InvalidInput,
    token::list::{TokenListQuery, TokenPage},
};
use customers_store::{list::Position, token as stored};
use customers_types::id::OrganizationId;
use dropshot::HttpResponseOk;
use serde::{Deserialize, Serialize};

use crate::{
    app::token::Listing,
    cursor::Cursors,
    http::wire::page::{no_cursor, other_list},
};

const OPERATION: &str = "list_tokens";

/// What is in a cursor: what the listing keeps, and the place after which the page begins.
#[derive(Serialize, Deserialize)]
struct Continuation {
    organization: Option<OrganizationId>,
    created_at: i64,
    key: i64,
}

/// Reads the query, and the cursor in it.
pub(in crate::http) fn request(
    cursors: &Cursors,
    query: TokenListQuery,
) -> Result<Listing, InvalidInput> {
    let limit = query.limit.unwrap_or_default().get();
    let given = query.organization_id;
    let Some(cursor) = query.page_token else {
        return Ok(Listing { organization: given, after: None, limit });
    };
    let opened = cursors.open(OPERATION, &cursor).map_err(|error| no_cursor(&error));
    let Continuation { organization, created_at, key } = opened?;
    if given.is_some() && given != organization {
        return Err(other_list("organizationId"));
    }
    Ok(Listing { organization, after: Some(Position { created_at, key }), limit })
}

/// The answer that shows a page of this listing.
pub(in crate::http) fn answer(
    cursors: &Cursors,
    organization: Option<OrganizationId>,
    page: stored::TokenPage,
) -> HttpResponseOk<TokenPage> {
    let next_page = page.next.and_then(|Position { created_at, key }| {
        cursors.seal(OPERATION, &Continuation { organization, created_at, key })
    });
    HttpResponseOk(TokenPage {
        items: page.items.into_iter().map(super::body).collect(),
        next_page,
    })
}
