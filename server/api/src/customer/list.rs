//! Lists of customers on the wire.

use customers_types::{
    id::{OrganizationId, UserId},
    scalar::SearchText,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Customer, CustomerExpansion};
use crate::page::PageLimit;

/// Which customers, in which order, and how many.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerListQuery {
    /// Only customers who have a checkout of a product of this organization. Where the caller may
    /// not read that organization's customers, the page is empty.
    #[schemars(with = "OrganizationId", default)]
    pub organization_id: Option<OrganizationId>,
    /// Only the customer of this user account.
    #[schemars(with = "UserId", default)]
    pub user_id: Option<UserId>,
    /// Only customers whose user's e-mail address has this part, in upper or lower case.
    #[schemars(with = "SearchText", default)]
    pub email: Option<SearchText>,
    /// Only customers whose user's first, last or full name (first name, a space, last name) has
    /// this part, in upper or lower case.
    #[schemars(with = "SearchText", default)]
    pub name: Option<SearchText>,
    /// In which order: without it, the oldest first.
    #[schemars(with = "CustomerSort", default)]
    pub sort: Option<CustomerSort>,
    /// An associated object to put into each customer whole.
    #[schemars(with = "CustomerExpansion", default)]
    pub expand: Option<CustomerExpansion>,
    /// How many customers the page has at most: 20 if it is not given.
    #[schemars(with = "PageLimit", default)]
    #[serde(rename = "limit")]
    pub limit: Option<PageLimit>,
    /// The `next_page` of the page before. The listing goes on with the filters, the order and the
    /// expansion that it began with; where they are given again, they have to be the same.
    #[schemars(with = "String", default)]
    #[serde(rename = "page_token")]
    pub page_token: Option<String>,
}

/// An order of customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CustomerSort {
    /// By `createdAt`, the oldest first.
    #[default]
    #[serde(rename = "createdAt.asc")]
    CreatedAtAscending,
    /// By `createdAt`, the newest first.
    #[serde(rename = "createdAt.desc")]
    CreatedAtDescending,
}

/// A page of customers.
#[derive(Serialize, JsonSchema)]
pub struct CustomerPage {
    /// The customers. There may be fewer than `limit`, even none, on a page that is not the last.
    pub items: Vec<Customer>,
    /// What to send as `page_token` to get the next page; left out on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub next_page: Option<String>,
}
