//! From records to bodies.

pub(super) mod access;
pub(super) mod customer;
pub(super) mod directory;
pub(super) mod list;
mod page;
pub(super) mod permission;
pub(super) mod token;

use customers_api::health::{Health, HealthStatus};
use dropshot::{Body, HttpResponseOk};
use http::{HeaderValue, Response, header::CONTENT_TYPE};

/// The answer to a probe.
pub(super) fn healthy() -> HttpResponseOk<Health> {
    HttpResponseOk(Health { status: HealthStatus::Ok })
}

/// The answer that is the document.
pub(super) fn document(document: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(document.to_owned()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
