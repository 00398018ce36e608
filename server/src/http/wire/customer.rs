//! Customers on the wire.

use std::fmt;

use customers_api::{
    customer::{Customer, CustomerAnswer, User},
    etag::IfMatch,
};
use customers_store::customer::{self as stored, Version};
use customers_types::scalar::Timestamp;

/// The answer that shows a customer, with its version in the header `ETag`.
pub(in crate::http) fn answer(customer: stored::Customer, expand_user: bool) -> CustomerAnswer {
    let etag = format!("\"{}\"", Tag(customer.version()));
    CustomerAnswer { customer: body(customer, expand_user), etag }
}

/// The versions of which the customer has to have one; `None` if any will do.
pub(in crate::http) fn versions(if_match: Option<IfMatch>) -> Option<Vec<Version>> {
    match if_match {
        None | Some(IfMatch::Any) => None,
        // What is no tag of ours is no version that a customer could have.
        Some(IfMatch::OneOf(tags)) => Some(tags.iter().filter_map(|tag| version(tag)).collect()),
    }
}

/// A version as it stands in a tag.
struct Tag(Version);

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.0.customer.millis(), self.0.user.millis())
    }
}

fn version(tag: &str) -> Option<Version> {
    let (customer, user) = tag.split_once('-')?;
    let moment = |hex| i64::from_str_radix(hex, 16).ok().map(Timestamp::from_millis);
    let read = Version { customer: moment(customer)?, user: moment(user)? };
    // Only as it was written: neither with a sign nor in capitals.
    (Tag(read).to_string() == tag).then_some(read)
}

/// The customer, with its user if that is wanted.
pub(super) fn body(customer: stored::Customer, expand_user: bool) -> Customer {
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
