//! `GET /v1/customers/{id}`.

use customers_client::{
    Error, ResponseValue,
    types::{self, Customer, CustomerExpansion, ErrorCode},
};
use serde_json::{Value, json};

use crate::{
    actor::{ABSENT, ADA, Actor, BOB},
    service::Service,
};

type Answer = Result<ResponseValue<Customer>, Error<types::Error>>;

async fn get(service: &Service, actor: Actor, id: &str) -> Answer {
    service.client(actor).get_customer().id(id).send().await
}

/// Status, code and parameter of a failure.
fn failure(answer: Answer) -> (u16, ErrorCode, Option<String>) {
    match answer {
        Err(Error::ErrorResponse(error)) => {
            assert_eq!(error.headers()["x-request-id"], error.request_id.as_str());
            (error.status().as_u16(), error.error_code.clone(), error.param.clone())
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("answered with a customer"),
    }
}

#[tokio::test]
async fn a_member_of_the_organization_reads_the_customer_field_by_field() {
    let service = Service::with_world();
    let customer = get(&service, Actor::Member, ADA).await.unwrap().into_inner();
    let mut body = serde_json::to_value(customer).unwrap();
    assert!(body["updatedAt"].take().is_string());
    assert_eq!(
        body,
        json!({
            "id": "cus_01ke0v3d00e3qrb0y5x2t8m4a1",
            "userId": "usr_01ke0v3d00e3qrb0y5x2t8m4a1",
            "creditStatus": "passed",
            "identityVerificationStatus": "processing",
            "createdAt": "2026-02-04T03:45:27.277Z",
            "updatedAt": null,
            "address1": "41 Gooseberry Terrace",
            "address2": "Pigeonhole 9",
            "city": "Snowdrop-on-Sea",
            "state": "Wessexshire",
            "zip": "QX7-5ZZ",
            "country": "GB",
            "phone": "+447700900417",
            "creditIpAddress": "203.0.113.241",
            "creditTimestamp": "2026-02-04T03:46:27.277Z",
            "stripeId": "cus_StripeOyster41",
            "stripeSandboxId": "cus_SandboxOyster41",
            "stripeVerificationSessionId": "vs_OysterSession41",
        })
    );
}

#[tokio::test]
async fn a_field_without_a_value_is_left_out_and_a_time_has_milliseconds_and_z() {
    let service = Service::with_world();
    let token = service.token(Actor::Platform).unwrap();
    let url = format!("{}/v1/customers/{BOB}", service.url());
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["content-type"], "application/json");
    let body: Value = answer.json().await.unwrap();
    let fields: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    let mut always =
        ["createdAt", "creditStatus", "id", "identityVerificationStatus", "updatedAt", "userId"];
    always.sort_unstable();
    assert_eq!(fields.into_iter().collect::<std::collections::BTreeSet<_>>(), always.into());
    assert_eq!(body["createdAt"], "2026-02-05T03:45:27.277Z");
    assert_eq!(
        (&body["creditStatus"], &body["identityVerificationStatus"]),
        (&json!("unknown"), &json!("none"))
    );
    let updated = body["updatedAt"].as_str().unwrap();
    assert_eq!((updated.len(), &updated[19..20], &updated[23..]), (24, ".", "Z"));
}

#[tokio::test]
async fn the_user_is_in_the_answer_when_it_is_asked_for() {
    let service = Service::with_world();
    let client = service.client(Actor::Oneself);
    let customer =
        client.get_customer().id(ADA).expand(CustomerExpansion::User).send().await.unwrap();
    assert_eq!(
        serde_json::to_value(&customer.user).unwrap(),
        json!({
            "id": "usr_01ke0v3d00e3qrb0y5x2t8m4a1",
            "email": "wilhelmina.oystercatcher@mailbox.example",
            "firstName": "Wilhelmina",
            "lastName": "Oystercatcher",
        })
    );
    assert!(client.get_customer().id(ADA).send().await.unwrap().user.is_none());
}

