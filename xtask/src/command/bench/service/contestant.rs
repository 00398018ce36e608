//! Who is measured, and how each is started.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::{
    cargo,
    command::{
        bench::{
            database::{Cluster, Database, Store},
            machine::{self, Machine},
        },
        running::Running,
    },
};

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Contestant {
    /// The service as it is shipped.
    Ours,
    /// The service without a line for each request in its log.
    OursWithoutRequestLog,
    /// Bare hyper over the store of the service.
    HyperStore,
    /// axum with sqlx, in the usual way.
    AxumSqlx,
    /// actix-web with deadpool-postgres, in the usual way.
    ActixDeadpool,
    /// The statement of the service without a server: PostgreSQL is asked by its own tool.
    Pgbench,
    /// Plain Dropshot with a constant answer.
    DropshotConstant,
    /// Bare hyper with a constant answer.
    HyperConstant,
}

impl Contestant {
    const ON_SQLITE: [Self; 6] = [
        Self::Ours,
        Self::OursWithoutRequestLog,
        Self::HyperStore,
        Self::AxumSqlx,
        Self::DropshotConstant,
        Self::HyperConstant,
    ];

    const ON_POSTGRES: [Self; 8] = [
        Self::Ours,
        Self::OursWithoutRequestLog,
        Self::HyperStore,
        Self::AxumSqlx,
        Self::ActixDeadpool,
        Self::Pgbench,
        Self::DropshotConstant,
        Self::HyperConstant,
    ];

    /// Everybody on this store.
    pub(super) fn all(store: Store) -> &'static [Self] {
        match store {
            Store::Sqlite => &Self::ON_SQLITE,
            Store::Postgres => &Self::ON_POSTGRES,
        }
    }

    /// Whether it reads customers, and so has to answer all questions as ours does.
    pub(super) fn has_to_agree(self) -> bool {
        matches!(self, Self::HyperStore | Self::AxumSqlx | Self::ActixDeadpool)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::OursWithoutRequestLog => "ours, no request log",
            Self::HyperStore => "hyper, same store",
            Self::AxumSqlx => "axum + sqlx",
            Self::ActixDeadpool => "actix-web + deadpool",
            Self::Pgbench => "pgbench, same query",
            Self::DropshotConstant => "Dropshot, constant",
            Self::HyperConstant => "hyper, constant",
        }
    }
}

/// The programs, as they were built.
pub(super) struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Builds all of them as they are shipped, since a debug build says little.
    pub(super) fn build(root: &Path) -> anyhow::Result<Self> {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        for (workspace, package) in [
            (".", "customers-server"),
            ("server/bench/floors", "customers-bench-floors"),
            ("server/bench/peers", "customers-bench-peers"),
        ] {
            let mut cargo = cargo::command(&root.join(workspace));
            // In one folder, so that what they have in common is compiled once.
            cargo.env("CARGO_TARGET_DIR", &target);
            cargo.args(["build", "--release", "--locked", "--quiet", "--package", package]);
            if !cargo.status().context("cargo can't be started")?.success() {
                bail!("{package} can't be built");
            }
        }
        Ok(Self { folder: target.join("release") })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// What everybody is started on.
pub(super) struct Course {
    pub(super) machine: Machine,
    pub(super) store: Store,
    pub(super) programs: Programs,
    pub(super) database: Database,
    /// How many customers are in it.
    pub(super) customers: u32,
    /// The token of the caller.
    pub(super) token: String,
    /// The file with the constant answer.
    pub(super) answer: PathBuf,
    /// Where logs go.
    pub(super) folder: PathBuf,
}

impl Course {
    fn command(&self, contestant: Contestant) -> anyhow::Result<Command> {
        let program = |name| self.machine.on_core_of_server(&self.programs.path(name));
        let database = self.database.url();
        let ours = |level| {
            let mut serve = program("customers-server");
            serve.args(["serve", "--listen", "127.0.0.1:0", "--store", &database]);
            serve.args(["--log-level", level]);
            // One token asks for everything.
            serve.args(["--requests-per-minute", &u32::MAX.to_string()]);
            serve
        };
        let with = |name, argument: &Path| {
            let mut command = program(name);
            command.arg(argument);
            command
        };
        let on_database = |name| with(name, Path::new(&database));
        let axum = match self.store {
            Store::Sqlite => "axum-sqlx-sqlite",
            Store::Postgres => "axum-sqlx-postgres",
        };
        Ok(match contestant {
            Contestant::Ours => ours("info"),
            Contestant::OursWithoutRequestLog => ours("warning"),
            Contestant::HyperStore => on_database("hyper-store"),
            Contestant::AxumSqlx => on_database(axum),
            Contestant::ActixDeadpool => on_database("actix-deadpool-postgres"),
            Contestant::DropshotConstant => with("dropshot-constant", &self.answer),
            Contestant::HyperConstant => with("hyper-constant", &self.answer),
            Contestant::Pgbench => bail!("pgbench is no server"),
        })
    }

    /// The file with the picture of what was measured.
    pub(super) fn picture(&self) -> &'static str {
        match self.store {
            Store::Sqlite => "service-sqlite.svg",
            Store::Postgres => "service-postgres.svg",
        }
    }

    /// How long PostgreSQL has been on its core so far, in microseconds.
    pub(super) fn database_micros(&self) -> anyhow::Result<Option<f64>> {
        self.database.cluster().map(Cluster::cpu_micros).transpose()
    }
}

/// A server that runs.
pub(super) struct Server {
    process: Running,
    id: u32,
    pub(super) url: String,
}

impl Server {
    /// Starts a server whose log goes to a file.
    pub(super) fn start(course: &Course, contestant: Contestant) -> anyhow::Result<Self> {
        let log = course.folder.join("server.log");
        let mut command = course.command(contestant)?;
        let (process, url) =
            Running::server(&mut command, &log).with_context(|| contestant.name())?;
        let id = process.id().context("the server has ended")?;
        Ok(Self { process, id, url })
    }

    /// How long it has been on its core so far, in microseconds.
    pub(super) fn cpu_micros(&self) -> anyhow::Result<f64> {
        machine::cpu_micros(self.id)
    }

    /// Stops it, and gives back the most memory that it had, in MiB.
    pub(super) fn stop(mut self) -> anyhow::Result<f64> {
        let memory = machine::peak_memory(self.id)?;
        self.process.end()?;
        Ok(memory)
    }
}
