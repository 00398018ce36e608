//! Requests that no client library sends: byte by byte over a bare socket.
//!
//! What can't be read as HTTP is answered by the HTTP library, with a status alone; all else in
//! the one shape of all errors. Whatever was sent, the server answers the next request.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use serde_json::Value;

use crate::{
    actor::{ADA, Actor},
    service::Service,
};

/// Longer than the server waits for anything.
const PATIENCE: Duration = Duration::from_mins(1);

const JSON: &str = "Content-Type: application/json\r\n";

struct Connection(BufReader<TcpStream>);

/// An answer: status, header lines in lower case, body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Connection {
    fn open(service: &Service) -> Self {
        let stream = TcpStream::connect(service.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends all, or as much as the server takes: it may have seen enough.
    fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.get_mut().write_all(bytes.as_ref());
    }

    /// The next answer, within its patience.
    fn answer(&mut self) -> Answer {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut head).unwrap(), 0, "the connection ends: {head:?}");
        }
        let head = head.to_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next());
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).unwrap();
        Answer { status, head, body: String::from_utf8(body).unwrap() }
    }

    /// Asserts that the server closes the connection and says nothing more.
    fn assert_ends(&mut self) {
        match self.0.read(&mut [0]) {
            Ok(read) => assert_eq!(read, 0, "something more is said"),
            // What the server left unread makes the system reset the connection.
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }
}

impl Answer {
    /// Asserts that this is a failure of ours, and gives back the input at fault.
    fn assert_failure(&self, status: u16, code: &str, case: &str) -> Option<String> {
        assert_eq!(self.status, status, "{case}: {}", self.body);
        let error: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(error["error_code"], code, "{case}");
        let request_id = error["request_id"].as_str().unwrap();
        assert!(self.head.contains(&format!("x-request-id: {request_id}\r\n")), "{case}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{case}");
        error["param"].as_str().map(str::to_owned)
    }
}

fn assert_still_answers(service: &Service) {
    let mut connection = Connection::open(service);
    connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(connection.answer().status, 200);
}

/// A server, and the head of an update of Ada by somebody who may, but for its last lines.
fn update() -> (Service, String) {
    let service = Service::with_world();
    let token = service.token(Actor::PlatformAdministrator).unwrap();
    let head =
        format!("PUT /v1/customers/{ADA} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n");
    (service, head)
}

#[test]
fn what_is_no_http_or_too_long_is_answered_with_a_status_and_the_end() {
    let (service, update) = update();
    let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n";
    for (case, request, status) in [
        ("no HTTP", "\0\u{1} what?\r\n\r\n".to_owned(), 400),
        ("a header with NUL", format!("{get}X: a\0b\r\n\r\n"), 400),
        ("a space in a header's name", format!("{get}X : a\r\n\r\n"), 400),
        ("a long header", format!("{get}X: {}\r\n\r\n", "a".repeat(1_000_000)), 431),
        ("many headers", format!("{get}{}\r\n", "X: a\r\n".repeat(200)), 431),
        ("a long URI", format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(70_000)), 414),
        (
            "two lengths",
            format!("{update}{JSON}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}} "),
            400,
        ),
        ("a list of lengths", format!("{update}{JSON}Content-Length: 2, 3\r\n\r\n{{}} "), 400),
        ("a length below zero", format!("{update}{JSON}Content-Length: -1\r\n\r\n{{}}"), 400),
        ("an unknown coding", format!("{update}{JSON}Transfer-Encoding: zip\r\n\r\n{{}}"), 400),
    ] {
        let mut connection = Connection::open(&service);
        connection.send(request);
        let answer = connection.answer();
        assert_eq!((answer.status, answer.body.as_str()), (status, ""), "{case}");
        connection.assert_ends();
        assert_still_answers(&service);
    }
}

#[test]
fn a_body_whose_framing_is_wrong_or_that_breaks_off_is_refused() {
    let (service, update) = update();
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    for (case, rest) in [
        ("no size of a chunk", format!("{chunked}zz\r\n{{}}\r\n0\r\n\r\n")),
        ("a chunk longer than its size", format!("{chunked}2\r\n{{}} 0\r\n\r\n")),
        ("a size of 68 bits", format!("{chunked}fffffffffffffffff\r\n{{}}")),
        ("a chunk that breaks off", format!("{chunked}5\r\n{{}}")),
        ("a body that breaks off", "Content-Length: 100\r\n\r\n{}".to_owned()),
    ] {
        let mut connection = Connection::open(&service);
        connection.send(format!("{update}{JSON}{rest}"));
        connection.0.get_ref().shutdown(Shutdown::Write).unwrap();
        connection.answer().assert_failure(400, "BadRequest", case);
        connection.assert_ends();
        assert_still_answers(&service);
    }
}