#[tokio::test]
async fn the_customers_own_user_platform_organization_and_granted_are_let_in() {
    let service = Service::with_world();
    for actor in
        [Actor::Oneself, Actor::Platform, Actor::Organization, Actor::Granted, Actor::DeniedLater]
    {
        assert!(get(&service, actor, ADA).await.is_ok(), "{actor:?}");
    }
}

#[tokio::test]
async fn a_member_of_another_organization_and_one_who_is_denied_get_404() {
    let service = Service::with_world();
    for (actor, id) in [
        (Actor::OtherMember, ADA),
        (Actor::Denied, ADA),
        (Actor::Oneself, BOB),
        (Actor::Granted, BOB),
        (Actor::Organization, BOB),
        (Actor::Platform, ABSENT),
    ] {
        let failure = failure(get(&service, actor, id).await);
        assert_eq!(failure, (404, ErrorCode::NotFound, None), "{actor:?}");
    }
}

#[tokio::test]
async fn whoever_holds_the_permission_nowhere_gets_403_that_names_it() {
    let service = Service::with_world();
    for actor in [Actor::ProductManager, Actor::Stranger, Actor::Narrowed] {
        for id in [ADA, ABSENT] {
            match get(&service, actor, id).await {
                Err(Error::ErrorResponse(error)) => {
                    assert_eq!(
                        (error.status().as_u16(), &error.error_code),
                        (403, &ErrorCode::Forbidden)
                    );
                    assert_eq!(error.message, "this token does not hold CustomerRead");
                }
                _ => panic!("{actor:?} is not refused"),
            }
        }
    }
}

/// Everything that an answer shows, but for what is different in each.
async fn shown(service: &Service, token: &str, id: &str) -> (u16, Vec<(String, String)>, Value) {
    let url = format!("{}/v1/customers/{id}", service.url());
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
    let status = answer.status().as_u16();
    let headers = answer.headers().iter();
    let headers = headers
        .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let mut body: Value = answer.json().await.unwrap();
    assert!(body["request_id"].take().is_string());
    (status, headers, body)
}

#[tokio::test]
async fn a_customer_who_may_not_be_seen_looks_like_one_who_does_not_exist() {
    let service = Service::with_world();
    for actor in [Actor::OtherMember, Actor::Denied] {
        let token = service.token(actor).unwrap();
        let invisible = shown(&service, &token, ADA).await;
        assert_eq!(invisible, shown(&service, &token, ABSENT).await);
        assert_eq!(invisible.0, 404);
    }
}

#[tokio::test]
async fn an_input_that_is_not_as_documented_is_named() {
    let service = Service::with_world();
    let token = service.token(Actor::Platform).unwrap();
    for (path, param) in [
        ("/v1/customers/jane", "id"),
        ("/v1/customers/usr_01ke0v3d00e3qrb0y5x2t8m4a1", "id"),
        ("/v1/customers/CUS_01ke0v3d00e3qrb0y5x2t8m4a1", "id"),
        ("/v1/customers/cus_01ke0v3d00e3qrb0y5x2t8m4a1%00", "id"),
        ("/v1/customers/cus_01ke0v3d00e3qrb0y5x2t8m4a1?expand=users", "expand"),
        ("/v1/customers/cus_01ke0v3d00e3qrb0y5x2t8m4a1?expand=", "expand"),
        ("/v1/customers/cus_01ke0v3d00e3qrb0y5x2t8m4a1?expand=user&expand=user", "expand"),
        ("/v1/customers/cus_01ke0v3d00e3qrb0y5x2t8m4a1?Expand=user", "Expand"),
        ("/v1/customers/cus_01ke0v3d00e3qrb0y5x2t8m4a1?expand=user&page=1", "page"),
        ("/openapi.json?pretty", "pretty"),
    ] {
        let url = format!("{}{path}", service.url());
        let answer = reqwest::Client::new().get(url).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{path}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error_code"], "InvalidInput", "{path}: {body}");
        assert_eq!(body["param"], param, "{path}: {body}");
    }
}

