//! `POST /v1/tokens`.

use customers_client::types::ErrorCode;
use customers_server::clock;
use customers_types::scalar::Timestamp;
use serde_json::{Value, json};

use super::{
    ADMINISTRATOR, BRINDLEMOOR, QUILLFEATHER, create, failure, listed, of_quillfeather, post,
    reads_ada, world_with,
};
use crate::{actor::Actor, service::Service};

fn support() -> Value {
    json!({ "organizationId": QUILLFEATHER, "role": "CustomerSupport" })
}

#[tokio::test]
async fn a_new_token_is_answered_with_its_secret_and_works_at_once() {
    let service = Service::with_world();
    let secret = service.token(Actor::Administrator).unwrap();
    let wanted = json!({
        "organizationId": QUILLFEATHER,
        "role": "OrganizationAdmin",
        "scopes": ["TokenRead", "CustomerRead"],
        "lifetimeSeconds": 3_600,
    });
    let (status, mut body) = post(&service, "/v1/tokens", &secret, &wanted).await;
    assert_eq!(status, 201, "{body}");
    let made = body["secret"].take().as_str().unwrap().to_owned();
    assert_eq!((made.len(), &made[..3]), (52, "sk_"));
    let id = body["token"]["id"].take().as_str().unwrap().to_owned();
    let created = body["token"]["createdAt"].take().as_str().unwrap().to_owned();
    assert_eq!((created.len(), &created[23..]), (24, "Z"));
    let expires = body["token"]["expiresAt"].take().as_str().unwrap().to_owned();
    let moment = |text: &str| text.parse::<Timestamp>().unwrap().millis();
    assert_eq!(moment(&expires) - moment(&created), 3_600_000);
    assert_eq!(
        body,
        json!({
            "secret": null,
            "token": {
                "id": null,
                "organizationId": QUILLFEATHER,
                "role": "OrganizationAdmin",
                "scopes": ["CustomerRead", "TokenRead"],
                "createdAt": null,
                "expiresAt": null,
            },
        })
    );
    assert_eq!(reads_ada(&service, &made).await, Ok(()));
    let listed = listed(&service, &id).unwrap();
    assert!(listed.contains("OrganizationAdmin  CustomerRead TokenRead  "), "{listed}");
    // It is narrowed: its role alone could make a token.
    let refused = create(&service.client_with(&made), support()).await;
    assert_eq!(failure(refused).2, "this token does not hold TokenWrite");

    let (_, place) = service.stop();
    let stored = place.home().stored();
    assert!(!stored.windows(made.len()).any(|bytes| bytes == made.as_bytes()));
}

#[tokio::test]
async fn a_request_that_is_repeated_makes_another_token() {
    let service = Service::with_world();
    let first = of_quillfeather(&service, "CustomerSupport").await;
    let second = of_quillfeather(&service, "CustomerSupport").await;
    assert!(first.secret != second.secret && first.token.id != second.token.id);
    for made in [first, second] {
        assert!(made.token.scopes.is_none() && made.token.expires_at.is_none());
        assert_eq!(reads_ada(&service, &made.secret).await, Ok(()));
    }
}

#[tokio::test]
async fn a_token_is_made_only_by_who_may_write_tokens_of_the_organization() {
    let service = Service::with_world();
    let forbidden = (403, ErrorCode::Forbidden, "this token does not hold TokenWrite".to_owned());
    let absent = "there is no such organization, or it is not visible to you".to_owned();
    let absent = (404, ErrorCode::NotFound, absent);
    let nowhere = "org_01ke0v3d00e3qrb0y5x2t8m4zz";
    for (actor, organization, refused) in [
        (Actor::Member, QUILLFEATHER, &forbidden),
        (Actor::Platform, QUILLFEATHER, &forbidden),
        (Actor::Organization, QUILLFEATHER, &forbidden),
        (Actor::Stranger, nowhere, &forbidden),
        (Actor::Administrator, BRINDLEMOOR, &absent),
        (Actor::Administrator, nowhere, &absent),
        (Actor::PlatformAdministrator, nowhere, &absent),
    ] {
        let new = json!({ "organizationId": organization, "role": "ProductManager" });
        let answer = create(&service.client(actor), new).await;
        assert_eq!(&failure(answer), refused, "{actor:?}");
    }
    let new = json!({ "organizationId": BRINDLEMOOR, "role": "OrganizationAdmin" });
    assert!(create(&service.client(Actor::PlatformAdministrator), new).await.is_ok());
    let anonymous = create(&service.client(Actor::Anonymous), support()).await;
    assert_eq!(failure(anonymous).1, ErrorCode::TokenMissing);
}

