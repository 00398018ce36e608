//! The store without a server: what no server over it can be below.

use std::{io::Read, process::Stdio, time::Duration};

use anyhow::{Context, bail};
use wait4::Wait4;

use super::contestant::Course;
use crate::command::bench::database::{Store, records};

/// What the store does in a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alone {
    /// The one statement behind the read of a customer.
    Query,
    /// A row of the audit trail, in transactions of as many as the service writes at once.
    Audit,
}

impl Alone {
    /// Those that are measured on a store. PostgreSQL works in processes of its own, and what it is
    /// asked is measured by pgbench.
    pub(super) fn all(store: Store) -> &'static [Self] {
        match store {
            Store::Sqlite => &[Self::Query, Self::Audit],
            Store::Postgres => &[],
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Query => "the query alone",
            Self::Audit => "an audit row alone",
        }
    }

    /// How long it is on the core for one, in microseconds.
    pub(super) fn run(self, course: &Course, time: Duration) -> anyhow::Result<f64> {
        let mode = match self {
            Self::Query => "query",
            Self::Audit => "audit",
        };
        let mut program = course.machine.on_core_of_server(&course.programs.path("store-alone"));
        program.args([&course.database.url(), mode, &course.token, records::CUSTOMER_START]);
        program.args([course.customers.to_string(), time.as_secs().to_string()]);
        let mut process = program.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut said = String::new();
        process.stdout.take().context("it has no output")?.read_to_string(&mut said)?;
        let used = process.wait4()?;
        if !used.status.success() {
            bail!("{}: {}", self.name(), used.status);
        }
        let done: f64 = said.trim_end().parse().context("it does not say how often it did it")?;
        Ok((used.rusage.utime + used.rusage.stime).as_secs_f64() * 1e6 / done)
    }
}
