//! `cargo xtask bench service`: the read of a customer, beside others that do the same and floors
//! below which nothing of ours can be.
//!
//! Everybody answers the same questions from one database before anything is measured. The load
//! is on one core and the server on another. Rounds alternate, so that a machine that is busy for
//! a while is busy for all, and are compared each with itself.

mod agreement;
mod alone;
mod contestant;
mod goal;
mod load;
mod plot;
mod report;
mod results;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;

use self::{
    alone::Alone,
    contestant::{Contestant, Course, Programs, Server},
    load::Load,
    results::{CONNECTIONS, Results, Sample},
};
use super::{
    database::{Database, Databases, Store, records},
    machine::Machine,
    progress::Progress,
};
use crate::command::Outcome;

/// Before it is measured, a server fills its caches over so many connections, for so long.
const WARM_UP: (u32, u32) = (64, 2);

/// On what, and how often.
#[derive(Args, Clone, Debug)]
pub struct Options {
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
    /// Where to draw the result [default: target/bench/service.svg]
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
    let course = prepare(root, options, &mut progress)?;
    let results = measure(&course, options, &mut progress)?;
    course.database.remove()?;
    let plot = options.plot.clone().unwrap_or_else(|| course.folder.join("service.svg"));
    let title = format!("One of {} customers on SQLite, by server", options.customers);
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
fn prepare(root: &Path, options: &Options, progress: &mut Progress<'_>) -> anyhow::Result<Course> {
    let machine = Machine::new()?;
    load::check()?;
    let (customers, folder) = (options.customers, root.join("target/bench"));
    progress.say("building the service, its peers and its floors")?;
    let programs = Programs::build(root)?;
    let program = programs.path("customers-server");
    progress.say(&format!("{customers} customers are imported, unless they were before"))?;
    let databases = Databases::open(Store::Sqlite, &folder)?;
    let kept = databases.kept(&program, customers)?;
    progress.say(&format!("the database has {} MiB", kept.bytes()? >> 20))?;
    // The audit trail makes it grow, so each time it is another copy.
    let database = kept.copy("measured")?;
    let (token, _) = create_token(&program, &database, customers)?;
    let (revoked, id) = create_token(&program, &database, customers)?;
    administer(&program, &database, &["revoke", &id])?;
    let answer = folder.join("answer.json");
    let course = Course { machine, programs, database, customers, token, answer, folder };
    progress.say("everybody has to answer alike")?;
    agree(&course, &revoked)?;
    Ok(course)
}

fn measure(
    course: &Course,
    options: &Options,
    progress: &mut Progress<'_>,
) -> anyhow::Result<Results> {
    let load = Load::new(course)?;
    let mut results = Results::default();
    for round in 0..options.rounds {
        progress.say(&format!("round {} of {}", round + 1, options.rounds))?;
        measure_servers(course, &load, options, round, &mut results)?;
        for alone in Alone::ALL {
            let micros = alone.run(course, Duration::from_secs(options.seconds.into()))?;
            results.alone.entry(alone).or_default().push(micros);
        }
    }
    Ok(results)
}

/// Makes a token for the caller, and gives back its secret and its identifier.
fn create_token(
    program: &Path,
    database: &Database,
    customers: u32,
) -> anyhow::Result<(String, String)> {
    let (secret, said) =
        administer(program, database, &["create", "--user", &records::caller(customers)])?;
    let words = said.split(|character: char| character.is_whitespace() || character == ';');
    let id = words.into_iter().find(|word| word.starts_with("tok_"));
    Ok((secret.trim_end().to_owned(), id.context("the token has no identifier")?.to_owned()))
}

/// Runs `customers-server token …`; gives back both outputs.
fn administer(
    program: &Path,
    database: &Database,
    arguments: &[&str],
) -> anyhow::Result<(String, String)> {
    let mut command = Command::new(program);
    command.env_clear().arg("token").args(arguments);
    let output = command.args(["--store", &database.url()]).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    if !output.status.success() {
        bail!("customers-server token: {}\n{complained}", output.status);
    }
    Ok((said, complained))
}

/// Fails unless all who read customers answer alike; keeps one answer for those who don't read.
fn agree(course: &Course, revoked: &str) -> anyhow::Result<()> {
    let questions = agreement::questions(course.customers, &course.token, revoked);
    let mut ours = Vec::new();
    for contestant in Contestant::READERS {
        let server = Server::start(course, contestant)?;
        let answers = agreement::answers(&server.url, &questions)?;
        server.stop()?;
        if contestant == Contestant::Ours {
            let first = answers.first().filter(|answer| answer.status == 200);
            let first = first.context("the caller can't read the first customer")?;
            fs::write(&course.answer, &first.body)?;
            ours = answers;
        } else {
            agreement::compare(contestant.name(), &questions, &ours, &answers)?;
        }
    }
    Ok(())
}

/// One round: everybody in turn, each time another first.
fn measure_servers(
    course: &Course,
    load: &Load,
    options: &Options,
    round: u32,
    results: &mut Results,
) -> anyhow::Result<()> {
    let mut order = Contestant::ALL;
    let places = u32::try_from(order.len()).unwrap_or(1);
    order.rotate_left(usize::try_from(round % places).unwrap_or_default());
    for contestant in order {
        let server = Server::start(course, contestant)?;
        let run = |connections, seconds| {
            load.run(course, &server.url, connections, seconds, round)
                .with_context(|| contestant.name())
        };
        run(WARM_UP.0, WARM_UP.1)?;
        for connections in CONNECTIONS {
            let before = server.cpu_micros()?;
            let seen = run(connections, options.seconds)?;
            let cpu = server.cpu_micros()? - before;
            let sample = sample(seen, cpu);
            results.servers.entry((contestant, connections)).or_default().push(sample);
        }
        results.memory.entry(contestant).or_default().push(server.stop()?);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "below 2^52 requests or µs there is none")]
fn sample(seen: load::Seen, cpu_micros: f64) -> Sample {
    let requests = seen.requests as f64;
    Sample {
        requests_per_second: requests / seen.micros as f64 * 1e6,
        cpu: cpu_micros / requests,
        core: cpu_micros / seen.micros as f64 * 100.0,
        p50: seen.p50 as f64 / 1e3,
        p99: seen.p99 as f64 / 1e3,
    }
}
