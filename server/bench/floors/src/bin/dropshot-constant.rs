//! Plain Dropshot, as it is configured by default but without a log: every customer is the bytes
//! of one file.

use std::fs;

use bytes::Bytes;
use customers_bench_floors::{program, serving};
use dropshot::{ApiDescription, Body, HttpError, Path, RequestContext, ServerBuilder, endpoint};
use http::{Response, header::CONTENT_TYPE};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct CustomerPath {
    #[expect(dead_code, reason = "plain Dropshot reads the path, too")]
    id: String,
}

/// The same for every customer.
#[endpoint { method = GET, path = "/v1/customers/{id}" }]
async fn get_customer(
    rqctx: RequestContext<Bytes>,
    _path: Path<CustomerPath>,
) -> Result<Response<Body>, HttpError> {
    let body = Body::wrap(http_body_util::Full::new(rqctx.context().clone()));
    Ok(Response::builder().header(CONTENT_TYPE, "application/json").body(body)?)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let answer = Bytes::from(fs::read(program::argument(1, "the file with the answer")?)?);
    let mut operations = ApiDescription::new();
    operations.register(get_customer)?;
    let log = slog::Logger::root(slog::Discard, slog::o!());
    let server = ServerBuilder::new(operations, answer, log).start().map_err(anyhow::Error::new)?;
    serving::announce(server.local_addr())?;
    server.await.map_err(anyhow::Error::msg)
}
