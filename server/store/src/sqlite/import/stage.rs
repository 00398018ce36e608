//! Records on their way into the store, in temporary tables.

use std::{fmt::Write, ops::Deref};

use customers_types::{given::Given, id::PublicId, scalar::Timestamp};
use rusqlite::{
    Connection, Statement, params_from_iter,
    types::{ToSqlOutput, Value, ValueRef},
};

use super::table::TABLES;
use crate::{
    error::StoreError,
    record::{Change, CustomerRecord, DirectRuleRecord, Record, RecordKey, RuleTarget, UserRecord},
};

const NULL: ToSqlOutput<'static> = ToSqlOutput::Owned(Value::Null);

/// Makes the temporary tables; the number of the record is their key.
pub(super) fn create(connection: &Connection) -> Result<(), StoreError> {
    for table in TABLES {
        let mut columns = String::new();
        for column in table.columns {
            let _ = write!(columns, ", {}", column.name);
        }
        connection.execute_batch(&format!(
            "CREATE TEMP TABLE staged_{} (number INTEGER PRIMARY KEY, removed, given{columns})",
            table.name
        ))?;
    }
    Ok(())
}

/// Drops the temporary tables.
pub(super) fn remove(connection: &Connection) -> Result<(), StoreError> {
    for table in TABLES {
        connection.execute_batch(&format!("DROP TABLE temp.staged_{}", table.name))?;
    }
    Ok(())
}

/// The statements that put records aside, one for each table.
pub(super) struct Staging<'c> {
    statements: Vec<(&'static str, Statement<'c>)>,
}

impl<'c> Staging<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        let prepare = |table: &super::table::Table| {
            let places = vec!["?"; 3 + table.columns.len()].join(", ");
            let sql = format!("INSERT INTO temp.staged_{} VALUES ({places})", table.name);
            Ok((table.name, connection.prepare(&sql)?))
        };
        Ok(Self { statements: TABLES.iter().map(prepare).collect::<Result<_, StoreError>>()? })
    }

    pub(super) fn put(&mut self, changes: &[(u64, Change)]) -> Result<(), StoreError> {
        for (number, change) in changes {
            let mut row = Row::default();
            let (table, removed) = match change {
                Change::Upsert(record) => (row.record(record), 0),
                Change::Remove(key) => (row.key(*key), 1),
            };
            self.insert(table, *number, removed, row)?;
        }
        Ok(())
    }

    fn insert(
        &mut self,
        table: &str,
        number: u64,
        removed: i64,
        row: Row<'_>,
    ) -> Result<(), StoreError> {
        let found = self.statements.iter_mut().find(|(name, _)| *name == table);
        let (_, statement) = found.ok_or(StoreError::Corrupt("staged table"))?;
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let head = [integer(number), integer(removed), integer(row.given)];
        let missing = statement.parameter_count().saturating_sub(head.len() + row.values.len());
        let rest = std::iter::repeat_n(NULL, missing);
        statement.execute(params_from_iter(head.into_iter().chain(row.values).chain(rest)))?;
        Ok(())
    }
}

fn integer(value: i64) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(Value::Integer(value))
}

/// The values of one record, in the order of the columns of its table.
#[derive(Default)]
struct Row<'r> {
    values: Vec<ToSqlOutput<'r>>,
    /// The bit of each column for which the record gives a value, or says that there is none.
    given: i64,
}

impl<'r> Row<'r> {
    /// Takes a record and returns the table that it goes to.
    fn record(&mut self, record: &'r Record) -> &'static str {
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
    fn key(&mut self, key: RecordKey) -> &'static str {
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
        self.given(&customer.credit_ip_address, |ip| {
            ToSqlOutput::Owned(Value::Text(ip.0.to_string()))
        });
        self.given(&customer.credit_timestamp, |at| integer(at.millis()));
        self.given_text(&customer.stripe_id);
        self.given_text(&customer.stripe_sandbox_id);
        self.given_text(&customer.stripe_verification_session_id);
        self.kept(customer.created_at.map(|at| integer(at.millis())));
        "customer"
    }

    fn rule(&mut self, rule: &DirectRuleRecord) {
        let (customer, organization) = match rule.target {
            RuleTarget::Customer(id) => (Some(id), None),
            RuleTarget::Organization(id) => (None, Some(id)),
        };
        self.id(rule.user_id);
        self.values.push(integer(rule.actions.bits().into()));
        self.values.push(integer(rule.packs.bits().into()));
        self.values.push(customer.map_or(NULL, blob));
        self.values.push(organization.map_or(NULL, blob));
        self.values.push(rule.valid_from.map(Timestamp::millis).map_or(NULL, integer));
    }

    fn keyed(&mut self, id: impl PublicId, table: &'static str) -> &'static str {
        self.id(id);
        table
    }

    fn id(&mut self, id: impl PublicId) {
        self.values.push(blob(id));
    }

    fn text(&mut self, text: &'r str) {
        self.values.push(borrowed(text));
    }

    /// A value that stays what it is where the record has none.
    fn kept(&mut self, value: Option<ToSqlOutput<'r>>) {
        self.given |= i64::from(value.is_some()) << self.values.len();
        self.values.push(value.unwrap_or(NULL));
    }

    fn name(&mut self, name: Option<&'static str>) {
        self.kept(name.map(borrowed));
    }

    fn given<T>(&mut self, given: &'r Given<T>, value: impl Fn(&'r T) -> ToSqlOutput<'r>) {
        self.kept(match given {
            Given::LeftOut => None,
            Given::Cleared => Some(NULL),
            Given::Value(given) => Some(value(given)),
        });
    }

    fn given_text<T: Deref<Target = str>>(&mut self, text: &'r Given<T>) {
        self.given(text, |text| borrowed(text));
    }
}

fn borrowed(text: &str) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
}

fn blob(id: impl PublicId) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(Value::Blob(id.uuid().as_bytes().to_vec()))
}
