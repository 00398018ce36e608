//! The contract of the customers service: every operation on one page.
//!
//! [`CustomersApi`] is the source of the document; its doc comments, and those of the types it
//! names, are the API reference. There is no logic here, no I/O and no clock: `customers-server`
//! implements the trait. [`document`] makes the finished `openapi.json` of it.
//!
//! Where to look next: [`customer`] has the bodies, [`request`] and [`answer`] are what every
//! operation takes and gives, [`error`] is the one shape of all errors.

pub mod access;
pub mod answer;
pub mod customer;
pub mod directory;
pub mod document;
pub mod error;
pub mod etag;
pub mod health;
pub mod page;
pub mod permission;
pub mod request;
pub mod token;

use dropshot::{Body, HttpResponseCreated, HttpResponseDeleted, HttpResponseOk, RequestContext};
use http::Response;

use crate::{
    access::CustomerAccess,
    answer::Answer,
    customer::{
        CustomerAnswer, CustomerPath, CustomerQuery, CustomerUpdate, CustomerUpdateHeaders,
        list::{CustomerListQuery, CustomerPage},
    },
    directory::{DirectoryRecords, DirectorySummary},
    error::Error,
    health::Health,
    permission::{MyPermissions, Permissions},
    request::{HeaderInput, JsonInput, PathInput, QueryInput},
    token::{
        IssuedToken, NewToken, TokenPath, TokenRotation,
        list::{TokenListQuery, TokenPage},
    },
};

/// The operations of the service.
#[dropshot::api_description {
    tag_config = {
        tags = {
            "customers" = {
                description = "Customers: who they are, where they live, and where their credit \
                    check and the verification of their identity stand.",
            },
            "directory" = {
                description = "The directory: what the wider platform says about users, \
                    customers, organizations and their relations.",
            },
            "permissions" = {
                description = "Permissions: which there are, and which the caller has.",
            },
            "tokens" = {
                description = "Tokens of organizations: listed, made, rotated and revoked by those \
                    who administer them. Tokens that act for a user are not among them.",
            },
        },
        policy = dropshot::EndpointTagPolicy::ExactlyOne,
        allow_other_tags = false,
    },
}]
pub trait CustomersApi {
    /// What the implementation shares between requests.
    type Context;

