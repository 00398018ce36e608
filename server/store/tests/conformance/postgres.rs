//! What only PostgreSQL has: a server, other instances on the same database, statements that are
//! sent there.

use std::sync::Arc;

use customers_store::{
    Store, Tenancy,
    audit::AuditBatch,
    customer::CustomerChange,
    error::StoreError,
    list::{CustomerFilter, CustomerListing, Order},
    open,
    token::Holder,
    url::StoreUrl,
};
use customers_types::{access::Role, customer::CustomerUpdate, given::Given};
use tokio_postgres::{Client, NoTls};

use crate::{
    audit::{batch, origin, read},
    cluster::{Database, PASSWORD},
    directory::{at, bare_customer, customer, id, import, staff, user},
    make_tables,
    tokens::{hash, issue},
};

/// Every table, children before parents.
const TABLES: [&str; 15] = [
    "api_token",
    "audit",
    "audit_writer",
    "checkout",
    "cursor_key",
    "direct_deny",
    "direct_grant",
    "membership",
    "platform_membership",
    "product",
    "reach",
    "search",
    "customer",
    "organization",
    "\"user\"",
];

/// A session beside the store's.
pub(crate) async fn session(database: &Database) -> Client {
    let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Removes all rows.
pub(crate) async fn empty(database: &Database) {
    let statements = TABLES.map(|table| format!("DELETE FROM {table};")).concat();
    session(database).await.batch_execute(&statements).await.unwrap();
}

/// A database with tables, and its URL.
fn prepared() -> (Database, StoreUrl) {
    let database = Database::prepared(make_tables);
    let url = database.url().parse().unwrap();
    (database, url)
}

pub(crate) async fn opened(url: &StoreUrl) -> Arc<dyn Store> {
    open(url, Tenancy::Sole).await.unwrap()
}

/// The statements that a database was sent since the last time, but for those that begin or end
/// something and those of [`session`].
fn statements(database: &Database) -> Vec<String> {
    let lines = database.log();
    let executed = |line: &str| Some(line.split_once("LOG:  execute ")?.1.to_owned());
    let ends = ["BEGIN", "COMMIT", "ROLLBACK"];
    let is_work = |sql: &String| !ends.iter().any(|end| sql.ends_with(end));
    lines.lines().filter_map(executed).filter(is_work).collect()
}

#[tokio::test]
async fn a_read_of_a_customer_and_a_page_of_customers_are_one_statement_each() {
    let (database, url) = prepared();
    session(&database).await.batch_execute(&database.logging_all()).await.unwrap();
    let store = opened(&url).await;
    let records = vec![user(1), staff(1, Role::PlatformSupport), customer(bare_customer(2, 1))];
    import(store.as_ref(), records).await;
    issue(store.as_ref(), 1, Holder::User(id(1)), None).await;
    let part = CustomerFilter { name: Some("ada".to_owned()), ..CustomerFilter::default() };
    for filter in [CustomerFilter::default(), part] {
        let listing = CustomerListing {
            token: hash(1),
            filter,
            order: Order::OldestFirst,
            after: None,
            limit: 20,
            now: at(1_000),
        };
        let before = statements(&database).len();
        for _ in 0..3 {
            store.customer_access(&hash(1), id(2)).await.unwrap().unwrap().customer.unwrap();
            let list = store.list_customers(&listing).await.unwrap().unwrap();
            assert_eq!(list.page.items.len(), 1);
        }
        let sent = statements(&database);
        assert_eq!(sent.len() - before, 6, "{sent:#?}");
    }
}

#[tokio::test]
async fn instances_that_start_at_once_make_the_tables_once() {
    let database = Database::empty();
    let url: StoreUrl = database.url().parse().unwrap();
    let starting: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { open(&url, Tenancy::Sole).await })
        })
        .collect();
    for started in starting {
        assert!(started.await.unwrap().is_ok());
    }
    let row = session(&database)
        .await
        .query_one("SELECT count(*), max(version) FROM customers_schema", &[])
        .await
        .unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 3));
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date_with_what_is_in_it() {
    let database = Database::empty();
    let session = session(&database).await;
    session
        .batch_execute(include_str!("../../migrations/postgres/0001_customers.sql"))
        .await
        .unwrap();
    session
        .batch_execute(
            "CREATE TABLE customers_schema (one BIGINT PRIMARY KEY, version BIGINT NOT NULL);
             INSERT INTO customers_schema VALUES (1, 1);
             INSERT INTO organization (id, name) VALUES (gen_random_uuid(), 'Quillfeather');
             INSERT INTO \"user\" (key, id, email, updated_at)
                 VALUES (7, gen_random_uuid(), 'Zoë@example.com', 1);
             INSERT INTO search (user_key, email, email_trigrams, name_trigrams)
                 VALUES (7, 'zoë@example.com', '{zoë,oë@}', '{}')",
        )
        .await
        .unwrap();
    let older = refused(&database, Tenancy::Beside).await;
    assert!(matches!(older, StoreError::Older { found: 1, .. }), "{older}");

    let store = opened(&database.url().parse().unwrap()).await;
    store.append_audit(&batch(&[read(7, 10)])).await.unwrap();
    let count = "SELECT count(*) FROM organization";
    assert_eq!(session.query_one(count, &[]).await.unwrap().get::<_, i64>(0), 1);
    let sql = "SELECT email, email_trigrams FROM search";
    let search = session.query_one(sql, &[]).await.unwrap();
    let packed =
        |text: &str| text.chars().fold(0, |packed, it| packed << 21 | i64::from(u32::from(it)));
    assert_eq!(search.get::<_, &str>(0), "zoë@example.com");
    assert_eq!(search.get::<_, Vec<i64>>(1), [packed("zoë"), packed("oë@")]);
}

