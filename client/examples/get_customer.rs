//! Retrieves one customer with its user: `get_customer [URL TOKEN CUSTOMER_ID]`.
//!
//! What is not given is read from `CUSTOMERS_URL`, `CUSTOMERS_TOKEN` and `CUSTOMERS_ID`. Prefer
//! the environment for the token: arguments are seen by every user of the machine.

#![expect(clippy::print_stdout, reason = "an example shows what it got")]

use std::env;

use anyhow::{Context, anyhow};
use customers_client::{
    Client, Error,
    types::{self, CustomerExpansion, CustomerPubId},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = setting(1, "URL", "CUSTOMERS_URL")?;
    let token = setting(2, "TOKEN", "CUSTOMERS_TOKEN")?;
    let id = setting(3, "CUSTOMER_ID", "CUSTOMERS_ID")?;
    let id: CustomerPubId = id.parse().context("this is no identifier of a customer")?;

    let client = Client::with_token(&url, &token)?;
    let answer = client.get_customer().id(id).expand(CustomerExpansion::User).send().await;
    let answer = answer.map_err(explain)?;
    if let Some(version) = answer.headers().get("etag") {
        println!("ETag: {}", version.to_str()?);
    }
    println!("{}", serde_json::to_string_pretty(&answer.into_inner())?);
    Ok(())
}

fn setting(position: usize, argument: &str, variable: &str) -> anyhow::Result<String> {
    env::args()
        .nth(position)
        .or_else(|| env::var(variable).ok())
        .with_context(|| format!("pass {argument} as argument {position}, or set {variable}"))
}

/// What the service said, or why it said nothing.
fn explain(error: Error<types::Error>) -> anyhow::Error {
    match error {
        Error::ErrorResponse(response) => anyhow!(
            "{}: {}: {} (request {})",
            response.status(),
            response.error_code,
            response.message,
            response.request_id,
        ),
        other => anyhow::Error::new(other).context("the service can't be asked"),
    }
}
