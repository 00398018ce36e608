//! Updates of one customer: merged, decided and versioned in one transaction.

use customers_store::{
    Store,
    audit::AuditEntry,
    customer::{Customer, CustomerAttempt, CustomerChange, Version},
    token::Holder,
};
use customers_types::{
    access::{Action, ActionSet, Clause, Decision, decide},
    customer::CustomerUpdate,
    field::CustomerField,
    given::Given,
};

use crate::{
    audit::origin,
    directory::{at, bare_customer, customer, id, import, user},
    on_each_store,
    tokens::{hash, issue},
};

/// User 1 with customer 1, and token 1 of that user.
async fn prepare(store: &dyn Store) {
    let mut record = bare_customer(1, 1);
    record.city = Given::Value("Arlington".parse().unwrap());
    record.zip = Given::Value("22201".parse().unwrap());
    import(store, vec![user(1), user(2), customer(record)]).await;
    issue(store, 1, Holder::User(id(1)), None).await;
}

async fn attempt(
    store: &dyn Store,
    token: u64,
    update: CustomerUpdate,
    if_match: Option<Vec<Version>>,
    now: i64,
) -> CustomerAttempt {
    let change = CustomerChange {
        token: hash(token),
        customer: id(1),
        update,
        if_match,
        now: at(now),
        origin: origin(),
    };
    store.update_customer(change).await.unwrap().unwrap()
}

async fn read(store: &dyn Store) -> Customer {
    store.customer_access(&hash(1), id(1)).await.unwrap().unwrap().customer.unwrap()
}

fn city(name: &str) -> CustomerUpdate {
    CustomerUpdate { city: Given::Value(name.parse().unwrap()), ..CustomerUpdate::default() }
}

on_each_store! {
    async fn an_update_changes_what_it_names_and_nothing_else(store) {
        prepare(store).await;
        let before = read(store).await;
        let update = CustomerUpdate {
            first_name: Given::Cleared,
            last_name: Given::Value("Hopper".parse().unwrap()),
            zip: Given::Cleared,
            phone: Given::Value("+14155550123".parse().unwrap()),
            ..CustomerUpdate::default()
        };
        let after = attempt(store, 1, update, None, 5_000).await.access.customer.unwrap();
        let mut expected = before.clone();
        expected.user.first_name = None;
        expected.user.last_name = Some("Hopper".to_owned());
        expected.user.updated_at = at(5_000);
        expected.zip = None;
        expected.phone = Some("+14155550123".to_owned());
        expected.updated_at = at(5_000);
        assert!(after == expected);
        assert!(read(store).await == expected);
    }

    async fn an_update_that_changes_nothing_leaves_the_version(store) {
        prepare(store).await;
        let before = read(store).await;
        for update in [CustomerUpdate::default(), city("Arlington")] {
            let after = attempt(store, 1, update, None, 5_000).await.access.customer.unwrap();
            assert!(after == before);
        }
        let name = CustomerUpdate { first_name: Given::Cleared, ..CustomerUpdate::default() };
        let after = attempt(store, 1, name, None, 5_000).await.access.customer.unwrap();
        assert_eq!(after.version().customer, before.version().customer);
        assert_ne!(after.version().user, before.version().user);
    }

    async fn the_version_grows_even_if_the_clock_was_set_back(store) {
        prepare(store).await;
        let mut version = read(store).await.version();
        for (now, name) in [(5_000, "a"), (5_000, "b"), (10, "c")] {
            let now = attempt(store, 1, city(name), None, now).await.access.customer.unwrap();
            assert!(now.version().customer > version.customer);
            version = now.version();
        }
    }

    async fn another_version_than_wanted_changes_nothing(store) {
        prepare(store).await;
        let old = read(store).await.version();
        let changed = attempt(store, 1, city("Boston"), Some(vec![old]), 5_000).await;
        assert!(!changed.version_differs);
        for if_match in [vec![old], vec![]] {
            let refused = attempt(store, 1, city("Chicago"), Some(if_match), 6_000).await;
            assert!(refused.version_differs);
        }
        let present = read(store).await;
        assert_eq!(present.city.as_deref(), Some("Boston"));
        let either = Some(vec![old, present.version()]);
        assert!(!attempt(store, 1, city("Chicago"), either, 6_000).await.version_differs);
    }

    async fn a_change_leaves_its_row_with_the_names_of_what_it_changed(store) {
        prepare(store).await;
        let update = CustomerUpdate {
            first_name: Given::Cleared,
            zip: Given::Value("94107".parse().unwrap()),
            ..city("Arlington")
        };
        attempt(store, 1, update, None, 5_000).await;
        attempt(store, 1, CustomerUpdate::default(), None, 6_000).await;
        // Neither a version that differs nor a token that does not count leaves one.
        assert!(attempt(store, 1, city("Boston"), Some(vec![]), 7_000).await.version_differs);
        attempt(store, 1, city("Boston"), None, 9_001).await;
        let trail = store.audit_of(id(1), None, 10).await.unwrap().entries;
        let row = |moment, fields: &[CustomerField]| AuditEntry {
            at: at(moment),
            holder: Holder::User(id(1)),
            token: id(1),
            request_id: "request".to_owned(),
            operation: "update_customer".to_owned(),
            customer: id(1),
            clause: Clause::SelfService,
            fields: fields.to_vec(),
        };
        let changed = row(5_000, &[CustomerField::FirstName, CustomerField::Zip]);
        assert_eq!(trail, [changed, row(6_000, &[])]);
    }

    async fn who_may_not_write_changes_nothing(store) {
        prepare(store).await;
        issue(store, 2, Holder::User(id(2)), None).await;
        let reader = Some(ActionSet::of(&[Action::CustomerRead]));
        issue(store, 3, Holder::User(id(1)), reader).await;
        let before = read(store).await;
        for token in [2, 3] {
            let refused = attempt(store, token, city("Boston"), None, 5_000).await;
            let decision = decide(Action::CustomerWrite, &refused.access.facts, at(5_000));
            assert_eq!(decision, Decision::NotHeld);
        }
        // Token 1 has expired by then.
        let expired = attempt(store, 1, city("Boston"), None, 9_001).await;
        assert!(expired.access.token.validity.lapse(at(9_001)).is_some());
        assert!(read(store).await == before);

        let unknown = CustomerChange {
            token: hash(9),
            customer: id(1),
            update: city("Boston"),
            if_match: None,
            now: at(5_000),
            origin: origin(),
        };
        assert!(store.update_customer(unknown).await.unwrap().is_none());
    }
}
