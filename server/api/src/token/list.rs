//! Lists of tokens on the wire.

use customers_types::id::OrganizationId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Token;
use crate::page::PageLimit;

/// Which tokens, and how many.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenListQuery {
    /// Only tokens of this organization. Where the caller may not read that organization's
    /// tokens, the page is empty.
    #[schemars(with = "OrganizationId", default)]
    pub organization_id: Option<OrganizationId>,
    /// How many tokens the page has at most: 20 if it is not given.
    #[schemars(with = "PageLimit", default)]
    #[serde(rename = "limit")]
    pub limit: Option<PageLimit>,
    /// The `next_page` of the page before. The listing goes on with the organization that it began
    /// with; where it is given again, it has to be the same.
    #[schemars(with = "String", default)]
    #[serde(rename = "page_token")]
    pub page_token: Option<String>,
}

/// A page of tokens.
#[derive(Serialize, JsonSchema)]
pub struct TokenPage {
    /// The tokens, the oldest first.
    pub items: Vec<Token>,
    /// What to send as `page_token` to get the next page; left out on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub next_page: Option<String>,
}
