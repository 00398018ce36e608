//! The read of a customer: what there is of it without the service around it.

use customers_api::customer::Customer;
use customers_store::{Store, customer as stored};
use customers_types::{
    access::{Action, Decision, decide},
    id::CustomerPubId,
    token::TokenSecret,
};
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};

use crate::program;

/// The customer's JSON for the holder of the token in the headers; else the status that says why
/// there is none.
///
/// # Errors
/// The status of the answer: 401, 403 or 404 as the service answers, 500 if the store fails.
pub async fn read(
    store: &dyn Store,
    headers: &HeaderMap,
    customer: &str,
) -> Result<Vec<u8>, StatusCode> {
    let secret = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let secret = secret.and_then(|value| value.strip_prefix("Bearer "));
    let secret = secret.and_then(|text| TokenSecret::parse(text).ok());
    let hash = secret.ok_or(StatusCode::UNAUTHORIZED)?.hash();
    let id: CustomerPubId = customer.parse().map_err(|_| StatusCode::BAD_REQUEST)?;
    let access = store.customer_access(&hash, id).await;
    let access = access.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let access = access.ok_or(StatusCode::UNAUTHORIZED)?;
    let now = program::now();
    if access.token.validity.lapse(now).is_some() {
        return Err(StatusCode::UNAUTHORIZED);
    }
    match (decide(Action::CustomerRead, &access.facts, now), access.customer) {
        (Decision::NotHeld, _) => Err(StatusCode::FORBIDDEN),
        (Decision::Allowed(_), Some(customer)) => {
            serde_json::to_vec(&body(customer)).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
        }
        (Decision::Allowed(_) | Decision::NotVisible, _) => Err(StatusCode::NOT_FOUND),
    }
}

fn body(customer: stored::Customer) -> Customer {
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
        user: None,
    }
}
