//! axum and sqlx on SQLite in the usual way: a pool with its defaults, a query for the token, one
//! for the access, one for the customer.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    routing::get,
};
use customers_bench_peers::{
    customer::{Customer, Row},
    program,
    token::{self, Refusal, Token},
};
use customers_types::id::{CustomerPubId, PublicId};
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};

const TOKEN: &str = "
    SELECT user_key, organization_key, role, expires_at, revoked_at, scopes
    FROM api_token WHERE hash = ?1";

/// `?1` is the customer, `?2` to `?4` are the user, organization and role of the token, `?5` is
/// now. The bits are those of `CustomerRead` and of the packs that have it.
const ACCESS: &str = "
    SELECT
        (
            ifnull(c.user_key = ?2, 0)
            OR EXISTS (
                SELECT 1 FROM platform_membership m
                WHERE m.user_key = ?2 AND m.role IN ('PlatformSupport', 'PlatformAdmin'))
            OR EXISTS (
                SELECT 1 FROM membership m
                JOIN reach r ON r.organization_key = m.organization_key
                WHERE m.user_key = ?2 AND r.customer_key = c.key
                    AND m.role IN ('OrganizationAdmin', 'CustomerSupport', 'PlatformSupport',
                        'PlatformAdmin'))
            OR (?4 IN ('OrganizationAdmin', 'CustomerSupport') AND EXISTS (
                SELECT 1 FROM reach r
                WHERE r.customer_key = c.key AND r.organization_key = ?3))
            OR EXISTS (
                SELECT 1 FROM direct_grant g
                WHERE g.user_key = ?2 AND (g.actions & 1 OR g.packs & 3)
                    AND ifnull(g.valid_from <= ?5, 1)
                    AND (g.customer_key = c.key OR EXISTS (
                        SELECT 1 FROM reach r
                        WHERE r.customer_key = c.key
                            AND r.organization_key = g.organization_key)))
        )
        AND NOT EXISTS (
            SELECT 1 FROM direct_deny d
            WHERE d.user_key = ?2 AND (d.actions & 1 OR d.packs & 3)
                AND ifnull(d.valid_from <= ?5, 1)
                AND (d.customer_key = c.key OR EXISTS (
                    SELECT 1 FROM reach r
                    WHERE r.customer_key = c.key AND r.organization_key = d.organization_key)))
    FROM customer c WHERE c.id = ?1";

const CUSTOMER: &str = "
    SELECT c.id, u.id AS user_id, c.credit_status, c.identity_verification_status, c.created_at,
        c.updated_at, u.updated_at AS user_updated_at, c.address1, c.address2, c.city, c.state,
        c.zip, c.country, c.phone, c.credit_ip_address, c.credit_timestamp, c.stripe_id,
        c.stripe_sandbox_id, c.stripe_verification_session_id
    FROM customer c JOIN user u ON u.key = c.user_key
    WHERE c.id = ?1";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options: SqliteConnectOptions = program::store()?.parse()?;
    // As much as ours has for each connection; by default it is an eighth of that.
    let pool = SqlitePool::connect_with(options.pragma("cache_size", "-16384")).await?;
    let router = Router::new().route("/v1/customers/{id}", get(get_customer)).with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    program::announce(listener.local_addr()?)?;
    Ok(axum::serve(listener, router).await?)
}

async fn get_customer(
    State(pool): State<SqlitePool>,
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

async fn authenticate(
    pool: &SqlitePool,
    headers: &HeaderMap,
    now: i64,
) -> Result<Token, StatusCode> {
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
