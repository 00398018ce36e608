//! Imports: all or none, in any order, and without losing what a record does not name.

use customers_store::{
    Store,
    customer::Customer,
    error::ImportError,
    import::{Batch, ImportMode, Reason},
    record::{Change, CustomerRecord, Record, RecordKey, RuleTarget, UserRecord},
    token::Holder,
};
use customers_types::{
    access::{Action, Role},
    given::Given,
    status::{CreditStatus, IdentityVerificationStatus},
};
use tokio::sync::mpsc;

use crate::{
    directory::{
        at, bare_customer, checkout, counts, customer, deny, grant, id, import, import_in, member,
        organization, product, refused, rule, staff, user,
    },
    on_each_store,
    tokens::{hash, issue},
};

/// The customer with this number, seen by the token of user 1.
async fn read(store: &dyn Store, number: u64) -> Option<Customer> {
    if store.token(&hash(1)).await.unwrap().is_none() {
        issue(store, 1, Holder::User(id(1)), None).await;
    }
    store.customer_access(&hash(1), id(number)).await.unwrap().unwrap().customer
}

pub(crate) fn full_customer(number: u64, user: u64) -> CustomerRecord {
    CustomerRecord {
        credit_status: Some(CreditStatus::Passed),
        identity_verification_status: Some(IdentityVerificationStatus::Verified),
        address1: Given::Value("12 Analytical Way".parse().unwrap()),
        address2: Given::Value("Floor 3".parse().unwrap()),
        city: Given::Value("San Francisco".parse().unwrap()),
        state: Given::Value("CA".parse().unwrap()),
        zip: Given::Value("94107".parse().unwrap()),
        country: Given::Value("US".parse().unwrap()),
        phone: Given::Value("+14155550123".parse().unwrap()),
        credit_ip_address: Given::Value("2001:db8::7".parse().unwrap()),
        credit_timestamp: Given::Value(at(500)),
        stripe_id: Given::Value("cus_a".parse().unwrap()),
        stripe_sandbox_id: Given::Value("cus_b".parse().unwrap()),
        stripe_verification_session_id: Given::Value("vs_c".parse().unwrap()),
        created_at: Some(at(100)),
        ..bare_customer(number, user)
    }
}

/// One record of every type, children before parents.
pub(crate) fn everything() -> Vec<Change> {
    vec![
        deny(9, rule(1, &[Action::CustomerRead], RuleTarget::Organization(id(3)))),
        grant(8, rule(1, &[Action::CustomerRead], RuleTarget::Customer(id(2)))),
        checkout(7, 2, 6),
        product(6, 3),
        staff(1, Role::PlatformSupport),
        member(1, 3, Role::CustomerSupport),
        organization(3),
        customer(full_customer(2, 1)),
        user(1),
    ]
}

pub(crate) const TYPES: [&str; 9] = [
    "user",
    "organization",
    "customer",
    "membership",
    "membership (platform)",
    "product",
    "checkout",
    "grant",
    "deny",
];

