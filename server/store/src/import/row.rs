//! What a record puts into the columns of its table.

use std::{borrow::Cow, ops::Deref};

use customers_types::{given::Given, id::PublicId, scalar::Timestamp};
use uuid::Uuid;

use crate::record::{CustomerRecord, DirectRuleRecord, Record, RecordKey, RuleTarget, UserRecord};

/// A value, which each store writes in its own way.
pub(crate) enum Value<'r> {
    /// There is none.
    Null,
    /// A public identifier.
    Id(Uuid),
    /// A text.
    Text(Cow<'r, str>),
    /// A number, or a time in milliseconds.
    Number(i64),
}

/// The values of one record, in the order of the columns of its table.
#[derive(Default)]
pub(crate) struct Row<'r> {
    pub(crate) values: Vec<Value<'r>>,
    /// The bit of each column for which the record gives a value, or says that there is none.
    pub(crate) given: i64,
}

impl<'r> Row<'r> {
    /// Takes a record and returns the table that it goes to.
    pub(crate) fn record(&mut self, record: &'r Record) -> &'static str {
        match record {
            Record::User(user) => self.user(user),
            Record::Customer(customer) => self.customer(customer),
            Record::Organization(organization) => {
                self.id(organization.id);
                self.text(&organization.name);
                "organization"
            }
            Record::Membership(membership) => {
                let table =
                    self.key(RecordKey::Membership(membership.user_id, membership.organization_id));
                self.text(membership.role.name());
                table
            }
            Record::PlatformMembership(membership) => {
                let table = self.key(RecordKey::PlatformMembership(membership.user_id));
                self.text(membership.role.name());
                table
            }
            Record::Product(product) => {
                self.id(product.id);
                self.id(product.organization_id);
                "product"
            }
            Record::Checkout(checkout) => {
                self.id(checkout.id);
                self.id(checkout.customer_id);
                self.id(checkout.product_id);
                "checkout"
            }
            Record::Grant(id, rule) => {
                self.id(*id);
                self.rule(rule);
                "direct_grant"
            }
            Record::Deny(id, rule) => {
                self.id(*id);
                self.rule(rule);
                "direct_deny"
            }
        }
    }

    /// Takes a key and returns the table that it goes to.
    pub(crate) fn key(&mut self, key: RecordKey) -> &'static str {
        match key {
            RecordKey::User(id) => self.keyed(id, "user"),
            RecordKey::Customer(id) => self.keyed(id, "customer"),
            RecordKey::Organization(id) => self.keyed(id, "organization"),
            RecordKey::Membership(user, organization) => {
                self.id(user);
                self.keyed(organization, "membership")
            }
            RecordKey::PlatformMembership(user) => self.keyed(user, "platform_membership"),
            RecordKey::Product(id) => self.keyed(id, "product"),
            RecordKey::Checkout(id) => self.keyed(id, "checkout"),
            RecordKey::Grant(id) => self.keyed(id, "direct_grant"),
            RecordKey::Deny(id) => self.keyed(id, "direct_deny"),
        }
    }

    fn user(&mut self, user: &'r UserRecord) -> &'static str {
        self.id(user.id);
        self.text(&user.email);
        self.given_text(&user.first_name);
        self.given_text(&user.last_name);
        "user"
    }

    fn customer(&mut self, customer: &'r CustomerRecord) -> &'static str {
        self.id(customer.id);
        self.id(customer.user_id);
        self.name(customer.credit_status.map(Into::into));
        self.name(customer.identity_verification_status.map(Into::into));
        self.given_text(&customer.address1);
        self.given_text(&customer.address2);
        self.given_text(&customer.city);
        self.given_text(&customer.state);
        self.given_text(&customer.zip);
        self.given_text(&customer.country);
        self.given_text(&customer.phone);
        self.given(&customer.credit_ip_address, |ip| Value::Text(ip.0.to_string().into()));
        self.given(&customer.credit_timestamp, |at| Value::Number(at.millis()));
        self.given_text(&customer.stripe_id);
        self.given_text(&customer.stripe_sandbox_id);
        self.given_text(&customer.stripe_verification_session_id);
        self.kept(customer.created_at.map(|at| Value::Number(at.millis())));
        "customer"
    }

    fn rule(&mut self, rule: &DirectRuleRecord) {
        let (customer, organization) = match rule.target {
            RuleTarget::Customer(id) => (Some(id), None),
            RuleTarget::Organization(id) => (None, Some(id)),
        };
        self.id(rule.user_id);
        self.values.push(Value::Number(rule.actions.bits().into()));
        self.values.push(Value::Number(rule.packs.bits().into()));
        self.values.push(customer.map_or(Value::Null, identifier));
        self.values.push(organization.map_or(Value::Null, identifier));
        self.values.push(rule.valid_from.map(Timestamp::millis).map_or(Value::Null, Value::Number));
    }

    fn keyed(&mut self, id: impl PublicId, table: &'static str) -> &'static str {
        self.id(id);
        table
    }

    fn id(&mut self, id: impl PublicId) {
        self.values.push(identifier(id));
    }

    fn text(&mut self, text: &'r str) {
        self.values.push(Value::Text(text.into()));
    }

    /// A value that stays what it is where the record has none.
    fn kept(&mut self, value: Option<Value<'r>>) {
        self.given |= i64::from(value.is_some()) << self.values.len();
        self.values.push(value.unwrap_or(Value::Null));
    }

    fn name(&mut self, name: Option<&'static str>) {
        self.kept(name.map(|name| Value::Text(name.into())));
    }

    fn given<T>(&mut self, given: &'r Given<T>, value: impl Fn(&'r T) -> Value<'r>) {
        self.kept(match given {
            Given::LeftOut => None,
            Given::Cleared => Some(Value::Null),
            Given::Value(given) => Some(value(given)),
        });
    }

    fn given_text<T: Deref<Target = str>>(&mut self, text: &'r Given<T>) {
        self.given(text, |text| Value::Text(Cow::Borrowed(text)));
    }
}

fn identifier(id: impl PublicId) -> Value<'static> {
    Value::Id(id.uuid())
}
