//! pgbench: what PostgreSQL gets done of the statement of the service, asked by its own tool and
//! with no server between. It is on the core of the load, since it is one.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, bail};

use super::{contestant::Course, results::Sample, statement::Statement};
use crate::{
    clock,
    command::bench::database::{Cluster, Database},
};

/// Before anything is measured, each connection is made, prepares the statement, and PostgreSQL
/// fills what it keeps for each. That takes a core some milliseconds a connection.
const WARM_UP_SECONDS: u32 = 1;
const CONNECTIONS_A_SECOND: u32 = 32;
/// How much longer pgbench goes on than it is measured, so that it does not end before.
const SPARE_SECONDS: u32 = 1;

/// Who asks.
pub(super) struct Pgbench {
    statement: Statement,
    script: PathBuf,
}

/// A moment: in seconds since 1970, and by how long PostgreSQL has been on its core, in
/// microseconds.
#[derive(Clone, Copy, Debug)]
struct Moment {
    at: f64,
    database: f64,
}

impl Pgbench {
    /// Makes the script, and fails if it does not ask for customers that are there.
    pub(super) fn new(course: &Course, statement: Statement) -> anyhow::Result<Self> {
        let (cluster, database) = postgres(course)?;
        for number in [0, course.customers - 1] {
            let id = statement.customer(&number.to_string())?;
            let count = format!("SELECT count(*) FROM customer WHERE id = {id}");
            if cluster.sql(database, &count)? != "1" {
                bail!("pgbench would ask for customers that are not there");
            }
        }
        let script = course.folder.join("pgbench.sql");
        fs::write(&script, statement.script(course.customers)?)?;
        Ok(Self { statement, script })
    }

    /// Asks over so many connections for so many seconds, in every round for other customers.
    pub(super) fn run(
        &self,
        course: &Course,
        connections: u32,
        seconds: u32,
        round: u32,
    ) -> anyhow::Result<Sample> {
        let (cluster, database) = postgres(course)?;
        let log = tempfile::Builder::new().prefix("pgbench-").tempdir_in(&course.folder)?;
        let prefix = log.path().join("log").display().to_string();
        let warm_up = WARM_UP_SECONDS + connections / CONNECTIONS_A_SECOND;
        let mut command = self.command(course, cluster);
        command.arg(format!("--client={connections}"));
        command.arg(format!("--time={}", warm_up + seconds + SPARE_SECONDS));
        command.args([format!("--random-seed={round}"), format!("--log-prefix={prefix}")]);
        command.arg(cluster.url(database)).stdin(Stdio::null());
        let process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let start = Moment::in_seconds(warm_up, cluster)?;
        let end = Moment::in_seconds(seconds, cluster)?;
        let output = process.wait_with_output()?;
        if !output.status.success() {
            bail!("pgbench: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        let mut transactions = Vec::new();
        for file in fs::read_dir(log.path())? {
            let log = fs::read_to_string(file?.path())?;
            transactions.extend(log.lines().filter_map(transaction));
        }
        sample(start, end, &transactions).context("nothing was done in the time that is measured")
    }

    fn command(&self, course: &Course, cluster: &Cluster) -> Command {
        let pgbench = cluster.program("pgbench").display().to_string();
        let mut command = course.machine.on_core_of_load(&pgbench);
        // As the connections of ours.
        command.env_clear().env("PGOPTIONS", "-c jit=off");
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=1", "--log"]);
        command.arg("--file").arg(&self.script);
        command.arg(format!("--define=hash={}", self.statement.hash));
        command
    }
}

impl Moment {
    #[expect(clippy::disallowed_methods, reason = "what is measured is what is done in a time")]
    fn in_seconds(seconds: u32, cluster: &Cluster) -> anyhow::Result<Self> {
        thread::sleep(Duration::from_secs(seconds.into()));
        Ok(Self { at: clock::seconds_since_1970(), database: cluster.cpu_micros()? })
    }
}

/// The server and the name of the database.
fn postgres(course: &Course) -> anyhow::Result<(&Cluster, &str)> {
    match &course.database {
        Database::Postgres { cluster, name } => Ok((cluster, name)),
        Database::Sqlite(_) => bail!("pgbench is for PostgreSQL"),
    }
}

/// When a transaction was over, in seconds, and how long it took, in milliseconds, by a line of the
/// log: client, number, microseconds, script, and when it was over, in seconds and microseconds.
fn transaction(line: &str) -> Option<(f64, f64)> {
    let mut fields = line.split(' ').skip(2).map(str::parse::<f64>);
    let latency = fields.next()?.ok()? / 1e3;
    Some((fields.nth(1)?.ok()? + fields.next()?.ok()? / 1e6, latency))
}

/// What was done between two moments, if anything was.
fn sample(start: Moment, end: Moment, transactions: &[(f64, f64)]) -> Option<Sample> {
    let between = transactions.iter().filter(|(over, _)| start.at <= *over && *over < end.at);
    let mut latencies: Vec<_> = between.map(|(_, latency)| *latency).collect();
    latencies.sort_by(f64::total_cmp);
    let percentile = |percent| latencies.get(latencies.len() * percent / 100).copied();
    let done = f64::from(u32::try_from(latencies.len()).ok()?);
    let (seconds, database) = (end.at - start.at, end.database - start.database);
    Some(Sample {
        requests_per_second: done / seconds,
        cpu: f64::NAN,
        database: database / done,
        core: database / seconds / 1e6 * 100.0,
        p50: percentile(50)?,
        p99: percentile(99)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: [&str; 4] = [
        "0 1 90000 0 1700000001 900000",
        "0 2 3000 0 1700000002 300000",
        "1 1 1000 0 1700000003 900000",
        "0 3 80000 0 1700000004 100000",
    ];

    fn measured(start: f64, end: f64) -> Option<Sample> {
        let moment = |at| Moment { at, database: at * 5e5 };
        sample(moment(start), moment(end), &LOG.map(|line| transaction(line).unwrap()))
    }

    #[test]
    fn what_was_done_before_and_after_does_not_count() {
        let sample = measured(1_700_000_002.0, 1_700_000_004.0).unwrap();
        let Sample { requests_per_second, database, core, p50, p99, .. } = sample;
        let expected = [1.0, 500_000.0, 50.0, 3.0, 3.0];
        for (value, expected) in
            [requests_per_second, database, core, p50, p99].iter().zip(expected)
        {
            assert!((value - expected).abs() < 1e-6, "{sample:?}");
        }
    }

    #[test]
    fn nothing_is_measured_where_nothing_was_done() {
        assert!(measured(1_700_000_005.0, 1_700_000_006.0).is_none());
    }
}
