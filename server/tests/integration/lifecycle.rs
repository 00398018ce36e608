//! Starting and stopping.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::Command,
    time::{Duration, Instant},
};

use customers_api::answer::Answer;
use customers_server::{
    context::ServerContext,
    http::{Limits, public_operation},
};
use customers_store::{Tenancy, url::StoreUrl};
use dropshot::{ApiDescription, HttpResponseOk, RequestContext, endpoint};
use tokio::sync::Semaphore;

use crate::{
    actor::{ADA, Actor},
    service::{Place, Service, repository, text},
};

#[test]
fn sigterm_and_ctrl_c_end_the_server_with_exit_code_0() {
    for signal in ["TERM", "INT"] {
        let mut service = Service::with_world();
        service.signal(signal);
        assert_eq!(service.wait(), Some(0), "{signal}");
    }
}

/// Tells that it has begun, and waits to be let go.
static BEGUN: Semaphore = Semaphore::const_new(0);
static LET_GO: Semaphore = Semaphore::const_new(0);

#[endpoint { method = GET, path = "/slow" }]
async fn slow_operation(
    rqctx: RequestContext<ServerContext>,
) -> Result<Answer<HttpResponseOk<String>>, customers_api::error::Error> {
    public_operation(&rqctx, async {
        BEGUN.add_permits(1);
        let _ = LET_GO.acquire().await;
        Ok(HttpResponseOk("done".to_owned()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_runs_when_the_server_is_stopped_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::Sqlite(folder.path().join("customers.db"));
    let store = customers_store::open(&url, Tenancy::Sole).await.unwrap();
    let log = slog::Logger::root(slog::Discard, slog::o!());
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = customers_server::start_operations(listen, store, &log, Limits::default(), || {
        let mut api = ApiDescription::new();
        api.register(slow_operation).unwrap();
        Ok(api)
    })
    .await
    .unwrap();
    let address = server.address();
    let url = format!("http://{address}/slow");
    let slow = tokio::spawn(reqwest::get(url.clone()));
    BEGUN.acquire().await.unwrap().forget();

    let connecting = tokio::task::spawn_blocking(move || idle_connection(&address.to_string()));
    let mut idle = connecting.await.unwrap();
    let closing = tokio::spawn(server.close());
    tokio::task::spawn_blocking(move || wait_for_end(&mut idle)).await.unwrap();
    // From here on no connection is taken: a late request is not even begun.
    let late = tokio::spawn(reqwest::get(url));
    LET_GO.add_permits(2);
    assert_eq!(slow.await.unwrap().unwrap().text().await.unwrap(), "\"done\"");
    closing.await.unwrap().unwrap();
    assert!(late.await.unwrap().is_err());
    assert_eq!(BEGUN.available_permits(), 0);
}

/// A connection on which one request was answered, and which waits for the next. A server that
/// is told to stop ends such a connection at once.
fn idle_connection(address: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        let mut byte = [0];
        connection.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    connection
}

fn wait_for_end(connection: &mut TcpStream) {
    assert_eq!(connection.read(&mut [0]).unwrap_or(0), 0);
}

#[tokio::test]
async fn a_server_that_is_stopped_under_load_answers_what_it_has_accepted() {
    const BEFORE: usize = 50;
    let mut service = Service::with_world();
    let client = service.client(Actor::Member);
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut answered = 0;
                while client.get_customer().id(ADA).send().await.is_ok() {
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    for _ in 0..BEFORE {
        client.get_customer().id(ADA).send().await.unwrap();
    }
    service.signal("TERM");
    let mut answered = BEFORE;
    for caller in callers {
        answered += caller.await.unwrap();
    }
    assert_eq!(service.wait(), Some(0));
    // A request on a connection that the server was just closing was never accepted; but each
    // that it worked on has arrived.
    let (log, _) = service.stop();
    let worked_on = log.lines().filter(|line| line.contains("\"get_customer\"")).count();
    assert_eq!(answered, worked_on);
    assert!(answered > BEFORE);
}

/// A server one of whose connections is stuck, and that has been told to stop.
fn stuck_server() -> (Service, TcpStream) {
    let service = Service::with_world();
    let mut stuck = TcpStream::connect(service.address()).unwrap();
    stuck.write_all(b"GET /v1/customers/x HTTP/1.1\r\nHost: ").unwrap();
    // Made after the other, so that by its first answer the other was accepted too.
    let mut idle = idle_connection(service.address());
    service.signal("TERM");
    wait_for_end(&mut idle);
    (service, stuck)
}

#[test]
fn a_connection_that_is_stuck_keeps_the_server_for_no_more_than_its_grace() {
    let told = Instant::now();
    let (mut service, _stuck) = stuck_server();
    assert_eq!(service.wait(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
}

#[test]
fn a_second_signal_ends_a_server_that_still_waits_at_once() {
    let (mut service, _stuck) = stuck_server();
    service.signal("TERM");
    assert_eq!(service.wait(), Some(1));
}

#[test]
fn a_port_that_is_taken_is_said_with_what_to_do() {
    let service = Service::with_world();
    let second = Place::with_world();
    let refused = second.run(&["serve", "--listen", service.address()]);
    assert_eq!(refused.status.code(), Some(1));
    let error = text(&refused.stderr);
    assert!(error.contains("can't listen on") && error.contains("port 0"), "{error}");
}

on_a_file! {
    #[test]
    fn a_second_server_or_an_import_on_the_same_file_is_refused() {
        let service = Service::with_world();
        for arguments in [vec!["serve", "--listen", "127.0.0.1:0"], vec!["import", "-"]] {
            let refused = service.place().run(&arguments);
            assert_eq!(refused.status.code(), Some(1));
            let error = text(&refused.stderr);
            assert!(error.contains("is in use by another process"), "{error}");
        }
    }
}

/// A demo with the lines that it prints after the first.
fn demo() -> (Service, Vec<String>) {
    let place = Place::new();
    let mut command = place.command(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    command.env_remove("CUSTOMERS_STORE");
    let mut service = Service::start(place, &mut command);
    let lines = (0..6).map(|_| service.output_line().trim_end().to_owned()).collect();
    (service, lines)
}

#[tokio::test]
async fn the_demo_prints_a_request_that_answers_200() {
    let (_service, lines) = demo();
    let curl = lines.iter().find(|line| line.starts_with("curl ")).unwrap();
    let quoted: Vec<_> = curl.split('\'').collect();
    let [_, header, _, url, _] = quoted[..] else { panic!("{} parts", quoted.len()) };
    let token = header.strip_prefix("Authorization: Bearer ").unwrap();
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let customer: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(customer["user"]["firstName"], "Ada");
}

#[test]
fn the_demo_is_about_the_customer_of_the_documents_examples() {
    let (_service, lines) = demo();
    let document = customers_api::document::document().unwrap();
    let parameters = document["paths"]["/v1/customers/{id}"]["get"]["parameters"].as_array();
    let id = parameters.unwrap().iter().find(|parameter| parameter["name"] == "id").unwrap();
    let path = format!("/v1/customers/{}?", id["example"].as_str().unwrap());
    assert!(lines.iter().any(|line| line.contains(&path)), "{path}");
}

#[test]
fn the_demo_prints_a_call_of_the_client_that_works() {
    let (_service, lines) = demo();
    let line = lines.iter().find(|line| line.starts_with("CUSTOMERS_URL=")).unwrap();
    let shell = &mut Command::new("sh");
    let called = shell.args(["-c", line]).current_dir(repository()).output().unwrap();
    assert!(called.status.success(), "{}", text(&called.stderr));
    let shown = text(&called.stdout);
    assert!(shown.contains("\"firstName\": \"Ada\""), "{shown}");
}

#[test]
fn the_demo_wants_a_fresh_file() {
    let place = Place::with_world();
    let refused = place.run(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("the demo wants a fresh store"));
}
