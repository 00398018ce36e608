//! The rounds: everybody in turn, at each number of connections.

use std::time::Duration;

use anyhow::Context;

use super::{
    alone::Alone,
    contestant::{Contestant, Course, Server},
    load::{Load, Seen},
    pgbench::Pgbench,
    results::{CONNECTIONS, Results, Sample},
};
use crate::command::bench::progress::Progress;

/// Before it is measured, a server fills its caches over so many connections, for so long.
const WARM_UP: (u32, u32) = (64, 2);

/// All that it takes to measure.
pub(super) struct Measurement<'a> {
    course: &'a Course,
    load: Load,
    pgbench: Option<Pgbench>,
    /// For how long, at each number of connections.
    seconds: u32,
}

impl<'a> Measurement<'a> {
    pub(super) fn new(
        course: &'a Course,
        pgbench: Option<Pgbench>,
        seconds: u32,
    ) -> anyhow::Result<Self> {
        Ok(Self { course, load: Load::new(course)?, pgbench, seconds })
    }

    /// Measures everybody so often.
    pub(super) fn rounds(
        &self,
        rounds: u32,
        progress: &mut Progress<'_>,
    ) -> anyhow::Result<Results> {
        let mut results = Results::on(self.course.store);
        for round in 0..rounds {
            progress.say(&format!("round {} of {rounds}", round + 1))?;
            self.round(round, &mut results)?;
            for alone in Alone::all(self.course.store) {
                let micros = alone.run(self.course, Duration::from_secs(self.seconds.into()))?;
                results.alone.entry(*alone).or_default().push(micros);
            }
        }
        Ok(results)
    }

    /// Everybody in turn, each time another first.
    fn round(&self, round: u32, results: &mut Results) -> anyhow::Result<()> {
        let mut order = Contestant::all(self.course.store).to_vec();
        let places = u32::try_from(order.len()).unwrap_or(1);
        order.rotate_left(usize::try_from(round % places).unwrap_or_default());
        for contestant in order {
            if let Some(cluster) = self.course.database.cluster() {
                // Nobody pays for what another has written.
                cluster.sql("postgres", "CHECKPOINT")?;
            }
            let measured = match (contestant, &self.pgbench) {
                (Contestant::Pgbench, Some(pgbench)) => self.pgbench(pgbench, round, results),
                _ => self.server(contestant, round, results),
            };
            measured.with_context(|| contestant.name())?;
        }
        Ok(())
    }

    fn server(
        &self,
        contestant: Contestant,
        round: u32,
        results: &mut Results,
    ) -> anyhow::Result<()> {
        let server = Server::start(self.course, contestant)?;
        let run = |connections, seconds| {
            self.load.run(self.course, &server.url, connections, seconds, round)
        };
        // Of the server and of PostgreSQL.
        let micros = || anyhow::Ok((server.cpu_micros()?, self.course.database_micros()?));
        run(WARM_UP.0, WARM_UP.1)?;
        for connections in CONNECTIONS {
            let before = micros()?;
            let seen = run(connections, self.seconds)?;
            let after = micros()?;
            let database = after.1.zip(before.1).map(|(after, before)| after - before);
            let sample = sample(seen, after.0 - before.0, database);
            results.servers.entry((contestant, connections)).or_default().push(sample);
        }
        results.memory.entry(contestant).or_default().push(server.stop()?);
        Ok(())
    }

    fn pgbench(&self, pgbench: &Pgbench, round: u32, results: &mut Results) -> anyhow::Result<()> {
        for connections in CONNECTIONS {
            let sample = pgbench.run(self.course, connections, self.seconds, round)?;
            results.servers.entry((Contestant::Pgbench, connections)).or_default().push(sample);
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "below 2^52 requests or µs there is none")]
fn sample(seen: Seen, server: f64, database: Option<f64>) -> Sample {
    let requests = seen.requests as f64;
    let both = server + database.unwrap_or_default();
    Sample {
        requests_per_second: requests / seen.micros as f64 * 1e6,
        cpu: server / requests,
        database: database.unwrap_or(f64::NAN) / requests,
        core: both / seen.micros as f64 * 100.0,
        p50: seen.p50 as f64 / 1e3,
        p99: seen.p99 as f64 / 1e3,
    }
}
