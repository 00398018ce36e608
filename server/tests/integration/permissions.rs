//! `GET /v1/auth/permissions` and `GET /v1/users/me/permissions`.

use customers_client::{Error, types::ErrorCode};
use serde_json::{Value, json};

use crate::{actor::Actor, service::Service};

const QUILLFEATHER: &str = "org_01ke0v3d00e3qrb0y5x2t8m4a1";
const ADA: &str = "cus_01ke0v3d00e3qrb0y5x2t8m4a1";

async fn mine(service: &Service, actor: Actor) -> Value {
    let mine = service.client(actor).get_my_permissions().send().await.unwrap();
    serde_json::to_value(mine.into_inner()).unwrap()
}

#[tokio::test]
async fn everybody_with_a_token_sees_which_permissions_there_are() {
    let service = Service::with_world();
    let all = service.client(Actor::Stranger).list_permissions().send().await.unwrap();
    let all = serde_json::to_value(all.into_inner()).unwrap();
    assert_eq!(
        all["actions"],
        json!(["CustomerRead", "CustomerWrite", "TokenRead", "TokenWrite", "DirectoryWrite"])
    );
    let everything = ["CustomerReader", "CustomerEditor", "TokenAdministrator", "DirectoryWriter"];
    assert_eq!(
        all["packs"],
        json!([
            { "name": "CustomerReader", "actions": ["CustomerRead"] },
            { "name": "CustomerEditor", "actions": ["CustomerRead", "CustomerWrite"] },
            { "name": "TokenAdministrator", "actions": ["TokenRead", "TokenWrite"] },
            { "name": "DirectoryWriter", "actions": ["DirectoryWrite"] },
        ])
    );
    let role = |name: &str, packs: &[&str], all: bool| json!({ "name": name, "packs": packs, "allOrgPermissions": all });
    assert_eq!(
        all["roles"],
        json!([
            role("OrganizationAdmin", &["CustomerEditor", "TokenAdministrator"], false),
            role("CustomerSupport", &["CustomerReader"], false),
            role("ProductManager", &[], false),
            role("PlatformSupport", &["CustomerReader"], true),
            role("PlatformAdmin", &everything, true),
        ])
    );
}

#[tokio::test]
async fn a_member_sees_the_own_roles_grants_and_denies() {
    let service = Service::with_world();
    let member = |user: &str, memberships: Value, grants: Value, denies: Value| {
        let user_id = format!("usr_01ke0v3d00e3qrb0y5x2t8m4{user}");
        json!({
            "userId": user_id,
            "memberships": memberships,
            "grants": grants,
            "denies": denies,
        })
    };
    let support = json!([{ "role": "CustomerSupport", "organizationId": QUILLFEATHER }]);
    assert_eq!(
        mine(&service, Actor::Member).await,
        member("c1", support.clone(), json!([]), json!([]))
    );
    assert_eq!(
        mine(&service, Actor::Platform).await,
        member("e1", json!([{ "role": "PlatformSupport" }]), json!([]), json!([]))
    );
    let grant = json!([{
        "id": "grt_01ke0v3d00e3qrb0y5x2t8m4a1",
        "actions": [],
        "packs": ["CustomerReader"],
        "customerId": ADA,
    }]);
    assert_eq!(mine(&service, Actor::Granted).await, member("g1", json!([]), grant, json!([])));
    let deny = json!([{
        "id": "dny_01ke0v3d00e3qrb0y5x2t8m4b1",
        "actions": ["CustomerRead"],
        "packs": [],
        "organizationId": QUILLFEATHER,
        "validFrom": "2999-01-01T00:00:00Z",
    }]);
    assert_eq!(mine(&service, Actor::DeniedLater).await, member("j1", support, json!([]), deny));
}

#[tokio::test]
async fn a_token_shows_for_whom_it_acts_and_what_it_is_narrowed_to() {
    let service = Service::with_world();
    assert_eq!(
        mine(&service, Actor::Organization).await,
        json!({
            "organizationId": QUILLFEATHER,
            "memberships": [{ "role": "CustomerSupport", "organizationId": QUILLFEATHER }],
            "grants": [],
            "denies": [],
        })
    );
    assert_eq!(mine(&service, Actor::Narrowed).await["scopes"], json!(["TokenRead"]));
}

#[tokio::test]
async fn nobody_sees_permissions_without_a_token() {
    let service = Service::with_world();
    let client = service.client(Actor::Anonymous);
    for code in [
        client.list_permissions().send().await.err(),
        client.get_my_permissions().send().await.err(),
    ] {
        let Some(Error::ErrorResponse(error)) = code else { panic!("answered") };
        assert_eq!(error.error_code, ErrorCode::TokenMissing);
    }
}
