//! The limits on what one caller may ask for, and what is said about them.

use std::collections::BTreeSet;

use customers_types::token::TokenSecret;
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::{
    actor::{ABSENT, ADA, Actor},
    matrix::requests,
    service::{Place, Service},
};

/// A server with the world, and such limits.
fn limited(limits: &[&str]) -> Service {
    Place::with_world().serve_with(limits)
}

async fn get(service: &Service, path: &str, token: Option<&str>) -> Response {
    let request = reqwest::Client::new().get(format!("{}{path}", service.url()));
    let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
    request.send().await.unwrap()
}

fn field<'r>(answer: &'r Response, name: &str) -> Option<&'r str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}

/// Checks a refusal, and gives back its message and the seconds to wait.
async fn refused(answer: Response, policy: &str) -> (String, u64) {
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(field(&answer, "ratelimit-policy"), Some(&*format!("\"{policy}\";q=3;w=60")));
    let wait: u64 = field(&answer, "retry-after").unwrap().parse().unwrap();
    assert_eq!(field(&answer, "ratelimit"), Some(&*format!("\"{policy}\";r=0;t={wait}")));
    assert_eq!(field(&answer, "cache-control"), Some("no-store"));
    let request_id = field(&answer, "x-request-id").unwrap().to_owned();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["request_id"], request_id.as_str());
    assert_eq!(body["error_code"], "TooManyRequests");
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    (body["message"].as_str().unwrap().to_owned(), wait)
}

#[tokio::test]
async fn a_token_that_has_used_up_its_requests_has_to_wait_and_others_go_on() {
    let service = limited(&["--requests-per-minute", "3"]);
    let member = service.token(Actor::Member).unwrap();
    let (seen, hidden) = (format!("/v1/customers/{ADA}"), format!("/v1/customers/{ABSENT}"));
    for (path, status, left) in [
        (&*seen, 200, "\"requests\";r=2;t=20"),
        (&*hidden, 404, "\"requests\";r=1;t=20"),
        ("/v1/customers/jane", 400, "\"requests\";r=0;t=20"),
    ] {
        let answer = get(&service, path, Some(&member)).await;
        assert_eq!(answer.status(), status);
        assert_eq!(field(&answer, "ratelimit-policy"), Some("\"requests\";q=3;w=60"), "{status}");
        assert_eq!(field(&answer, "ratelimit"), Some(left), "{status}");
        assert_eq!(field(&answer, "retry-after"), None, "{status}");
    }
    let (message, wait) = refused(get(&service, &seen, Some(&member)).await, "requests").await;
    assert!(message.starts_with("this token has used up its requests; "), "{message}");
    assert!((1..=20).contains(&wait), "{wait}");

    let other = service.token(Actor::Member).unwrap();
    assert_eq!(get(&service, &seen, Some(&other)).await.status(), 200);
    let probe = get(&service, "/healthz", Some(&member)).await;
    assert_eq!((probe.status().as_u16(), field(&probe, "ratelimit")), (200, None));
}

#[tokio::test]
async fn requests_at_the_same_time_do_not_slip_through() {
    let service = limited(&["--requests-per-minute", "3"]);
    let token = service.token(Actor::Member).unwrap();
    let answers = (0..20).map(|_| get(&service, "/v1/auth/permissions", Some(&token)));
    let answers = futures::future::join_all(answers).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 200).count(), 3);
    assert_eq!(answers.iter().filter(|answer| answer.status() == 429).count(), 17);
}

#[tokio::test]
async fn after_too_many_failures_from_an_address_only_known_tokens_are_let_through() {
    let service = limited(&["--failed-authentications-per-minute", "3"]);
    let [known, new] = [Actor::Member, Actor::Platform].map(|actor| service.token(actor).unwrap());
    let made_up = TokenSecret::generate(&mut rand::rng());
    let permissions = "/v1/auth/permissions";
    let whole = Some("\"requests\";r=5999;t=1");
    for (token, status, left) in [
        (Some(&*known), 200, whole),
        (None, 401, None),
        (Some("no token"), 401, None),
        (Some(made_up.reveal()), 401, None),
    ] {
        let answer = get(&service, permissions, token).await;
        assert_eq!(answer.status(), status);
        assert_eq!(field(&answer, "ratelimit"), left);
    }
    for token in [None, Some("no token"), Some(made_up.reveal()), Some(&*new)] {
        let answer = get(&service, permissions, token).await;
        let (message, wait) = refused(answer, "failed-authentications").await;
        assert!(message.starts_with("too many authentications from this address "), "{message}");
        assert!((1..=20).contains(&wait), "{wait}");
    }
    assert_eq!(get(&service, permissions, Some(&known)).await.status(), 200);
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        assert_eq!(get(&service, path, None).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_is_not_let_through_any_more() {
    let service = limited(&["--failed-authentications-per-minute", "1"]);
    let token = service.token(Actor::Member).unwrap();
    let call = async || get(&service, "/v1/auth/permissions", Some(&token)).await;
    assert_eq!(call().await.status(), 200);
    let listed = service.place().run(&["token", "list"]).stdout;
    let id = String::from_utf8(listed).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(service.place().run(&["token", "revoke", &id]).status.success());
    assert_eq!(call().await.status(), 401);
    // It is not even looked up: nothing is said about its own quota.
    let answer = call().await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers().get_all("ratelimit").iter().count(), 1);
    assert!(field(&answer, "ratelimit").unwrap().starts_with("\"failed-authentications\";r=0;"));
}

#[tokio::test]
async fn every_operation_that_needs_a_token_is_limited_and_says_so_in_the_document() {
    let service = limited(&["--requests-per-minute", "1"]);
    let token = service.token(Actor::Platform).unwrap();
    assert_eq!(get(&service, "/v1/auth/permissions", Some(&token)).await.status(), 200);
    let mut unlimited = BTreeSet::new();
    let mut limited = BTreeSet::new();
    for (operation, method, path, ..) in requests() {
        let request = reqwest::Client::new().request(method, format!("{}{path}", service.url()));
        let answer = request.bearer_auth(&token).send().await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            limited.insert(operation.to_owned());
        } else {
            unlimited.insert(operation);
        }
    }
    assert_eq!(unlimited, BTreeSet::from(["get_health", "get_openapi", "get_readiness"]));

    let document: Value = get(&service, "/openapi.json", None).await.json().await.unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let mut documented = BTreeSet::new();
    for operation in items.flat_map(|item| item.as_object().unwrap().values()) {
        let reference = operation["responses"]["429"]["$ref"].as_str().unwrap();
        let response = document.pointer(reference.trim_start_matches('#')).unwrap();
        for header in ["retry-after", "ratelimit", "ratelimit-policy"] {
            assert_eq!(response["headers"][header]["required"], true, "{operation}");
        }
        documented.insert(operation["operationId"].as_str().unwrap().to_owned());
    }
    assert_eq!(documented, limited);
}
