//! Tokens of organizations on the wire.

pub(in crate::http) mod list;

use customers_api::token::{IssuedToken, Token};
use customers_store::token::OrganizationToken;
use customers_types::access::Scopes;
use dropshot::HttpResponseCreated;

use crate::app::token::Issued;

/// The answer that shows a token with its secret.
pub(in crate::http) fn issued((token, secret): Issued) -> HttpResponseCreated<IssuedToken> {
    HttpResponseCreated(IssuedToken { token: body(token), secret })
}

fn body(token: OrganizationToken) -> Token {
    Token {
        id: token.id,
        organization_id: token.organization,
        role: token.role,
        scopes: token.scopes.and_then(Scopes::new),
        created_at: token.created_at,
        expires_at: token.validity.expires_at,
        revoked_at: token.validity.revoked_at,
    }
}
