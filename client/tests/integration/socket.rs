//! What goes over the wire.

use std::io;

use customers_client::{
    Client, Error,
    types::{CreditStatus, CustomerExpansion, ErrorCode},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::unknown::customer;

const TOKEN: &str = "sk_0123456789";
const ID: &str = "cus_01h455vb4pex5vsknk084sn02q";

/// Answers one request, and gives back its head.
async fn answer(listener: TcpListener, status: &str, body: Value) -> io::Result<String> {
    let (mut stream, _) = listener.accept().await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         etag: \"v1\"\r\nconnection: close\r\n\r\n{body}",
        body.len(),
    );
    stream.write_all(answer.as_bytes()).await?;
    Ok(String::from_utf8_lossy(&head).to_lowercase())
}

async fn listen() -> (TcpListener, Client) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    (listener, Client::with_token(&url, TOKEN).unwrap())
}

#[tokio::test]
async fn the_token_goes_with_the_request_and_the_headers_come_with_the_answer() {
    let (listener, client) = listen().await;
    let mut body = customer();
    body["creditStatus"] = "frozen".into();
    let request = client.get_customer().id(ID).expand(CustomerExpansion::User).send();
    let (head, response) = tokio::join!(answer(listener, "200 OK", body), request);
    let (head, response) = (head.unwrap(), response.unwrap());
    assert!(
        head.starts_with(&format!("get /v1/customers/{ID}?expand=user http/1.1\r\n")),
        "{head}"
    );
    assert!(head.contains(&format!("\r\nauthorization: bearer {TOKEN}\r\n")), "{head}");
    assert_eq!(response.headers()["etag"], "\"v1\"");
    assert_eq!(response.credit_status, CreditStatus::Unrecognized("frozen".to_owned()));
}

#[tokio::test]
async fn a_failure_with_an_unknown_code_is_still_the_documented_error() {
    let (listener, client) = listen().await;
    let body = json!({ "request_id": "r", "message": "no", "error_code": "Suspended" });
    let request = client.get_customer().id(ID).send();
    let (_, response) = tokio::join!(answer(listener, "403 Forbidden", body), request);
    let Err(Error::ErrorResponse(error)) = response else { panic!("{response:?}") };
    assert_eq!(error.error_code, ErrorCode::Unrecognized("Suspended".to_owned()));
    assert!(!format!("{error:?}").contains(TOKEN));
}

#[tokio::test]
async fn an_id_that_is_none_is_refused_before_it_is_sent() {
    let (_listener, client) = listen().await;
    let response = client.get_customer().id("usr_01h455vb4pex5vsknk084sn02q").send().await;
    assert!(matches!(response, Err(Error::InvalidRequest(_))), "{response:?}");
}