#[tokio::test]
async fn a_token_never_grants_what_its_maker_lacks() {
    let service = Service::with_world();
    let options = ["--user", ADMINISTRATOR, "--scope", "TokenWrite", "--scope", "CustomerRead"];
    let narrowed = service.client_with(&service.place().create_token(&options));
    let mut new = json!({ "organizationId": QUILLFEATHER, "role": "OrganizationAdmin" });
    let lacks = |action: &str| {
        let message =
            format!("this token does not hold {action} there, and can't grant it to another");
        (403, ErrorCode::Forbidden, message)
    };
    assert_eq!(failure(create(&narrowed, new.clone()).await), lacks("CustomerWrite"));
    new["scopes"] = json!(["TokenWrite", "TokenRead"]);
    assert_eq!(failure(create(&narrowed, new.clone()).await), lacks("TokenRead"));
    new["scopes"] = json!(["TokenWrite", "CustomerRead"]);
    let made = create(&narrowed, new.clone()).await.unwrap();
    // What is made by it is not more than it, either.
    let made = service.client_with(&made.secret);
    assert!(create(&made, new.clone()).await.is_ok());
    new["scopes"] = json!(["CustomerWrite"]);
    assert_eq!(failure(create(&made, new).await), lacks("CustomerWrite"));
}

#[tokio::test]
async fn who_is_denied_one_customer_makes_no_token_that_reads_customers() {
    let service = world_with(&json!({
        "type": "deny",
        "id": "dny_01ke0v3d00e3qrb0y5x2t8m4m1",
        "userId": ADMINISTRATOR,
        "actions": ["CustomerRead"],
        "customerId": crate::actor::ADA,
    }));
    let client = service.client(Actor::Administrator);
    let refused = failure(create(&client, support()).await);
    assert!((refused.0, refused.2.contains("CustomerRead")) == (403, true), "{refused:?}");
    let manager = json!({ "organizationId": QUILLFEATHER, "role": "ProductManager" });
    assert!(create(&client, manager).await.is_ok());
}

#[tokio::test]
async fn what_is_not_as_documented_is_named_and_makes_no_token() {
    let service = Service::with_world();
    let secret = service.token(Actor::Administrator).unwrap();
    let with = |field: &str, value: Value| {
        let mut new = support();
        new[field] = value;
        new
    };
    for (new, param) in [
        (with("organizationId", json!("jane")), "/organizationId"),
        (json!({ "role": "CustomerSupport" }), "/organizationId"),
        (json!({ "organizationId": QUILLFEATHER }), "/role"),
        (with("role", json!("PlatformSupport")), "/role"),
        (with("role", json!("PlatformAdmin")), "/role"),
        (with("role", json!("Jane")), "/role"),
        (with("scopes", json!([])), "/scopes"),
        (with("scopes", json!(["CustomerRead", "CustomerRead"])), "/scopes"),
        (with("scopes", json!(["CustomerRead", "Jane"])), "/scopes/1"),
        (with("scopes", json!(null)), "/scopes"),
        (with("lifetimeSeconds", json!(0)), "/lifetimeSeconds"),
        (with("lifetimeSeconds", json!(315_360_001)), "/lifetimeSeconds"),
        (with("lifetimeSeconds", json!("60")), "/lifetimeSeconds"),
        (with("lifetimeSeconds", json!(null)), "/lifetimeSeconds"),
        (with("expiresAt", json!("2999-01-01T00:00:00Z")), "/expiresAt"),
        (with("userId", json!(ADMINISTRATOR)), "/userId"),
        (json!([]), ""),
    ] {
        let (status, error) = post(&service, "/v1/tokens", &secret, &new).await;
        assert_eq!((status, &error["error_code"]), (400, &json!("InvalidInput")), "{new}");
        assert_eq!(error["param"], param, "{new}: {error}");
        assert!(!error["message"].as_str().unwrap().to_lowercase().contains("jane"), "{error}");
    }
    // The administrator's own is the only token that there is.
    let list = super::text(&service.place().run(&["token", "list"]).stdout);
    assert_eq!(list.lines().count(), 1, "{list}");
}

#[tokio::test]
async fn a_token_that_ends_makes_none_that_outlives_it() {
    let service = Service::with_world();
    let options = ["--user", ADMINISTRATOR, "--expires-in", "1h"];
    let client = service.client_with(&service.place().create_token(&options));
    let hour_from_now = clock::now().after(std::time::Duration::from_hours(1)).millis();
    for lifetime in [json!(null), json!(315_360_000)] {
        let mut wanted = support();
        if !lifetime.is_null() {
            wanted["lifetimeSeconds"] = lifetime;
        }
        let made = create(&client, wanted).await.unwrap();
        assert!(made.token.expires_at.unwrap().timestamp_millis() <= hour_from_now);
    }
    let short = create(
        &client,
        json!({ "organizationId": QUILLFEATHER, "role": "CustomerSupport", "lifetimeSeconds": 60 }),
    );
    let short = short.await.unwrap().token;
    let millis = short.expires_at.unwrap().timestamp_millis() - short.created_at.timestamp_millis();
    assert_eq!(millis, 60_000);
}
