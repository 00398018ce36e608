//! The customer on the wire.
//!
//! The bodies have no `Debug`: what they hold must not be printed by accident.

use std::{error::Error, net::IpAddr};

pub mod list;

pub use customers_types::customer::CustomerUpdate;
use customers_types::{
    id::{CustomerPubId, UserId},
    scalar::Timestamp,
    status::{CreditStatus, IdentityVerificationStatus},
};
use dropshot::{
    ApiEndpointResponse, Body, HttpError, HttpResponse, HttpResponseHeaders, HttpResponseOk,
};
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, ETAG},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{answer::HEADERS, etag::IfMatch};

/// A customer: the postal, credit and identity side of a user account.
///
/// A field for which there is no value is left out, never `null`. Fields may be added: ignore
/// those that you don't know.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// Public identifier of the customer.
    pub id: CustomerPubId,
    /// The user account behind the customer.
    pub user_id: UserId,
    /// Current credit check status.
    pub credit_status: CreditStatus,
    /// Current identity verification status.
    pub identity_verification_status: IdentityVerificationStatus,
    /// When the record was created: RFC 3339, UTC, milliseconds.
    pub created_at: Timestamp,
    /// When the record, or the user behind it, last changed: RFC 3339, UTC, milliseconds.
    pub updated_at: Timestamp,
    /// First line of the postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub address1: Option<String>,
    /// Second line of the postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub address2: Option<String>,
    /// City of the postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub city: Option<String>,
    /// State or province code of the postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub state: Option<String>,
    /// ZIP or postal code of the postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub zip: Option<String>,
    /// Country of the postal address: ISO 3166-1 alpha-2, such as `US`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub country: Option<String>,
    /// Telephone number in E.164, such as `+14155550123`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub phone: Option<String>,
    /// IP address from which the credit check was made, IPv4 or IPv6.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub credit_ip_address: Option<IpAddr>,
    /// When the credit check was made: RFC 3339, UTC, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp", default)]
    pub credit_timestamp: Option<Timestamp>,
    /// Stripe customer id, production.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub stripe_id: Option<String>,
    /// Stripe customer id, sandbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub stripe_sandbox_id: Option<String>,
    /// Stripe Identity verification session id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub stripe_verification_session_id: Option<String>,
    /// The user behind the customer: only when the request asked with `expand=user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "User", default)]
    pub user: Option<User>,
}

/// The user account behind a customer.
///
/// A field for which there is no value is left out, never `null`.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Identifier of the user account.
    pub id: UserId,
    /// E-mail address of the user.
    pub email: String,
    /// First name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub first_name: Option<String>,
    /// Last name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub last_name: Option<String>,
}

/// Which customer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct CustomerPath {
    /// The customer.
    pub id: CustomerPubId,
}

/// What to put into the answer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct CustomerQuery {
    /// An associated object to put into the answer whole; without it, only its identifier is
    /// there.
    #[schemars(with = "CustomerExpansion", default)]
    pub expand: Option<CustomerExpansion>,
}

/// An object associated with a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CustomerExpansion {
    /// The user account behind the customer, as the field `user`.
    User,
}

/// The headers beside a customer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CustomerHeaders {
    /// The version of the customer that this answer shows, an opaque text in quotes (RFC 9110,
    /// 8.8.3). It changes with every change of the customer or of the user behind it.
    pub etag: String,
}

/// The answer that shows a customer, documented as `DocumentedAnswer`. That one would make the
/// headers into JSON first, and the body in memory that has to grow.
pub struct CustomerAnswer {
    /// The body.
    pub customer: Customer,
    /// The version, as it stands in [`CustomerHeaders`].
    pub etag: String,
}

type DocumentedAnswer = HttpResponseHeaders<HttpResponseOk<Customer>, CustomerHeaders>;

/// Longer than nearly every customer.
const ROOM: usize = 1024;

impl HttpResponse for CustomerAnswer {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        let internal = |error: &dyn Error| HttpError::for_internal_error(error.to_string());
        let mut body = Vec::with_capacity(ROOM);
        serde_json::to_writer(&mut body, &self.customer).map_err(|error| internal(&error))?;
        let etag = HeaderValue::try_from(self.etag).map_err(|error| internal(&error))?;
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ETAG, etag);
        Ok(response)
    }

    fn response_metadata() -> ApiEndpointResponse {
        DocumentedAnswer::response_metadata()
    }

    fn status_code(&self) -> StatusCode {
        StatusCode::OK
    }
}

/// The headers with which a customer is updated.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CustomerUpdateHeaders {
    /// The version that the customer has to have for the update to be made: the `ETag` of an
    /// earlier answer, several of them, or `*` for any (RFC 9110, 13.1.1).
    #[schemars(with = "IfMatch", default)]
    pub if_match: Option<IfMatch>,
}
