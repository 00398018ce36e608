//! `POST /v1/tokens/{id}/rotate`.

use customers_client::{
    Client,
    types::{self, ErrorCode, IssuedToken},
};
use customers_types::scalar::Timestamp;
use serde_json::{Value, json};

use super::{
    ABSENT, ADMINISTRATOR, Answer, QUILLFEATHER, create, failure, of_quillfeather, post, reads_ada,
};
use crate::{actor::Actor, service::Service};

async fn rotate(client: &Client, id: &str, overlap_seconds: u32) -> Answer<IssuedToken> {
    rotate_as(client, id, json!({ "overlapSeconds": overlap_seconds })).await
}

async fn rotate_as(client: &Client, id: &str, rotation: Value) -> Answer<IssuedToken> {
    let rotation: types::TokenRotation = serde_json::from_value(rotation).unwrap();
    let answer = client.rotate_token().id(id).body(rotation).send().await?;
    assert_eq!(answer.status(), 201);
    Ok(answer.into_inner())
}

/// When the token expires, as `token list` says, in milliseconds.
fn expiry(service: &Service, id: &str) -> Option<i64> {
    let listed = super::listed(service, id).unwrap();
    let (_, at) = listed.split_once("  expires ")?;
    Some(at.parse::<Timestamp>().unwrap().millis())
}

/// For how many milliseconds the token counts.
fn lifetime(token: &types::Token) -> Option<i64> {
    token.expires_at.map(|at| at.timestamp_millis() - token.created_at.timestamp_millis())
}

#[tokio::test]
async fn both_tokens_work_during_the_overlap_and_only_the_new_one_after_it() {
    let service = Service::with_world();
    let client = service.client(Actor::Administrator);
    let old = of_quillfeather(&service, "CustomerSupport").await;
    let first = rotate(&client, &old.token.id, 3_600).await.unwrap();
    assert!(first.token.id != old.token.id && first.secret != old.secret);
    assert_eq!(first.token.role, old.token.role);
    assert_eq!(*first.token.organization_id, QUILLFEATHER);
    assert!(first.token.scopes.is_none() && first.token.expires_at.is_none());
    assert_eq!(reads_ada(&service, &old.secret).await, Ok(()));
    assert_eq!(reads_ada(&service, &first.secret).await, Ok(()));
    let ends = first.token.created_at.timestamp_millis() + 3_600_000;
    assert_eq!(expiry(&service, &old.token.id), Some(ends));

    let second = rotate(&client, &first.token.id, 0).await.unwrap();
    assert_eq!(reads_ada(&service, &first.secret).await, Err(ErrorCode::TokenExpired));
    assert_eq!(reads_ada(&service, &second.secret).await, Ok(()));
}

#[tokio::test]
async fn the_new_token_counts_as_long_as_the_old_one_was_made_for_or_as_is_said() {
    let service = Service::with_world();
    let client = service.client(Actor::Administrator);
    let month = 30 * 24 * 3_600;
    let new = json!({
        "organizationId": QUILLFEATHER,
        "role": "OrganizationAdmin",
        "scopes": ["CustomerRead"],
        "lifetimeSeconds": month,
    });
    let old = create(&client, new).await.unwrap();
    assert_eq!(lifetime(&old.token), Some(month * 1_000));
    // Repeated, for example because no answer came, it makes another that counts as long.
    for _ in 0..2 {
        let made = rotate(&client, &old.token.id, 60).await.unwrap();
        assert_eq!(lifetime(&made.token), lifetime(&old.token));
        let scopes = serde_json::to_value(&made.token.scopes).unwrap();
        assert_eq!(scopes, json!(["CustomerRead"]));
    }
    let rotation = json!({ "overlapSeconds": 604_800, "lifetimeSeconds": 60 });
    let old = rotate_as(&client, &old.token.id, rotation).await.unwrap();
    assert_eq!(lifetime(&old.token), Some(60_000));
}

#[tokio::test]
async fn a_token_that_has_expired_or_was_revoked_is_not_rotated() {
    let service = Service::with_world();
    let client = service.client(Actor::Administrator);
    let expired = of_quillfeather(&service, "CustomerSupport").await;
    rotate(&client, &expired.token.id, 0).await.unwrap();
    let revoked = of_quillfeather(&service, "CustomerSupport").await;
    client.revoke_token().id(revoked.token.id.as_str()).send().await.unwrap();
    for lapsed in [expired, revoked] {
        let refused = failure(rotate(&client, &lapsed.token.id, 60).await);
        assert_eq!((refused.0, refused.1), (409, ErrorCode::Conflict));
        assert_eq!(refused.2, "the token has expired or was revoked: make another");
    }
}

#[tokio::test]
async fn only_who_could_have_made_the_token_rotates_it() {
    let service = Service::with_world();
    let made = of_quillfeather(&service, "OrganizationAdmin").await;
    let options = ["--user", ADMINISTRATOR, "--scope", "TokenWrite"];
    let narrowed = service.client_with(&service.place().create_token(&options));
    let refused = failure(rotate(&narrowed, &made.token.id, 0).await);
    assert_eq!(refused.0, 403);
    assert!(refused.2.starts_with("this token does not hold CustomerRead there"), "{refused:?}");

    let member = failure(rotate(&service.client(Actor::Member), &made.token.id, 0).await);
    assert_eq!(member.2, "this token does not hold TokenWrite");
    let other = service.client(Actor::OtherMember);
    let hidden = failure(rotate(&other, &made.token.id, 0).await);
    assert_eq!((hidden.0, &hidden.1), (404, &ErrorCode::NotFound));
    assert_eq!(hidden, failure(rotate(&other, ABSENT, 0).await));
    assert_eq!(reads_ada(&service, &made.secret).await, Ok(()));

    // It holds all that it can do itself, and so can rotate itself.
    let itself = service.client_with(&made.secret);
    let successor = rotate(&itself, &made.token.id, 0).await.unwrap();
    assert_eq!(reads_ada(&service, &successor.secret).await, Ok(()));
    assert_eq!(failure(rotate(&itself, &made.token.id, 0).await).1, ErrorCode::TokenExpired);
}

#[tokio::test]
async fn what_is_not_as_documented_is_named_and_rotates_nothing() {
    let service = Service::with_world();
    let secret = service.token(Actor::Administrator).unwrap();
    let made = of_quillfeather(&service, "CustomerSupport").await;
    let path = format!("/v1/tokens/{}/rotate", *made.token.id);
    for (rotation, param) in [
        (json!({}), "/overlapSeconds"),
        (json!({ "overlapSeconds": 604_801 }), "/overlapSeconds"),
        (json!({ "overlapSeconds": -1 }), "/overlapSeconds"),
        (json!({ "overlapSeconds": 0.5 }), "/overlapSeconds"),
        (json!({ "overlapSeconds": null }), "/overlapSeconds"),
        (json!({ "overlapSeconds": 0, "lifetimeSeconds": 0 }), "/lifetimeSeconds"),
        (json!({ "overlapSeconds": 0, "lifetimeSeconds": null }), "/lifetimeSeconds"),
        (json!({ "overlapSeconds": 0, "role": "OrganizationAdmin" }), "/role"),
    ] {
        let (status, error) = post(&service, &path, &secret, &rotation).await;
        assert_eq!((status, &error["param"]), (400, &json!(param)), "{rotation}: {error}");
    }
    assert_eq!(expiry(&service, &made.token.id), None);
    assert_eq!(reads_ada(&service, &made.secret).await, Ok(()));
}
