//! Bare hyper over the store of the service: token, decision, fetch and the same JSON.

use std::sync::Arc;

use bytes::Bytes;
use customers_bench_floors::{customer, program, serving};
use http::StatusCode;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let store = program::store().await?;
    serving::serve(move |request| {
        let store = Arc::clone(&store);
        async move {
            let path = request.uri().path();
            let result = match path.strip_prefix("/v1/customers/") {
                Some(id) => customer::read(store.as_ref(), request.headers(), id).await,
                None => Err(StatusCode::NOT_FOUND),
            };
            serving::response(result.map(Bytes::from))
        }
    })
    .await
}
