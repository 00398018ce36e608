//! Directory records: what the wider platform says about users, customers and their relations.
//!
//! Each is an upsert by its identifier. A record of a user or a customer changes only the fields
//! that it names, because the service owns these objects and a sender that leaves a field out
//! must not erase what it doesn't know of. All other records replace what was there.
//!
//! There is one definition of a record: it is what the document describes (`document`), what
//! requests and imported files are read into (`read`), and what a store takes. Only memberships,
//! grants and denies are given to a store in another form than they are read in, one that can't
//! be wrong: what their fields have to be together is checked in between (`together`).

mod document;
mod read;
mod together;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use self::read::not_null;
use crate::{
    access::{ActionSet, PackSet, Role},
    given::Given,
    id::{CheckoutId, CustomerPubId, DenyId, GrantId, OrganizationId, ProductId, UserId},
    scalar::{Country, Email, IpAddress, Line, Phone, Timestamp},
    status::{CreditStatus, IdentityVerificationStatus},
};

/// One directory record.
pub enum Change {
    /// Make or change the object.
    Upsert(Record),
    /// Remove the object, if there is one.
    Remove(RecordKey),
}

/// What there is to know of one object.
pub enum Record {
    /// A user account.
    User(Box<UserRecord>),
    /// A customer.
    Customer(Box<CustomerRecord>),
    /// An organization.
    Organization(OrganizationRecord),
    /// A member's role in an organization.
    Membership(MembershipRecord),
    /// A staff member's role on the platform.
    PlatformMembership(PlatformMembershipRecord),
    /// A product of an organization.
    Product(ProductRecord),
    /// A customer's checkout of a product.
    Checkout(CheckoutRecord),
    /// A direct grant.
    Grant(GrantId, DirectRuleRecord),
    /// A deny.
    Deny(DenyId, DirectRuleRecord),
}

/// Which object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKey {
    /// A user account.
    User(UserId),
    /// A customer.
    Customer(CustomerPubId),
    /// An organization.
    Organization(OrganizationId),
    /// A member's role in an organization.
    Membership(UserId, OrganizationId),
    /// A staff member's role on the platform.
    PlatformMembership(UserId),
    /// A product.
    Product(ProductId),
    /// A checkout.
    Checkout(CheckoutId),
    /// A direct grant.
    Grant(GrantId),
    /// A deny.
    Deny(DenyId),
}

/// What a directory record is about.
///
/// More values may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum RecordType {
    /// A user account.
    User,
    /// A customer.
    Customer,
    /// An organization.
    Organization,
    /// A role of a user, in an organization or on the platform.
    Membership,
    /// A product of an organization.
    Product,
    /// A checkout of a product by a customer.
    Checkout,
    /// A direct grant.
    Grant,
    /// A deny.
    Deny,
}

impl RecordType {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A user account.
///
/// One that is there changes only in the fields that the record names; `null` clears a field.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserRecord {
    /// Identifier of the user account.
    pub id: UserId,
    /// E-mail address of the user.
    pub email: Email,
    /// First name of the user.
    #[serde(default)]
    pub first_name: Given<Line<100>>,
    /// Last name of the user.
    #[serde(default)]
    pub last_name: Given<Line<100>>,
}

