//! A server on a database of one size, and somebody who asks it.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::{
    connection::Connection,
    cpu::Reading,
    data::{Import, Maker},
    operation::Operation,
    question::Questioner,
    results::{Sample, Whole},
};
use crate::command::{
    bench::{
        database::{Cluster, Database},
        machine::{self, Machine},
        summary::Spread,
    },
    running::Running,
};

/// What is measured in turn with others of its kind.
pub(super) struct Site {
    pub(super) customers: u32,
    import: Import,
    process: Running,
    id: u32,
    url: String,
    questioner: Questioner,
}

impl Site {
    /// Starts the server as it is shipped, its log in a file.
    pub(super) fn open(
        maker: &Maker<'_>,
        machine: &Machine,
        database: &Database,
        customers: u32,
    ) -> anyhow::Result<Self> {
        let import = maker.import_of(customers)?;
        let tokens = maker.tokens(database, customers)?;
        database.read()?;
        let mut serve = machine.on_core_of_server(maker.program);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--store", &database.url()]);
        // One token asks for nearly everything.
        serve.args(["--requests-per-minute", &u32::MAX.to_string()]);
        let log = maker.folder.join(format!("server-{customers}.log"));
        let (process, url) = Running::server(&mut serve, &log)?;
        let id = process.id().context("the server has ended")?;
        let questioner = Questioner::new(customers, tokens, &mut Connection::open(&url)?)?;
        Ok(Self { customers, import, process, id, url, questioner })
    }

    /// Asks for one thing after the other, about customers at random, for so long.
    pub(super) fn measure(
        &mut self,
        operation: Operation,
        time: Duration,
        cluster: Option<&Cluster>,
    ) -> anyhow::Result<Sample> {
        // The server closes one that was idle while others were measured.
        let mut connection = Connection::open(&self.url)?;
        let (mut times, mut cpu, mut database_cpu) = (Vec::new(), 0.0, 0.0);
        let start = Instant::now();
        while start.elapsed() < time {
            let (server, database) = self.readings(cluster)?;
            let (question, answer) = loop {
                let question = self.questioner.question(operation)?;
                let answer = question.ask(&mut connection)?;
                times.push(answer.time.as_secs_f64() * 1e3);
                if operation.is_undone() || start.elapsed() >= time {
                    break (question, answer);
                }
            };
            let (server_then, database_then) = self.readings(cluster)?;
            cpu += server_then.micros_since(&server);
            database_cpu += database_then.micros_since(&database);
            question.check(&answer)?;
            if operation.is_undone() {
                self.questioner.undo()?.ask(&mut connection)?;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "below 2^52 requests there is none")]
        let count = times.len() as f64;
        let time = Spread::of(times).median;
        Ok(Sample { time, cpu: cpu / count, database_cpu: database_cpu / count })
    }

    /// Stops the server; gives back what there is to know beside.
    pub(super) fn close(mut self) -> anyhow::Result<Whole> {
        let memory = machine::peak_memory(self.id)?;
        self.process.end()?;
        Ok(Whole { import: self.import, memory })
    }

    /// Of the server, and of PostgreSQL.
    fn readings(&self, cluster: Option<&Cluster>) -> anyhow::Result<(Reading, Reading)> {
        let database = cluster.map(Cluster::processes).transpose()?.unwrap_or_default();
        Ok((Reading::of(&[self.id]), Reading::of(&database)))
    }
}