on_each_store! {
    async fn what_was_imported_is_read_back_whole(store) {
        import(store, everything()).await;
        let read = read(store, 2).await.unwrap();
        assert_eq!(read.id, id(2));
        assert_eq!(read.user.id, id(1));
        assert_eq!(read.user.email, "user1@example.com");
        assert_eq!(read.user.first_name.as_deref(), Some("Ada"));
        assert_eq!(read.user.last_name, None);
        assert_eq!(read.credit_status, CreditStatus::Passed);
        assert_eq!(read.identity_verification_status, IdentityVerificationStatus::Verified);
        assert_eq!(read.address1.as_deref(), Some("12 Analytical Way"));
        assert_eq!(read.address2.as_deref(), Some("Floor 3"));
        assert_eq!(read.city.as_deref(), Some("San Francisco"));
        assert_eq!(read.state.as_deref(), Some("CA"));
        assert_eq!(read.zip.as_deref(), Some("94107"));
        assert_eq!(read.country.as_deref(), Some("US"));
        assert_eq!(read.phone.as_deref(), Some("+14155550123"));
        assert_eq!(read.credit_ip_address, Some("2001:db8::7".parse().unwrap()));
        assert_eq!(read.credit_timestamp, Some(at(500)));
        assert_eq!(read.stripe_id.as_deref(), Some("cus_a"));
        assert_eq!(read.stripe_sandbox_id.as_deref(), Some("cus_b"));
        assert_eq!(read.stripe_verification_session_id.as_deref(), Some("vs_c"));
        assert_eq!((read.created_at, read.updated_at), (at(100), at(1_000)));
    }

    async fn the_order_of_the_lines_does_not_matter_and_repeating_changes_nothing(store) {
        let first = import(store, everything()).await;
        for record_type in TYPES {
            assert_eq!(counts(&first, record_type), [1, 0, 0, 0], "{record_type}");
        }
        let mut reversed = everything();
        reversed.reverse();
        let again = import_in(store, ImportMode::Commit, 2_000, reversed).await.unwrap();
        for record_type in TYPES {
            assert_eq!(counts(&again, record_type), [0, 0, 1, 0], "{record_type}");
        }
        assert_eq!(read(store, 2).await.unwrap().updated_at, at(1_000));
    }

    async fn a_new_customer_of_whom_nothing_is_said_is_unknown_and_unverified(store) {
        import(store, vec![user(1), customer(bare_customer(2, 1))]).await;
        let read = read(store, 2).await.unwrap();
        assert_eq!(read.credit_status, CreditStatus::Unknown);
        assert_eq!(read.identity_verification_status, IdentityVerificationStatus::None);
        assert_eq!((read.created_at, read.updated_at), (at(1_000), at(1_000)));
    }

    async fn a_field_that_is_left_out_stays_and_one_that_is_null_goes(store) {
        import(store, vec![user(1), customer(full_customer(2, 1))]).await;
        let mut record = bare_customer(2, 1);
        record.city = Given::Value("Oakland".parse().unwrap());
        record.phone = Given::Cleared;
        let summary =
            import_in(store, ImportMode::Commit, 2_000, vec![customer(record)]).await.unwrap();
        assert_eq!(counts(&summary, "customer"), [0, 1, 0, 0]);
        let read = read(store, 2).await.unwrap();
        assert_eq!(read.city.as_deref(), Some("Oakland"));
        assert_eq!(read.phone, None);
        assert_eq!(read.address1.as_deref(), Some("12 Analytical Way"));
        assert_eq!(read.credit_status, CreditStatus::Passed);
        assert_eq!((read.created_at, read.updated_at), (at(100), at(2_000)));
    }

    async fn the_time_of_change_grows_even_if_the_clock_was_set_back(store) {
        import(store, vec![user(1), customer(bare_customer(2, 1))]).await;
        let mut changed = bare_customer(2, 1);
        changed.city = Given::Value("Oakland".parse().unwrap());
        let renamed = UserRecord {
            id: id(1),
            email: "ada@example.com".parse().unwrap(),
            first_name: Given::LeftOut,
            last_name: Given::LeftOut,
        };
        let records =
            vec![customer(changed), Change::Upsert(Record::User(Box::new(renamed)))];
        import_in(store, ImportMode::Commit, 10, records).await.unwrap();
        let read = read(store, 2).await.unwrap();
        assert_eq!((read.updated_at, read.user.updated_at), (at(1_001), at(1_001)));
        assert_eq!(read.user.first_name.as_deref(), Some("Ada"));
    }

    async fn an_object_that_is_named_twice_is_refused(store) {
        let faults = refused(store, vec![
            user(1),
            organization(3),
            user(1),
            member(1, 3, Role::CustomerSupport),
            member(1, 3, Role::OrganizationAdmin),
            Change::Remove(RecordKey::Organization(id(3))),
        ]).await;
        assert_eq!(faults, [
            (3, "id", Reason::SameObject(1)),
            (5, "userId", Reason::SameObject(4)),
            (6, "id", Reason::SameObject(2)),
        ]);
    }

    async fn references_to_what_there_is_not_are_refused_by_line_and_field(store) {
        let faults = refused(store, vec![
            user(1),
            customer(bare_customer(2, 11)),
            checkout(7, 2, 6),
            member(1, 3, Role::CustomerSupport),
            grant(8, rule(1, &[Action::CustomerRead], RuleTarget::Customer(id(12)))),
        ]).await;
        assert_eq!(faults, [
            (2, "userId", Reason::Missing("user")),
            (3, "customerId", Reason::Missing("customer")),
            (4, "organizationId", Reason::Missing("organization")),
            (5, "customerId", Reason::Missing("customer")),
        ]);
        assert!(store.tokens().await.unwrap().is_empty());
        assert_eq!(counts(&import(store, vec![user(1)]).await, "user"), [1, 0, 0, 0]);
    }

    async fn a_user_has_one_customer(store) {
        import(store, vec![user(1), user(2), customer(bare_customer(3, 1))]).await;
        let faults = refused(store, vec![
            customer(bare_customer(4, 1)),
            customer(bare_customer(5, 2)),
            customer(bare_customer(6, 2)),
        ]).await;
        assert_eq!(faults, [
            (1, "userId", Reason::OtherCustomer),
            (3, "userId", Reason::SameUser(2)),
        ]);
    }

    async fn what_others_refer_to_can_not_be_removed(store) {
        import(store, everything()).await;
        let remove = |key| vec![Change::Remove(key)];
        for (key, referrer) in [
            (RecordKey::User(id(1)), "customer"),
            (RecordKey::Customer(id(2)), "checkout"),
            (RecordKey::Organization(id(3)), "membership"),
            (RecordKey::Product(id(6)), "checkout"),
        ] {
            let expected = (1, "id", Reason::ReferredTo(referrer));
            assert_eq!(refused(store, remove(key)).await, [expected]);
        }
        assert!(read(store, 2).await.is_some());
    }

    async fn all_can_be_removed_together(store) {
        import(store, everything()).await;
        let keys = || [
            RecordKey::User(id(1)),
            RecordKey::Organization(id(3)),
            RecordKey::Customer(id(2)),
            RecordKey::Membership(id(1), id(3)),
            RecordKey::PlatformMembership(id(1)),
            RecordKey::Product(id(6)),
            RecordKey::Checkout(id(7)),
            RecordKey::Grant(id(8)),
            RecordKey::Deny(id(9)),
        ].into_iter().map(Change::Remove).collect();
        let summary = import(store, keys()).await;
        for record_type in TYPES {
            assert_eq!(counts(&summary, record_type), [0, 0, 0, 1], "{record_type}");
        }
        // What is gone is removed again without complaint.
        assert_eq!(import(store, keys()).await.types, []);
    }

    async fn a_check_finds_the_same_faults_and_writes_nothing(store) {
        let checked = import_in(store, ImportMode::Check, 1_000, everything()).await.unwrap();
        assert_eq!(counts(&checked, "customer"), [1, 0, 0, 0]);
        let imported = import(store, everything()).await;
        assert_eq!(checked, imported);
    }

    async fn a_source_that_ends_early_writes_nothing(store) {
        let (sender, receiver) = mpsc::channel(2);
        sender.send(Batch::Changes(vec![(1, user(1))])).await.unwrap();
        drop(sender);
        let abandoned = store.import(receiver, ImportMode::Commit, at(1_000)).await;
        assert!(matches!(abandoned, Err(ImportError::Abandoned)));
        assert_eq!(counts(&import(store, vec![user(1)]).await, "user"), [1, 0, 0, 0]);
    }
}
