//! Directory records: what the wider platform says about users, customers and their relations.
//!
//! Each is an upsert by its identifier. A record of a user or a customer changes only the fields
//! that it names, because the service owns these objects and a sender that leaves a field out
//! must not erase what it doesn't know of. All other records replace what was there.

use customers_types::{
    access::{ActionSet, PackSet, Role},
    given::Given,
    id::{CheckoutId, CustomerPubId, DenyId, GrantId, OrganizationId, ProductId, UserId},
    scalar::{Country, Email, IpAddress, Line, Phone, Timestamp},
    status::{CreditStatus, IdentityVerificationStatus},
};

/// One line of the directory.
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

/// A user account.
pub struct UserRecord {
    /// Which.
    pub id: UserId,
    /// E-mail address.
    pub email: Email,
    /// First name.
    pub first_name: Given<Line<100>>,
    /// Last name.
    pub last_name: Given<Line<100>>,
}

/// A customer. A new one for which no status is given starts as `unknown` and `none`.
pub struct CustomerRecord {
    /// Which.
    pub id: CustomerPubId,
    /// The user behind it, who has no other customer.
    pub user_id: UserId,
    /// Credit check status.
    pub credit_status: Option<CreditStatus>,
    /// Identity verification status.
    pub identity_verification_status: Option<IdentityVerificationStatus>,
    /// First line of the address.
    pub address1: Given<Line<200>>,
    /// Second line of the address.
    pub address2: Given<Line<200>>,
    /// City.
    pub city: Given<Line<100>>,
    /// State or province code.
    pub state: Given<Line<100>>,
    /// ZIP or postal code.
    pub zip: Given<Line<20>>,
    /// Country.
    pub country: Given<Country>,
    /// Telephone number.
    pub phone: Given<Phone>,
    /// From where the credit check was made.
    pub credit_ip_address: Given<IpAddress>,
    /// When the credit check was made.
    pub credit_timestamp: Given<Timestamp>,
    /// Stripe customer id, production.
    pub stripe_id: Given<Line<255>>,
    /// Stripe customer id, sandbox.
    pub stripe_sandbox_id: Given<Line<255>>,
    /// Stripe Identity verification session id.
    pub stripe_verification_session_id: Given<Line<255>>,
    /// When it was created elsewhere; for migrations.
    pub created_at: Option<Timestamp>,
}

/// An organization.
pub struct OrganizationRecord {
    /// Which.
    pub id: OrganizationId,
    /// Its name.
    pub name: Line<200>,
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

/// A product of an organization.
pub struct ProductRecord {
    /// Which.
    pub id: ProductId,
    /// Whose.
    pub organization_id: OrganizationId,
}

/// A customer's checkout of a product.
pub struct CheckoutRecord {
    /// Which.
    pub id: CheckoutId,
    /// Who checked out.
    pub customer_id: CustomerPubId,
    /// What was checked out.
    pub product_id: ProductId,
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
