//! From requests to operations, and back.

mod bearer;
mod body;
mod guard;
mod operation;
mod rate_limit;
mod wire;

use customers_api::{
    CustomersApi,
    access::CustomerAccess,
    answer::Answer,
    customer::{
        CustomerAnswer, CustomerExpansion, CustomerPath, CustomerQuery, CustomerUpdate,
        CustomerUpdateHeaders,
        list::{CustomerListQuery, CustomerPage},
    },
    directory::{DirectoryRecords, DirectorySummary},
    error::Error,
    health::Health,
    permission::{MyPermissions, Permissions},
    request::{HeaderInput, JsonInput, PathInput, QueryInput},
    token::{
        IssuedToken, Lifetime, NewToken, TokenPath, TokenRotation,
        list::{TokenListQuery, TokenPage},
    },
};
use dropshot::{Body, HttpResponseCreated, HttpResponseDeleted, HttpResponseOk, RequestContext};
use http::Response;

pub(crate) use self::rate_limit::RateLimits;
pub use self::{
    body::BodyFault,
    guard::RouteGuard,
    operation::{operation, operation_with_body, public_operation},
    rate_limit::{Limits, Policy, Standing},
};
use crate::{app, context::ServerContext};

/// The operations of the contract, as this server does them. It carries no value: Dropshot only
/// wants its name.
pub enum Operations {}

impl CustomersApi for Operations {
    type Context = ServerContext;

    async fn list_customers(
        rqctx: RequestContext<ServerContext>,
        query: QueryInput<CustomerListQuery>,
    ) -> Result<Answer<HttpResponseOk<CustomerPage>>, Error> {
        let cursors = &rqctx.context().cursors;
        let input = query.into_result().and_then(|query| wire::list::request(cursors, query));
        operation(&rqctx, input, |context, request| async move {
            let page = app::customer::list(&context, request.listing()).await?;
            Ok(request.answer(cursors, page))
        })
        .await
    }

    async fn get_customer(
        rqctx: RequestContext<ServerContext>,
        path: PathInput<CustomerPath>,
        query: QueryInput<CustomerQuery>,
    ) -> Result<Answer<CustomerAnswer>, Error> {
        let input = path.into_result().and_then(|path| Ok((path, query.into_result()?)));
        operation(&rqctx, input, |context, (path, query)| async move {
            let customer = app::customer::get(&context, path.id).await?;
            let expand_user = query.expand == Some(CustomerExpansion::User);
            Ok(wire::customer::answer(customer, expand_user))
        })
        .await
    }

    async fn update_customer(
        rqctx: RequestContext<ServerContext>,
        path: PathInput<CustomerPath>,
        query: QueryInput<CustomerQuery>,
        headers: HeaderInput<CustomerUpdateHeaders>,
        body: JsonInput<CustomerUpdate>,
    ) -> Result<Answer<CustomerAnswer>, Error> {
        let input = path
            .into_result()
            .and_then(|path| Ok((path, query.into_result()?, headers.into_result()?)));
        operation_with_body(
            &rqctx,
            input,
            body,
            |context, (path, query, headers), update| async move {
                let if_match = wire::customer::versions(headers.if_match);
                let customer = app::customer::update(&context, path.id, update, if_match).await?;
                let expand_user = query.expand == Some(CustomerExpansion::User);
                Ok(wire::customer::answer(customer, expand_user))
            },
        )
        .await
    }

    async fn explain_access(
        rqctx: RequestContext<ServerContext>,
        path: PathInput<CustomerPath>,
    ) -> Result<Answer<HttpResponseOk<CustomerAccess>>, Error> {
        operation(&rqctx, path.into_result(), |context, path| async move {
            let evidence = app::access::explain(&context, path.id).await?;
            Ok(wire::access::explanation(path.id, evidence))
        })
        .await
    }

