//! One connection to a server: asks, waits for the answer, and asks again.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// As much as is read at once.
const PIECE: usize = 64 << 10;

/// A connection that stays open.
pub(super) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    piece: Vec<u8>,
}

/// What was answered, and how long it took from the first byte asked to the last one answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    pub(super) time: Duration,
}

/// Where the body of an answer begins and ends, once its head has come.
struct Head {
    status: u16,
    body: usize,
    end: usize,
}

impl Connection {
    pub(super) fn open(url: &str) -> anyhow::Result<Self> {
        let address = url.strip_prefix("http://").context("the server has another scheme")?;
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, received: Vec::new(), piece: vec![0; PIECE] })
    }

    pub(super) fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.received.clear();
        let start = Instant::now();
        self.stream.write_all(request)?;
        let head = loop {
            self.receive()?;
            if let Some(head) = head(&self.received)? {
                break head;
            }
        };
        while self.received.len() < head.end {
            self.receive()?;
        }
        let time = start.elapsed();
        let body = self.received.get(head.body..head.end).unwrap_or_default().to_vec();
        Ok(Answer { status: head.status, body, time })
    }

    fn receive(&mut self) -> anyhow::Result<()> {
        let length = self.stream.read(&mut self.piece).context("no answer came")?;
        if length == 0 {
            bail!("the server has closed the connection");
        }
        self.received.extend_from_slice(self.piece.get(..length).unwrap_or_default());
        Ok(())
    }
}

fn head(received: &[u8]) -> anyhow::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body) = response.parse(received)? else { return Ok(None) };
    let length =
        response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|header| str::from_utf8(header.value).ok()?.parse().ok());
    let length: usize = length.context("the server does not say how long its answer is")?;
    Ok(Some(Head { status: response.code.unwrap_or_default(), body, end: body + length }))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader},
        net::TcpListener,
        sync::mpsc,
        thread,
    };

    use super::*;

    /// A server that sends the next piece of its answers each time it is asked for it.
    #[test]
    fn an_answer_that_comes_in_pieces_is_put_together_and_the_next_one_is_its_own() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut requests = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut stream = stream;
            stream.set_nodelay(true).unwrap();
            let answers = [
                ["HTTP/1.1 200 OK\r\nContent-", "Length: 5\r\n\r\nhe", "llo"],
                ["HTTP/1.1 404 Not Found\r\n", "content-length: 0\r\n\r", "\n"],
            ];
            for answer in answers {
                assert_eq!(requests.next().unwrap().unwrap(), "ask");
                for piece in answer {
                    stream.write_all(piece.as_bytes()).unwrap();
                }
            }
            drop((stream, requests));
            done.send(()).unwrap();
        });
        let mut connection = Connection::open(&url).unwrap();
        let mut ask = || connection.ask(b"ask\n").map(|answer| (answer.status, answer.body));
        assert_eq!(ask().unwrap(), (200, b"hello".to_vec()));
        assert_eq!(ask().unwrap(), (404, Vec::new()));
        is_done.recv().unwrap();
        assert!(ask().is_err());
    }
}
