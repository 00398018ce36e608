//! Lists of customers on the wire: from a query to what the store is asked, and back.

use customers_api::{
    customer::{
        CustomerExpansion,
        list::{CustomerListQuery, CustomerPage, CustomerSort},
    },
    request::InvalidInput,
};
use customers_store::list::{self as stored, CustomerFilter, Order, Position};
use customers_types::id::{OrganizationId, UserId};
use dropshot::HttpResponseOk;
use serde::{Deserialize, Serialize};

use super::{
    customer,
    page::{no_cursor, other_list},
};
use crate::{app::customer::Listing, cursor::Cursors};

const OPERATION: &str = "list_customers";

/// What a listing keeps from its first page to its last.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::http) struct Kept {
    organization: Option<OrganizationId>,
    user: Option<UserId>,
    email: Option<String>,
    name: Option<String>,
    newest_first: Option<bool>,
    expand_user: Option<bool>,
}

/// What is in a cursor: what is kept, and the place after which the page begins.
#[derive(Serialize, Deserialize)]
struct Continuation {
    kept: Kept,
    created_at: i64,
    key: i64,
}

/// A query that was read.
pub(in crate::http) struct Request {
    kept: Kept,
    after: Option<Position>,
    limit: usize,
}

/// Reads the query, and the cursor in it.
pub(in crate::http) fn request(
    cursors: &Cursors,
    query: CustomerListQuery,
) -> Result<Request, InvalidInput> {
    let limit = query.limit.unwrap_or_default().get();
    let given = Kept {
        organization: query.organization_id,
        user: query.user_id,
        email: query.email.as_deref().map(str::to_owned),
        name: query.name.as_deref().map(str::to_owned),
        newest_first: query.sort.map(|sort| sort == CustomerSort::CreatedAtDescending),
        expand_user: query.expand.map(|CustomerExpansion::User| true),
    };
    let Some(cursor) = query.page_token else {
        return Ok(Request { kept: given, after: None, limit });
    };
    let Continuation { kept, created_at, key } =
        cursors.open(OPERATION, &cursor).map_err(|error| no_cursor(&error))?;
    match difference(&given, &kept) {
        None => Ok(Request { kept, after: Some(Position { created_at, key }), limit }),
        Some(param) => Err(other_list(param)),
    }
}

/// The first parameter that is given and is not what the listing began with.
fn difference(given: &Kept, kept: &Kept) -> Option<&'static str> {
    fn differs<T: PartialEq>(given: Option<&T>, kept: Option<&T>) -> bool {
        given.is_some() && given != kept
    }
    [
        ("organizationId", differs(given.organization.as_ref(), kept.organization.as_ref())),
        ("userId", differs(given.user.as_ref(), kept.user.as_ref())),
        ("email", differs(given.email.as_ref(), kept.email.as_ref())),
        ("name", differs(given.name.as_ref(), kept.name.as_ref())),
        ("sort", given.newest_first.is_some_and(|newest| newest != kept.newest_first())),
        ("expand", differs(given.expand_user.as_ref(), kept.expand_user.as_ref())),
    ]
    .into_iter()
    .find_map(|(param, differs)| differs.then_some(param))
}

impl Kept {
    fn newest_first(&self) -> bool {
        self.newest_first.unwrap_or_default()
    }
}

impl Request {
    /// What the store is asked.
    pub(in crate::http) fn listing(&self) -> Listing {
        Listing {
            filter: CustomerFilter {
                organization: self.kept.organization,
                user: self.kept.user,
                email: self.kept.email.clone(),
                name: self.kept.name.clone(),
            },
            order: if self.kept.newest_first() { Order::NewestFirst } else { Order::OldestFirst },
            after: self.after,
            limit: self.limit,
        }
    }

    /// The answer that shows a page.
    pub(in crate::http) fn answer(
        self,
        cursors: &Cursors,
        page: stored::CustomerPage,
    ) -> HttpResponseOk<CustomerPage> {
        let expand_user = self.kept.expand_user.unwrap_or_default();
        let next_page = page.next.and_then(|Position { created_at, key }| {
            cursors.seal(OPERATION, &Continuation { kept: self.kept, created_at, key })
        });
        let items = page.items.into_iter();
        HttpResponseOk(CustomerPage {
            items: items.map(|(_, shown)| customer::body(shown, expand_user)).collect(),
            next_page,
        })
    }
}
