//! `PUT /v1/customers/{id}`.

use customers_client::{
    Error, ResponseValue,
    types::{
        self, ClearableLine100, ClearableLine200, Customer, CustomerExpansion, CustomerUpdate,
        ErrorCode,
    },
};
use serde_json::{Value, json};

use crate::{
    actor::{ABSENT, ADA, Actor},
    service::Service,
};

type Answer = Result<ResponseValue<Customer>, Error<types::Error>>;

/// An update without a `null`: read from JSON, the client's type takes that for nothing.
fn body(update: Value) -> CustomerUpdate {
    serde_json::from_value(update).unwrap()
}

async fn update(service: &Service, actor: Actor, id: &str, update: Value) -> Answer {
    let client = service.client(actor);
    client.update_customer().id(id).expand(CustomerExpansion::User).body(body(update)).send().await
}

/// The customer as an administrator reads it, with its user and without its times of change.
async fn read(service: &Service) -> Value {
    let client = service.client(Actor::PlatformAdministrator);
    let answer = client.get_customer().id(ADA).expand(CustomerExpansion::User).send().await;
    without_time(&answer.unwrap())
}

fn without_time(customer: &Customer) -> Value {
    let mut customer = serde_json::to_value(customer).unwrap();
    customer.as_object_mut().unwrap().remove("updatedAt");
    customer
}

fn failure(answer: Answer) -> (u16, ErrorCode) {
    match answer {
        Err(Error::ErrorResponse(error)) => (error.status().as_u16(), error.error_code.clone()),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("updated"),
    }
}