    /// List customers
    ///
    /// Lists the customers whom the caller may read, page by page: exactly those that
    /// `get_customer` would answer with. The filters are combined: a customer has to meet all that
    /// are given.
    ///
    /// Requires the permission `CustomerRead` on any customer; who is not visible to the caller is
    /// left out. To get the next page, repeat the request with `page_token`. A page is never wrong
    /// because customers come or go meanwhile: none is shown twice, and none that stays is missed.
    #[endpoint {
        method = GET,
        path = "/v1/customers",
        tags = ["customers"],
    }]
    async fn list_customers(
        rqctx: RequestContext<Self::Context>,
        query: QueryInput<CustomerListQuery>,
    ) -> Result<Answer<HttpResponseOk<CustomerPage>>, Error>;

    /// Retrieve a customer
    ///
    /// Retrieves one customer, for display or editing, with the associated user.
    ///
    /// Requires the permission `CustomerRead` on the customer. The customer's own user has it.
    /// So have members of an organization whose role grants it, if the customer has a checkout
    /// of one of that organization's products; staff of the platform whose role grants it over
    /// all organizations; and users to whom it was granted directly. A deny wins over all of
    /// these, and the scopes of the token narrow them.
    ///
    /// To whoever may not see a customer it looks as if there were none: the answer is 404.
    #[endpoint {
        method = GET,
        path = "/v1/customers/{id}",
        tags = ["customers"],
    }]
    async fn get_customer(
        rqctx: RequestContext<Self::Context>,
        path: PathInput<CustomerPath>,
        query: QueryInput<CustomerQuery>,
    ) -> Result<Answer<CustomerAnswer>, Error>;

    /// Update a customer
    ///
    /// Changes the fields that the body names, of the customer and of the user behind it, and
    /// returns the customer as it is then. What the body leaves out stays as it is, so that two
    /// callers who change different fields don't undo each other's change. Repeating the request
    /// changes nothing more.
    ///
    /// Requires the permission `CustomerWrite` on the customer. The customer's own user has it;
    /// for others, the same holds as for reading. To whoever may not change a customer it looks
    /// as if there were none: the answer is 404.
    ///
    /// With the header `If-Match`, nothing is changed unless the customer still has the version
    /// that the caller has seen: the answer is 412.
    #[endpoint {
        method = PUT,
        path = "/v1/customers/{id}",
        tags = ["customers"],
    }]
    async fn update_customer(
        rqctx: RequestContext<Self::Context>,
        path: PathInput<CustomerPath>,
        query: QueryInput<CustomerQuery>,
        headers: HeaderInput<CustomerUpdateHeaders>,
        body: JsonInput<CustomerUpdate>,
    ) -> Result<Answer<CustomerAnswer>, Error>;

    /// Explain the caller's access to a customer
    ///
    /// Why the caller may read the customer, and change it if it may: the clause of the access
    /// rule that lets it, and the role, the organization and checkout, or the grant that fulfils
    /// the clause. Nothing is said of other organizations than that one.
    ///
    /// Requires the permission `CustomerRead` on the customer. To whoever may not see the
    /// customer it looks as if there were none: the answer is 404.
    #[endpoint {
        method = GET,
        path = "/v1/customers/{id}/access",
        tags = ["customers"],
    }]
    async fn explain_access(
        rqctx: RequestContext<Self::Context>,
        path: PathInput<CustomerPath>,
    ) -> Result<Answer<HttpResponseOk<CustomerAccess>>, Error>;

    /// Apply directory records
    ///
    /// Makes, changes and removes users, customers, organizations, memberships, products,
    /// checkouts, grants and denies: 1 to 1,000 records in a body of at most 2 MiB, all of them
    /// or none. The answer counts what became of them. Repeating the request changes nothing
    /// more.
    ///
    /// Each record is an upsert by its identifier, or by user and organization for a membership.
    /// A record of a user or a customer changes only the fields that it names, `null` clears one,
    /// and what is left out stays; other records replace what was there. The order of the records
    /// does not matter: what one refers to may come with a later one. So each object is named
    /// once at most.
    ///
    /// A record that is not as documented is answered with 400. One that can't be applied is
    /// answered with 409: it refers to what does not exist, removes what others refer to, names
    /// an object a second time, or gives a second customer to a user. In both cases `param`
    /// points at the record and the field, such as `/records/3/userId`, and nothing is changed.
    ///
    /// Requires the permission `DirectoryWrite` on the platform: the token acts for a user whose
    /// role there grants it and to whom it is denied nowhere, and its scopes don't leave it out.
    #[endpoint {
        method = POST,
        path = "/v1/directory/records",
        tags = ["directory"],
        request_body_max_bytes = directory::LARGEST_BODY,
    }]
    async fn apply_directory_records(
        rqctx: RequestContext<Self::Context>,
        body: JsonInput<DirectoryRecords>,
    ) -> Result<Answer<HttpResponseOk<DirectorySummary>>, Error>;

    /// List all permissions
    ///
    /// Every action, every pack (a named group of actions) and every role (a named group of
    /// packs). Any valid token will do.
    #[endpoint {
        method = GET,
        path = "/v1/auth/permissions",
        tags = ["permissions"],
    }]
    async fn list_permissions(
        rqctx: RequestContext<Self::Context>,
    ) -> Result<Answer<HttpResponseOk<Permissions>>, Error>;

    /// Retrieve the caller's permissions
    ///
    /// The caller's memberships with their roles, what was granted to it directly, and what is
    /// denied. Any valid token will do.
    #[endpoint {
        method = GET,
        path = "/v1/users/me/permissions",
        tags = ["permissions"],
    }]
    async fn get_my_permissions(
        rqctx: RequestContext<Self::Context>,
    ) -> Result<Answer<HttpResponseOk<MyPermissions>>, Error>;

    /// List tokens
    ///
    /// Lists the tokens of the organizations in which the caller may read tokens, page by page and
    /// the oldest first, without their secrets. Those that have expired or were revoked are among
    /// them; tokens that act for a user are not.
    ///
    /// Requires the permission `TokenRead` in any organization. To get the next page, repeat the
    /// request with `page_token`. A page is never wrong because tokens are made meanwhile: none is
    /// shown twice, and none that was there before is missed.
    #[endpoint {
        method = GET,
        path = "/v1/tokens",
        tags = ["tokens"],
    }]
    async fn list_tokens(
        rqctx: RequestContext<Self::Context>,
        query: QueryInput<TokenListQuery>,
    ) -> Result<Answer<HttpResponseOk<TokenPage>>, Error>;

    /// Create a token
    ///
    /// Makes a token that acts for an organization, in a role and narrowed by scopes. The answer
    /// is the only one that shows its secret.
    ///
    /// Requires the permission `TokenWrite` in the organization. A token never grants what its
    /// maker lacks: whatever the new one could do in the organization, the caller has to hold
    /// there too, on all of its customers. What is denied to the caller on one customer only, the
    /// caller can't hand out; nor what is granted to it on one customer only.
    ///
    /// This is not safe to repeat: each request makes another token. If no answer comes, look for
    /// the token in the list, revoke it, and make another.
    #[endpoint {
        method = POST,
        path = "/v1/tokens",
        tags = ["tokens"],
    }]
    async fn create_token(
        rqctx: RequestContext<Self::Context>,
        body: JsonInput<NewToken>,
    ) -> Result<Answer<HttpResponseCreated<IssuedToken>>, Error>;

    /// Revoke a token
    ///
    /// The token does not count any more, from the next request on. To revoke it again changes
    /// nothing. A token can revoke itself.
    ///
    /// Requires the permission `TokenWrite` in the token's organization. To whoever does not hold
    /// it there it looks as if there were no such token, and so do tokens that act for a user: the
    /// answer is 404.
    #[endpoint {
        method = DELETE,
        path = "/v1/tokens/{id}",
        tags = ["tokens"],
    }]
    async fn revoke_token(
        rqctx: RequestContext<Self::Context>,
        path: PathInput<TokenPath>,
    ) -> Result<Answer<HttpResponseDeleted>, Error>;

    /// Rotate a token
    ///
    /// Makes a new token for the same organization with the same role and scopes, and lets the old
    /// one count for a chosen time only. The answer is the only one that shows the new secret. A
    /// token that has expired or was revoked can't be rotated: the answer is 409.
    ///
    /// Requires the permission `TokenWrite` in the token's organization, and there all that the
    /// token can do, as to create one. To whoever does not hold `TokenWrite` there it looks as if
    /// there were no such token, and so do tokens that act for a user: the answer is 404.
    ///
    /// This is not safe to repeat: each request makes another token. If no answer comes, look for
    /// the new token in the list, revoke it, and rotate again; the old one still counts within the
    /// overlap.
    #[endpoint {
        method = POST,
        path = "/v1/tokens/{id}/rotate",
        tags = ["tokens"],
    }]
    async fn rotate_token(
        rqctx: RequestContext<Self::Context>,
        path: PathInput<TokenPath>,
        body: JsonInput<TokenRotation>,
    ) -> Result<Answer<HttpResponseCreated<IssuedToken>>, Error>;

    /// Whether the service runs
    ///
    /// For probes; needs no token.
    #[endpoint {
        method = GET,
        path = "/healthz",
        tags = ["customers"],
        unpublished = true,
    }]
    async fn get_health(
        rqctx: RequestContext<Self::Context>,
    ) -> Result<Answer<HttpResponseOk<Health>>, Error>;

    /// Whether the service can answer: its store does
    ///
    /// For probes; needs no token. While it can't, the answer is 503.
    #[endpoint {
        method = GET,
        path = "/readyz",
        tags = ["customers"],
        unpublished = true,
    }]
    async fn get_readiness(
        rqctx: RequestContext<Self::Context>,
    ) -> Result<Answer<HttpResponseOk<Health>>, Error>;

    /// Retrieve this document
    ///
    /// Needs no token.
    #[endpoint {
        method = GET,
        path = "/openapi.json",
        tags = ["customers"],
        unpublished = true,
    }]
    async fn get_openapi(
        rqctx: RequestContext<Self::Context>,
    ) -> Result<Answer<Response<Body>>, Error>;
}
