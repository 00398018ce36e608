//! Lists of customers: what is asked, and what comes back.

pub(crate) mod caller;

use customers_types::{
    access::Clause,
    id::{OrganizationId, UserId},
    scalar::Timestamp,
    token::TokenHash,
};

use crate::{customer::Customer, token::Token};

/// A page of the customers that the holder of a token may read.
pub struct CustomerListing {
    /// The hash of the token.
    pub token: TokenHash,
    /// Which customers.
    pub filter: CustomerFilter,
    /// In which order.
    pub order: Order,
    /// After which place; from the beginning, if `None`.
    pub after: Option<Position>,
    /// How many at most.
    pub limit: usize,
    /// When.
    pub now: Timestamp,
}

/// Which customers: those that meet all that is given.
///
/// There is no `Debug`: it holds parts of names and e-mail addresses.
#[derive(Clone, Default)]
pub struct CustomerFilter {
    /// Those whom this organization reaches. Where the caller may not read the customers of the
    /// organization there are none: who else has a customer is not the caller's business.
    pub organization: Option<OrganizationId>,
    /// That of this user.
    pub user: Option<UserId>,
    /// Those whose user's e-mail address has this part, in whatever case.
    pub email: Option<String>,
    /// Those whose user's first, last or full name has this part, in whatever case.
    pub name: Option<String>,
}

/// By when customers were created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The oldest first.
    OldestFirst,
    /// The newest first.
    NewestFirst,
}

/// A place in a list: that of one object, which need not be one that the caller may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When the object was created, in milliseconds.
    pub created_at: i64,
    /// Which of those that were created then.
    pub key: i64,
}

impl Position {
    /// Before every object.
    pub const BEGINNING: Self = Self { created_at: i64::MIN, key: i64::MIN };
}

/// What the holder of a token gets of a list.
pub struct CustomerList {
    /// The token. Where it does not count, the page is empty.
    pub token: Token,
    /// Whether the action is held on any customer at all. Where it is not, the page is empty.
    pub held: bool,
    /// The page.
    pub page: CustomerPage,
}

/// A page of a list.
#[derive(Default)]
pub struct CustomerPage {
    /// The customers, each with the clause that lets the caller read it.
    pub items: Vec<(Clause, Customer)>,
    /// After which place the next page begins; none, if there is no more. A search for what is
    /// rare among very many may bring a page that is not full, or empty, and yet not the last: no
    /// page looks at more than some thousand customers.
    pub next: Option<Position>,
}
