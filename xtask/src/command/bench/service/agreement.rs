//! Whether everybody does the same work: all have to answer alike before anything is measured.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, bail};

use crate::command::bench::database::records;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked of everybody.
pub(super) struct Question {
    path: String,
    token: Option<String>,
}

/// What is answered: the status, and the body where there is a customer in it.
#[derive(PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// Customers from the first to the last, one whom the caller may not see, one who does not exist;
/// and a token that is missing, malformed or revoked.
pub(super) fn questions(customers: u32, token: &str, revoked: &str) -> Vec<Question> {
    let question = |id: String, token: Option<&str>| Question {
        path: format!("/v1/customers/{id}"),
        token: token.map(str::to_owned),
    };
    let first = records::id("cus", 0);
    let step = customers.div_ceil(20).max(1);
    let numbers = (0..customers).step_by(usize::try_from(step).unwrap_or(1));
    numbers
        .chain([customers - 1])
        .map(|number| records::id("cus", number))
        .chain([records::hidden(customers), records::id("cus", customers + 1)])
        .map(|id| question(id, Some(token)))
        .chain([None, Some("sk_malformed"), Some(revoked)].map(|t| question(first.clone(), t)))
        .collect()
}

/// What the server at this address answers.
pub(super) fn answers(url: &str, questions: &[Question]) -> anyhow::Result<Vec<Answer>> {
    questions.iter().map(|question| ask(url, question)).collect()
}

/// Fails where a server does not answer as ours does.
pub(super) fn compare(
    name: &str,
    questions: &[Question],
    ours: &[Answer],
    theirs: &[Answer],
) -> anyhow::Result<()> {
    for ((question, ours), theirs) in questions.iter().zip(ours).zip(theirs) {
        if ours != theirs {
            let text = |answer: &Answer| {
                format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))
            };
            let (ours, theirs) = (text(ours), text(theirs));
            bail!("{}: {name} answers\n{theirs}\nand ours\n{ours}", question.path);
        }
    }
    Ok(())
}

fn ask(url: &str, question: &Question) -> anyhow::Result<Answer> {
    let address = url.strip_prefix("http://").context("the server has another scheme")?;
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let Question { path, token } = question;
    let token = token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n"));
    let token = token.unwrap_or_default();
    let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n{token}\r\n");
    stream.write_all(request.as_bytes())?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    read(&received).with_context(|| format!("{path} has an answer that can't be read"))
}

/// All servers send a body of a length that they know, so it goes as it is to the end.
fn read(received: &[u8]) -> Option<Answer> {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = received.split_at_checked(end + 4)?;
    let status = str::from_utf8(head).ok()?.split(' ').nth(1)?.parse().ok()?;
    // What is said about a failure is for each to choose.
    let body = if status == 200 { body.to_vec() } else { Vec::new() };
    Some(Answer { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_counts_only_where_there_is_a_customer_in_it() {
        let read = |text: &str| {
            let answer = read(text.as_bytes())?;
            Some((answer.status, String::from_utf8(answer.body).unwrap()))
        };
        let found = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(read(found), Some((200, "{}".to_owned())));
        let hidden = "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(read(hidden), Some((404, String::new())));
        assert_eq!(read("HTTP/1.1 200 OK\r\n"), None);
    }

    #[test]
    fn another_status_or_another_byte_is_named() {
        let questions = questions(1, "token", "revoked");
        let answer = |status, body: &str| Answer { status, body: body.into() };
        let compare = |theirs| {
            compare("theirs", &questions, &[answer(200, "{}")], &[theirs])
                .map_err(|error| error.to_string())
        };
        assert_eq!(compare(answer(200, "{}")), Ok(()));
        assert!(compare(answer(200, "{} ")).unwrap_err().contains("/v1/customers/cus_"));
        assert!(compare(answer(404, "")).unwrap_err().contains("404"));
    }
}