#[tokio::test]
async fn a_batch_of_the_trail_that_is_appended_again_is_there_once() {
    let (_database, url) = prepared();
    let stores = [opened(&url).await, opened(&url).await];
    let first = batch(&[read(7, 10), read(8, 20)]);
    let of_another = AuditBatch { writer: 2, ..batch(&[read(7, 30)]) };
    for batch in [&first, &of_another] {
        let [one, other] = &stores;
        let (one, other) = tokio::join!(one.append_audit(batch), other.append_audit(batch));
        one.and(other).unwrap();
    }
    stores[0].append_audit(&first).await.unwrap();
    stores[1].append_audit(&batch(&[read(7, 40)])).await.unwrap();
    let trail = stores[0].audit_of(id(7), None, 10).await.unwrap().entries;
    assert_eq!(trail, [read(7, 10), read(7, 30), read(7, 40)]);
}

/// The error of opening a database, in which there are as many tables afterwards as before.
async fn refused(database: &Database, tenancy: Tenancy) -> StoreError {
    let session = session(database).await;
    let tables = async || -> i64 {
        let count = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
        session.query_one(count, &[]).await.unwrap().get(0)
    };
    let before = tables().await;
    let error = open(&database.url().parse().unwrap(), tenancy).await.err().unwrap();
    assert_eq!(tables().await, before);
    assert!(!format!("{error} {error:?}").contains(PASSWORD), "{error:?}");
    error
}

#[tokio::test]
async fn what_is_newer_or_older_or_of_another_program_is_refused_and_left_as_it_was() {
    let database = Database::empty();
    let older = refused(&database, Tenancy::Beside).await;
    assert!(matches!(older, StoreError::Older { found: 0, .. }), "{older}");
    session(&database).await.batch_execute("CREATE TABLE other (a BIGINT)").await.unwrap();
    let foreign = refused(&database, Tenancy::Sole).await;
    assert!(matches!(foreign, StoreError::Foreign { .. }), "{foreign}");

    let (database, _) = prepared();
    let newer = "UPDATE customers_schema SET version = 99";
    session(&database).await.batch_execute(newer).await.unwrap();
    let newer = refused(&database, Tenancy::Sole).await;
    assert!(matches!(newer, StoreError::Newer { found: 99, .. }), "{newer}");
    assert!(newer.to_string().contains("use the newer program"), "{newer}");
}

