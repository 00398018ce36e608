//! `GET /v1/customers/{id}/access`.

use customers_client::{
    Error, ResponseValue,
    types::{self, CustomerAccess, ErrorCode},
};
use serde_json::{Value, json};

use crate::{
    actor::{ABSENT, ADA, Actor, BOB, QUILLFEATHER},
    service::{Place, Service, text},
};

const CHECKOUT: &str = "chk_01ke0v3d00e3qrb0y5x2t8m4a1";

async fn explain(
    service: &Service,
    actor: Actor,
    id: &str,
) -> Result<ResponseValue<CustomerAccess>, Error<types::Error>> {
    service.client(actor).explain_access().id(id).send().await
}

/// The actions that the actor may do on Ada, with the reasons.
async fn actions(service: &Service, actor: Actor) -> Value {
    let explained = explain(service, actor, ADA).await.unwrap();
    assert_eq!(*explained.customer_id, ADA);
    serde_json::to_value(&explained.actions).unwrap()
}

/// The reason for reading alone, or for reading and writing.
fn read(mut reason: Value) -> Value {
    reason["action"] = "CustomerRead".into();
    json!([reason])
}

fn both(mut reason: Value) -> Value {
    let mut actions = read(reason.clone());
    reason["action"] = "CustomerWrite".into();
    actions.as_array_mut().unwrap().push(reason);
    actions
}

#[tokio::test]
async fn everybody_who_may_read_is_told_why() {
    let service = Service::with_world();
    let member = |role: &str| {
        json!({
            "clause": "organization",
            "role": role,
            "organizationId": QUILLFEATHER,
            "checkoutId": CHECKOUT,
        })
    };
    let platform = |role: &str| json!({ "clause": "platform", "role": role });
    let granted = json!({ "clause": "direct", "grantId": "grt_01ke0v3d00e3qrb0y5x2t8m4a1" });
    for (actor, expected) in [
        (Actor::Oneself, both(json!({ "clause": "self" }))),
        (Actor::Member, read(member("CustomerSupport"))),
        (Actor::Administrator, both(member("OrganizationAdmin"))),
        (Actor::Organization, read(member("CustomerSupport"))),
        (Actor::Platform, read(platform("PlatformSupport"))),
        (Actor::PlatformAdministrator, both(platform("PlatformAdmin"))),
        (Actor::Granted, read(granted)),
        (Actor::DeniedLater, read(member("CustomerSupport"))),
    ] {
        assert_eq!(actions(&service, actor).await, expected, "{actor:?}");
    }
}

#[tokio::test]
async fn a_grant_on_an_organization_is_explained_with_it_and_the_checkout() {
    let place = Place::with_world();
    let grant = r#"{"type":"grant","id":"grt_01ke0v3d00e3qrb0y5x2t8m4b1","userId":"usr_01ke0v3d00e3qrb0y5x2t8m4k1","packs":["CustomerEditor"],"organizationId":"org_01ke0v3d00e3qrb0y5x2t8m4a1"}"#;
    let imported = place.run_with_input(&["import", "-"], grant.as_bytes());
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let service = place.serve();
    let expected = both(json!({
        "clause": "direct",
        "grantId": "grt_01ke0v3d00e3qrb0y5x2t8m4b1",
        "organizationId": QUILLFEATHER,
        "checkoutId": CHECKOUT,
    }));
    assert_eq!(actions(&service, Actor::Stranger).await, expected);
}

#[tokio::test]
async fn the_checkouts_of_other_organizations_are_not_told() {
    let place = Place::with_world();
    // Older than Ada's checkout of Quillfeather, and than Bob's of Brindlemoor.
    let checkouts = [
        r#"{"type":"checkout","id":"chk_01je0v3d00e3qrb0y5x2t8m4a1","customerId":"cus_01ke0v3d00e3qrb0y5x2t8m4a1","productId":"prd_01ke0v3d00e3qrb0y5x2t8m4b1"}"#,
        r#"{"type":"checkout","id":"chk_01ke0v3d00e3qrb0y5x2t8m4a2","customerId":"cus_01ke0v3d00e3qrb0y5x2t8m4a1","productId":"prd_01ke0v3d00e3qrb0y5x2t8m4a1"}"#,
    ];
    let imported = place.run_with_input(&["import", "-"], checkouts.join("\n").as_bytes());
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let service = place.serve();
    for (actor, checkout) in [
        (Actor::Member, CHECKOUT),
        (Actor::Organization, CHECKOUT),
        (Actor::OtherMember, "chk_01je0v3d00e3qrb0y5x2t8m4a1"),
    ] {
        let actions = actions(&service, actor).await;
        assert_eq!(actions[0]["checkoutId"], checkout, "{actor:?}");
    }
}

#[tokio::test]
async fn access_is_explained_to_nobody_else() {
    let service = Service::with_world();
    for (actor, id, status, code) in [
        (Actor::Anonymous, ADA, 401, ErrorCode::TokenMissing),
        (Actor::OtherMember, ADA, 404, ErrorCode::NotFound),
        (Actor::Denied, ADA, 404, ErrorCode::NotFound),
        (Actor::Oneself, BOB, 404, ErrorCode::NotFound),
        (Actor::Platform, ABSENT, 404, ErrorCode::NotFound),
        (Actor::Stranger, ADA, 403, ErrorCode::Forbidden),
        (Actor::Stranger, ABSENT, 403, ErrorCode::Forbidden),
        (Actor::Narrowed, ADA, 403, ErrorCode::Forbidden),
    ] {
        let Err(Error::ErrorResponse(error)) = explain(&service, actor, id).await else {
            panic!("{actor:?} is answered");
        };
        assert_eq!((error.status().as_u16(), &error.error_code), (status, &code), "{actor:?}");
    }
}
