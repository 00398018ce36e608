//! axum and sqlx on PostgreSQL in the usual way: a pool with its defaults, a query for the token,
//! one for the access, one for the customer.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    routing::get,
};
use customers_bench_peers::{
    customer::{Customer, Row},
    postgres::{ACCESS, CUSTOMER, TOKEN},
    program,
    token::{self, Refusal, Token},
};
use customers_types::id::{CustomerPubId, PublicId};
use sqlx::PgPool;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let pool = PgPool::connect(&program::store()?).await?;
    let router = Router::new().route("/v1/customers/{id}", get(get_customer)).with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    program::announce(listener.local_addr()?)?;
    Ok(axum::serve(listener, router).await?)
}

async fn get_customer(
    State(pool): State<PgPool>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Customer>, StatusCode> {
    let now = program::now();
    let id: CustomerPubId = id.parse().map_err(|_| StatusCode::BAD_REQUEST)?;
    let token = authenticate(&pool, &headers, now).await?;
    let allowed: Option<bool> = sqlx::query_scalar(ACCESS)
        .bind(id.uuid())
        .bind(token.user_key)
        .bind(token.organization_key)
        .bind(token.role)
        .bind(now)
        .fetch_optional(&pool)
        .await
        .map_err(failed)?;
    if allowed != Some(true) {
        return Err(StatusCode::NOT_FOUND);
    }
    let customer: Option<Row> =
        sqlx::query_as(CUSTOMER).bind(id.uuid()).fetch_optional(&pool).await.map_err(failed)?;
    customer.map(|row| Json(row.into())).ok_or(StatusCode::NOT_FOUND)
}

async fn authenticate(pool: &PgPool, headers: &HeaderMap, now: i64) -> Result<Token, StatusCode> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let hash = token::hash(header).ok_or(StatusCode::UNAUTHORIZED)?;
    let found: Option<Token> = sqlx::query_as(TOKEN)
        .bind(hash.as_bytes().as_slice())
        .fetch_optional(pool)
        .await
        .map_err(failed)?;
    Token::check(found, now).map_err(|refusal| match refusal {
        Refusal::Unauthorized => StatusCode::UNAUTHORIZED,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "map_err gives it away")]
fn failed(error: sqlx::Error) -> StatusCode {
    program::complain(&error);
    StatusCode::INTERNAL_SERVER_ERROR
}