#[tokio::test]
async fn inputs_are_judged_before_what_is_held() {
    let service = Service::with_world();
    let token = service.token(Actor::Stranger).unwrap();
    for (path, status) in [("jane", 400), (ADA, 403)] {
        let url = format!("{}/v1/customers/{path}", service.url());
        let answer = reqwest::Client::new().get(url).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_count_is_told_so_and_nothing_else() {
    let service = Service::with_world();
    let revoked = service.token(Actor::Member).unwrap();
    assert!(service.client_with(&revoked).get_customer().id(ADA).send().await.is_ok());
    let listed = crate::service::text(&service.place().run(&["token", "list"]).stdout);
    let id = listed.split_whitespace().next().unwrap();
    assert!(service.place().run(&["token", "revoke", id]).status.success());

    let user = "usr_01ke0v3d00e3qrb0y5x2t8m4c1";
    let expired = service.place().create_token(&["--user", user, "--expires-in", "0s"]);
    let unknown = crate::service::Place::with_world().create_token(&["--user", user]);
    let mut malformed = unknown.clone();
    malformed.replace_range(10..11, if &unknown[10..11] == "0" { "1" } else { "0" });

    let http = reqwest::Client::new();
    for path in ["cus_01ke0v3d00e3qrb0y5x2t8m4a1", "jane", "jane?unknown=1"] {
        let url = format!("{}/v1/customers/{path}", service.url());
        for (authorization, code) in [
            (None, "TokenMissing"),
            (Some(format!("Basic {unknown}")), "TokenMissing"),
            (Some(format!("Bearer {malformed}")), "TokenMalformed"),
            (Some(format!("Bearer {unknown}")), "TokenUnknown"),
            (Some(format!("Bearer {expired}")), "TokenExpired"),
            (Some(format!("Bearer {revoked}")), "TokenRevoked"),
        ] {
            let mut request = http.get(&url);
            if let Some(authorization) = authorization {
                request = request.header("authorization", authorization);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 401, "{path} {code}");
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            let body: Value = answer.json().await.unwrap();
            assert_eq!(body["error_code"], code, "{path}");
            assert_eq!(body["message"], "a valid bearer token is required");
            assert_eq!(body.get("param"), None);
        }
    }
}

#[tokio::test]
async fn the_etag_changes_with_the_customer_and_with_the_user_and_not_otherwise() {
    let service = Service::with_world();
    let token = service.token(Actor::Platform).unwrap();
    let etag = async |service: &Service| {
        let answer = service.client_with(&token).get_customer().id(ADA).send().await.unwrap();
        let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
        assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        etag
    };
    let first = etag(&service).await;
    assert_eq!(first, etag(&service).await);

    let mut seen = vec![first];
    let mut service = service;
    for change in [
        r#"{"type":"customer","id":"cus_01ke0v3d00e3qrb0y5x2t8m4a1","userId":"usr_01ke0v3d00e3qrb0y5x2t8m4a1","city":"Elsewhere"}"#,
        r#"{"type":"user","id":"usr_01ke0v3d00e3qrb0y5x2t8m4a1","email":"new@mailbox.example"}"#,
    ] {
        let (_, place) = service.stop();
        assert!(place.run_with_input(&["import", "-"], change.as_bytes()).status.success());
        service = place.serve();
        let now = etag(&service).await;
        assert!(!seen.contains(&now), "{now} was seen before");
        seen.push(now);
    }
}

#[tokio::test]
async fn a_membership_that_ends_ends_the_access() {
    let service = Service::with_world();
    let token = service.token(Actor::Member).unwrap();
    assert!(service.client_with(&token).get_customer().id(ADA).send().await.is_ok());
    let (_, place) = service.stop();
    let end = r#"{"type":"membership","userId":"usr_01ke0v3d00e3qrb0y5x2t8m4c1","organizationId":"org_01ke0v3d00e3qrb0y5x2t8m4a1","deleted":true}"#;
    assert!(place.run_with_input(&["import", "-"], end.as_bytes()).status.success());
    let service = place.serve();
    let answer = service.client_with(&token).get_customer().id(ADA).send().await;
    assert_eq!(failure(answer), (403, ErrorCode::Forbidden, None));
}
