//! `GET /v1/customers`.

use customers_client::{
    Error,
    types::{CustomerExpansion, CustomerSort, ErrorCode},
};
use futures::TryStreamExt;
use serde_json::Value;

use crate::{
    actor::{ADA, Actor, BOB},
    service::{Place, Service, WORLD},
};

/// Status and body of the answer to a query.
async fn query(service: &Service, token: &str, query: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/v1/customers", service.url());
    let request = reqwest::Client::new().get(url).query(query).bearer_auth(token);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// The world with so many customers more, who have checked out from Brindlemoor.
fn crowd(count: u32) -> Service {
    let mut records = WORLD.to_owned();
    for number in 0..count {
        let id = format!("01ke0v3d00e3qrb0y5x2v{number:05}");
        for line in [
            format!(r#"{{"type":"user","id":"usr_{id}","email":"c{number}@crowd.example"}}"#),
            format!(r#"{{"type":"customer","id":"cus_{id}","userId":"usr_{id}"}}"#),
            format!(
                r#"{{"type":"checkout","id":"chk_{id}","customerId":"cus_{id}","productId":"prd_01ke0v3d00e3qrb0y5x2t8m4b1"}}"#
            ),
        ] {
            records.push_str(&line);
            records.push('\n');
        }
    }
    let place = Place::new();
    let imported = place.run_with_input(&["import", "-"], records.as_bytes());
    assert!(imported.status.success(), "{}", crate::service::text(&imported.stderr));
    place.serve()
}

#[tokio::test]
async fn each_caller_sees_the_customers_whom_it_may_read() {
    let service = Service::with_world();
    for (actor, expected) in [
        (Actor::Oneself, &[ADA][..]),
        (Actor::Member, &[ADA]),
        (Actor::OtherMember, &[BOB]),
        (Actor::Organization, &[ADA]),
        (Actor::Platform, &[ADA, BOB]),
        (Actor::Granted, &[ADA]),
        (Actor::Denied, &[]),
        (Actor::DeniedLater, &[ADA]),
    ] {
        let page = service.client(actor).list_customers().send().await.unwrap();
        let seen: Vec<_> = page.items.iter().map(|customer| customer.id.to_string()).collect();
        assert_eq!(seen, expected, "{actor:?}");
        assert_eq!(page.next_page, None, "{actor:?}");
    }
    for actor in [Actor::Stranger, Actor::ProductManager, Actor::Narrowed] {
        let refused = service.client(actor).list_customers().send().await;
        let Err(Error::ErrorResponse(error)) = refused else { panic!("{actor:?} sees a list") };
        assert_eq!(error.error_code, ErrorCode::Forbidden);
    }
}

#[tokio::test]
async fn what_is_listed_is_what_get_shows() {
    let service = Service::with_world();
    let token = service.token(Actor::Platform).unwrap();
    let client = service.client_with(&token);
    let shown = client.get_customer().id(ADA).send().await.unwrap().into_inner();
    let page = client.list_customers().send().await.unwrap();
    let listed = serde_json::to_value(&page.items[0]).unwrap();
    assert_eq!(listed, serde_json::to_value(shown).unwrap());
    let page = client.list_customers().expand(CustomerExpansion::User).send().await.unwrap();
    let user = page.items[0].user.as_ref().unwrap();
    assert_eq!(user.first_name.as_deref(), Some("Wilhelmina"));
    let (_, raw) = query(&service, &token, &[]).await;
    assert_eq!(raw.as_object().unwrap().keys().collect::<Vec<_>>(), ["items"], "null or more");
}

#[tokio::test]
async fn filters_are_combined() {
    let service = Service::with_world();
    let token = service.token(Actor::Platform).unwrap();
    let (quillfeather, brindlemoor) =
        ("org_01ke0v3d00e3qrb0y5x2t8m4a1", "org_01ke0v3d00e3qrb0y5x2t8m4b1");
    let (of_ada, of_bob) = ("usr_01ke0v3d00e3qrb0y5x2t8m4a1", "usr_01ke0v3d00e3qrb0y5x2t8m4b1");
    for (filter, expected) in [
        (&[("name", "oyster")][..], &[ADA][..]),
        (&[("name", "HELMINA OYS")], &[ADA]),
        (&[("email", "@Mailbox.")], &[ADA, BOB]),
        (&[("email", "@mailbox."), ("name", "thistle")], &[BOB]),
        (&[("email", "mailbox_")], &[]),
        (&[("email", "%")], &[]),
        (&[("userId", of_bob)], &[BOB]),
        (&[("userId", of_bob), ("name", "oyster")], &[]),
        (&[("organizationId", quillfeather)], &[ADA]),
        (&[("organizationId", brindlemoor), ("userId", of_ada)], &[]),
        (&[("organizationId", "org_01ke0v3d00e3qrb0y5x2t8m4zz")], &[]),
        (&[("sort", "createdAt.desc")], &[BOB, ADA]),
        (&[("sort", "createdAt.asc")], &[ADA, BOB]),
    ] {
        let (status, page) = query(&service, &token, filter).await;
        assert_eq!(status, 200, "{filter:?}: {page}");
        assert_eq!(ids(&page), expected, "{filter:?}");
    }
    let member = service.token(Actor::Member).unwrap();
    let (status, page) = query(&service, &member, &[("organizationId", brindlemoor)]).await;
    assert_eq!((status, ids(&page)), (200, vec![]));
}

#[tokio::test]
async fn the_client_streams_all_pages() {
    let service = crowd(45);
    let client = service.client(Actor::OtherMember);
    for (limit, sort) in [
        (1, CustomerSort::CreatedAtAsc),
        (7, CustomerSort::CreatedAtDesc),
        (100, CustomerSort::CreatedAtAsc),
    ] {
        let limit = std::num::NonZeroU32::new(limit).unwrap();
        let stream = client.list_customers().limit(limit).sort(sort.clone()).stream();
        let mut seen: Vec<_> =
            stream.map_ok(|customer| customer.id.to_string()).try_collect().await.unwrap();
        assert_eq!(seen.len(), 46);
        assert_eq!(seen.first().unwrap() == BOB, sort == CustomerSort::CreatedAtAsc);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 46, "one was shown twice");
    }
    let page = client.list_customers().send().await.unwrap();
    assert_eq!(page.items.len(), 20);
    let stream = client.list_customers().email("c1@").limit(std::num::NonZeroU32::MIN).stream();
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_cursor_goes_on_with_what_the_listing_began_with() {
    let service = crowd(5);
    let token = service.token(Actor::Platform).unwrap();
    let began = [("email", "crowd.example"), ("sort", "createdAt.desc"), ("limit", "2")];
    let (_, first) = query(&service, &token, &began).await;
    let cursor = first["next_page"].as_str().unwrap();
    assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));

    let (_, alone) = query(&service, &token, &[("page_token", cursor), ("limit", "2")]).await;
    let again: Vec<_> = began.iter().copied().chain([("page_token", cursor)]).collect();
    let (_, repeated) = query(&service, &token, &again).await;
    assert_eq!(ids(&alone), ids(&repeated));
    assert!(ids(&alone).iter().all(|id| !ids(&first).contains(id)));

    for (other, param) in [
        (("email", "example"), "email"),
        (("name", "a"), "name"),
        (("sort", "createdAt.asc"), "sort"),
        (("expand", "user"), "expand"),
        (("userId", "usr_01ke0v3d00e3qrb0y5x2t8m4b1"), "userId"),
        (("organizationId", "org_01ke0v3d00e3qrb0y5x2t8m4b1"), "organizationId"),
    ] {
        let (status, error) = query(&service, &token, &[("page_token", cursor), other]).await;
        assert_eq!((status, error["param"].as_str()), (400, Some(param)), "{error}");
    }

    // It counts after a restart, too, and for another caller shows what that one may see.
    let (_, place) = service.stop();
    let service = place.serve();
    let (_, restarted) = query(&service, &token, &[("page_token", cursor), ("limit", "2")]).await;
    assert_eq!(ids(&restarted), ids(&alone));
    let member = service.token(Actor::Member).unwrap();
    let (status, page) = query(&service, &member, &[("page_token", cursor)]).await;
    assert_eq!((status, ids(&page)), (200, vec![]));
}

#[tokio::test]
async fn an_input_that_is_not_as_documented_is_named() {
    let service = Service::with_world();
    let token = service.token(Actor::Platform).unwrap();
    let long = "x".repeat(255);
    for (name, value) in [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "ten"),
        ("limit", ""),
        ("sort", "name"),
        ("sort", "-createdAt"),
        ("email", ""),
        ("email", &long),
        ("name", " "),
        ("name", "a\0b"),
        ("userId", "cus_01ke0v3d00e3qrb0y5x2t8m4a1"),
        ("organizationId", "Quillfeather"),
        ("page_token", ""),
        ("page_token", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ"),
        ("offset", "10"),
        ("expand", "organization"),
    ] {
        let (status, error) = query(&service, &token, &[(name, value)]).await;
        assert_eq!(status, 400, "{name}={value}: {error}");
        assert_eq!(error["param"], name, "{name}={value}: {error}");
        assert_eq!(error["error_code"], "InvalidInput");
    }
}
