//! Who gets what from each operation, as a table that is reviewed.

use std::{collections::BTreeSet, fmt::Write};

use customers_api::customers_api_mod;
use reqwest::Method;
use serde_json::{Value, json};
use strum::VariantArray;

use crate::{
    actor::{ADA, Actor, QUILLFEATHER},
    audit,
    service::Service,
};

/// Where the operations are that show or change customers.
const CUSTOMERS: &str = "/v1/customers";

/// One request for each operation of the trait, about Ada where it is about a customer, with a
/// body where it has one. None changes anything that another would notice.
pub(crate) fn requests() -> Vec<(&'static str, Method, String, Option<Value>)> {
    let of_ada = |path: &str| format!("/v1/customers/{ADA}{path}");
    let get = |operation, path: &str| (operation, Method::GET, path.to_owned(), None);
    let absent_token = |path: &str| format!("/v1/tokens/tok_01ke0v3d00e3qrb0y5x2t8m4zz{path}");
    let new_token = json!({ "organizationId": QUILLFEATHER, "role": "ProductManager" });
    // As it is in the world already.
    let organization = json!({
        "type": "organization",
        "id": "org_01ke0v3d00e3qrb0y5x2t8m4a1",
        "name": "Quillfeather Outfitters",
    });
    let records = Some(json!({ "records": [organization] }));
    vec![
        get("list_customers", "/v1/customers"),
        get("get_customer", &of_ada("")),
        ("update_customer", Method::PUT, of_ada(""), Some(json!({}))),
        get("explain_access", &of_ada("/access")),
        ("apply_directory_records", Method::POST, "/v1/directory/records".to_owned(), records),
        get("list_permissions", "/v1/auth/permissions"),
        get("get_my_permissions", "/v1/users/me/permissions"),
        get("list_tokens", "/v1/tokens"),
        ("create_token", Method::POST, "/v1/tokens".to_owned(), Some(new_token)),
        ("revoke_token", Method::DELETE, absent_token(""), None),
        (
            "rotate_token",
            Method::POST,
            absent_token("/rotate"),
            Some(json!({ "overlapSeconds": 0 })),
        ),
        get("get_health", "/healthz"),
        get("get_readiness", "/readyz"),
        get("get_openapi", "/openapi.json"),
    ]
}

/// Whether the document says that the operation can answer so; of what it does not have, it says
/// nothing.
fn is_documented(document: &Value, operation: &str, status: u16) -> bool {
    let items = document["paths"].as_object().into_iter().flatten();
    let mut operations = items.filter_map(|(_, item)| item.as_object()).flatten();
    operations
        .find(|(_, described)| described["operationId"] == operation)
        .is_none_or(|(_, described)| described["responses"].get(status.to_string()).is_some())
}

#[test]
fn every_operation_of_the_trait_is_in_the_matrix() {
    let router = customers_api_mod::stub_api_description().unwrap().into_router();
    let operations: BTreeSet<_> =
        router.endpoints(None).map(|(_, _, endpoint)| endpoint.operation_id.clone()).collect();
    let requests: BTreeSet<_> =
        requests().into_iter().map(|(operation, ..)| operation.to_owned()).collect();
    assert_eq!(operations, requests, "give each operation its line in `requests`");
}

#[tokio::test]
async fn the_matrix_is_as_reviewed() {
    let service = Service::with_world();
    let actors: Vec<_> =
        Actor::VARIANTS.iter().map(|actor| (actor.name(), service.token(*actor))).collect();
    let document = customers_api::document::document().unwrap();
    let mut matrix = format!("{:<22}", "");
    for (operation, ..) in requests() {
        write!(matrix, " {operation}").unwrap();
    }
    for (actor, token) in &actors {
        write!(matrix, "\n{actor:<22}").unwrap();
        for (operation, method, path, body) in requests() {
            let mut request =
                reqwest::Client::new().request(method, format!("{}{path}", service.url()));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            if let Some(body) = body {
                request = request.json(&body);
            }
            let status = request.send().await.unwrap().status().as_u16();
            assert!(is_documented(&document, operation, status), "{operation}: {status}");
            write!(matrix, " {status:<width$}", width = operation.len()).unwrap();
        }
    }
    let matrix: Vec<_> = matrix.lines().map(str::trim_end).collect();
    // It is the same whatever the store is.
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("matrix", matrix.join("\n")));

    let (_, place) = service.stop();
    let about_customers =
        requests().into_iter().filter(|(_, _, path, _)| path.starts_with(CUSTOMERS));
    let expected: BTreeSet<_> = about_customers.map(|(name, ..)| name.to_owned()).collect();
    let audited: BTreeSet<_> = audit::trail(&place, ADA)
        .iter()
        .map(|row| row["operation"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(audited, expected, "each operation on customers leaves rows in the audit trail");
}
