//! The audit trail: whoever was shown a customer is in it, whatever happens to the server.

use std::{collections::BTreeSet, io::Write, net::TcpStream};

use customers_client::{
    Client, ResponseValue,
    types::{Customer, CustomerUpdate},
};
use customers_server::clock;
use customers_types::scalar::Timestamp;
use serde_json::Value;

use crate::{
    actor::{ABSENT, ADA, Actor, BOB},
    privacy,
    service::{Place, Service, text},
};

/// The trail of a customer, as it is printed for programs.
pub(crate) fn trail(place: &Place, customer: &str) -> Vec<Value> {
    let printed = place.run(&["audit", "--customer", customer, "--json"]);
    assert!(printed.status.success(), "{}", text(&printed.stderr));
    let printed = text(&printed.stdout);
    privacy::assert_nothing_private(&printed);
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The requests in the trail of a customer; each is in it once.
fn requests(place: &Place, customer: &str) -> BTreeSet<String> {
    let trail = trail(place, customer);
    let requests: BTreeSet<_> =
        trail.iter().map(|row| row["requestId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(requests.len(), trail.len());
    requests
}

/// Reads a customer, and gives back the id of the request.
async fn read(client: &Client, customer: &str) -> String {
    request_id(&client.get_customer().id(customer).send().await.unwrap())
}

fn request_id(answer: &ResponseValue<Customer>) -> String {
    answer.headers()["x-request-id"].to_str().unwrap().to_owned()
}

/// Reads Ada with many clients at once.
async fn read_in_parallel(service: &Service, times: usize) -> BTreeSet<String> {
    let token = service.token(Actor::Member).unwrap();
    let readers: Vec<_> = (0..25)
        .map(|_| {
            // Each with connections of its own.
            let client = service.client_with(&token);
            tokio::spawn(async move {
                let mut requests = Vec::new();
                for _ in 0..times / 25 {
                    requests.push(read(&client, ADA).await);
                }
                requests
            })
        })
        .collect();
    let mut requests = BTreeSet::new();
    for reader in readers {
        requests.extend(reader.await.unwrap());
    }
    assert_eq!(requests.len(), times);
    requests
}

#[tokio::test]
async fn a_read_leaves_a_row_that_says_who_when_how_and_by_which_clause() {
    let service = Service::with_world();
    let began = clock::now();
    let mut expected = Vec::new();
    for (actor, holder, clause) in [
        (Actor::Oneself, "userId", "self"),
        (Actor::Member, "userId", "organization"),
        (Actor::Platform, "userId", "platform"),
        (Actor::Granted, "userId", "direct"),
        (Actor::Organization, "organizationId", "organization"),
    ] {
        let request = read(&service.client(actor), ADA).await;
        expected.push((request, holder, actor.token_options().unwrap()[1], clause));
    }
    let bob = read(&service.client(Actor::Platform), BOB).await;
    let (_, place) = service.stop();
    let rows = trail(&place, ADA);
    assert_eq!(rows.len(), expected.len());
    let tokens = text(&place.run(&["token", "list"]).stdout);
    for ((row, (request, holder, id, clause)), token) in
        rows.iter().zip(&expected).zip(tokens.lines())
    {
        assert_eq!(row["requestId"], request.as_str());
        assert_eq!(row[holder], *id);
        assert_eq!(
            row["role"].as_str(),
            (*holder == "organizationId").then_some("CustomerSupport")
        );
        assert_eq!(row["clause"], *clause);
        assert_eq!(row["tokenId"].as_str(), token.split_whitespace().next());
        assert_eq!((&row["operation"], &row["customerId"]), (&"get_customer".into(), &ADA.into()));
        assert!(row.get("fields").is_none());
        let at: Timestamp = row["at"].as_str().unwrap().parse().unwrap();
        assert!(began <= at && at <= clock::now(), "{at}");
    }
    assert_eq!(requests(&place, BOB), BTreeSet::from([bob]));
}

#[tokio::test]
async fn a_page_leaves_a_row_for_each_customer_on_it_and_a_change_the_names_of_its_fields() {
    let service = Service::with_world();
    let client = service.client(Actor::PlatformAdministrator);
    client.list_customers().limit(std::num::NonZeroU32::MIN).send().await.unwrap();
    client.list_customers().send().await.unwrap();
    let update = serde_json::json!({ "firstName": "Billie", "city": "Elsewhere", "country": "GB" });
    let body: CustomerUpdate = serde_json::from_value(update).unwrap();
    let changed = client.update_customer().id(ADA).body(body).send().await.unwrap();
    let (_, place) = service.stop();
    let rows = |customer| -> Vec<_> {
        let trail = trail(&place, customer);
        trail.iter().map(|row| (row["operation"].clone(), row["fields"].clone())).collect()
    };
    let row = |operation: &str, fields: Value| (Value::from(operation), fields);
    let shown = row("list_customers", Value::Null);
    // That the country is what it was before is no change.
    let fields = serde_json::json!(["firstName", "city"]);
    let update = row("update_customer", fields);
    // The row of the change is written with it, those of reads a little later.
    let mut of_ada = rows(ADA);
    of_ada.sort_by_key(|(operation, _)| operation.to_string());
    assert_eq!(of_ada, [shown.clone(), shown.clone(), update]);
    assert_eq!(rows(BOB), [shown]);
    assert!(requests(&place, ADA).contains(changed.headers()["x-request-id"].to_str().unwrap()));
}

#[tokio::test]
async fn whoever_is_not_let_in_leaves_no_row() {
    let service = Service::with_world();
    for (actor, customer) in [
        (Actor::Anonymous, ADA),
        (Actor::OtherMember, ADA),
        (Actor::Denied, ADA),
        (Actor::ProductManager, ADA),
        (Actor::Narrowed, ADA),
        (Actor::Platform, ABSENT),
    ] {
        let refused = service.client(actor).get_customer().id(customer).send().await;
        assert!(refused.is_err(), "{actor:?}");
    }
    let (_, place) = service.stop();
    assert_eq!(trail(&place, ADA).len() + trail(&place, ABSENT).len(), 0);
}

#[tokio::test]
async fn a_trail_can_be_read_beside_the_server_that_writes_it() {
    let service = Service::with_world();
    let request = read(&service.client(Actor::Member), ADA).await;
    // A row is written soon after the answer, and this is how one can see it.
    let rows = std::iter::repeat_with(|| requests(service.place(), ADA));
    let rows = rows.take(1_000).find(|rows| !rows.is_empty()).unwrap();
    assert_eq!(rows, BTreeSet::from([request]));
}

#[tokio::test]
async fn a_server_that_is_stopped_just_after_500_reads_has_500_rows() {
    let mut service = Service::with_world();
    let answered = read_in_parallel(&service, 500).await;
    service.signal("TERM");
    assert_eq!(service.wait(), Some(0));
    assert_eq!(requests(service.place(), ADA), answered);
}

/// A connection that the server will have to cut, for it will never have sent its request. It is
/// accepted before the first answer on any that is made later.
fn stuck_connection(service: &Service) -> TcpStream {
    let mut connection = TcpStream::connect(service.address()).unwrap();
    connection.write_all(b"GET /v1/customers/x HTTP/1.1\r\nHost: ").unwrap();
    connection
}

#[tokio::test]
async fn a_server_that_has_to_cut_a_connection_loses_no_row() {
    let mut service = Service::with_world();
    let _stuck = stuck_connection(&service);
    let answered = read_in_parallel(&service, 100).await;
    service.signal("TERM");
    assert_eq!(service.wait(), Some(0));
    assert_eq!(requests(service.place(), ADA), answered);
    let (log, _) = service.stop();
    assert!(log.contains("some connections were cut"), "{log}");
}

on_a_file! {
    use std::process::Command;

    use customers_client::{Error, types::ErrorCode};

    use crate::service::PROGRAM;

    /// A server whose files can't grow any more, as on a disk that is full: reads were answered until
    /// one was not.
    async fn server_on_a_full_disk() -> (Service, Client, BTreeSet<String>) {
        let place = Place::with_world();
        let mut command = Command::new("sh");
        // Who grows a file beyond the limit is killed, unless the signal is ignored.
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM]);
        place.furnish(command.args(["serve", "--listen", "127.0.0.1:0"]));
        let service = Service::start(place, &mut command);
        let client = service.client(Actor::Member);
        service.limit_files("40960");
        let mut answered = BTreeSet::new();
        let refused = loop {
            match client.get_customer().id(ADA).send().await {
                Ok(answer) => answered.insert(request_id(&answer)),
                Err(error) => break error,
            };
            assert!(answered.len() < 10_000, "reads are answered without a trail");
        };
        let Error::ErrorResponse(refused) = refused else { panic!("{refused}") };
        assert_eq!((refused.status().as_u16(), &refused.error_code), (503, &ErrorCode::Unavailable));
        assert!(refused.headers().contains_key("retry-after"));
        (service, client, answered)
    }

    #[tokio::test]
    async fn while_the_trail_can_not_be_written_nobody_reads_and_then_all_goes_on() {
        let (service, client, mut answered) = server_on_a_full_disk().await;
        let ready = async || reqwest::get(format!("{}/readyz", service.url())).await.unwrap().status();
        assert_eq!(ready().await, 503);
        service.limit_files("unlimited");
        answered.insert(read(&client, ADA).await);
        assert_eq!(ready().await, 200);
        let (log, place) = service.stop();
        assert_eq!(requests(&place, ADA), answered);
        for message in ["the audit trail can't be written", "the audit trail is written again"] {
            assert!(log.contains(message), "{log}");
        }
    }

    #[tokio::test]
    async fn a_server_that_has_to_end_without_its_last_rows_says_so_also_after_a_cut() {
        let (mut service, ..) = server_on_a_full_disk().await;
        let _stuck = stuck_connection(&service);
        reqwest::get(format!("{}/healthz", service.url())).await.unwrap();
        service.signal("TERM");
        assert_eq!(service.wait(), Some(1));
        let (log, _) = service.stop();
        let cut = log.find("some connections were cut").unwrap();
        let lost = log.find("error: the last rows of the audit trail can't be written").unwrap();
        assert!(cut < lost, "{log}");
    }
}
