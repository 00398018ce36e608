//! `cargo xtask bench growth`: what the operations of the service take as there are more and more
//! customers.
//!
//! The server for each number of customers runs all the time, and they are asked in turn over one
//! connection, so that a machine that is busy for a while is busy for all; rounds are compared each
//! with itself.

mod connection;
mod cpu;
mod data;
mod goal;
mod operation;
mod plot;
mod question;
mod report;
mod results;
mod site;

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use clap::{Args, ValueEnum};
use serde_json::json;

use self::{data::Maker, operation::Operation, results::Results, site::Site};
use super::{
    database::{Databases, Store, records},
    machine::Machine,
    progress::Progress,
};
use crate::{cargo, command::Outcome};

/// So many customers at least, that there be pages.
const FEWEST: i64 = 100;

/// On what, and how often.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Which store
    #[arg(long, value_enum, default_value_t = Stores::Both)]
    store: Stores,
    /// How many customers there are, each time
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', default_value = "10000,1000000,10000000", value_parser = clap::value_parser!(u32).range(FEWEST..=i64::from(records::MOST)))]
    customers: Vec<u32>,
    /// How often everything is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// For how many seconds
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Where to draw the result [default: target/bench/growth.svg]
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stores {
    Sqlite,
    Postgres,
    /// One after the other
    Both,
}

impl Stores {
    fn each(self) -> &'static [Store] {
        match self {
            Self::Sqlite => &[Store::Sqlite],
            Self::Postgres => &[Store::Postgres],
            Self::Both => &[Store::Sqlite, Store::Postgres],
        }
    }
}

/// Builds the service, makes the records, and measures.
///
/// # Errors
/// When something is missing or fails, or an answer is another one than it has to be. A goal that
/// is missed is said, and no error.
pub fn run(root: &Path, options: &Options, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut progress = Progress { out, silent: options.json };
    let machine = Machine::new()?;
    progress.say("building the service")?;
    let program = cargo::build_release(root, "customers-server")?;
    let folder = root.join("target/bench");
    let mut stores = Vec::new();
    for store in options.store.each() {
        let databases = Databases::open(*store, &folder)?;
        let maker = Maker { store: *store, databases, program: &program, folder: &folder };
        stores.push((*store, on_store(&maker, &machine, options, &mut progress)?));
    }
    let plot = options.plot.clone().unwrap_or_else(|| folder.join("growth.svg"));
    fs::write(&plot, plot::svg(&stores))
        .with_context(|| format!("{} can't be written", plot.display()))?;
    if options.json {
        let stores = stores.iter().map(|(store, results)| report::json(*store, results));
        writeln!(out, "{:#}", json!({ "stores": stores.collect::<Vec<_>>() }))?;
    } else {
        for (store, results) in &stores {
            write!(out, "{}", report::table(*store, results))?;
        }
        writeln!(out, "\nThe picture is in {}.", plot.display())?;
    }
    Ok(Outcome::InStep)
}

/// All that is measured on one store.
fn on_store(
    maker: &Maker<'_>,
    machine: &Machine,
    options: &Options,
    progress: &mut Progress<'_>,
) -> anyhow::Result<Results> {
    let (store, mut databases) = (maker.store.name(), Vec::new());
    for customers in options.customers.iter().copied().collect::<BTreeSet<_>>() {
        let size = report::grouped(customers);
        let what = format!("{store}: {size} customers are imported, unless they were before");
        progress.say(&what)?;
        databases.push((customers, maker.database(customers)?));
    }
    // An import has the whole machine, and what follows has not.
    if let Some(cluster) = maker.databases.cluster() {
        cluster.keep_to_core_of_server(machine)?;
    }
    let mut sites = Vec::new();
    for (customers, database) in &databases {
        sites.push(Site::open(maker, machine, database, *customers)?);
    }
    let mut results = Results::default();
    for round in 0..=options.rounds {
        progress.say(&match round {
            0 => format!("{store}: warming up"),
            _ => format!("{store}: round {round} of {}", options.rounds),
        })?;
        // There are twice as many operations as sizes: else each would have one order for ever.
        sites.rotate_left(1);
        for operation in Operation::ALL {
            sites.rotate_left(1);
            for site in &mut sites {
                let time = Duration::from_secs(options.seconds.into());
                let sample = site.measure(operation, time, maker.databases.cluster())?;
                if round > 0 {
                    results.samples.entry((operation, site.customers)).or_default().push(sample);
                }
            }
        }
    }
    for site in sites {
        results.wholes.insert(site.customers, site.close()?);
    }
    Ok(results)
}
