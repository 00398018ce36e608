//! From records to bodies.

pub(super) mod permission;

use customers_api::{
    customer::{Customer, CustomerHeaders, User},
    health::{Health, HealthStatus},
};
use customers_store::customer as stored;
use dropshot::{Body, HttpResponseHeaders, HttpResponseOk};
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

/// The answer that shows a customer, with its version in the header `ETag`.
pub(super) fn customer(
    customer: stored::Customer,
    expand_user: bool,
) -> HttpResponseHeaders<HttpResponseOk<Customer>, CustomerHeaders> {
    let etag = etag(&customer);
    HttpResponseHeaders::new(HttpResponseOk(body(customer, expand_user)), CustomerHeaders { etag })
}

/// Customer and user each have a time of change that only ever grows; the two together change
/// with every change of what an answer can show.
fn etag(customer: &stored::Customer) -> String {
    let (own, user) = (customer.updated_at.millis(), customer.user.updated_at.millis());
    format!("\"{own:x}-{user:x}\"")
}

fn body(customer: stored::Customer, expand_user: bool) -> Customer {
    Customer {
        id: customer.id,
        user_id: customer.user.id,
        credit_status: customer.credit_status,
        identity_verification_status: customer.identity_verification_status,
        created_at: customer.created_at,
        updated_at: customer.updated_at.max(customer.user.updated_at),
        address1: customer.address1,
        address2: customer.address2,
        city: customer.city,
        state: customer.state,
        zip: customer.zip,
        country: customer.country,
        phone: customer.phone,
        credit_ip_address: customer.credit_ip_address,
        credit_timestamp: customer.credit_timestamp,
        stripe_id: customer.stripe_id,
        stripe_sandbox_id: customer.stripe_sandbox_id,
        stripe_verification_session_id: customer.stripe_verification_session_id,
        user: expand_user.then_some(User {
            id: customer.user.id,
            email: customer.user.email,
            first_name: customer.user.first_name,
            last_name: customer.user.last_name,
        }),
    }
}
