//! `POST /v1/directory/records`.

use customers_client::{
    Client, Error,
    types::{
        CheckoutRecord, CheckoutRemoval, ClearableLine100, CustomerPubId, CustomerRecord,
        CustomerRemoval, DenyRecord, DenyRemoval, DirectoryRecord, ErrorCode, GrantRecord,
        MembershipRecord, OrganizationId, OrganizationRecord, Pack, ProductRecord, RecordType,
        Role, UserRecord,
    },
};
use serde_json::{Value, json};

use crate::{
    actor::{ADA, Actor, BOB},
    audit::trail,
    service::{Service, WORLD},
};

/// An identifier with this prefix that the world does not have.
fn id(prefix: &str, number: u32) -> String {
    format!("{prefix}_01ke0v3d00e3qrb0y5x{number:07}")
}

fn user(number: u32) -> Value {
    let email = format!("user{number}@mailbox.example");
    json!({ "type": "user", "id": id("usr", number), "email": email })
}

fn customer(number: u32) -> Value {
    json!({ "type": "customer", "id": id("cus", number), "userId": id("usr", number) })
}

fn world() -> Vec<Value> {
    WORLD.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Sends a body as it stands and gives back the status and the body of the answer.
async fn post(service: &Service, token: &str, body: &str) -> (u16, Value) {
    let url = format!("{}/v1/directory/records", service.url());
    let request = reqwest::Client::new().post(url).bearer_auth(token).body(body.to_owned());
    let answer = request.header("content-type", "application/json").send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn apply(service: &Service, token: &str, records: impl Into<Value>) -> (u16, Value) {
    let records: Value = records.into();
    post(service, token, &json!({ "records": records }).to_string()).await
}

/// Added, changed, unchanged and removed objects of a type.
fn counts(summary: &Value, record_type: &str) -> [u64; 4] {
    let rows = summary["types"].as_array().unwrap();
    let found = rows.iter().find(|row| row["type"] == record_type);
    ["added", "changed", "unchanged", "removed"]
        .map(|column| found.map_or(0, |row| row[column].as_u64().unwrap()))
}

/// The status with which the customer is answered.
async fn status(client: &Client, customer: &str) -> u16 {
    match client.get_customer().id(customer).send().await {
        Ok(_) => 200,
        Err(error) => error.status().unwrap().as_u16(),
    }
}

/// What was built, as a record among others.
fn record<T, B>(built: B) -> DirectoryRecord
where
    B: TryInto<T>,
    T: Into<DirectoryRecord>,
{
    built.try_into().unwrap_or_else(|_| panic!("not built")).into()
}

async fn send(client: &Client, records: Vec<DirectoryRecord>) {
    let request = client.apply_directory_records().body_map(|body| body.records(records));
    request.send().await.unwrap();
}

#[tokio::test]
async fn who_may_read_a_new_customer_follows_from_the_records_that_are_sent() {
    let service = Service::with_world();
    let administrator = service.client(Actor::PlatformAdministrator);
    let person = |number| {
        let email = format!("user{number}@mailbox.example");
        record::<UserRecord, _>(UserRecord::builder().id(id("usr", number)).email(email))
    };
    let city = ClearableLine100(Some("Elsewhere".parse().unwrap()));
    let customer = CustomerRecord::builder().id(id("cus", 1)).user_id(id("usr", 1)).city(city);
    let organization = OrganizationRecord::builder().id(id("org", 1)).name("Harbor");
    let product = ProductRecord::builder().id(id("prd", 1)).organization_id(id("org", 1));
    let support = MembershipRecord::builder()
        .user_id(id("usr", 2))
        .organization_id(id("org", 1).parse::<OrganizationId>().unwrap())
        .role(Role::CustomerSupport);
    let staff = MembershipRecord::builder().user_id(id("usr", 4)).role(Role::PlatformSupport);
    let grant = GrantRecord::builder()
        .id(id("grt", 1))
        .user_id(id("usr", 3))
        .packs(vec![Pack::CustomerReader])
        .customer_id(id("cus", 1).parse::<CustomerPubId>().unwrap());
    send(
        &administrator,
        vec![
            record::<CustomerRecord, _>(customer),
            record::<ProductRecord, _>(product),
            record::<OrganizationRecord, _>(organization),
            record::<MembershipRecord, _>(support),
            record::<MembershipRecord, _>(staff),
            record::<GrantRecord, _>(grant),
            person(1),
            person(2),
            person(3),
            person(4),
        ],
    )
    .await;
    let client_of = |number| {
        let token = service.place().create_token(&["--user", &id("usr", number)]);
        service.client_with(&token)
    };
    let (member, granted, staff) = (client_of(2), client_of(3), client_of(4));
    let read = granted.get_customer().id(id("cus", 1)).send().await.unwrap();
    assert_eq!((read.city.as_deref(), &*read.user_id), (Some("Elsewhere"), &id("usr", 1)));
    assert_eq!(status(&staff, &id("cus", 1)).await, 200);
    assert_eq!(status(&member, &id("cus", 1)).await, 404);

    let checkout = CheckoutRecord::builder()
        .id(id("chk", 1))
        .customer_id(id("cus", 1))
        .product_id(id("prd", 1));
    send(&administrator, vec![record::<CheckoutRecord, _>(checkout)]).await;
    assert_eq!(status(&member, &id("cus", 1)).await, 200);

    let deny = DenyRecord::builder()
        .id(id("dny", 1))
        .user_id(id("usr", 2))
        .packs(vec![Pack::CustomerReader])
        .organization_id(id("org", 1).parse::<OrganizationId>().unwrap());
    send(&administrator, vec![record::<DenyRecord, _>(deny)]).await;
    assert_eq!(status(&member, &id("cus", 1)).await, 404);

    let no_deny = DenyRemoval::builder().id(id("dny", 1)).deleted(true);
    send(&administrator, vec![record::<DenyRemoval, _>(no_deny)]).await;
    assert_eq!(status(&member, &id("cus", 1)).await, 200);

    let no_checkout = CheckoutRemoval::builder().id(id("chk", 1)).deleted(true);
    send(&administrator, vec![record::<CheckoutRemoval, _>(no_checkout)]).await;
    assert_eq!(status(&member, &id("cus", 1)).await, 404);
}

#[tokio::test]
async fn records_that_were_imported_are_known_when_a_client_sends_them() {
    let service = Service::with_world();
    let records: Vec<DirectoryRecord> =
        world().into_iter().map(|record| serde_json::from_value(record).unwrap()).collect();
    let sent = records.len();
    let client = service.client(Actor::PlatformAdministrator);
    let request = client.apply_directory_records().body_map(|body| body.records(records));
    let summary = request.send().await.unwrap();
    let unchanged: u64 = summary.types.iter().map(|row| row.unchanged).sum();
    assert_eq!(unchanged, sent as u64, "{summary:?}");
    let types: Vec<_> = summary.types.iter().map(|row| row.type_.clone()).collect();
    assert_eq!(
        types,
        [
            RecordType::User,
            RecordType::Organization,
            RecordType::Customer,
            RecordType::Membership,
            RecordType::Product,
            RecordType::Checkout,
            RecordType::Grant,
            RecordType::Deny,
        ]
    );
}

#[tokio::test]
async fn a_request_that_is_repeated_changes_nothing_more_even_at_the_same_time() {
    let service = Service::with_world();
    let token = service.token(Actor::PlatformAdministrator).unwrap();
    let records: Vec<_> = (0..100).flat_map(|number| [customer(number), user(number)]).collect();
    let requests = (0..6).map(|_| apply(&service, &token, records.clone()));
    let answers = futures::future::join_all(requests).await;
    let mut added = 0;
    for (status, summary) in answers {
        assert_eq!(status, 200, "{summary}");
        let [new, changed, unchanged, removed] = counts(&summary, "customer");
        assert_eq!((new + unchanged, changed, removed), (100, 0, 0), "{summary}");
        added += new;
    }
    assert_eq!(added, 100);
}

#[tokio::test]
async fn a_field_that_is_left_out_stays_and_one_that_is_null_goes() {
    let service = Service::with_world();
    let token = service.token(Actor::PlatformAdministrator).unwrap();
    let client = service.client_with(&token);
    let before = client.get_customer().id(ADA).send().await.unwrap();
    let record = json!({
        "userId": *before.user_id,
        "id": ADA,
        "city": "Elsewhere",
        "phone": null,
        "type": "customer",
    });
    let (status, summary) = apply(&service, &token, vec![record]).await;
    assert_eq!((status, counts(&summary, "customer")), (200, [0, 1, 0, 0]));
    let after = client.get_customer().id(ADA).send().await.unwrap();
    assert_eq!((after.city.as_deref(), &after.phone), (Some("Elsewhere"), &None));
    assert_eq!(after.zip, before.zip);
    assert_ne!(after.headers()["etag"], before.headers()["etag"]);
    let (_, place) = service.stop();
    let trail = trail(&place, ADA);
    let row = trail.iter().find(|row| row["operation"] == "apply_directory_records").unwrap();
    assert_eq!((&row["fields"], &row["clause"]), (&json!(["city", "phone"]), &json!("platform")));
}

#[tokio::test]
async fn a_record_at_fault_is_named_by_its_place_and_field_and_none_is_applied() {
    let service = Service::with_world();
    let token = service.token(Actor::PlatformAdministrator).unwrap();
    let with = |mut record: Value, field: &str, value: Value| {
        record[field] = value;
        record
    };
    let bob = json!({ "type": "user", "id": "usr_01ke0v3d00e3qrb0y5x2t8m4b1", "deleted": true });
    for (records, status, param, message) in [
        (
            vec![with(user(2), "email", "jane".into())],
            400,
            "/records/2/email",
            "expected an e-mail",
        ),
        (vec![with(user(2), "jane", 1.into())], 400, "/records/2/jane", "there is no such field"),
        (
            vec![json!({ "type": "jane" })],
            400,
            "/records/2/type",
            "expected one of: user, customer",
        ),
        (vec![json!({ "id": "jane" })], 400, "/records/2/type", "is required"),
        (vec![json!("jane")], 400, "/records/2", "expected a JSON object"),
        (vec![json!({ "type": "user" })], 400, "/records/2/id", "is required"),
        (
            vec![json!({ "type": "grant", "id": id("grt", 1), "userId": id("usr", 1),
                "actions": ["CustomerRead", "jane"], "customerId": ADA })],
            400,
            "/records/2/actions/1",
            "expected one of: CustomerRead",
        ),
        (
            vec![json!({ "type": "membership", "userId": id("usr", 1), "role": "PlatformAdmin",
                "organizationId": id("org", 1) })],
            400,
            "/records/2/organizationId",
            "has to be left out: the role holds over all organizations",
        ),
        (vec![user(2), user(1)], 409, "/records/3/id", "/records/0 has the same object: a request"),
        (
            vec![with(customer(2), "userId", id("usr", 3).into())],
            409,
            "/records/2/userId",
            "there is no such user, neither in the store nor among the records",
        ),
        (
            vec![customer(2), user(2), customer(3)],
            409,
            "/records/4/userId",
            "there is no such user, neither in the store nor among the records",
        ),
        (
            vec![with(customer(2), "userId", id("usr", 1).into())],
            409,
            "/records/2/userId",
            "/records/1 has another customer of this user",
        ),
        (
            vec![with(customer(2), "userId", bob["id"].clone())],
            409,
            "/records/2/userId",
            "the store has another customer of this user, who can have only one; remove that one \
             with a request before this one",
        ),
        (
            vec![bob.clone(), customer(3), customer(4)],
            409,
            "/records/2/id",
            "can't be removed while a customer refers to it; 2 other records can't be applied",
        ),
    ] {
        let records = [vec![user(1), customer(1)], records].concat();
        let (answered, error) = apply(&service, &token, records).await;
        let code = if status == 400 { "InvalidInput" } else { "Conflict" };
        assert_eq!((answered, &error["error_code"]), (status, &json!(code)), "{error}");
        assert_eq!(error["param"], param, "{error}");
        let found = error["message"].as_str().unwrap();
        assert!(found.starts_with(message), "{param}: {found}");
        assert!(!found.contains("jane"), "{param}: {found}");
    }
    let client = service.client_with(&token);
    assert_eq!(self::status(&client, &id("cus", 1)).await, 404);
    assert_eq!(self::status(&client, BOB).await, 200);
}

#[tokio::test]
async fn a_request_has_1_to_1000_records_and_nothing_else() {
    let service = Service::with_world();
    let token = service.token(Actor::PlatformAdministrator).unwrap();
    let users = |count| (0..count).map(user).collect::<Vec<_>>();
    for records in [users(1_001), users(0)] {
        let (status, error) = apply(&service, &token, records).await;
        assert_eq!((status, &error["param"]), (400, &json!("/records")), "{error}");
        assert_eq!(error["message"], "expected 1 to 1000 records");
    }
    let more = json!({ "records": users(1), "mode": "check" }).to_string();
    for (body, param) in [("{}", "/records"), (r#"{"records":{}}"#, "/records"), (&more, "/mode")] {
        let (status, error) = post(&service, &token, body).await;
        assert_eq!((status, &error["param"]), (400, &json!(param)), "{error}");
    }
    let (status, summary) = apply(&service, &token, users(1_000)).await;
    assert_eq!((status, counts(&summary, "user")), (200, [1_000, 0, 0, 0]));

    let padded = format!("{}{{}}", " ".repeat(2 * 1024 * 1024));
    let (status, error) = post(&service, &token, &padded).await;
    assert_eq!((status, &error["error_code"]), (413, &json!("PayloadTooLarge")));
}

#[tokio::test]
async fn what_others_refer_to_goes_with_them_or_stays() {
    let service = Service::with_world();
    let token = service.token(Actor::PlatformAdministrator).unwrap();
    let removed = |record_type: &str, id: &str| {
        json!({ "type": record_type, "id": format!("{id}_01ke0v3d00e3qrb0y5x2t8m4b1"),
            "deleted": true })
    };
    let alone = CustomerRemoval::builder().id(BOB).deleted(true);
    let records = vec![record::<CustomerRemoval, _>(alone)];
    let client = service.client_with(&token);
    let request = client.apply_directory_records().body_map(|body| body.records(records));
    let Err(Error::ErrorResponse(refused)) = request.send().await else { panic!("not refused") };
    assert_eq!((refused.status().as_u16(), &refused.error_code), (409, &ErrorCode::Conflict));
    assert_eq!(refused.param.as_deref(), Some("/records/0/id"));
    assert_eq!(refused.message, "can't be removed while a checkout refers to it");
    let together =
        vec![removed("customer", "cus"), removed("user", "usr"), removed("checkout", "chk")];
    let (status, summary) = apply(&service, &token, together.clone()).await;
    assert_eq!((status, counts(&summary, "customer")), (200, [0, 0, 0, 1]), "{summary}");
    assert_eq!(self::status(&client, BOB).await, 404);
    let (status, summary) = apply(&service, &token, together).await;
    assert_eq!((status, &summary["types"]), (200, &json!([])));
}

#[tokio::test]
async fn only_an_administrator_of_the_platform_may_and_a_deny_or_a_scope_takes_it_away() {
    let service = Service::with_world();
    let token = service.token(Actor::PlatformAdministrator).unwrap();
    let holder = "usr_01ke0v3d00e3qrb0y5x2t8m4n1";
    let narrowed = service.place().create_token(&["--user", holder, "--scope", "CustomerWrite"]);
    // What is granted on one organization is not granted on all.
    let member = "usr_01ke0v3d00e3qrb0y5x2t8m4c1";
    let granted = json!({ "type": "grant", "id": id("grt", 1), "userId": member,
        "packs": ["DirectoryWriter"], "organizationId": "org_01ke0v3d00e3qrb0y5x2t8m4a1" });
    assert_eq!(apply(&service, &token, vec![granted]).await.0, 200);
    for token in [&narrowed, &service.token(Actor::Member).unwrap()] {
        let (status, error) = apply(&service, token, vec![user(1)]).await;
        assert_eq!((status, &error["error_code"]), (403, &json!("Forbidden")), "{error}");
        assert_eq!(error["message"], "this token does not hold DirectoryWrite");
    }
    let denied = json!({ "type": "deny", "id": id("dny", 1), "userId": holder,
        "actions": ["DirectoryWrite"], "customerId": BOB });
    assert_eq!(apply(&service, &token, vec![denied]).await.0, 200);
    assert_eq!(apply(&service, &token, vec![user(1)]).await.0, 403);
}
