//! A PostgreSQL of our own: its databases are kept for the next time, and it runs as long as it is
//! used.
//!
//! It listens on a socket only, in a folder that nobody else may enter, and so asks for no
//! password.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, bail};

use crate::command::{
    bench::machine::{self, Machine},
    requirements,
};

/// Serves a cluster, which it makes if there is none, until its input ends: so it stops with
/// whoever holds the other end, however that ends. Signals that a terminal sends to all its
/// processes are for that one.
const SCRIPT: &str = include_str!("cluster.sh");

/// As much memory as PostgreSQL gets for its pages where there is plenty; else a quarter of all.
const MOST_MEMORY: u64 = 2048;

/// What a server of production has, as far as it bears on what is measured: every commit is on the
/// disk before it is answered, and a checkpoint is rare.
const SETTINGS: [(&str, &str); 10] = [
    ("listen_addresses", ""),
    // For 256 at once in pgbench.
    ("max_connections", "400"),
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "15min"),
    ("maintenance_work_mem", "512MB"),
    // A solid-state disk.
    ("random_page_cost", "1.1"),
    // What the log says is told apart by the database.
    ("log_line_prefix", "%d|"),
];

/// A server that runs.
pub(in crate::command::bench) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    sockets: PathBuf,
    /// The server stops when the input of this ends.
    keeper: Child,
}

impl Cluster {
    /// Starts the server whose databases are below a folder.
    pub(in crate::command::bench) fn start(folder: &Path) -> anyhow::Result<Self> {
        let programs = requirements::postgres()?;
        // No version reads what another has written.
        let folder = folder.join(format!("postgres-{}", version(&programs)?));
        fs::create_dir_all(&folder)?;
        // The path of a socket may have 107 bytes.
        let sockets = tempfile::Builder::new().prefix("customers-bench-").tempdir()?.keep();
        let mut keeper = as_anybody_but_root(&[&folder, &sockets])?
            .args(["sh", "-c", SCRIPT, "sh"])
            .args([&folder, &programs, &sockets])
            .arg(options()?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("PostgreSQL can't be started")?;
        let mut answer = String::new();
        let output = keeper.stdout.take().context("it has no output")?;
        let cluster = Self { programs, folder, sockets, keeper };
        BufReader::new(output).read_line(&mut answer)?;
        if answer != "ready\n" {
            bail!("PostgreSQL can't be started in {}; see above", cluster.folder.display());
        }
        Ok(cluster)
    }

    /// Where a database is, for whoever speaks the protocol.
    pub(in crate::command::bench) fn url(&self, database: &str) -> String {
        let sockets = self.sockets.display().to_string().replace('%', "%25").replace('/', "%2F");
        format!("postgres://customers@{sockets}/{database}?sslmode=disable")
    }

    /// A program of the same version as the server.
    pub(in crate::command::bench) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// What it has logged since it was started; each line begins with the name of a database.
    pub(in crate::command::bench) fn log(&self) -> anyhow::Result<String> {
        fs::read_to_string(self.folder.join("log")).context("PostgreSQL has no log")
    }

    /// Runs a statement in a database; gives back the rows as lines.
    pub(in crate::command::bench) fn sql(
        &self,
        database: &str,
        statement: &str,
    ) -> anyhow::Result<String> {
        let mut psql = Command::new(self.program("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        psql.args(["--dbname", &self.url(database), "--command", statement]);
        let output = psql.stdin(Stdio::null()).output().context("psql can't be started")?;
        if !output.status.success() {
            let complained = String::from_utf8_lossy(&output.stderr);
            bail!("psql: {}\n{statement}\n{complained}", output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    /// Runs a statement that is about databases.
    pub(super) fn administer(&self, statement: &str) -> anyhow::Result<String> {
        self.sql("postgres", statement)
    }

    /// Has all its processes run on the core of what is measured from now on. Before, they are
    /// where there is room: an import has the whole machine.
    pub(in crate::command::bench) fn keep_to_core_of_server(
        &self,
        machine: &Machine,
    ) -> anyhow::Result<()> {
        let main = self.main_process()?;
        // Those that come later are where the main process is.
        machine.move_to_core_of_server(main)?;
        for process in machine::children(main)? {
            // It may have ended.
            let _ = machine.move_to_core_of_server(process);
        }
        Ok(())
    }

    /// How long all its processes have been on a core so far, in microseconds.
    pub(in crate::command::bench) fn cpu_micros(&self) -> anyhow::Result<f64> {
        let main = self.main_process()?;
        // What has ended counts with the main process.
        let living = machine::children(main)?;
        let living = living.into_iter().filter_map(|process| machine::cpu_micros(process).ok());
        Ok(machine::cpu_micros_with_ended(main)? + living.sum::<f64>())
    }

    /// All its processes.
    pub(in crate::command::bench) fn processes(&self) -> anyhow::Result<Vec<u32>> {
        let main = self.main_process()?;
        Ok([vec![main], machine::children(main)?].concat())
    }

    /// The files of a database.
    pub(super) fn files(&self, database: &str) -> anyhow::Result<Vec<PathBuf>> {
        let number = format!("SELECT oid FROM pg_database WHERE datname = '{database}'");
        let folder = self.folder.join("data/base").join(self.administer(&number)?);
        let files = fs::read_dir(folder)?.map(|file| file.map(|file| file.path()));
        Ok(files.collect::<Result<_, _>>()?)
    }

    fn main_process(&self) -> anyhow::Result<u32> {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid"));
        let file = file.context("PostgreSQL is not there any more")?;
        file.lines().next().and_then(|line| line.parse().ok()).context("its file has another form")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The next one could not start before this is over.
        let _ = self.keeper.wait();
    }
}

/// The settings, as the server takes them from its command line.
fn options() -> anyhow::Result<String> {
    let memory = MOST_MEMORY.min(machine::memory_mib()? / 4);
    let settings = SETTINGS.map(|(name, value)| format!("-c {name}='{value}'"));
    Ok(format!("{} -c shared_buffers={memory}MB", settings.join(" ")))
}

/// The first part of the version, such as 15.
fn version(programs: &Path) -> anyhow::Result<String> {
    let output = Command::new(programs.join("pg_ctl")).arg("--version").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let digits = |word: &str| word.chars().take_while(char::is_ascii_digit).collect::<String>();
    let version = text.split_whitespace().map(digits).find(|digits| !digits.is_empty());
    version.context("pg_ctl does not say its version")
}

/// PostgreSQL does not run as root. It gets the folders, and nothing of our environment: a setting
/// in it would count.
fn as_anybody_but_root(folders: &[&Path]) -> anyhow::Result<Command> {
    let id = |arguments: &[&str]| -> anyhow::Result<Option<String>> {
        let output = Command::new("id").args(arguments).output().context("id can't be started")?;
        let found = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(output.status.success().then_some(found))
    };
    let mut command = if id(&["-u"])?.as_deref() == Some("0") {
        let user = id(&["-u", "postgres"])?.or(id(&["-u", "nobody"])?);
        let user = user.context("there is no user but root to run PostgreSQL as")?;
        if !Command::new("chown").arg(&user).args(folders).status()?.success() {
            bail!("the folders of PostgreSQL can't be given to its user");
        }
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={user}"), format!("--regid={user}")]);
        command.arg("--clear-groups");
        command
    } else {
        Command::new("env")
    };
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Ok(command)
}
