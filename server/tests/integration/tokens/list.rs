//! `GET /v1/tokens`.

use std::num::NonZeroU32;

use customers_client::{Client, Error, types::ErrorCode};
use customers_types::scalar::Timestamp;
use futures::TryStreamExt;
use serde_json::{Value, json};

use super::{BRINDLEMOOR, QUILLFEATHER, create, of_quillfeather};
use crate::{actor::Actor, service::Service};

/// Status and body of the answer to a query.
async fn query(service: &Service, secret: &str, query: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/v1/tokens", service.url());
    let request = reqwest::Client::new().get(url).query(query).bearer_auth(secret);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// Makes so many tokens of Brindlemoor, and gives back their identifiers.
async fn of_brindlemoor(client: &Client, count: usize) -> Vec<String> {
    let mut made = Vec::new();
    for _ in 0..count {
        let new = json!({ "organizationId": BRINDLEMOOR, "role": "ProductManager" });
        made.push(create(client, new).await.unwrap().token.id.to_string());
    }
    made
}

#[tokio::test]
async fn each_caller_sees_the_tokens_of_the_organizations_that_it_administers() {
    let service = Service::with_world();
    let first = of_quillfeather(&service, "CustomerSupport").await.token.id.to_string();
    let staff = service.client(Actor::PlatformAdministrator);
    let second = of_brindlemoor(&staff, 1).await.remove(0);
    let third = of_quillfeather(&service, "OrganizationAdmin").await;
    let by_token = service.client_with(&third.secret);
    let third = third.token.id.to_string();
    let administrator = service.client(Actor::Administrator);
    let other = service.client(Actor::OtherMember);
    for (client, expected) in [
        (&administrator, vec![&first, &third]),
        (&by_token, vec![&first, &third]),
        (&other, vec![&second]),
        (&staff, vec![&first, &second, &third]),
    ] {
        let page = client.list_tokens().send().await.unwrap();
        let seen: Vec<_> = page.items.iter().map(|token| token.id.to_string()).collect();
        assert_eq!(seen.iter().collect::<Vec<_>>(), expected);
        assert_eq!(page.next_page, None);
    }
    for actor in [Actor::Member, Actor::Organization, Actor::Platform, Actor::Narrowed] {
        let Err(Error::ErrorResponse(error)) = service.client(actor).list_tokens().send().await
        else {
            panic!("{actor:?} sees a list");
        };
        assert_eq!((error.status().as_u16(), &error.error_code), (403, &ErrorCode::Forbidden));
        assert_eq!(error.message, "this token does not hold TokenRead");
    }
}

#[tokio::test]
async fn a_token_is_listed_as_it_was_made_without_its_secret_also_once_it_is_revoked() {
    let service = Service::with_world();
    let secret = service.token(Actor::Administrator).unwrap();
    let client = service.client_with(&secret);
    let new = json!({
        "organizationId": QUILLFEATHER,
        "role": "OrganizationAdmin",
        "scopes": ["CustomerRead"],
        "lifetimeSeconds": 3_600,
    });
    let made = create(&client, new).await.unwrap();
    let (status, page) = query(&service, &secret, &[]).await;
    assert_eq!(status, 200);
    assert_eq!(page.as_object().unwrap().keys().collect::<Vec<_>>(), ["items"], "null or more");
    let mut listed = page["items"][0].clone();
    assert!(listed["createdAt"].take().is_string());
    let expected = json!({
        "id": *made.token.id,
        "organizationId": QUILLFEATHER,
        "role": "OrganizationAdmin",
        "scopes": ["CustomerRead"],
        "createdAt": null,
        "expiresAt": Timestamp::from_millis(made.token.expires_at.unwrap().timestamp_millis()),
    });
    assert_eq!(listed, expected);
    assert!(!page.to_string().contains("sk_"), "{page}");

    client.revoke_token().id(made.token.id.as_str()).send().await.unwrap();
    let (_, page) = query(&service, &secret, &[]).await;
    assert!(page["items"][0]["revokedAt"].is_string(), "{page}");
}

#[tokio::test]
async fn one_organization_can_be_asked_for_and_one_out_of_reach_is_empty() {
    let service = Service::with_world();
    let made = of_quillfeather(&service, "CustomerSupport").await;
    let staff = service.token(Actor::PlatformAdministrator).unwrap();
    let brindlemoor = of_brindlemoor(&service.client_with(&staff), 1).await;
    let administrator = service.token(Actor::Administrator).unwrap();
    let nowhere = "org_01ke0v3d00e3qrb0y5x2t8m4zz";
    for (secret, organization, expected) in [
        (&staff, QUILLFEATHER, vec![made.token.id.as_str()]),
        (&staff, BRINDLEMOOR, vec![brindlemoor[0].as_str()]),
        (&staff, nowhere, vec![]),
        (&administrator, QUILLFEATHER, vec![made.token.id.as_str()]),
        (&administrator, BRINDLEMOOR, vec![]),
        (&administrator, nowhere, vec![]),
    ] {
        let (status, page) = query(&service, secret, &[("organizationId", organization)]).await;
        assert_eq!((status, ids(&page)), (200, expected), "{organization}");
    }
}

#[tokio::test]
async fn the_client_streams_all_pages() {
    let service = Service::with_world();
    let client = service.client(Actor::OtherMember);
    let made = of_brindlemoor(&client, 23).await;
    for limit in [1, 7, 23, 100] {
        let limit = NonZeroU32::new(limit).unwrap();
        let stream = client.list_tokens().limit(limit).stream();
        let seen: Vec<_> = stream.map_ok(|token| token.id.to_string()).try_collect().await.unwrap();
        assert_eq!(seen, made, "by {limit}");
    }
    assert_eq!(client.list_tokens().send().await.unwrap().items.len(), 20);
}

#[tokio::test]
async fn a_cursor_goes_on_with_what_the_listing_began_with_for_whoever_shows_it() {
    let service = Service::with_world();
    let staff = service.token(Actor::PlatformAdministrator).unwrap();
    let made = of_brindlemoor(&service.client_with(&staff), 3).await;
    of_quillfeather(&service, "CustomerSupport").await;
    let began = [("organizationId", BRINDLEMOOR), ("limit", "1")];
    let (_, first) = query(&service, &staff, &began).await;
    let cursor = first["next_page"].as_str().unwrap();
    assert_eq!(ids(&first), [&made[0]]);
    for further in [&[][..], &[("organizationId", BRINDLEMOOR)]] {
        let parameters = [&[("page_token", cursor)], further].concat();
        let (_, rest) = query(&service, &staff, &parameters).await;
        assert_eq!(ids(&rest), [&made[1], &made[2]]);
    }
    let other = [("page_token", cursor), ("organizationId", QUILLFEATHER)];
    let (status, error) = query(&service, &staff, &other).await;
    assert_eq!((status, &error["param"]), (400, &json!("organizationId")), "{error}");

    // To another caller it shows what that one may see, and it is none of another operation.
    let administrator = service.token(Actor::Administrator).unwrap();
    let (status, page) = query(&service, &administrator, &[("page_token", cursor)]).await;
    assert_eq!((status, ids(&page)), (200, vec![]));
    let url = format!("{}/v1/customers", service.url());
    let request = reqwest::Client::new().get(url).query(&[("page_token", cursor)]);
    assert_eq!(request.bearer_auth(&staff).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn an_input_that_is_not_as_documented_is_named() {
    let service = Service::with_world();
    let secret = service.token(Actor::Administrator).unwrap();
    for (name, value) in [
        ("limit", "0"),
        ("limit", "101"),
        ("organizationId", "Quillfeather"),
        ("page_token", ""),
        ("page_token", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ"),
        ("userId", "usr_01ke0v3d00e3qrb0y5x2t8m4a1"),
    ] {
        let (status, error) = query(&service, &secret, &[(name, value)]).await;
        assert_eq!((status, &error["param"]), (400, &json!(name)), "{name}={value}: {error}");
    }
}
