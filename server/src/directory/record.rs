//! From the fields of a line to a record.

use customers_store::record::{
    Change, CheckoutRecord, CustomerRecord, DirectRuleRecord, MembershipRecord, OrganizationRecord,
    PlatformMembershipRecord, ProductRecord, Record, RecordKey, RuleTarget, UserRecord,
};
use customers_types::{
    access::{ActionSet, Role},
    id::OrganizationId,
};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::fields::{FieldFault, Fields};

/// What a record is about.
#[derive(Clone, Copy, Debug, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
enum RecordType {
    User,
    Customer,
    Organization,
    Membership,
    Product,
    Checkout,
    Grant,
    Deny,
}

impl RecordType {
    /// The fields of its records, beside `type` and `deleted`.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::User => &["id", "email", "firstName", "lastName"],
            Self::Customer => &[
                "id",
                "userId",
                "creditStatus",
                "identityVerificationStatus",
                "address1",
                "address2",
                "city",
                "state",
                "zip",
                "country",
                "phone",
                "creditIpAddress",
                "creditTimestamp",
                "stripeId",
                "stripeSandboxId",
                "stripeVerificationSessionId",
                "createdAt",
            ],
            Self::Organization => &["id", "name"],
            Self::Membership => &["userId", "role", "organizationId"],
            Self::Product => &["id", "organizationId"],
            Self::Checkout => &["id", "customerId", "productId"],
            Self::Grant | Self::Deny => {
                &["id", "userId", "actions", "packs", "customerId", "organizationId", "validFrom"]
            }
        }
    }
}

/// Reads the change. A removal needs its key; what else its record says does not matter, but a
/// name that there is not may be a misspelt part of the key.
pub(super) fn change(mut fields: Fields) -> Result<Change, FieldFault> {
    let name: String = fields.required("type")?;
    let record_type: RecordType = name.parse().map_err(|_| {
        let names = RecordType::VARIANTS.join(", ");
        FieldFault::new("type", format!("expected one of {names}"))
    })?;
    if fields.flag("deleted")? {
        let key = key(record_type, &mut fields)?;
        fields.finish_among(record_type.fields())?;
        return Ok(Change::Remove(key));
    }
    let record = record(record_type, &mut fields)?;
    fields.finish_among(&[])?;
    Ok(Change::Upsert(record))
}

fn key(record_type: RecordType, fields: &mut Fields) -> Result<RecordKey, FieldFault> {
    Ok(match record_type {
        RecordType::User => RecordKey::User(fields.required("id")?),
        RecordType::Customer => RecordKey::Customer(fields.required("id")?),
        RecordType::Organization => RecordKey::Organization(fields.required("id")?),
        RecordType::Membership => {
            let user = fields.required("userId")?;
            match fields.optional("organizationId")? {
                Some(organization) => RecordKey::Membership(user, organization),
                None => RecordKey::PlatformMembership(user),
            }
        }
        RecordType::Product => RecordKey::Product(fields.required("id")?),
        RecordType::Checkout => RecordKey::Checkout(fields.required("id")?),
        RecordType::Grant => RecordKey::Grant(fields.required("id")?),
        RecordType::Deny => RecordKey::Deny(fields.required("id")?),
    })
}

fn record(record_type: RecordType, fields: &mut Fields) -> Result<Record, FieldFault> {
    Ok(match record_type {
        RecordType::User => Record::User(Box::new(UserRecord {
            id: fields.required("id")?,
            email: fields.required("email")?,
            first_name: fields.given("firstName")?,
            last_name: fields.given("lastName")?,
        })),
        RecordType::Customer => Record::Customer(Box::new(customer(fields)?)),
        RecordType::Organization => Record::Organization(OrganizationRecord {
            id: fields.required("id")?,
            name: fields.required("name")?,
        }),
        RecordType::Membership => membership(fields)?,
        RecordType::Product => Record::Product(ProductRecord {
            id: fields.required("id")?,
            organization_id: fields.required("organizationId")?,
        }),
        RecordType::Checkout => Record::Checkout(CheckoutRecord {
            id: fields.required("id")?,
            customer_id: fields.required("customerId")?,
            product_id: fields.required("productId")?,
        }),
        RecordType::Grant => Record::Grant(fields.required("id")?, direct_rule(fields)?),
        RecordType::Deny => Record::Deny(fields.required("id")?, direct_rule(fields)?),
    })
}

fn customer(fields: &mut Fields) -> Result<CustomerRecord, FieldFault> {
    Ok(CustomerRecord {
        id: fields.required("id")?,
        user_id: fields.required("userId")?,
        credit_status: fields.optional("creditStatus")?,
        identity_verification_status: fields.optional("identityVerificationStatus")?,
        address1: fields.given("address1")?,
        address2: fields.given("address2")?,
        city: fields.given("city")?,
        state: fields.given("state")?,
        zip: fields.given("zip")?,
        country: fields.given("country")?,
        phone: fields.given("phone")?,
        credit_ip_address: fields.given("creditIpAddress")?,
        credit_timestamp: fields.given("creditTimestamp")?,
        stripe_id: fields.given("stripeId")?,
        stripe_sandbox_id: fields.given("stripeSandboxId")?,
        stripe_verification_session_id: fields.given("stripeVerificationSessionId")?,
        created_at: fields.optional("createdAt")?,
    })
}

/// A role either holds over all organizations or is held in one.
fn membership(fields: &mut Fields) -> Result<Record, FieldFault> {
    let user_id = fields.required("userId")?;
    let role: Role = fields.required("role")?;
    let organization: Option<OrganizationId> = fields.optional("organizationId")?;
    match organization {
        Some(organization_id) if !role.all_organizations() => {
            Ok(Record::Membership(MembershipRecord { user_id, organization_id, role }))
        }
        None if role.all_organizations() => {
            Ok(Record::PlatformMembership(PlatformMembershipRecord { user_id, role }))
        }
        Some(_) => Err(FieldFault::new(
            "organizationId",
            "has to be left out: the role holds over all organizations",
        )),
        None => Err(FieldFault::new(
            "organizationId",
            "is required: the role is held in one organization",
        )),
    }
}

fn direct_rule(fields: &mut Fields) -> Result<DirectRuleRecord, FieldFault> {
    let user_id = fields.required("userId")?;
    let actions = fields.list("actions")?;
    let packs: customers_types::access::PackSet = fields.list("packs")?;
    if actions == ActionSet::default() && packs.actions() == ActionSet::default() {
        return Err(FieldFault::new("actions", "is required, or packs: name at least one"));
    }
    let target = match (fields.optional("customerId")?, fields.optional("organizationId")?) {
        (Some(customer), None) => RuleTarget::Customer(customer),
        (None, Some(organization)) => RuleTarget::Organization(organization),
        (None, None) => {
            return Err(FieldFault::new("customerId", "is required, or organizationId"));
        }
        (Some(_), Some(_)) => {
            return Err(FieldFault::new("organizationId", "can't stand beside customerId"));
        }
    };
    Ok(DirectRuleRecord {
        user_id,
        actions,
        packs,
        target,
        valid_from: fields.optional("validFrom")?,
    })
}
