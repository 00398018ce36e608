//! Many records for an empty store, which PostgreSQL takes in another way than others.

use customers_store::{
    import::Reason,
    list::{CustomerFilter, CustomerListing, Order},
    record::{Change, RecordKey},
    token::Holder,
};
use customers_types::access::Role;
use tokio_postgres::Client;

use crate::{
    cluster::Database,
    directory::{
        at, bare_customer, checkout, counts, customer, id, import, organization, product, refused,
        staff, user,
    },
    make_tables, on_each_store,
    postgres::{empty, opened, session},
    tokens::{hash, issue},
};

/// More than from how many on it is done otherwise.
const MANY: u64 = 10_001;

fn many() -> Vec<Change> {
    let mut records = vec![staff(1, Role::PlatformAdmin), organization(1), product(1, 1)];
    for number in 1..=MANY {
        records.extend([
            checkout(number, number, 1),
            customer(bare_customer(number, number)),
            user(number),
        ]);
    }
    records
}

on_each_store! {
    async fn many_records_are_there_and_can_be_found_and_come_again_as_they_are(store) {
        let summary = import(store, many()).await;
        for label in ["user", "customer", "checkout"] {
            assert_eq!(counts(&summary, label), [MANY, 0, 0, 0], "{label}");
        }
        issue(store, 1, Holder::User(id(1)), None).await;
        let filter = CustomerFilter {
            organization: Some(id(1)),
            email: Some(format!("{MANY}@")),
            ..CustomerFilter::default()
        };
        let listing = CustomerListing {
            token: hash(1), filter, order: Order::OldestFirst, after: None, limit: 20, now: at(1_000),
        };
        let found = store.list_customers(&listing).await.unwrap().unwrap().page.items;
        assert_eq!(found.iter().map(|(_, it)| it.id).collect::<Vec<_>>(), [id(MANY)]);
        let again = import(store, many()).await;
        assert_eq!(counts(&again, "customer"), [0, 0, MANY, 0]);
        // Whose keys are not those of the first ones.
        let later = (MANY + 1..MANY + 20).flat_map(|number| {
            [user(number), customer(bare_customer(number, number)), checkout(number, number, 1)]
        });
        let summary = import(store, later.collect()).await;
        for label in ["user", "customer", "checkout"] {
            assert_eq!(counts(&summary, label), [19, 0, 0, 0], "{label}");
        }
    }

    async fn of_many_records_one_may_say_that_something_is_to_go_which_is_not_there(store) {
        let mut records = many();
        records.push(Change::Remove(RecordKey::User(id(MANY + 1))));
        let summary = import(store, records).await;
        for label in ["user", "customer", "checkout"] {
            assert_eq!(counts(&summary, label), [MANY, 0, 0, 0], "{label}");
        }
    }

    async fn of_many_records_none_may_be_about_the_same_as_another(store) {
        for (repeated, field) in [
            (user(5), "id"), (customer(bare_customer(5, MANY + 1)), "id"),
            (checkout(5, 5, 1), "id"), (product(1, 1), "id"),
        ] {
            let mut records = many();
            records.extend([user(MANY + 1), repeated]);
            let last = records.len() as u64;
            let faults = refused(store, records).await;
            let [(number, of, Reason::SameObject(_))] = faults[..] else { panic!("{faults:?}") };
            assert_eq!((number, of), (last, field));
        }
    }

    async fn of_many_records_all_are_refused_for_one(store) {
        let mut records = many();
        records.push(customer(bare_customer(MANY + 1, 7)));
        records.push(checkout(MANY + 1, MANY + 2, 1));
        let last = records.len() as u64;
        assert_eq!(refused(store, records).await, [
            (last - 1, "userId", Reason::SameUser(3 + 3 * 6 + 2)),
            (last, "customerId", Reason::Missing("customer")),
        ]);
        assert_eq!(counts(&import(store, vec![user(1)]).await, "user"), [1, 0, 0, 0]);
    }
}

#[tokio::test]
async fn tables_that_were_filled_at_once_have_all_their_indexes_and_references() {
    let database = Database::prepared(make_tables);
    let session = session(&database).await;
    let definitions = async || {
        let sql = "
            SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                || convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            ORDER BY 1";
        let rows = session.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
    };
    let before = definitions().await;
    import(opened(&database.url().parse().unwrap()).await.as_ref(), many()).await;
    assert_eq!(definitions().await, before);
    assert!(was_filled_at_once(&session).await);
}

#[tokio::test]
async fn where_there_is_a_user_or_somebody_reads_the_tables_they_stay_as_they_are() {
    let database = Database::prepared(make_tables);
    let store = opened(&database.url().parse().unwrap()).await;
    let session = session(&database).await;
    // As a backup does.
    session.batch_execute("BEGIN; LOCK TABLE product IN ACCESS SHARE MODE").await.unwrap();
    let summary = import(store.as_ref(), many()).await;
    assert_eq!(counts(&summary, "customer"), [MANY, 0, 0, 0]);
    session.batch_execute("ROLLBACK").await.unwrap();
    assert!(!was_filled_at_once(&session).await);

    empty(&database).await;
    import(store.as_ref(), vec![user(1)]).await;
    import(store.as_ref(), many()).await;
    assert!(!was_filled_at_once(&session).await);
}

#[tokio::test]
async fn customers_of_one_identifier_are_refused_before_each_has_the_checkouts_of_all() {
    const ALIKE: u64 = 3_000;
    let database = Database::prepared(make_tables);
    // Nine million checkouts take far more than that beside the tables.
    let limit = "DO $$ BEGIN EXECUTE format(
        'ALTER DATABASE %I SET temp_file_limit = ''16MB''', current_database()); END $$";
    session(&database).await.batch_execute(limit).await.unwrap();
    let mut records = many();
    for number in MANY + 1..=MANY + ALIKE {
        let alike = customer(bare_customer(MANY + 1, number));
        records.extend([user(number), alike, checkout(number, MANY + 1, 1)]);
    }
    let store = opened(&database.url().parse().unwrap()).await;
    let faults = refused(store.as_ref(), records).await;
    let is_repeated = |(_, field, reason): &(_, _, Reason)| {
        *field == "id" && matches!(reason, Reason::SameObject(_))
    };
    assert!(!faults.is_empty() && faults.iter().all(is_repeated), "{:?}", faults.first());
}

/// Whether an index is younger than all tables.
async fn was_filled_at_once(session: &Client) -> bool {
    let is_younger = "SELECT 'checkout_of_customer'::regclass::oid > max(oid) FROM pg_class
                      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    session.query_one(is_younger, &[]).await.unwrap().get(0)
}
