//! The log, where nobody reads it, or nothing more of it can be written.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::service::{PROGRAM, Place, text};

/// Much longer than a request takes, and much shorter than for ever.
const PROMPTLY: Duration = Duration::from_secs(5);

/// A server whose log is what the test makes of it.
struct Server {
    process: Child,
    connection: BufReader<TcpStream>,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.trim_end().strip_prefix("listening on http://").unwrap();
        let connection = TcpStream::connect(address).unwrap();
        connection.set_read_timeout(Some(PROMPTLY)).unwrap();
        Self { process, connection: BufReader::new(connection) }
    }

    /// Asks so many times, each of which leaves a line; gives back the identifiers of the requests.
    fn ask(&mut self, times: usize) -> Vec<String> {
        let mut ask = || {
            let request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
            self.connection.get_mut().write_all(request).unwrap();
            let (mut request_id, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                self.connection.read_line(&mut line).unwrap();
                match line.trim_end().split_once(": ") {
                    Some(("x-request-id", id)) => id.clone_into(&mut request_id),
                    Some(("content-length", bytes)) => length = bytes.parse().unwrap(),
                    _ if line.trim_end().is_empty() => break,
                    _ => {}
                }
            }
            self.connection.read_exact(&mut vec![0; length]).unwrap();
            request_id
        };
        (0..times).map(|_| ask()).collect()
    }

    /// Tells the server to stop, and gives back its exit code.
    fn stop(&mut self) -> Option<i32> {
        let kill = format!("kill -s TERM {}", self.process.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(place: &Place) -> Command {
    place.command(&["serve", "--listen", "127.0.0.1:0", "--log-level", "info"])
}

/// The requests that a log tells of, in its order, and the number of lines that it says it lost.
fn told(log: &str) -> (Vec<String>, u64) {
    let (mut requests, mut lost) = (Vec::new(), 0);
    // A line that was torn when there was no more room is among those that are said to be lost.
    for line in log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        match line["msg"].as_str().unwrap() {
            "request" => requests.push(line["request_id"].as_str().unwrap().to_owned()),
            "lines of the log were lost" => lost += line["lines"].as_u64().unwrap(),
            _ => {}
        }
    }
    (requests, lost)
}

/// Asserts that a log tells of requests in the order in which they were made, and of each that is
/// missing that it is.
fn assert_accounts_for(log: &str, made: &[String], lost_others: u64) {
    let (requests, lost) = told(log);
    let mut rest = made.iter();
    assert!(requests.iter().all(|request| rest.any(|made| made == request)), "another order");
    assert_eq!(requests.len() as u64 + lost, made.len() as u64 + lost_others, "{}", requests.len());
}

#[test]
fn a_log_that_nobody_reads_holds_no_request_up_and_says_later_how_many_lines_are_missing() {
    // More than a pipe and the memory of the server have room for.
    const MANY: usize = 8_000;
    let place = Place::with_world();
    let mut server = Server::start(serve(&place).stderr(Stdio::piped()));
    let mut made = server.ask(MANY);
    let mut log = server.process.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut all = Vec::new();
        log.read_to_end(&mut all).unwrap();
        text(&all)
    });
    made.extend(server.ask(100));
    assert_eq!(server.stop(), Some(0));
    let log = reader.join().unwrap();
    let (_, lost) = told(&log);
    assert!(lost > 0, "{MANY} lines are too few to be lost");
    assert_accounts_for(&log, &made, 0);
    assert!(log.contains(r#""msg":"stopped""#), "the last line is missing");
}

#[test]
fn a_log_that_nobody_reads_does_not_hold_the_end_of_the_server_up() {
    let place = Place::with_world();
    let mut server = Server::start(serve(&place).stderr(Stdio::piped()));
    server.ask(1_000);
    let stopping = Instant::now();
    assert_eq!(server.stop(), Some(0));
    assert!(stopping.elapsed() < PROMPTLY, "{:?}", stopping.elapsed());
}

#[test]
fn a_reader_of_the_log_that_goes_away_does_not_end_the_server() {
    let place = Place::with_world();
    let mut server = Server::start(serve(&place).stderr(Stdio::piped()));
    server.ask(10);
    drop(server.process.stderr.take());
    server.ask(1_000);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_log_on_a_disk_that_is_full_goes_on_once_there_is_room() {
    let place = Place::with_world();
    std::fs::create_dir(place.path("disk")).unwrap();
    // The disk is a file system in memory that only the server sees, and the shell that started it.
    let script = format!(
        "mount -t tmpfs -o size=64k none disk || exit
         {PROGRAM} serve --listen 127.0.0.1:0 --log-level info 2>>disk/log &
         while read -r step; do eval \"$step\"; echo; done >&2"
    );
    let mut command = Command::new("unshare");
    // Nothing in it outlives the shell.
    command.args(["--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"]);
    command.args(["sh", "-c", &script]);
    place.furnish(&mut command);
    command.env("PATH", std::env::var_os("PATH").unwrap());
    let mut server = Server::start(command.stdin(Stdio::piped()).stderr(Stdio::piped()));
    let mut input = server.process.stdin.take().unwrap();
    let mut output = BufReader::new(server.process.stderr.take().unwrap());
    let mut step = |step: &str| {
        writeln!(input, "{step}").unwrap();
        let mut said = Vec::new();
        while !said.ends_with(b"\n\n") && said != b"\n" {
            assert_ne!(output.read_until(b'\n', &mut said).unwrap(), 0, "{step}");
        }
        text(&said)
    };

    // More lines than the disk has room for, and so more than are waiting when there is room again.
    let mut made = server.ask(1_000);
    step("cp disk/log full; : >disk/log");
    made.extend(server.ask(10));
    step("kill -s TERM $!; wait $!");
    let log = step("cat full disk/log");
    let (_, lost) = told(&log);
    assert!(lost > 0, "nothing was lost");
    assert_accounts_for(&log, &made, 0);
}
