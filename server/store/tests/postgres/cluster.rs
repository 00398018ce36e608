//! A PostgreSQL of our own for the tests of this process: in a temporary folder, on a socket in it
//! and on a free port, gone when the process ends, however it does.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
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

/// Makes a cluster and serves it until its input ends, which it does with whoever holds the other
/// end. Signals that a terminal sends to all its processes are for that one.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
cd "$1" || exit 1
fail() { cat log >&2; cd /; rm -rf "$1"; exit 1; }
printf %s "$3" >password
"$2/initdb" --pgdata=data --username=customers --pwfile=password --auth=password \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions >log 2>&1 || fail "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=customers-test -addext subjectAltName=DNS:localhost \
    -addext basicConstraints=critical,CA:FALSE \
    -keyout data/server.key -out data/server.crt >>log 2>&1 || fail "$1"
chmod 600 data/server.key
cat >>data/postgresql.conf <<END
listen_addresses = 'localhost'
ssl = on
unix_socket_directories = '$1'
max_connections = 400
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
log_line_prefix = '%d|'
END
port=
for free in $4; do
    if "$2/pg_ctl" --pgdata=data --log=log --wait --silent --options="-p $free" start \
        >>log 2>&1 </dev/null; then
        port=$free
        break
    fi
done
[ -n "$port" ] || fail "$1"
echo "ready $port"
cat >/dev/null
"$2/pg_ctl" --pgdata=data --mode=immediate --silent stop >/dev/null 2>&1
cd /
rm -rf "$1"
"#;

struct Cluster {
    folder: PathBuf,
    port: u16,
    /// A session of psql that makes and removes databases.
    session: Mutex<Session>,
    /// The cluster ends when the input of this does, with the process of the tests.
    _keeper: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// A database of the cluster, which goes when this does.
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
            cluster().session().run(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
            prepare(&url(TEMPLATE));
        });
        Self::create(TEMPLATE)
    }

    fn create(template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("customers_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        cluster().session().run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
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

    /// The certificate of the server, which is for `localhost`.
    pub(crate) fn certificate() -> PathBuf {
        cluster().folder.join("data/server.crt")
    }

    /// All that is in it, as text.
    pub(crate) fn dump(&self) -> Vec<u8> {
        let output = Command::new(programs().join("pg_dump")).arg(self.url()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// What has the server log every statement that this database is sent from the next session on.
    pub(crate) fn logging_all(&self) -> String {
        format!("ALTER DATABASE {} SET log_statement = 'all'", self.name)
    }

    /// What the server has logged about this database.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read_to_string(cluster().folder.join("log")).unwrap();
        let mark = format!("{}|", self.name);
        log.lines().filter(|line| line.starts_with(&mark)).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        cluster().session().run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn url(database: &str) -> String {
    url_by(&escaped(&cluster().folder.display().to_string()), database)
}

fn url_by(host: &str, database: &str) -> String {
    format!("postgres://customers:{}@{host}:{}/{database}", escaped(PASSWORD), cluster().port)
}

/// As a part of a URL.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('/', "%2F")
}

fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("customers-pg-").tempdir().unwrap().keep();
        let mut process = as_anybody_but_root(&folder)
            .args(["sh", "-c", SCRIPT, "sh"])
            .arg(&folder)
            .arg(&programs)
            .arg(PASSWORD)
            .arg(free_ports())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answer = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut answer).unwrap();
        let port = answer.strip_prefix("ready ").and_then(|port| port.trim().parse().ok());
        let port = port.unwrap_or_else(|| panic!("PostgreSQL can't be started; see above"));
        let session = Mutex::new(Session::begin(&programs, &folder, port));
        Cluster { folder, port, session, _keeper: process }
    })
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
    fn begin(programs: &Path, folder: &Path, port: u16) -> Self {
        let mut process = Command::new(programs.join("psql"))
            .args(["--no-psqlrc", "--quiet", "--username=customers", "--dbname=postgres", "--host"])
            .arg(folder)
            .env("PGPASSWORD", PASSWORD)
            .env("PGPORT", port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
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

impl Cluster {
    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
