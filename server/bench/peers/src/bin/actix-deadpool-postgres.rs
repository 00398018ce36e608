//! actix-web and deadpool-postgres in the usual way: a pool with its defaults, a query for the
//! token, one for the access, one for the customer, each prepared once a connection.

use actix_web::{
    App, HttpRequest, HttpServer, error, get,
    http::header::AUTHORIZATION,
    web::{Data, Json, Path},
};
use customers_bench_peers::{
    customer::{Customer, Row},
    postgres::{ACCESS, CUSTOMER, TOKEN},
    program,
    token::{self, Refusal, Token},
};
use customers_types::id::{CustomerPubId, PublicId};
use deadpool_postgres::{Client, Config, Pool, Runtime};
use tokio_postgres::NoTls;

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let config = Config { url: Some(program::store()?), ..Config::default() };
    let pool = config.create_pool(Some(Runtime::Tokio1), NoTls)?;
    let state = Data::new(pool);
    let server = HttpServer::new(move || App::new().app_data(state.clone()).service(get_customer));
    let server = server.bind("127.0.0.1:0")?;
    for address in server.addrs() {
        program::announce(address)?;
    }
    Ok(server.run().await?)
}

#[get("/v1/customers/{id}")]
async fn get_customer(
    pool: Data<Pool>,
    id: Path<String>,
    request: HttpRequest,
) -> actix_web::Result<Json<Customer>> {
    let now = program::now();
    let id: CustomerPubId = id.parse().map_err(|_| error::ErrorBadRequest(""))?;
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let hash = token::hash(header).ok_or_else(|| error::ErrorUnauthorized(""))?;
    let client = pool.get().await.map_err(failed)?;
    let found = find_token(&client, hash.as_bytes()).await.map_err(failed)?;
    let token = Token::check(found, now).map_err(|refusal| match refusal {
        Refusal::Unauthorized => error::ErrorUnauthorized(""),
        Refusal::Forbidden => error::ErrorForbidden(""),
    })?;
    if !is_allowed(&client, id, &token, now).await.map_err(failed)? {
        return Err(error::ErrorNotFound(""));
    }
    let customer = find_customer(&client, id).await.map_err(failed)?;
    customer.map(|row| Json(row.into())).ok_or_else(|| error::ErrorNotFound(""))
}

async fn find_token(client: &Client, hash: &[u8]) -> Result<Option<Token>, tokio_postgres::Error> {
    let statement = client.prepare_cached(TOKEN).await?;
    let Some(row) = client.query_opt(&statement, &[&hash]).await? else { return Ok(None) };
    Ok(Some(Token {
        user_key: row.try_get("user_key")?,
        organization_key: row.try_get("organization_key")?,
        role: row.try_get("role")?,
        expires_at: row.try_get("expires_at")?,
        revoked_at: row.try_get("revoked_at")?,
        scopes: row.try_get("scopes")?,
    }))
}

async fn is_allowed(
    client: &Client,
    customer: CustomerPubId,
    token: &Token,
    now: i64,
) -> Result<bool, tokio_postgres::Error> {
    let statement = client.prepare_cached(ACCESS).await?;
    let Token { user_key, organization_key, role, .. } = token;
    let row = client
        .query_opt(&statement, &[&customer.uuid(), user_key, organization_key, role, &now])
        .await?;
    row.map_or(Ok(false), |row| row.try_get("allowed"))
}

async fn find_customer(
    client: &Client,
    customer: CustomerPubId,
) -> Result<Option<Row>, tokio_postgres::Error> {
    let statement = client.prepare_cached(CUSTOMER).await?;
    let row = client.query_opt(&statement, &[&customer.uuid()]).await?;
    row.map(|row| Row::try_from(&row)).transpose()
}

fn failed(error: impl std::error::Error) -> actix_web::Error {
    program::complain(&error);
    error::ErrorInternalServerError("")
}