    async fn apply_directory_records(
        rqctx: RequestContext<ServerContext>,
        body: JsonInput<DirectoryRecords>,
    ) -> Result<Answer<HttpResponseOk<DirectorySummary>>, Error> {
        operation_with_body(&rqctx, Ok(()), body, |context, (), body| async move {
            app::directory::apply(&context, body.records).await.map(wire::directory::summary)
        })
        .await
    }

    async fn list_permissions(
        rqctx: RequestContext<ServerContext>,
    ) -> Result<Answer<HttpResponseOk<Permissions>>, Error> {
        operation(&rqctx, Ok(()), |context, ()| async move {
            app::permission::list(&context).await.map(|()| wire::permission::all())
        })
        .await
    }

    async fn get_my_permissions(
        rqctx: RequestContext<ServerContext>,
    ) -> Result<Answer<HttpResponseOk<MyPermissions>>, Error> {
        operation(&rqctx, Ok(()), |context, ()| async move {
            app::permission::mine(&context).await.map(wire::permission::mine)
        })
        .await
    }

    async fn list_tokens(
        rqctx: RequestContext<ServerContext>,
        query: QueryInput<TokenListQuery>,
    ) -> Result<Answer<HttpResponseOk<TokenPage>>, Error> {
        let cursors = &rqctx.context().cursors;
        let input =
            query.into_result().and_then(|query| wire::token::list::request(cursors, query));
        operation(&rqctx, input, |context, listing| async move {
            let page = app::token::list(&context, &listing).await?;
            Ok(wire::token::list::answer(cursors, listing.organization, page))
        })
        .await
    }

    async fn create_token(
        rqctx: RequestContext<ServerContext>,
        body: JsonInput<NewToken>,
    ) -> Result<Answer<HttpResponseCreated<IssuedToken>>, Error> {
        operation_with_body(&rqctx, Ok(()), body, |context, (), new| async move {
            let NewToken { organization_id, role, scopes, lifetime_seconds } = new;
            let lifetime = lifetime_seconds.map(Lifetime::duration);
            app::token::create(&context, organization_id, role.into(), scopes, lifetime)
                .await
                .map(wire::token::issued)
        })
        .await
    }

    async fn revoke_token(
        rqctx: RequestContext<ServerContext>,
        path: PathInput<TokenPath>,
    ) -> Result<Answer<HttpResponseDeleted>, Error> {
        operation(&rqctx, path.into_result(), |context, path| async move {
            app::token::revoke(&context, path.id).await.map(|()| HttpResponseDeleted())
        })
        .await
    }

    async fn rotate_token(
        rqctx: RequestContext<ServerContext>,
        path: PathInput<TokenPath>,
        body: JsonInput<TokenRotation>,
    ) -> Result<Answer<HttpResponseCreated<IssuedToken>>, Error> {
        operation_with_body(
            &rqctx,
            path.into_result(),
            body,
            |context, path, rotation| async move {
                let TokenRotation { overlap_seconds, lifetime_seconds } = rotation;
                let lifetime = lifetime_seconds.map(Lifetime::duration);
                app::token::rotate(&context, path.id, overlap_seconds.duration(), lifetime)
                    .await
                    .map(wire::token::issued)
            },
        )
        .await
    }

    async fn get_health(
        rqctx: RequestContext<ServerContext>,
    ) -> Result<Answer<HttpResponseOk<Health>>, Error> {
        public_operation(&rqctx, async { Ok(wire::healthy()) }).await
    }

    async fn get_readiness(
        rqctx: RequestContext<ServerContext>,
    ) -> Result<Answer<HttpResponseOk<Health>>, Error> {
        public_operation(&rqctx, async {
            app::health::ready(rqctx.context()).await.map(|()| wire::healthy())
        })
        .await
    }

    async fn get_openapi(
        rqctx: RequestContext<ServerContext>,
    ) -> Result<Answer<Response<Body>>, Error> {
        let document = wire::document(&rqctx.context().document);
        public_operation(&rqctx, async { Ok(document) }).await
    }
}
