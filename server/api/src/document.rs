//! From the trait to the finished `openapi.json`.
//!
//! Dropshot emits operations, parameters and schemas. It emits neither the security scheme, nor
//! servers, nor examples, nor single error statuses; `finish.rs` adds these by rule, so that
//! an operation added tomorrow has them without a line.

mod example;
mod finish;
mod rate_limit;

use dropshot::ApiDescriptionBuildErrors;
use semver::Version;
use serde_json::{Map, Value};

use crate::customers_api_mod;

/// The version of the contract: semantic, and raised by hand with every change of it.
const VERSION: Version = Version::new(1, 0, 0);

const DESCRIPTION: &str = "\
Customers, and who may see them.

Every request carries a token in the header `Authorization: Bearer <token>`. A token acts for a \
user or, with a role, for an organization; its scopes can narrow what it may do. Every failure \
has one body, `Error`, with a code for programs and a message for people.

Each token has a quota of requests for a minute: all of them may come at once, and they come back \
one by one, evenly. The headers `RateLimit-Policy` and `RateLimit` say what it is, and what is \
left of it, under the name `requests`. There is another for the authentications from one address \
that fail, `failed-authentications`. What goes beyond is answered with 429 and `Retry-After`.

Fields and enum values may be added to answers at any time without a new major version: ignore \
fields that you don't know, and be ready for values that you don't know. Requests are read \
strictly: a parameter that is not documented here is refused.

A running service has this document at `/openapi.json`.";

/// Why the document can't be made: always a mistake in this crate, found by its tests.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Dropshot does not accept the trait.
    #[error("the operations can't be described")]
    Description(#[from] ApiDescriptionBuildErrors),
    /// The document, or an example in it, can't be written as JSON.
    #[error("the document can't be serialized")]
    Json(#[from] serde_json::Error),
    /// Dropshot's part of the document has another shape than expected.
    #[error("{0} is missing from what Dropshot emits")]
    Shape(&'static str),
}

/// The document in its one canonical form: keys sorted, two spaces, one newline at the end.
///
/// # Errors
/// See [`DocumentError`].
pub fn canonical() -> Result<String, DocumentError> {
    let mut text = serde_json::to_string_pretty(&document()?)?;
    text.push('\n');
    Ok(text)
}

/// The document as a value, keys sorted.
///
/// # Errors
/// See [`DocumentError`].
pub fn document() -> Result<Value, DocumentError> {
    let description = customers_api_mod::stub_api_description()?;
    let mut openapi = description.openapi("Customers", VERSION);
    openapi
        .description(DESCRIPTION)
        .contact_name("The customers team")
        .contact_email("customers-team@example.com")
        .license("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0");
    let mut document = openapi.json()?;
    finish::finish(&mut document)?;
    Ok(sorted(document))
}

/// Another crate in the build may have switched `serde_json` to insertion order (feature
/// `preserve_order`); the document must be the same bytes with and without.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(members.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        scalar => scalar,
    }
}

#[cfg(test)]
mod tests;