/// Sends a body as it stands and gives back the status and the body of the answer.
async fn put(service: &Service, token: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let url = format!("{}/v1/customers/{ADA}", service.url());
    let request = reqwest::Client::new().put(url).bearer_auth(token);
    let request = request.header("content-type", "application/json").body(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn an_administrator_changes_some_fields_and_the_others_stay() {
    let service = Service::with_world();
    let mut expected = read(&service).await;
    let client = service.client(Actor::Administrator);
    let request = client.update_customer().id(ADA).expand(CustomerExpansion::User);
    let request = request.body_map(|body| {
        body.city(ClearableLine100(Some("Elsewhere".parse().unwrap())))
            .address2(ClearableLine200(None))
            .first_name(ClearableLine100(Some("Billie".parse().unwrap())))
    });
    let answer = request.send().await.unwrap();
    expected["city"] = "Elsewhere".into();
    expected.as_object_mut().unwrap().remove("address2");
    expected["user"]["firstName"] = "Billie".into();
    assert_eq!(without_time(&answer), expected);
    assert_eq!(read(&service).await, expected);
}

#[tokio::test]
async fn whoever_has_the_profile_may_change_it_and_who_may_only_read_it_may_not() {
    let service = Service::with_world();
    assert!(update(&service, Actor::Oneself, ADA, json!({ "zip": "1" })).await.is_ok());
    let before = read(&service).await;
    for (actor, failed) in [
        (Actor::Member, (403, ErrorCode::Forbidden)),
        (Actor::Platform, (403, ErrorCode::Forbidden)),
        (Actor::Granted, (403, ErrorCode::Forbidden)),
        (Actor::OtherMember, (404, ErrorCode::NotFound)),
        (Actor::Anonymous, (401, ErrorCode::TokenMissing)),
    ] {
        let answer = update(&service, actor, ADA, json!({ "zip": "2" })).await;
        assert_eq!(failure(answer), failed, "{actor:?}");
    }
    let absent = update(&service, Actor::PlatformAdministrator, ABSENT, json!({})).await;
    assert_eq!(failure(absent), (404, ErrorCode::NotFound));
    assert_eq!(read(&service).await, before);
}

#[tokio::test]
async fn a_field_that_is_not_as_documented_is_named_and_nothing_is_changed() {
    let service = Service::with_world();
    let before = read(&service).await;
    let token = service.token(Actor::Administrator).unwrap();
    let long = "x".repeat(201);
    for (change, param) in [
        (json!({ "city": "Elsewhere", "phone": "12345" }), "/phone"),
        (json!({ "phone": "+0123456789" }), "/phone"),
        (json!({ "country": "ZZ" }), "/country"),
        (json!({ "country": "gb" }), "/country"),
        (json!({ "city": "" }), "/city"),
        (json!({ "city": "  " }), "/city"),
        (json!({ "firstName": "a\u{0}b" }), "/firstName"),
        (json!({ "lastName": "a\nb" }), "/lastName"),
        (json!({ "address1": long }), "/address1"),
        (json!({ "zip": 94107 }), "/zip"),
        (json!({ "email": "new@mailbox.example" }), "/email"),
        (json!({ "creditStatus": "passed" }), "/creditStatus"),
        (json!([]), ""),
        (json!(null), ""),
    ] {
        let (status, error) = put(&service, &token, change.to_string()).await;
        assert_eq!((status, &error["error_code"]), (400, &json!("InvalidInput")), "{change}");
        assert_eq!(error["param"], param, "{change}: {error}");
    }
    for (text, param) in [
        ("", ""),
        ("{", ""),
        ("{} {}", ""),
        ("{\"zip\":\"\\ud800\"}", ""),
        ("{\"zip\":\"1\",\"zip\":\"2\"}", "/zip"),
    ] {
        let (status, error) = put(&service, &token, text).await;
        assert_eq!((status, &error["param"]), (400, &json!(param)), "{text}: {error}");
    }
    assert_eq!(read(&service).await, before);
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_or_is_too_large_is_refused() {
    let service = Service::with_world();
    let token = service.token(Actor::Administrator).unwrap();
    let url = format!("{}/v1/customers/{ADA}", service.url());
    let http = reqwest::Client::new();
    for declared in [None, Some("text/plain"), Some("application/json; charset=latin1")] {
        let mut request = http.put(&url).bearer_auth(&token).body("{}");
        if let Some(declared) = declared {
            request = request.header("content-type", declared);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 415, "{declared:?}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["error_code"], "UnsupportedMediaType");
    }
    let large = format!("{{\"city\":\"{}\"}}", "x".repeat(64 * 1024));
    let (status, error) = put(&service, &token, large).await;
    assert_eq!((status, &error["error_code"]), (413, &json!("PayloadTooLarge")));
}

#[tokio::test]
async fn an_old_version_in_if_match_changes_nothing() {
    let service = Service::with_world();
    let token = service.token(Actor::Administrator).unwrap();
    let client = service.client_with(&token);
    let put = async |etag: &str, city: &str| {
        let request = client.update_customer().id(ADA).if_match(etag);
        request.body(body(json!({ "city": city }))).send().await
    };
    let read = client.get_customer().id(ADA).send().await.unwrap();
    let old = read.headers()["etag"].to_str().unwrap().to_owned();
    let first = put(&old, "First").await.unwrap();
    let new = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_ne!(old, new);
    for stale in [&old, "\"else\"", &format!("W/{new}")] {
        assert_eq!(failure(put(stale, "Second").await), (412, ErrorCode::PreconditionFailed));
    }
    let read = client.get_customer().id(ADA).send().await.unwrap();
    assert_eq!(read.city.as_deref(), Some("First"));
    assert_eq!(read.headers()["etag"], new.as_str());
    assert!(put(&format!("{old}, {new}"), "Second").await.is_ok());
    assert!(put("*", "Third").await.is_ok());

    let url = format!("{}/v1/customers/{ADA}", service.url());
    let request = reqwest::Client::new().put(url).bearer_auth(&token).json(&json!({}));
    let answer = request.header("if-match", "unquoted").send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["param"], "if-match");
}

#[tokio::test]
async fn concurrent_updates_of_different_fields_all_survive() {
    let service = Service::with_world();
    let token = service.token(Actor::Administrator).unwrap();
    let fields = ["firstName", "lastName", "address1", "address2", "city", "state", "zip"];
    for round in 0..5 {
        let value = round.to_string();
        let updates = fields.map(|field| {
            let client = service.client_with(&token);
            let update = body(json!({ field: value }));
            async move { client.update_customer().id(ADA).body(update).send().await.map(drop) }
        });
        for updated in futures::future::join_all(updates).await {
            updated.unwrap();
        }
        let customer = read(&service).await;
        for field in fields {
            let shown = customer.get(field).unwrap_or_else(|| &customer["user"][field]);
            assert_eq!(shown, &value, "{field}");
        }
    }
}