#[tokio::test]
async fn a_server_that_is_not_there_or_does_not_let_one_in_is_named_without_the_password() {
    let (database, _) = prepared();
    let wrong = database.url().replace("Hollyhock", "hunter2");
    let nowhere = "postgres://customers:hunter2@%2Fnowhere/c".to_owned();
    for url in [wrong, nowhere] {
        let error = open(&url.parse().unwrap(), Tenancy::Sole).await.err().unwrap();
        assert!(matches!(error, StoreError::Unreachable(_)) && error.is_passing(), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

/// An update that puts one more into a number, which is kept as a customer's city.
async fn count_one_more(store: &dyn Store) {
    loop {
        let read = store.customer_access(&hash(1), id(2)).await.unwrap().unwrap();
        let customer = read.customer.unwrap();
        let number: u32 = customer.city.as_deref().map_or(0, |city| city.parse().unwrap());
        let change = CustomerChange {
            token: hash(1),
            customer: id(2),
            update: CustomerUpdate {
                city: Given::Value((number + 1).to_string().parse().unwrap()),
                ..CustomerUpdate::default()
            },
            if_match: Some(vec![customer.version()]),
            now: at(1_000),
            origin: origin(),
        };
        if !store.update_customer(change).await.unwrap().unwrap().version_differs {
            return;
        }
    }
}

#[tokio::test]
async fn updates_through_two_instances_at_once_lose_nothing_and_show_on_both() {
    let (_database, url) = prepared();
    let stores = [opened(&url).await, opened(&url).await];
    let records = vec![user(1), customer(bare_customer(2, 1))];
    import(stores[0].as_ref(), records).await;
    issue(stores[0].as_ref(), 1, Holder::User(id(1)), None).await;
    let counting: Vec<_> = (0..8)
        .map(|number| {
            let store = Arc::clone(&stores[number % 2]);
            tokio::spawn(async move {
                for _ in 0..10 {
                    count_one_more(store.as_ref()).await;
                }
            })
        })
        .collect();
    for counted in counting {
        counted.await.unwrap();
    }
    for store in stores {
        let read = store.customer_access(&hash(1), id(2)).await.unwrap().unwrap();
        assert_eq!(read.customer.unwrap().city.as_deref(), Some("80"));
        assert_eq!(store.audit_of(id(2), None, 100).await.unwrap().entries.len(), 80);
    }
}

#[tokio::test]
async fn imports_through_two_instances_at_once_come_one_after_the_other() {
    let (_database, url) = prepared();
    let stores = [opened(&url).await, opened(&url).await];
    let importing = stores.map(|store| {
        tokio::spawn(async move {
            for number in 0..10 {
                import(store.as_ref(), vec![user(number), customer(bare_customer(number, number))])
                    .await;
            }
        })
    });
    for imported in importing {
        imported.await.unwrap();
    }
}

#[tokio::test]
async fn a_read_whose_connection_is_lost_is_made_again_on_a_new_one() {
    let (database, url) = prepared();
    let store = opened(&url).await;
    import(store.as_ref(), vec![user(1)]).await;
    let session = session(&database).await;
    let end_all = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..5 {
        store.ping().await.unwrap();
        let ended: i64 = session.query_one(end_all, &[]).await.unwrap().get(0);
        assert!(ended > 0);
        assert!(store.tokens().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn who_waits_too_long_for_a_lock_or_for_a_connection_is_told_that_it_may_pass() {
    let (database, _) = prepared();
    let url = format!("{}?pool_size=1", database.url()).parse().unwrap();
    let store = opened(&url).await;
    let session = session(&database).await;
    session.batch_execute(r#"BEGIN; LOCK TABLE "user""#).await.unwrap();
    let (first, second) = tokio::join!(store.ping(), store.ping());
    let (first, second) = (first.unwrap_err(), second.unwrap_err());
    assert!(matches!(first, StoreError::Busy(_)) && first.is_passing(), "{first:?}");
    assert!(matches!(second, StoreError::Exhausted) && second.is_passing(), "{second:?}");
    session.batch_execute("COMMIT").await.unwrap();
    store.ping().await.unwrap();
}

/// How many of the store's connections to the database are encrypted, and how many are not.
async fn encrypted(database: &Database) -> (i64, i64) {
    let count = "SELECT count(*) FILTER (WHERE s.ssl), count(*) FILTER (WHERE NOT s.ssl)
                 FROM pg_stat_ssl s JOIN pg_stat_activity a ON a.pid = s.pid
                 WHERE a.datname = current_database() AND a.application_name = 'customers-server'";
    let row = session(database).await.query_one(count, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn a_connection_is_encrypted_as_asked_and_only_to_whom_the_certificates_know() {
    let (database, _) = prepared();
    let known = Database::certificate().display().to_string().replace('/', "%2F");
    let by = |host: &str, parameters: &str| -> StoreUrl {
        format!("{}?{parameters}", database.url_by(host)).parse().unwrap()
    };
    let verified = by("localhost", &format!("sslmode=verify-full&sslrootcert={known}"));
    for (url, expected) in [
        (verified, (1, 0)),
        (by("localhost", &format!("sslrootcert={known}")), (1, 0)),
        (by("localhost", "sslmode=disable"), (0, 1)),
    ] {
        let store = opened(&url).await;
        store.ping().await.unwrap();
        assert_eq!(encrypted(&database).await, expected, "{url}");
    }
    for (url, reason) in [
        (by("localhost", "sslmode=require"), "InvalidCertificate"),
        (by("127.0.0.1", &format!("sslmode=require&sslrootcert={known}")), "InvalidCertificate"),
    ] {
        let error = open(&url, Tenancy::Sole).await.err().unwrap();
        assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
        assert!(format!("{error:?}").contains(reason), "{error:?}");
    }
    let nowhere = by("localhost", "sslmode=require&sslrootcert=nowhere.pem");
    let error = open(&nowhere, Tenancy::Sole).await.err().unwrap();
    assert!(error.to_string().contains("nowhere.pem"), "{error}");
}
