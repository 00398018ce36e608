//! `cargo xtask fuzz`: whatever two documents are, their comparison ends, soon, and without a panic.
//!
//! The target is `xtask/contract/fuzz`, a workspace of its own, which is compiled with the
//! instruments of libFuzzer. It begins with the cases of the collection.

use std::{io::Write, path::Path};

use anyhow::Context;

use super::{Outcome, requirements, step};
use crate::cargo;

/// Where the target is, relative to the workspace.
const FOLDER: &str = "xtask/contract/fuzz";
/// No comparison may take longer, in seconds, or more memory, in MiB.
const LIMITS: [&str; 4] =
    ["-dict=openapi.dict", "-max_len=65536", "-timeout=10", "-rss_limit_mb=1024"];

/// For how long.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// How many seconds to go on, once all is compiled.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    pub seconds: u32,
}

/// Writes what the fuzzer begins with, and runs it.
///
/// # Errors
/// When a compiler is missing, or it finds something.
pub fn run(root: &Path, options: Options, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    requirements::cpp_compiler()?;
    let mut seeds = cargo::command(root);
    seeds.args(["run", "--quiet", "--locked", "--package", "openapi-contract"]);
    seeds.args(["--example", "seeds", "--", &format!("{FOLDER}/corpus")]);
    step::run_program(out, &mut seeds)?;
    // Its flags are in the folder's own settings, which Cargo finds only from there.
    let folder = root.join(FOLDER);
    let mut build = cargo::command(&folder);
    step::run_program(out, build.args(["build", "--quiet", "--release", "--locked"]))
        .with_context(|| format!("in {FOLDER}"))?;
    let mut fuzzer = cargo::command(&folder);
    fuzzer.args(["run", "--quiet", "--release", "--locked", "--", "corpus"]).args(LIMITS);
    fuzzer.arg(format!("-max_total_time={}", options.seconds));
    // What the fuzzer leaves behind is of use only to who knows what it is.
    step::run_program(out, &mut fuzzer).with_context(|| {
        format!(
            "what the fuzzer found is in {FOLDER}, as crash-…, timeout-… or oom-…; to repeat it \
             there: cargo run --release -- FILE"
        )
    })?;
    writeln!(out, "\nNothing was found in {} seconds.", options.seconds)?;
    Ok(Outcome::InStep)
}
