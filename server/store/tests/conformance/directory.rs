//! Directory records by number, and their way into a store.

use customers_store::{
    Store,
    error::ImportError,
    import::{Batch, ImportMode, Reason, Summary, TypeSummary},
    record::{
        Change, CheckoutRecord, CustomerRecord, DirectRuleRecord, MembershipRecord,
        OrganizationRecord, PlatformMembershipRecord, ProductRecord, Record, RuleTarget,
        UserRecord,
    },
};
use customers_types::{
    access::{Action, ActionSet, PackSet, Role},
    given::Given,
    id::PublicId,
    scalar::Timestamp,
};
use tokio::sync::mpsc;
use uuid::Uuid;

/// The identifier with this number, of whatever kind is wanted.
pub(crate) fn id<I: PublicId>(number: u64) -> I {
    I::from_uuid(Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | number))
}

pub(crate) fn user(number: u64) -> Change {
    Change::Upsert(Record::User(Box::new(UserRecord {
        id: id(number),
        email: format!("user{number}@example.com").parse().unwrap(),
        first_name: Given::Value("Ada".parse().unwrap()),
        last_name: Given::LeftOut,
    })))
}

/// A customer of which nothing is given but whose it is.
pub(crate) fn bare_customer(number: u64, user: u64) -> CustomerRecord {
    CustomerRecord {
        id: id(number),
        user_id: id(user),
        credit_status: None,
        identity_verification_status: None,
        address1: Given::LeftOut,
        address2: Given::LeftOut,
        city: Given::LeftOut,
        state: Given::LeftOut,
        zip: Given::LeftOut,
        country: Given::LeftOut,
        phone: Given::LeftOut,
        credit_ip_address: Given::LeftOut,
        credit_timestamp: Given::LeftOut,
        stripe_id: Given::LeftOut,
        stripe_sandbox_id: Given::LeftOut,
        stripe_verification_session_id: Given::LeftOut,
        created_at: None,
    }
}

pub(crate) fn customer(record: CustomerRecord) -> Change {
    Change::Upsert(Record::Customer(Box::new(record)))
}

pub(crate) fn organization(number: u64) -> Change {
    let name = format!("Organization {number}").parse().unwrap();
    Change::Upsert(Record::Organization(OrganizationRecord { id: id(number), name }))
}

pub(crate) fn member(user: u64, organization: u64, role: Role) -> Change {
    let (user_id, organization_id) = (id(user), id(organization));
    Change::Upsert(Record::Membership(MembershipRecord { user_id, organization_id, role }))
}

pub(crate) fn staff(user: u64, role: Role) -> Change {
    let user_id = id(user);
    Change::Upsert(Record::PlatformMembership(PlatformMembershipRecord { user_id, role }))
}

pub(crate) fn product(number: u64, organization: u64) -> Change {
    let organization_id = id(organization);
    Change::Upsert(Record::Product(ProductRecord { id: id(number), organization_id }))
}

pub(crate) fn checkout(number: u64, customer: u64, product: u64) -> Change {
    let (customer_id, product_id) = (id(customer), id(product));
    Change::Upsert(Record::Checkout(CheckoutRecord { id: id(number), customer_id, product_id }))
}

pub(crate) fn rule(user: u64, actions: &[Action], target: RuleTarget) -> DirectRuleRecord {
    DirectRuleRecord {
        user_id: id(user),
        actions: ActionSet::of(actions),
        packs: PackSet::default(),
        target,
        valid_from: None,
    }
}

pub(crate) fn grant(number: u64, rule: DirectRuleRecord) -> Change {
    Change::Upsert(Record::Grant(id(number), rule))
}

pub(crate) fn deny(number: u64, rule: DirectRuleRecord) -> Change {
    Change::Upsert(Record::Deny(id(number), rule))
}

/// The moment of an import.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Imports records as lines 1, 2, 3…
pub(crate) async fn import_in(
    store: &dyn Store,
    mode: ImportMode,
    now: i64,
    changes: Vec<Change>,
) -> Result<Summary, ImportError> {
    let (sender, receiver) = mpsc::channel(2);
    sender.send(Batch::Changes((1..).zip(changes).collect())).await.unwrap();
    sender.send(Batch::End).await.unwrap();
    store.import(receiver, mode, at(now)).await
}

pub(crate) async fn import(store: &dyn Store, changes: Vec<Change>) -> Summary {
    import_in(store, ImportMode::Commit, 1_000, changes).await.unwrap()
}

/// The faults of an import that is refused: line, field, reason.
pub(crate) async fn refused(
    store: &dyn Store,
    changes: Vec<Change>,
) -> Vec<(u64, &'static str, Reason)> {
    match import_in(store, ImportMode::Commit, 1_000, changes).await {
        Err(ImportError::Refused(faults)) => {
            faults.iter().map(|fault| (fault.number, fault.field, fault.reason)).collect()
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("nothing was refused"),
    }
}

/// Added, changed, unchanged and removed records of one type.
pub(crate) fn counts(summary: &Summary, label: &str) -> [u64; 4] {
    let found = summary.types.iter().find(|summary| summary.label == label);
    found.map_or([0; 4], |TypeSummary { added, changed, unchanged, removed, .. }| {
        [*added, *changed, *unchanged, *removed]
    })
}
