//! What holds for all failures: one shape, a request id, a code from the documented list.

use customers_api::error::ErrorCode;
use serde_json::Value;
use strum::VariantArray;

use crate::service::Service;

#[tokio::test]
async fn every_failure_has_the_one_shape() {
    let service = Service::with_world();
    let http = reqwest::Client::new();
    let url = |path: &str| format!("{}{path}", service.url());
    for (request, status, code) in [
        (http.get(url("/v1/nowhere")), 404, "NotFound"),
        (http.get(url("/")), 404, "NotFound"),
        (http.post(url("/v1/customers/jane")), 405, "MethodNotAllowed"),
        (http.delete(url("/openapi.json")), 405, "MethodNotAllowed"),
        (http.get(url("/v1/customers/%ff")), 400, "BadRequest"),
        (http.get(url("/v1/customers/")), 404, "NotFound"),
        (http.get(url("//openapi.json")), 404, "NotFound"),
        (http.request("get".parse().unwrap(), url("/healthz")), 404, "NotFound"),
        (http.get(url("/openapi.json?na%E9me=1")), 400, "InvalidInput"),
        (http.get(url("/v1/customers/jane")), 401, "TokenMissing"),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{code}");
        assert_eq!(answer.headers().contains_key("allow"), status == 405, "{code}");
        let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["request_id"], request_id.as_str(), "{code}");
        assert_eq!(body["error_code"], code);
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{code}");
        assert!(ErrorCode::VARIANTS.iter().any(|known| known.name() == code), "{code}");
        let known = ["request_id", "error_code", "message", "param"];
        assert!(body.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())));
    }
}
