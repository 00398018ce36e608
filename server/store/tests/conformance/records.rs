//! Records that the holder of a token wants applied: decided, applied and audited in one
//! transaction.

use customers_store::{
    Store,
    audit::AuditEntry,
    import::{Reason, RecordsChange, RecordsOutcome, Summary},
    record::{Change, CustomerRecord, Record, RecordKey, RuleTarget, UserRecord},
    token::Holder,
};
use customers_types::{
    access::{Action, ActionSet, Clause, Role},
    field::CustomerField,
    given::Given,
};

use crate::{
    audit::origin,
    directory::{
        at, bare_customer, checkout, counts, customer, deny, grant, id, import, member,
        organization, product, rule, staff, user,
    },
    import::{TYPES, everything, full_customer},
    on_each_store,
    tokens::{hash, issue},
};

/// User 100, an administrator of the platform, and token 100 of that user.
async fn administrator(store: &dyn Store) {
    import(store, vec![user(100), staff(100, Role::PlatformAdmin)]).await;
    issue(store, 100, Holder::User(id(100)), None).await;
}

async fn attempt_at(
    store: &dyn Store,
    token: u64,
    now: i64,
    records: Vec<Change>,
) -> Option<RecordsOutcome> {
    let change = RecordsChange { token: hash(token), records, now: at(now), origin: origin() };
    store.change_records(change).await.unwrap().map(|attempt| attempt.outcome)
}

async fn attempt(store: &dyn Store, token: u64, records: Vec<Change>) -> Option<RecordsOutcome> {
    attempt_at(store, token, 2_000, records).await
}

async fn apply(store: &dyn Store, records: Vec<Change>) -> Summary {
    match attempt(store, 100, records).await {
        Some(RecordsOutcome::Applied(summary)) => summary,
        other => panic!("{other:?}"),
    }
}

/// The rows in the audit trail of the customer with this number, each as the names of its fields.
async fn trail(store: &dyn Store, number: u64) -> Vec<String> {
    let page = store.audit_of(id(number), None, 100).await.unwrap();
    let names = |entry: &AuditEntry| {
        entry.fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(" ")
    };
    page.entries.iter().map(names).collect()
}

fn renamed(number: u64, first_name: &str) -> Change {
    Change::Upsert(Record::User(Box::new(UserRecord {
        id: id(number),
        email: format!("user{number}@example.com").parse().unwrap(),
        first_name: Given::Value(first_name.parse().unwrap()),
        last_name: Given::LeftOut,
    })))
}

