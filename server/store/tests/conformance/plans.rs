//! How PostgreSQL goes about the statement that most requests wait for.

use customers_store::{Store, Tenancy, open, token::Holder};
use customers_types::access::Role;

use crate::{
    cluster::Database,
    directory::{
        bare_customer, checkout, customer, id, import, member, organization, product, staff, user,
    },
    make_tables,
    postgres::session,
    tokens::{hash, issue},
};

/// Has the server log the plans of all that is executed, which are to be those that it keeps.
const EXPLAINED: &str = "&options=-c%20session_preload_libraries%3Dauto_explain\
     %20-c%20auto_explain.log_min_duration%3D0%20-c%20plan_cache_mode%3Dforce_generic_plan";

/// The tables that grow with the number of customers, as a plan names them.
const LARGE: [&str; 5] = ["customer", "\"user\"", "reach", "search", "checkout"];

const CUSTOMERS: u64 = 4_000;

/// Customers of two organizations, staff of the platform with the token 1, and a member of an
/// organization with the token 2.
async fn fill(store: &dyn Store) {
    let mut records = vec![organization(1), organization(2), product(1, 1), product(2, 2)];
    records.extend((1..=CUSTOMERS).flat_map(|number| {
        let customer = customer(bare_customer(number, number));
        [user(number), customer, checkout(number, number, 1 + number % 2)]
    }));
    records.extend([staff(1, Role::PlatformSupport), member(2, 1, Role::CustomerSupport)]);
    import(store, records).await;
    for number in [1, 2] {
        issue(store, number, Holder::User(id(number)), None).await;
    }
}

#[tokio::test]
async fn the_read_of_a_customer_reads_no_table_that_grows_from_end_to_end() {
    let database = Database::prepared(make_tables);
    let plain = database.url().parse().unwrap();
    fill(open(&plain, Tenancy::Sole).await.unwrap().as_ref()).await;
    session(&database).await.batch_execute("ANALYZE").await.unwrap();

    let url = database.url_at(Database::address()) + EXPLAINED;
    let store = open(&url.parse().unwrap(), Tenancy::Sole).await.unwrap();
    for token in [hash(1), hash(2)] {
        store.customer_access(&token, id(2)).await.unwrap().unwrap().customer.unwrap();
    }
    let log = database.log();
    let plans = log.split("LOG:").filter(|entry| entry.contains("plan:"));
    let plans: Vec<_> = plans.filter(|plan| plan.contains("AS has_profile")).collect();
    assert_eq!(plans.len(), 2, "{log}");
    for plan in plans {
        assert!(plan.matches("Index ").count() > 10, "{plan}");
        for table in LARGE {
            assert!(!plan.contains(&format!("Seq Scan on {table} ")), "{plan}");
        }
    }
}
