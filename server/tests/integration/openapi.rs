//! `GET /openapi.json`, and the command that prints the same.

use crate::service::{Place, Service, repository};

#[tokio::test]
async fn the_server_the_command_and_the_repository_have_the_same_bytes() {
    let committed = std::fs::read(repository().join("openapi.json")).unwrap();
    let service = Service::with_world();
    let served = reqwest::get(format!("{}/openapi.json", service.url())).await.unwrap();
    assert_eq!(served.status(), 200);
    assert_eq!(served.headers()["content-type"], "application/json");
    assert!(served.bytes().await.unwrap() == committed, "the server's document is another");
    let printed = Place::new().run(&["openapi"]);
    assert!(printed.status.success());
    assert!(printed.stdout == committed, "the command's document is another");
}
