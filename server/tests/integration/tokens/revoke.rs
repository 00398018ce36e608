//! `DELETE /v1/tokens/{id}`.

use customers_client::{Client, types::ErrorCode};

use super::{ABSENT, Answer, failure, listed, of_quillfeather, reads_ada};
use crate::{
    actor::Actor,
    service::{Service, text},
};

async fn revoke(client: &Client, id: &str) -> Answer<()> {
    let answer = client.revoke_token().id(id).send().await?;
    assert_eq!(answer.status(), 204);
    Ok(())
}

fn absent() -> (u16, ErrorCode, String) {
    let message = "there is no such token, or it is not visible to you".to_owned();
    (404, ErrorCode::NotFound, message)
}

#[tokio::test]
async fn a_revoked_token_stops_at_the_next_request_and_stays_revoked() {
    let service = Service::with_world();
    let made = of_quillfeather(&service, "CustomerSupport").await;
    assert_eq!(reads_ada(&service, &made.secret).await, Ok(()));
    let client = service.client(Actor::Administrator);
    revoke(&client, &made.token.id).await.unwrap();
    assert_eq!(reads_ada(&service, &made.secret).await, Err(ErrorCode::TokenRevoked));
    let first = listed(&service, &made.token.id);
    assert!(first.as_ref().unwrap().contains("  revoked "), "{first:?}");
    revoke(&client, &made.token.id).await.unwrap();
    assert_eq!(listed(&service, &made.token.id), first);
}

#[tokio::test]
async fn a_token_can_revoke_itself() {
    let service = Service::with_world();
    let made = of_quillfeather(&service, "OrganizationAdmin").await;
    let client = service.client_with(&made.secret);
    revoke(&client, &made.token.id).await.unwrap();
    let again = failure(revoke(&client, &made.token.id).await);
    assert_eq!((again.0, again.1), (401, ErrorCode::TokenRevoked));
}

#[tokio::test]
async fn a_token_out_of_reach_looks_like_one_that_does_not_exist() {
    let service = Service::with_world();
    let made = of_quillfeather(&service, "CustomerSupport").await;
    let other = service.client(Actor::OtherMember);
    assert_eq!(failure(revoke(&other, &made.token.id).await), absent());
    assert_eq!(failure(revoke(&other, ABSENT).await), absent());
    for actor in [Actor::Member, Actor::Platform, Actor::Stranger] {
        let refused = failure(revoke(&service.client(actor), &made.token.id).await);
        assert_eq!(refused.2, "this token does not hold TokenWrite", "{actor:?}");
    }
    assert_eq!(reads_ada(&service, &made.secret).await, Ok(()));
}

#[tokio::test]
async fn the_tokens_of_users_look_as_if_they_did_not_exist() {
    let service = Service::with_world();
    let of_user = service.token(Actor::Member).unwrap();
    let list = text(&service.place().run(&["token", "list"]).stdout);
    let id = list.split_whitespace().next().unwrap();
    let client = service.client(Actor::PlatformAdministrator);
    assert_eq!(failure(revoke(&client, id).await), absent());
    assert_eq!(reads_ada(&service, &of_user).await, Ok(()));
}

#[tokio::test]
async fn an_identifier_of_something_else_is_named() {
    let service = Service::with_world();
    let secret = service.token(Actor::Administrator).unwrap();
    for id in ["jane", "org_01ke0v3d00e3qrb0y5x2t8m4a1"] {
        let url = format!("{}/v1/tokens/{id}", service.url());
        let answer = reqwest::Client::new().delete(url).bearer_auth(&secret).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        let error: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(error["param"], "id", "{error}");
    }
}