/// A customer: the postal, credit and identity side of a user account.
///
/// One that is there changes only in the fields that the record names; `null` clears a field. A
/// new one for which no status is given starts as `unknown` and `none`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerRecord {
    /// Public identifier of the customer.
    pub id: CustomerPubId,
    /// The user account behind the customer, which has no other customer.
    pub user_id: UserId,
    /// Current credit check status.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "CreditStatus", skip_serializing_if = "Option::is_none")]
    pub credit_status: Option<CreditStatus>,
    /// Current identity verification status.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "IdentityVerificationStatus", skip_serializing_if = "Option::is_none")]
    pub identity_verification_status: Option<IdentityVerificationStatus>,
    /// First line of the postal address.
    #[serde(default)]
    pub address1: Given<Line<200>>,
    /// Second line of the postal address.
    #[serde(default)]
    pub address2: Given<Line<200>>,
    /// City of the postal address.
    #[serde(default)]
    pub city: Given<Line<100>>,
    /// State or province code of the postal address.
    #[serde(default)]
    pub state: Given<Line<100>>,
    /// ZIP or postal code of the postal address.
    #[serde(default)]
    pub zip: Given<Line<20>>,
    /// Country of the postal address.
    #[serde(default)]
    pub country: Given<Country>,
    /// Telephone number in E.164.
    #[serde(default)]
    pub phone: Given<Phone>,
    /// IP address from which the credit check was made.
    #[serde(default)]
    pub credit_ip_address: Given<IpAddress>,
    /// When the credit check was made.
    #[serde(default)]
    pub credit_timestamp: Given<Timestamp>,
    /// Stripe customer id, production.
    #[serde(default)]
    pub stripe_id: Given<Line<255>>,
    /// Stripe customer id, sandbox.
    #[serde(default)]
    pub stripe_sandbox_id: Given<Line<255>>,
    /// Stripe Identity verification session id.
    #[serde(default)]
    pub stripe_verification_session_id: Given<Line<255>>,
    /// When it was created elsewhere, for migrations; left out, a new one is created now.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "Timestamp", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// An organization.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganizationRecord {
    /// Identifier of the organization.
    pub id: OrganizationId,
    /// Name of the organization.
    pub name: Line<200>,
}

/// A product of an organization.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProductRecord {
    /// Identifier of the product.
    pub id: ProductId,
    /// The organization that offers it.
    pub organization_id: OrganizationId,
}

/// A checkout of a product by a customer, in whatever state: the organization that offers the
/// product reaches the customer.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckoutRecord {
    /// Identifier of the checkout.
    pub id: CheckoutId,
    /// Who checked out.
    pub customer_id: CustomerPubId,
    /// What was checked out.
    pub product_id: ProductId,
}

/// A member's role in an organization; the two identifiers are its key.
pub struct MembershipRecord {
    /// The member.
    pub user_id: UserId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The role, none that holds over all organizations.
    pub role: Role,
}

/// A staff member's role on the platform; the user is its key.
pub struct PlatformMembershipRecord {
    /// The staff member.
    pub user_id: UserId,
    /// The role, one that holds over all organizations.
    pub role: Role,
}

/// A grant or a deny of actions to a user.
pub struct DirectRuleRecord {
    /// Whose.
    pub user_id: UserId,
    /// The actions named one by one.
    pub actions: ActionSet,
    /// The actions named by pack.
    pub packs: PackSet,
    /// On what.
    pub target: RuleTarget,
    /// From when on; always, if `None`.
    pub valid_from: Option<Timestamp>,
}

/// What a grant or a deny is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleTarget {
    /// One customer.
    Customer(CustomerPubId),
    /// The customers whom the organization reaches.
    Organization(OrganizationId),
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, MapDeserializer};

    use super::*;

    fn read(members: &[(&str, &str)]) -> Result<Change, String> {
        let members = MapDeserializer::<_, Error>::new(members.iter().copied());
        Change::deserialize(members).map_err(|error| error.to_string())
    }

    #[test]
    fn a_record_is_read_by_its_type_and_never_without_it() {
        let id = ("id", "org_01h455vb4pex5vsknk084sn02q");
        let name = ("name", "Harbor Outfitters");
        let read_first = read(&[("type", "organization"), id, name]);
        assert!(matches!(read_first, Ok(Change::Upsert(Record::Organization(_)))));
        // A deserializer that does not give the declared fields first.
        let late = read(&[id, name, ("type", "organization")]);
        assert_eq!(late.err().as_deref(), Some("missing field `type`"));
    }
}
