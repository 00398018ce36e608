//! The program, run in a folder of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    thread::JoinHandle,
};

use customers_client::Client;
use tempfile::TempDir;

use crate::{actor::Actor, home::Home, privacy};

/// The records that the tests know.
pub(crate) const WORLD: &str = include_str!("world.ndjson");

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_customers-server");

/// A folder with a store; both go with the last who holds them.
#[derive(Clone)]
pub(crate) struct Place {
    folder: Arc<TempDir>,
    home: Arc<Home>,
}

impl Place {
    /// An empty folder, and a store that is not there yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        Self::of(folder, home)
    }

    /// This folder, and this store.
    pub(crate) fn of(folder: TempDir, home: Home) -> Self {
        Self { folder: Arc::new(folder), home: Arc::new(home) }
    }

    /// A place whose store holds the world.
    pub(crate) fn with_world() -> Self {
        Home::with_world()
    }

    /// The store.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, with the store of this place and nothing of the environment of the test.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        self.furnish(command.args(arguments));
        command
    }

    /// Gives a command the store of this place, and nothing of the environment of the test.
    pub(crate) fn furnish(&self, command: &mut Command) {
        command.env_clear().current_dir(self.folder.path());
        command.env("CUSTOMERS_STORE", self.home.url()).env("TMPDIR", self.folder.path());
        command.env("CUSTOMERS_LOG_LEVEL", "trace");
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.run_with_input(arguments, b"")
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        let input = input.to_vec();
        // A program that has seen enough closes its end before all is written.
        let writing = std::thread::spawn(move || stdin.write_all(&input));
        let output = process.wait_with_output().unwrap();
        let _ = writing.join().unwrap();
        privacy::assert_nothing_private(&text(&output.stderr));
        output
    }

    /// A new token.
    pub(crate) fn create_token(&self, options: &[&str]) -> String {
        let arguments: Vec<_> = ["token", "create"].iter().chain(options).copied().collect();
        let made = self.run(&arguments);
        assert!(made.status.success(), "{}", text(&made.stderr));
        text(&made.stdout).trim_end().to_owned()
    }

    /// Starts the server.
    pub(crate) fn serve(self) -> Service {
        self.serve_with(&[])
    }

    /// Starts the server with more settings.
    pub(crate) fn serve_with(self, settings: &[&str]) -> Service {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], settings].concat();
        let mut command = self.command(&arguments);
        Service::start(self, &mut command)
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A server that runs. When it is dropped it is stopped, and its log is searched for what must
/// not be in one.
pub(crate) struct Service {
    process: Child,
    url: String,
    output: BufReader<std::process::ChildStdout>,
    log: Option<JoinHandle<String>>,
    place: Place,
}

impl Service {
    /// A server on the world.
    pub(crate) fn with_world() -> Self {
        Place::with_world().serve()
    }

    pub(crate) fn start(place: Place, command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = process.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = Vec::new();
            stderr.read_to_end(&mut log).unwrap();
            text(&log)
        });
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        let Some(url) = first.trim_end().strip_prefix("listening on ") else {
            panic!("{first:?}: {}", log.join().unwrap());
        };
        Self { process, url: url.to_owned(), output, log: Some(log), place }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// The next line of the server's standard output.
    pub(crate) fn output_line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    /// A token of the actor.
    pub(crate) fn token(&self, actor: Actor) -> Option<String> {
        actor.token_options().map(|options| self.place.create_token(&options))
    }

    /// The client in the hands of the actor.
    pub(crate) fn client(&self, actor: Actor) -> Client {
        match self.token(actor) {
            Some(token) => self.client_with(&token),
            None => Client::new(&self.url),
        }
    }

    pub(crate) fn client_with(&self, token: &str) -> Client {
        Client::with_token(&self.url, token).unwrap()
    }

    pub(crate) fn signal(&self, signal: &str) {
        // Safe Rust can't send signals; every shell can.
        let kill = format!("kill -s {signal} {}", self.process.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
    }

    /// Ends the server without a warning, and searches its log.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.end();
    }

    /// Waits for the end of a server that was told to stop, and gives back its exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }

    /// Stops the server and gives back its log and its folder.
    pub(crate) fn stop(mut self) -> (String, Place) {
        let log = self.end();
        (log, self.place.clone())
    }

    fn end(&mut self) -> String {
        let Some(log) = self.log.take() else { return String::new() };
        if self.process.try_wait().unwrap().is_none() {
            self.signal("TERM");
        }
        self.process.wait().unwrap();
        let log = log.join().unwrap();
        privacy::assert_nothing_private(&log);
        log
    }
}

on_a_file! {
    impl Service {
        /// Lets no file of the server grow beyond that many bytes from now on.
        pub(crate) fn limit_files(&self, bytes: &str) {
            let limit = [format!("--pid={}", self.process.id()), format!("--fsize={bytes}:")];
            assert!(Command::new("prlimit").args(limit).status().unwrap().success());
        }

        pub(crate) fn process_id(&self) -> u32 {
            self.process.id()
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.process.kill();
            let _ = self.process.wait();
        } else {
            self.end();
        }
    }
}

/// The folder that has the files of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
