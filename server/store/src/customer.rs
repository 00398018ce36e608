//! A customer as it is read.

pub(crate) mod change;

use std::net::IpAddr;

use customers_types::{
    access::Facts,
    customer::CustomerUpdate,
    id::{CustomerPubId, UserId},
    scalar::Timestamp,
    status::{CreditStatus, IdentityVerificationStatus},
    token::TokenHash,
};

use crate::{audit::AuditOrigin, token::Token};

/// One customer as the holder of a token meets it. Whether it may be shown is not decided yet.
pub struct CustomerAccess {
    /// The token. Whether it still counts is not decided either.
    pub token: Token,
    /// What the access decision has to know.
    pub facts: Facts,
    /// The customer, if there is one of that identifier.
    pub customer: Option<Customer>,
}

/// A change of one customer, as the holder of a token wants it.
pub struct CustomerChange {
    /// The hash of the token.
    pub token: TokenHash,
    /// Which customer.
    pub customer: CustomerPubId,
    /// What to change.
    pub update: CustomerUpdate,
    /// The versions of which the customer has to have one; any will do, if `None`.
    pub if_match: Option<Vec<Version>>,
    /// When.
    pub now: Timestamp,
    /// By which request.
    pub origin: AuditOrigin,
}

/// What became of a [`CustomerChange`].
pub struct CustomerAttempt {
    /// The customer as the holder of the token meets it: after the change, if it was made. It was
    /// not made if the token does not count or the rule does not let its holder write.
    pub access: CustomerAccess,
    /// The change was not made because the customer has another version.
    pub version_differs: bool,
}

/// The version of a customer: it differs after every change of what an answer can show.
///
/// Customer and user each have a time of change that only ever grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// When the customer last changed.
    pub customer: Timestamp,
    /// When the user behind it last changed.
    pub user: Timestamp,
}

impl Customer {
    /// The version.
    #[must_use]
    pub fn version(&self) -> Version {
        Version { customer: self.updated_at, user: self.user.updated_at }
    }
}

/// A customer with its user.
///
/// There is no `Debug`: what it holds must not be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Customer {
    /// Public identifier.
    pub id: CustomerPubId,
    /// The user account behind the customer.
    pub user: User,
    /// Credit check status.
    pub credit_status: CreditStatus,
    /// Identity verification status.
    pub identity_verification_status: IdentityVerificationStatus,
    /// First line of the address.
    pub address1: Option<String>,
    /// Second line of the address.
    pub address2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province code.
    pub state: Option<String>,
    /// ZIP or postal code.
    pub zip: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// From where the credit check was made.
    pub credit_ip_address: Option<IpAddr>,
    /// When the credit check was made.
    pub credit_timestamp: Option<Timestamp>,
    /// Stripe customer id, production.
    pub stripe_id: Option<String>,
    /// Stripe customer id, sandbox.
    pub stripe_sandbox_id: Option<String>,
    /// Stripe Identity verification session id.
    pub stripe_verification_session_id: Option<String>,
    /// When the record was created.
    pub created_at: Timestamp,
    /// When the record itself last changed; later with every change.
    pub updated_at: Timestamp,
}

/// A user account.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// When the account last changed; later with every change.
    pub updated_at: Timestamp,
}
