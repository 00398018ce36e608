//! Nothing about a person is in the log, at any level.

use customers_client::types::CustomerExpansion;
use serde_json::Value;

use crate::{
    actor::{ABSENT, ADA, Actor},
    service::{Place, WORLD},
};

/// The fields of records that say nothing about a person.
const HARMLESS: [&str; 12] = [
    "type",
    "id",
    "userId",
    "customerId",
    "organizationId",
    "productId",
    "role",
    "creditStatus",
    "identityVerificationStatus",
    "createdAt",
    "validFrom",
    "country",
];

/// Every value of the world that is about a person: name, address, telephone, Stripe id…
fn private_values() -> Vec<String> {
    let records = WORLD.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let fields = records.flat_map(|record| record.as_object().unwrap().clone());
    let private = fields.filter(|(name, _)| !HARMLESS.contains(&name.as_str()));
    private.filter_map(|(_, value)| value.as_str().map(str::to_owned)).collect()
}

/// As it stands in a query string; in a path, a space is `%20`.
fn form_encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// Searches a log. Every test's server has its log searched when it is stopped.
pub(crate) fn assert_nothing_private(log: &str) {
    for value in private_values() {
        for form in [&value, &form_encoded(&value), &form_encoded(&value).replace('+', "%20")] {
            assert!(!log.contains(form.as_str()), "{form:?} is in the log:\n{log}");
        }
    }
    // The password of the database, as tests on PostgreSQL have one.
    assert!(!log.contains("Hollyhock"), "a password is in the log:\n{log}");
    // A token is `sk_` and 49 characters more; the log has no business with its beginning either.
    assert!(!log.contains("sk_"), "a token is in the log:\n{log}");
}

#[test]
fn the_search_knows_what_is_private() {
    let values = private_values();
    for value in [
        "Wilhelmina",
        "wilhelmina.oystercatcher@mailbox.example",
        "41 Gooseberry Terrace",
        "+447700900417",
        "203.0.113.241",
        "cus_StripeOyster41",
        "vs_OysterSession41",
    ] {
        assert!(values.iter().any(|private| private == value), "{value}");
    }
}

#[tokio::test]
async fn neither_answers_nor_hostile_requests_leave_anything_private_in_the_log() {
    // Each request is to be refused for what it has, and not because there are too many.
    let service =
        Place::with_world().serve_with(&["--failed-authentications-per-minute", "1000000"]);
    let token = service.token(Actor::Member).unwrap();
    let client = service.client_with(&token);
    let customer = client.get_customer().id(ADA).expand(CustomerExpansion::User).send().await;
    assert_eq!(customer.unwrap().user.as_ref().unwrap().first_name.as_deref(), Some("Wilhelmina"));

    // What is private in the world is put wherever a request has room for it.
    let http = reqwest::Client::new();
    for private in private_values() {
        let encoded = form_encoded(&private);
        for path in [
            format!("/v1/customers/{encoded}"),
            format!("/v1/customers/{ABSENT}?expand={encoded}"),
            format!("/v1/customers/{ABSENT}?{encoded}={encoded}"),
            format!("/{encoded}"),
            format!("/openapi.json?{encoded}"),
        ] {
            for authorization in [format!("Bearer {token}"), format!("Bearer {private}")] {
                let url = format!("{}{path}", service.url());
                let request = http.get(&url).header("authorization", authorization);
                let answer = request.header("x-private", &*encoded).send().await.unwrap();
                let status = answer.status();
                assert!(status.is_client_error() && status != 429, "{path}: {status}");
            }
        }
    }
    http.delete(format!("{}/v1/customers/{token}", service.url())).send().await.unwrap();

    let (log, _) = service.stop();
    let requests = log.lines().filter(|line| line.contains("\"request_id\"")).count();
    assert!(requests > 100, "only {requests} requests are in the log:\n{log}");
}