#[test]
fn a_body_that_does_not_come_is_given_up_and_holds_up_nobody() {
    let (service, update) = update();
    let rests = ["Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"];
    let mut waiting = rests.map(|rest| {
        let mut connection = Connection::open(&service);
        connection.send(format!("{update}{JSON}{rest}"));
        connection
    });
    assert_still_answers(&service);
    for connection in &mut waiting {
        connection.answer().assert_failure(408, "RequestTimeout", "slow");
        connection.assert_ends();
    }
    assert_still_answers(&service);
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_has_come() {
    let (service, update) = update();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for (case, rest) in [
        ("announced", "Content-Length: 10000000000\r\n\r\n".to_owned()),
        (
            "announced by one who asks first",
            "Expect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n".to_owned(),
        ),
        ("in chunks", format!("Transfer-Encoding: chunked\r\n\r\n{chunk}{chunk}")),
    ] {
        let mut connection = Connection::open(&service);
        connection.send(format!("{update}{JSON}{rest}"));
        connection.answer().assert_failure(413, "PayloadTooLarge", case);
        connection.assert_ends();
        assert_still_answers(&service);
    }
}

#[test]
fn who_asks_first_is_told_to_go_on_and_then_answered() {
    let (service, update) = update();
    let mut connection = Connection::open(&service);
    connection.send(format!("{update}{JSON}Expect: 100-continue\r\nContent-Length: 15\r\n\r\n"));
    assert_eq!(connection.answer().status, 100);
    connection.send("{\"zip\":\"10001\"}");
    let answer = connection.answer();
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("\"zip\":\"10001\""), "{}", answer.body);
}

#[test]
fn a_body_that_is_not_declared_as_json_is_not_read() {
    let (service, update) = update();
    for declared in
        ["", "Content-Type: text/plain\r\n", "Content-Type: application/xml\r\n", &JSON.repeat(2)]
    {
        let mut connection = Connection::open(&service);
        connection.send(format!("{update}{declared}Content-Length: 100\r\n\r\n"));
        connection.answer().assert_failure(415, "UnsupportedMediaType", declared);
        connection.assert_ends();
        assert_still_answers(&service);
    }
}

#[test]
fn json_that_is_none_or_says_two_things_is_refused() {
    let (service, update) = update();
    let nested = |open: &str, close: &str| {
        format!("{{\"city\":{}1{}}}", open.repeat(5_000), close.repeat(5_000)).into_bytes()
    };
    for (case, body) in [
        ("nothing", b"".to_vec()),
        ("no UTF-8", b"{\"city\":\"\xff\xfe\"}".to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec()),
        ("deep arrays", nested("[", "]")),
        ("deep objects", nested("{\"a\":", "}")),
        ("deep and never closed", nested("[", "")),
        ("a member twice", b"{\"city\":\"a\",\"city\":\"b\"}".to_vec()),
        ("a member twice, once escaped", b"{\"city\":\"a\",\"\\u0063ity\":\"b\"}".to_vec()),
        ("more than one value", b"{} {}".to_vec()),
        ("a huge number", b"{\"city\":1e999999}".to_vec()),
    ] {
        let mut connection = Connection::open(&service);
        connection.send(format!("{update}{JSON}Content-Length: {}\r\n\r\n", body.len()));
        connection.send(&body);
        let param = connection.answer().assert_failure(400, "InvalidInput", case);
        assert!(param.is_some(), "{case}");
        assert_still_answers(&service);
    }
}

#[test]
fn what_stands_in_a_body_is_never_taken_for_a_request() {
    let (service, update) = update();
    let inner = "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";
    let length = inner.len();
    let next = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    for (case, head, status) in [
        ("a body that no operation reads", "GET /healthz HTTP/1.1\r\nHost: a\r\n", 200),
        ("a body of a caller who is not known", "PUT /v1/customers/x HTTP/1.1\r\nHost: a\r\n", 401),
    ] {
        let mut connection = Connection::open(&service);
        connection.send(format!("{head}Content-Length: {length}\r\n\r\n{inner}{next}"));
        assert_eq!(connection.answer().status, status, "{case}");
        assert_eq!(connection.answer().status, 200, "{case}");
    }

    // Two lengths that disagree: chunks count, and nothing after them (RFC 9112, 6.1).
    let both = format!("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n{JSON}\r\n");
    let mut connection = Connection::open(&service);
    connection.send(format!("{update}{both}2\r\n{{}}\r\n0\r\n\r\n{inner}"));
    assert_eq!(connection.answer().status, 200);
    connection.assert_ends();
    assert_still_answers(&service);
}

#[test]
fn a_request_names_exactly_one_host() {
    let service = Service::with_world();
    for (hosts, status) in [("", 400), ("Host: a\r\nHost: b\r\n", 400), ("Host: a\r\n", 200)] {
        let mut connection = Connection::open(&service);
        connection.send(format!("GET /healthz HTTP/1.1\r\n{hosts}\r\n"));
        let answer = connection.answer();
        assert_eq!(answer.status, status, "{hosts:?}");
        if status == 400 {
            assert_eq!(answer.assert_failure(400, "BadRequest", hosts), None);
        }
    }
    assert_still_answers(&service);
}
