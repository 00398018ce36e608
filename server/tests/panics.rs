//! A panic in an operation: answered, logged without its message, survived.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    io::{self, Cursor, Write},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use customers_api::{answer::Answer, error::Error};
use customers_server::{
    context::ServerContext,
    directory,
    http::{Limits, operation, public_operation},
    logging, start_operations,
};
use customers_store::{
    Store, Tenancy,
    import::ImportMode,
    token::{Holder, NewToken, Token},
    url::StoreUrl,
};
use customers_types::{
    id::{TokenId, UserId},
    scalar::Timestamp,
    token::{TokenSecret, Validity},
};
use dropshot::{ApiDescription, HttpResponseOk, RequestContext, endpoint};
use serde_json::Value;
use slog::Drain;

const SECRET: &str = "what the operation was working on";
const USER: &str = "usr_01ke0v3d00e3qrb0y5x2t8m4a1";

/// An operation that panics, in the wrapper that all operations pass.
#[endpoint { method = GET, path = "/panic" }]
async fn panic_operation(
    rqctx: RequestContext<ServerContext>,
) -> Result<Answer<HttpResponseOk<String>>, Error> {
    operation(&rqctx, Ok(()), |_, ()| async { panic!("{SECRET}") }).await
}

/// One that does not.
#[endpoint { method = GET, path = "/calm" }]
async fn calm_operation(
    rqctx: RequestContext<ServerContext>,
) -> Result<Answer<HttpResponseOk<String>>, Error> {
    public_operation(&rqctx, async { Ok(HttpResponseOk("calm".to_owned())) }).await
}

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn token(store: &Arc<dyn Store>) -> TokenSecret {
    let user = format!(r#"{{"type":"user","id":"{USER}","email":"ada@example.com"}}"#);
    directory::import(Arc::clone(store), Cursor::new(user), ImportMode::Commit, |_| {})
        .await
        .unwrap();
    let secret = TokenSecret::generate(&mut rand::rng());
    let token = Token {
        id: "tok_01ke0v3d00e3qrb0y5x2t8m4a1".parse::<TokenId>().unwrap(),
        holder: Holder::User(USER.parse::<UserId>().unwrap()),
        scopes: None,
        created_at: Timestamp::from_millis(0),
        validity: Validity::default(),
    };
    store.create_token(&NewToken { hash: secret.hash(), token }).await.unwrap();
    secret
}

#[tokio::test]
async fn a_panic_is_answered_with_500_and_the_server_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::Sqlite(folder.path().join("customers.db"));
    let store = customers_store::open(&url, Tenancy::Sole).await.unwrap();
    let token = token(&store).await;
    let lines = Lines::default();
    let drain = Mutex::new(slog_json::Json::default(lines.clone())).ignore_res();
    let log = slog::Logger::root(drain, slog::o!());
    logging::report_panics(&log);
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = start_operations(listen, store, &log, Limits::default(), || {
        let mut api = ApiDescription::new();
        api.register(panic_operation).unwrap();
        api.register(calm_operation).unwrap();
        Ok(api)
    })
    .await
    .unwrap();

    let http = reqwest::Client::new();
    let mut request_ids = Vec::new();
    for _ in 0..3 {
        let url = format!("http://{}/panic", server.address());
        let answer = http.get(url).bearer_auth(token.reveal()).send().await.unwrap();
        assert_eq!(answer.status(), 500);
        let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["request_id"], request_id.as_str());
        assert_eq!(body["error_code"], "Internal");
        assert!(!body.to_string().contains(SECRET), "{body}");
        request_ids.push(request_id);

        let url = format!("http://{}/calm", server.address());
        assert_eq!(http.get(url).send().await.unwrap().status(), 200);
    }
    server.close().await.unwrap();

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!log.contains(SECRET), "{log}");
    let places = log.lines().filter(|line| line.contains("\"place\":\"server/tests/panics.rs:"));
    assert_eq!(places.count(), 3, "{log}");
    for request_id in request_ids {
        let about = log.lines().filter(|line| line.contains(&request_id));
        let failed = about.filter(|line| line.contains("the operation panicked"));
        assert_eq!(failed.count(), 1, "{log}");
    }
}
