//! `cargo xtask bench service`: the read of a customer, beside others that do the same and floors
//! below which nothing of ours can be.
//!
//! Everybody answers the same questions from one database before anything is measured. The load
//! is on one core and the server on another, together with PostgreSQL where that is the store: so
//! all that a request takes is on one core, for everybody alike. Rounds alternate, so that a machine that is busy for
//! a while is busy for all, and are compared each with itself.

mod agreement;
mod alone;
mod contestant;
mod goal;
mod load;
mod measurement;
mod pgbench;
mod plot;
mod report;
mod results;
mod statement;
mod tokens;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;

use self::{
    agreement::{Answer, Question},
    contestant::{Contestant, Course, Programs, Server},
    measurement::Measurement,
    pgbench::Pgbench,
    statement::Statement,
};
use super::{
    database::{Cluster, Database, Databases, Store, records},
    machine::Machine,
    progress::Progress,
};
use crate::command::Outcome;

/// On what, and how often.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// On which store
    #[arg(long, value_enum, default_value_t = Store::Sqlite)]
    store: Store,
    /// How many customers there are
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(records::MOST)))]
    customers: u32,
    /// How often everybody is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// For how many seconds, at each number of connections
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Where to draw the result [default: target/bench/service-STORE.svg]
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

/// Builds everybody, makes the records, and measures.
///
/// # Errors
/// When something is missing or fails, or somebody answers otherwise than ours. A goal that is
/// missed is said, and no error.
pub fn run(root: &Path, options: &Options, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut progress = Progress { out, silent: options.json };
    let (course, pgbench) = prepare(root, options, &mut progress)?;
    let measurement = Measurement::new(&course, pgbench, options.seconds)?;
    let results = measurement.rounds(options.rounds, &mut progress)?;
    course.database.remove()?;
    let plot = options.plot.clone().unwrap_or_else(|| course.folder.join(course.picture()));
    let (customers, store) = (options.customers, options.store.name());
    let title = format!("One of {customers} customers on {store}, by server");
    fs::write(&plot, plot::svg(&results, &title))
        .with_context(|| format!("{} can't be written", plot.display()))?;
    if options.json {
        writeln!(out, "{:#}", report::json(&results))?;
    } else {
        writeln!(out, "{}\nThe picture is in {}.", report::table(&results), plot.display())?;
    }
    Ok(Outcome::InStep)
}

/// Builds everybody and makes the records; then all have to answer alike.
fn prepare(
    root: &Path,
    options: &Options,
    progress: &mut Progress<'_>,
) -> anyhow::Result<(Course, Option<Pgbench>)> {
    let machine = Machine::new()?;
    load::check()?;
    let (store, customers, folder) = (options.store, options.customers, root.join("target/bench"));
    progress.say("building the service, its peers and its floors")?;
    let programs = Programs::build(root)?;
    let program = programs.path("customers-server");
    progress.say(&format!("{customers} customers are imported, unless they were before"))?;
    let databases = Databases::open(store, &folder)?;
    let kept = databases.kept(&program, customers)?;
    progress.say(&format!("the database has {} MiB", kept.bytes()? >> 20))?;
    // The audit trail makes it grow, so each time it is another copy.
    let database = kept.copy("measured")?;
    let token = tokens::create(&program, &database, customers)?;
    let revoked = tokens::create_revoked(&program, &database, customers)?;
    let answer = folder.join("answer.json");
    let course = Course { machine, store, programs, database, customers, token, answer, folder };
    progress.say("everybody has to answer alike")?;
    let statement = agree(&course, &revoked)?;
    if let Some(cluster) = databases.cluster() {
        cluster.keep_to_core_of_server(&course.machine)?;
    }
    let pgbench = statement.map(|statement| Pgbench::new(&course, statement)).transpose()?;
    Ok((course, pgbench))
}

/// Fails unless all who read customers answer alike; keeps one answer for those who don't read.
/// Gives back the statement by which ours reads, if it is sent to a server that logs it.
fn agree(course: &Course, revoked: &str) -> anyhow::Result<Option<Statement>> {
    let questions = agreement::questions(course.customers, &course.token, revoked);
    let (ours, statement) = match &course.database {
        Database::Sqlite(_) => (answers(course, Contestant::Ours, &questions)?, None),
        Database::Postgres { cluster, name } => {
            let ours = logged(cluster, name, || answers(course, Contestant::Ours, &questions))?;
            (ours, Some(Statement::read(&cluster.log()?, name)?))
        }
    };
    let first = ours.first().filter(|answer| answer.status == 200);
    let first = first.context("the caller can't read the first customer")?;
    fs::write(&course.answer, &first.body)?;
    for contestant in Contestant::all(course.store) {
        if contestant.has_to_agree() {
            let theirs = answers(course, *contestant, &questions)?;
            agreement::compare(contestant.name(), &questions, &ours, &theirs)?;
        }
    }
    Ok(statement)
}

fn answers(
    course: &Course,
    contestant: Contestant,
    questions: &[Question],
) -> anyhow::Result<Vec<Answer>> {
    let server = Server::start(course, contestant)?;
    let answers = agreement::answers(&server.url, questions)?;
    server.stop()?;
    Ok(answers)
}

/// Has PostgreSQL log the statements that a database is sent meanwhile.
fn logged<T>(
    cluster: &Cluster,
    database: &str,
    work: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    cluster.sql(database, &format!("ALTER DATABASE {database} SET log_statement = 'all'"))?;
    let done = work();
    cluster.sql(database, &format!("ALTER DATABASE {database} RESET log_statement"))?;
    done
}