on_each_store! {
    async fn records_are_applied_and_counted_and_repeating_them_changes_nothing(store) {
        administrator(store).await;
        let first = apply(store, everything()).await;
        let again = apply(store, everything()).await;
        for label in TYPES {
            assert_eq!(counts(&first, label), [1, 0, 0, 0], "{label}");
            assert_eq!(counts(&again, label), [0, 0, 1, 0], "{label}");
        }
        assert_eq!(trail(store, 2).await.len(), 1);
    }

    async fn a_record_that_can_not_be_applied_is_named_by_its_place_and_none_is_applied(store) {
        administrator(store).await;
        let records = vec![user(1), checkout(7, 2, 6), product(6, 3), user(1)];
        let Some(RecordsOutcome::Refused(faults)) = attempt(store, 100, records).await else {
            panic!("not refused");
        };
        let faults: Vec<_> =
            faults.iter().map(|fault| (fault.number, fault.field, fault.reason)).collect();
        assert_eq!(faults, [
            (1, "customerId", Reason::Missing("customer")),
            (2, "organizationId", Reason::Missing("organization")),
            (3, "id", Reason::SameObject(0)),
        ]);
        assert_eq!(counts(&apply(store, vec![user(1)]).await, "user"), [1, 0, 0, 0]);
    }

    async fn only_who_may_write_the_directory_on_the_platform_does(store) {
        administrator(store).await;
        let all = [Action::DirectoryWrite, Action::CustomerWrite];
        import(store, vec![
            user(1), user(2), user(3), user(4),
            organization(9),
            customer(bare_customer(5, 1)),
            staff(1, Role::PlatformSupport),
            staff(2, Role::PlatformAdmin),
            staff(3, Role::PlatformAdmin),
            member(4, 9, Role::OrganizationAdmin),
            grant(6, rule(4, &all, RuleTarget::Organization(id(9)))),
            deny(7, rule(2, &[Action::DirectoryWrite], RuleTarget::Customer(id(5)))),
        ]).await;
        for number in [1, 2, 3, 4] {
            issue(store, number, Holder::User(id(number)), None).await;
        }
        issue(store, 5, Holder::Organization(id(9), Role::PlatformAdmin), None).await;
        let reader = Some(ActionSet::of(&[Action::CustomerRead]));
        issue(store, 6, Holder::User(id(3)), reader).await;
        let may = async |token, now| {
            match attempt_at(store, token, now, vec![user(50)]).await {
                Some(RecordsOutcome::Applied(_)) => true,
                Some(RecordsOutcome::NotAllowed) => false,
                other => panic!("{token}: {other:?}"),
            }
        };
        for token in [1, 2, 4, 5, 6] {
            assert!(!may(token, 2_000).await, "token {token}");
        }
        assert_eq!(counts(&import(store, vec![user(50)]).await, "user"), [1, 0, 0, 0]);
        assert!(may(3, 2_000).await);
        // It has expired by then.
        assert!(!may(3, 9_001).await);
        store.revoke_token(id(3), at(2_000)).await.unwrap();
        assert!(!may(3, 2_000).await);
        assert!(attempt(store, 99, vec![user(50)]).await.is_none());
    }

    async fn the_row_of_a_customer_says_who_changed_what_when_and_by_which_request(store) {
        administrator(store).await;
        import(store, vec![user(1), customer(bare_customer(2, 1))]).await;
        apply(store, vec![renamed(1, "B")]).await;
        let page = store.audit_of(id(2), None, 100).await.unwrap();
        assert_eq!(page.entries, [AuditEntry {
            at: at(2_000),
            holder: Holder::User(id(100)),
            token: id(100),
            request_id: origin().request_id,
            operation: origin().operation,
            customer: id(2),
            clause: Clause::Platform,
            fields: vec![CustomerField::FirstName],
        }]);
    }

    async fn a_new_customer_has_the_fields_that_its_record_gives(store) {
        administrator(store).await;
        apply(store, vec![customer(full_customer(2, 1)), user(1), customer(bare_customer(4, 3)),
            user(3)]).await;
        assert_eq!(trail(store, 2).await, [
            "userId creditStatus identityVerificationStatus address1 address2 city state zip \
             country phone creditIpAddress creditTimestamp stripeId stripeSandboxId \
             stripeVerificationSessionId createdAt",
        ]);
        assert_eq!(trail(store, 4).await, ["userId"]);
    }

    async fn a_customer_differs_in_the_fields_that_change_and_in_no_others(store) {
        administrator(store).await;
        import(store, vec![
            user(1), customer(full_customer(2, 1)),
            user(3), customer(full_customer(4, 3)),
            user(5),
        ]).await;
        let different = CustomerRecord {
            city: Given::Value("Oakland".parse().unwrap()),
            // As it is already.
            zip: Given::Value("94107".parse().unwrap()),
            phone: Given::Cleared,
            ..bare_customer(2, 1)
        };
        apply(store, vec![customer(different), customer(full_customer(4, 3))]).await;
        assert_eq!(trail(store, 2).await, ["city phone"]);
        assert!(trail(store, 4).await.is_empty());
        // To a user who is there, and to one who comes with it.
        let others = vec![customer(bare_customer(2, 5)), customer(bare_customer(4, 6)), user(6)];
        apply(store, others).await;
        assert_eq!(trail(store, 2).await, ["city phone", "userId"]);
        assert_eq!(trail(store, 4).await, ["userId"]);
    }

    async fn a_change_of_the_user_is_one_of_the_customer_behind_whom_it_is(store) {
        administrator(store).await;
        import(store, vec![
            user(1), customer(bare_customer(2, 1)),
            user(3), customer(bare_customer(4, 3)),
            user(5),
        ]).await;
        let moved = Change::Upsert(Record::User(Box::new(UserRecord {
            id: id(1),
            email: "ada@example.com".parse().unwrap(),
            first_name: Given::Cleared,
            last_name: Given::Value("Lovelace".parse().unwrap()),
        })));
        let with_city = CustomerRecord {
            city: Given::Value("Oakland".parse().unwrap()),
            ..bare_customer(2, 1)
        };
        // User 5 has no customer, and user 3 is as before.
        apply(store, vec![moved, user(3), renamed(5, "B"), customer(with_city)]).await;
        assert_eq!(trail(store, 2).await, ["city email firstName lastName"]);
        assert!(trail(store, 4).await.is_empty());
    }

    async fn a_customer_who_goes_leaves_a_row_without_fields(store) {
        administrator(store).await;
        import(store, vec![user(1), customer(bare_customer(2, 1)), user(3)]).await;
        let summary = apply(store, vec![
            renamed(1, "B"),
            Change::Remove(RecordKey::Customer(id(2))),
            Change::Remove(RecordKey::Customer(id(4))),
        ]).await;
        assert_eq!(counts(&summary, "customer"), [0, 0, 0, 1]);
        assert_eq!(trail(store, 2).await, [""]);
        assert!(trail(store, 4).await.is_empty());
    }

    async fn records_that_are_refused_leave_no_row(store) {
        administrator(store).await;
        import(store, vec![user(1), staff(1, Role::PlatformSupport)]).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        let records = || vec![customer(bare_customer(2, 1)), customer(bare_customer(3, 9))];
        let refused = attempt(store, 100, records()).await;
        assert!(matches!(refused, Some(RecordsOutcome::Refused(_))));
        let refused = attempt(store, 1, records()).await;
        assert!(matches!(refused, Some(RecordsOutcome::NotAllowed)));
        assert!(trail(store, 2).await.is_empty());
    }
}
