//! `GET /healthz` and `GET /readyz`.

use serde_json::{Value, json};

use crate::service::Service;

async fn probe(service: &Service, path: &str) -> (u16, Value) {
    let answer = reqwest::get(format!("{}{path}", service.url())).await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(answer.headers().contains_key("retry-after"), status == 503);
    (status, answer.json().await.unwrap())
}

#[tokio::test]
async fn a_server_with_its_store_is_healthy_and_ready() {
    let service = Service::with_world();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(probe(&service, path).await, (200, json!({ "status": "ok" })), "{path}");
    }
}

on_a_file! {
    #[tokio::test]
    async fn a_server_whose_store_does_not_answer_is_healthy_but_not_ready() {
        let service = Service::with_world();
        // Nothing was read yet, so what is read next is read from the file.
        let file = service.place().path("customers.db");
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, vec![b'x'; whole.len()]).unwrap();
        assert_eq!(probe(&service, "/healthz").await.0, 200);
        let (status, body) = probe(&service, "/readyz").await;
        assert_eq!((status, &body["error_code"]), (503, &json!("Unavailable")));
        assert!(!body.to_string().contains("database"), "{body}");

        std::fs::write(&file, whole).unwrap();
        assert_eq!(probe(&service, "/readyz").await.0, 200);
    }
}
