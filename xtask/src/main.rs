//! The binary behind `cargo xtask`; see the library of the same name.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::command::{Outcome, bench, check, conform, generate, lint, page_test, test};

/// Commands for working on this repository.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", after_help = "Exit codes: 0 in step, 4 stale, 1 failed.")]
struct Arguments {
    /// The workspace to work on, instead of the one that this binary was built from.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write openapi.json and client/src/generated.rs.
    Generate,
    /// Compare both with what would be generated; write nothing.
    Check,
    /// Hold openapi.json to the house rules, then run the third-party linters.
    Lint(lint::Options),
    /// Start the server and let Schemathesis examine whether it answers as openapi.json says.
    Conform(conform::Options),
    /// Open the page of a report in Chromium and see whether it works there.
    PageTest,
    /// Measure something beside others that do the same.
    #[command(subcommand)]
    Bench(bench::Benchmark),
    /// Run everything that has to pass: format, lints, drift check, tests, conformance, documentation.
    Test,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = arguments.root.unwrap_or_else(xtask::workspace_root);
    let out = &mut io::stdout();
    let outcome = match arguments.command {
        Command::Generate => generate::run(&root, out),
        Command::Check => check::run(&root, out),
        Command::Lint(options) => lint::run(&root, &options, out),
        Command::Conform(options) => conform::run(&root, options, out),
        Command::PageTest => page_test::run(&root, out),
        Command::Bench(benchmark) => bench::run(&root, &benchmark, out),
        Command::Test => test::run(&root, out),
    };
    match outcome {
        Ok(Outcome::InStep) => ExitCode::SUCCESS,
        Ok(Outcome::Stale) => ExitCode::from(4),
        Ok(Outcome::AgainstRules) => ExitCode::FAILURE,
        Err(error) => {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
