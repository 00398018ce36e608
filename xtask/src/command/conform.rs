//! `cargo xtask conform`: whether the running server answers as the document says, in the
//! judgement of a third party.
//!
//! The server runs on its demo data. Schemathesis makes requests of the document, good ones and
//! bad ones, and checks each answer against it; what it checks, and with which values, is in
//! `.config/conformance`. What was really asked is counted in the server's own log, so that a run
//! that asked little, or was only ever refused, does not pass for a good one.

mod fuzzer;
mod server;
mod tally;

use std::{
    fs,
    hash::{BuildHasher, RandomState},
    io::Write,
    path::Path,
    time::Instant,
};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use self::{
    fuzzer::{Fuzzer, Phases, Round},
    server::Server,
    tally::Tally,
};
use super::{Outcome, requirements};
use crate::artifact;

/// The fewest requests of a whole run.
const REQUESTS: usize = 20_000;

/// How much to ask, and what.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Options {
    /// A hundred requests and more for each operation, always the same, in less than a minute
    #[arg(long)]
    pub quick: bool,
    /// Make the requests of an earlier run again, which has printed this number
    #[arg(long, value_name = "N")]
    pub seed: Option<u32>,
}

/// Installs Schemathesis where needed, starts the server, and lets the one examine the other.
///
/// # Errors
/// When something is missing, or the server does not do what the document says.
pub fn run(root: &Path, options: Options, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    requirements::python()?;
    let settings = root.join(".config/conformance");
    let target = root.join("target/conformance");
    let fuzzer = Fuzzer::install(&settings, &target)?;
    let program = server::build(root)?;
    let operations = operations(root)?;
    let seed = options.seed.unwrap_or_else(|| default_seed(options));
    let start = Instant::now();

    let folder = tempfile::Builder::new().prefix("run-").tempdir_in(&target)?;
    let server = Server::start(&program, &settings.join("server.toml"), folder.path())?;
    let mut faults = Vec::new();
    for round in rounds(options, operations.len()) {
        let before = server.log()?.len();
        let examined = fuzzer.examine(root, &server, round, seed, folder.path())?;
        let asked = Tally::of_log(server.log()?.get(before..).unwrap_or_default());
        if examined.success() {
            faults.extend(hollow(round, &asked, &operations));
        } else {
            faults.push(format!("{}: what stands above ({examined})", round.phases.names()));
        }
    }
    let (ended, log) = server.stop()?;
    if !ended.success() {
        faults.push(format!("the server did not end as it should ({ended})"));
    }

    let tally = Tally::of_log(&log);
    let (requests, seconds) = (tally.requests(), start.elapsed().as_secs_f64());
    writeln!(out, "\n{tally}\n{requests} requests in {seconds:.1} s, seed {seed}")?;
    faults.extend(tally.faults(&operations));
    if !options.quick && requests < REQUESTS {
        faults.push(format!("{requests} requests: a whole run has at least {REQUESTS}"));
    }
    if faults.is_empty() {
        return Ok(Outcome::InStep);
    }
    bail!(
        "the server does not conform:\n- {}\nits log and records: {}\nto repeat: cargo xtask \
         conform{} --seed {seed}",
        faults.join("\n- "),
        folder.keep().display(),
        if options.quick { " --quick" } else { "" },
    )
}

/// A quick run is the same each time: it decides whether a commit passes. A whole one finds more
/// the more often it is made.
fn default_seed(options: Options) -> u32 {
    // The keys of hash tables are the one source of chance in the standard library.
    let chance = u32::try_from(RandomState::new().hash_one(0) >> 32).unwrap_or_default();
    if options.quick { 1 } else { chance }
}

/// Sequences are a round of their own: Schemathesis would put values from the answers of the other
/// phases into them, which are not the same each time, and then Hypothesis gives up after a few,
/// without a word.
fn rounds(options: Options, operations: usize) -> [Round; 2] {
    let (examples, sequences) =
        if options.quick { (100, 50) } else { (REQUESTS.div_ceil(operations.max(1)), 1_000) };
    [
        Round { phases: Phases::Single, examples },
        Round { phases: Phases::Sequences, examples: sequences },
    ]
}

/// Where a round that has found nothing has asked too little: Schemathesis passes over some of
/// what ends it early.
fn hollow(round: Round, asked: &Tally, operations: &[String]) -> Vec<String> {
    // A few examples are paths that are none of any operation.
    let enough = round.examples - round.examples / 10;
    let asked = match round.phases {
        Phases::Single => {
            operations.iter().map(|name| (name.as_str(), asked.of_operation(name))).collect()
        }
        Phases::Sequences => vec![("all operations together", asked.requests())],
    };
    let few = asked.into_iter().filter(|(_, requests)| *requests < enough);
    let names = round.phases.names();
    few.map(|(who, requests)| format!("{names}: {who} had {requests} requests of {enough}"))
        .collect()
}

/// The identifiers of all operations of the document.
fn operations(root: &Path) -> anyhow::Result<Vec<String>> {
    let document = fs::read(root.join(artifact::DOCUMENT))
        .with_context(|| format!("{} can't be read", artifact::DOCUMENT))?;
    let document: Value = serde_json::from_slice(&document)
        .with_context(|| format!("{} is no JSON", artifact::DOCUMENT))?;
    let items = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    let members = items.filter_map(Value::as_object).flat_map(|item| item.values());
    let names = members.filter_map(|member| member.get("operationId")?.as_str());
    Ok(names.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_document_is_expected_to_be_met() {
        let operations = operations(&crate::workspace_root()).unwrap();
        assert!(operations.contains(&"get_customer".to_owned()), "{operations:?}");
        assert!(operations.contains(&"list_permissions".to_owned()), "{operations:?}");
    }

    #[test]
    fn a_quick_run_is_always_the_same_and_a_whole_one_is_not() {
        let quick = Options { quick: true, seed: None };
        assert_eq!(default_seed(quick), default_seed(quick));
        let whole = Options::default();
        assert_ne!(default_seed(whole), default_seed(whole));
    }

    #[test]
    fn a_round_that_asks_one_operation_too_little_is_a_fault() {
        let operations = ["get_customer", "list_permissions"].map(str::to_owned);
        let asked = |customer: usize, permissions: usize| {
            let line = |operation| format!("{{\"operation\":\"{operation}\",\"status\":200}}\n");
            let customer = line("get_customer").repeat(customer);
            Tally::of_log(&(customer + &line("list_permissions").repeat(permissions)))
        };
        let round = |phases| Round { phases, examples: 10 };
        let single = round(Phases::Single);
        assert_eq!(hollow(single, &asked(9, 20), &operations), Vec::<String>::new());
        assert_eq!(
            hollow(single, &asked(8, 20), &operations),
            ["examples,coverage,fuzzing: get_customer had 8 requests of 9"]
        );
        let sequences = round(Phases::Sequences);
        assert_eq!(hollow(sequences, &asked(9, 0), &operations), Vec::<String>::new());
        assert_eq!(hollow(sequences, &asked(4, 4), &operations).len(), 1);
    }

    #[test]
    fn the_examples_of_a_whole_run_are_enough_for_all_its_requests() {
        for operations in 1..50 {
            let [single, _] = rounds(Options::default(), operations);
            assert!(single.examples * operations >= REQUESTS, "{operations}");
        }
    }
}
