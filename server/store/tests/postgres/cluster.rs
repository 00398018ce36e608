//! PostgreSQL of our own for the tests of this process: in a temporary folder, on a socket in it
//! and on a free port, gone when the process ends, however it does.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// The password of the databases' owner. No log may have it.
pub(crate) const PASSWORD: &str = "Hollyhock%Parapet";

/// What a database is made of: one that the store has made its tables in.
const TEMPLATE: &str = "customers_template";

const SCRIPT: &str = include_str!("cluster.sh");

/// A server of databases.
pub(crate) struct Cluster {
    folder: PathBuf,
    port: u16,
    keeper: Mutex<Keeper>,
}

/// The process that has the cluster run: the cluster ends when the input of this does.
struct Keeper {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// A database of the shared cluster, which goes when this does.
pub(crate) struct Database {
    name: String,
}

impl Database {
    /// A database that nothing is in.
    pub(crate) fn empty() -> Self {
        Self::create("template0")
    }

    /// A database with the tables of a store, which `prepare` makes once, given a URL.
    pub(crate) fn prepared(prepare: impl FnOnce(&str)) -> Self {
        static PREPARED: OnceLock<()> = OnceLock::new();
        PREPARED.get_or_init(|| {
            session().run(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
            prepare(&url(TEMPLATE));
        });
        Self::create(TEMPLATE)
    }

    fn create(template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("customers_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        session().run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { name }
    }

    /// Where it is, password included.
    pub(crate) fn url(&self) -> String {
        url(&self.name)
    }

    /// Where it is on the network.
    pub(crate) fn url_by(&self, host: &str) -> String {
        url_by(host, &self.name)
    }

    /// Where it is, by an address at which the server or somebody in between listens. Not
    /// encrypted.
    pub(crate) fn url_at(&self, address: SocketAddr) -> String {
        url_at(&address.to_string(), &self.name)
    }

    /// Where its server listens.
    pub(crate) fn address() -> SocketAddr {
        shared().address()
    }

    /// The certificate of the server, which is for `localhost`.
    pub(crate) fn certificate() -> PathBuf {
        shared().folder.join("data/server.crt")
    }

    /// What has the server log every statement that this database is sent from the next session on.
    pub(crate) fn logging_all(&self) -> String {
        format!("ALTER DATABASE {} SET log_statement = 'all'", self.name)
    }

    /// What the server has logged about this database.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read_to_string(shared().folder.join("log")).unwrap();
        let mark = format!("{}|", self.name);
        let mut is_ours = false;
        let lines = log.lines().filter(|line| {
            // An entry of several lines goes on with a tabulator.
            is_ours = if line.starts_with('\t') { is_ours } else { line.starts_with(&mark) };
            is_ours
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        session().run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// All that is in the database of this URL, as text.
pub(crate) fn dump(url: &str) -> Vec<u8> {
    output_of(Command::new(programs().join("pg_dump")).arg(url))
}

fn output_of(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn url(database: &str) -> String {
    url_by(&escaped(&shared().folder.display().to_string()), database)
}

fn url_by(host: &str, database: &str) -> String {
    format!("postgres://customers:{}@{host}:{}/{database}", escaped(PASSWORD), shared().port)
}

fn url_at(addresses: &str, database: &str) -> String {
    format!("postgres://customers:{}@{addresses}/{database}?sslmode=disable", escaped(PASSWORD))
}

/// As a part of a URL.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('/', "%2F")
}

/// The cluster of all tests of this process that leave it running.
fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(|| Cluster::make(""))
}

/// A session that makes and removes databases there.
fn session() -> MutexGuard<'static, Session> {
    static SESSION: OnceLock<Mutex<Session>> = OnceLock::new();
    let session = SESSION.get_or_init(|| Mutex::new(Session::begin(shared())));
    session.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cluster {
    /// One for a test that stops it. What is committed there survives that.
    pub(crate) fn alone() -> Self {
        let cluster = Self::make("");
        cluster.set("synchronous_commit", "on");
        cluster
    }

    /// A standby of this cluster, in which there is from now on whatever is committed here.
    pub(crate) fn standby(&self) -> Self {
        let standby = Self::make(&self.port.to_string());
        self.set("synchronous_standby_names", "*");
        let synchronous = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
        let follows = (0..2_000).any(|_| !self.query(synchronous).is_empty());
        assert!(follows, "the standby does not follow");
        standby
    }

    /// A cluster, or a standby of the one at this port.
    fn make(primary: &str) -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("customers-pg-").tempdir().unwrap().keep();
        let mut process = as_anybody_but_root(&folder)
            .args(["sh", "-c", SCRIPT, "sh"])
            .arg(&folder)
            .arg(&programs)
            .args([PASSWORD, &free_ports(), primary])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        let mut keeper = Keeper { process, orders, answers };
        let answer = keeper.answer();
        let port = answer.strip_prefix("ready ").and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("PostgreSQL can't be started; see above"));
        Self { folder, port, keeper: Mutex::new(keeper) }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// The URL of the database that each cluster has, in whichever that is found at one of these.
    pub(crate) fn url(addresses: &[SocketAddr]) -> String {
        let addresses: Vec<_> = addresses.iter().map(SocketAddr::to_string).collect();
        url_at(&addresses.join(","), "postgres")
    }

    /// Ends all its processes at once.
    pub(crate) fn stop(&self) {
        self.order("stop");
    }

    /// Starts it again.
    pub(crate) fn start(&self) {
        self.order("start");
    }

    /// Has a standby be a primary.
    pub(crate) fn promote(&self) {
        self.order("promote");
    }

    fn order(&self, order: &str) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(keeper.orders.as_mut().unwrap(), "{order}").unwrap();
        assert_eq!(keeper.answer(), "0", "{order}");
    }

    /// Changes a setting, also of sessions that have begun.
    pub(crate) fn set(&self, setting: &str, value: &str) {
        self.query(&format!("ALTER SYSTEM SET {setting} = '{value}'"));
        self.query("SELECT pg_reload_conf()");
    }

    /// What a query answers, as text.
    pub(crate) fn query(&self, sql: &str) -> String {
        let mut psql = self.psql();
        let output = output_of(psql.args(["--tuples-only", "--no-align", "--command", sql]));
        String::from_utf8(output).unwrap().trim().to_owned()
    }

    fn psql(&self) -> Command {
        let mut psql = Command::new(programs().join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--username=customers", "--dbname=postgres"])
            .arg("--host")
            .arg(&self.folder)
            .env("PGPASSWORD", PASSWORD)
            .env("PGPORT", self.port.to_string());
        psql
    }
}

impl Keeper {
    fn answer(&mut self) -> String {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer.trim_end().to_owned()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.process.wait();
    }
}

/// A few ports that nobody has: others may take one before it is used.
fn free_ports() -> String {
    let listeners: Vec<_> = (0..4).map(|_| TcpListener::bind(("localhost", 0)).unwrap()).collect();
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port().to_string();
    listeners.iter().map(port).collect::<Vec<_>>().join(" ")
}

/// Where the programs of PostgreSQL are: in the PATH, or where Debian has them.
fn programs() -> PathBuf {
    let has_all = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "psql"].iter().all(|program| folder.join(program).is_file())
    };
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    installed.sort();
    let mut folders = env::split_paths(&path).chain(installed.into_iter().rev());
    folders.find(has_all).unwrap_or_else(|| {
        panic!("PostgreSQL is not installed; on Debian: apt-get install --yes postgresql")
    })
}

/// PostgreSQL does not run as root.
fn as_anybody_but_root(folder: &Path) -> Command {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        let found = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        output.status.success().then_some(found)
    };
    if id(&["-u"]).as_deref() != Some("0") {
        return Command::new("env");
    }
    let user = ["postgres", "nobody"].into_iter().find_map(|name| id(&["-u", name])).unwrap();
    assert!(Command::new("chown").arg(&user).arg(folder).status().unwrap().success());
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".into()]);
    command
}

/// A session of psql.
struct Session {
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Session {
    fn begin(cluster: &Cluster) -> Self {
        let mut psql = cluster.psql();
        let mut process = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { _process: process, input, output }
    }

    fn run(&mut self, sql: &str) {
        writeln!(self.input, "{sql};\n\\echo :ERROR").unwrap();
        let mut failed = String::new();
        self.output.read_line(&mut failed).unwrap();
        assert_eq!(failed, "false\n", "{sql}");
    }
}
