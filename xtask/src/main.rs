//! The binary behind `cargo xtask`; see the library of the same name.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use rayon::ThreadPoolBuilder;
use xtask::{
    clock,
    command::{
        self, Outcome, Session, bench, changelog, check, conform, diff, fuzz, generate, lint,
        page_test, prove, test,
    },
    output::Output,
};

/// Comparing documents is a third allocating. It takes a fifth less time with this allocator, and up to
/// twice the memory: 50 to 80 MB for two documents of a megabyte each.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Commands for working on this repository.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", after_help = Outcome::help())]
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
    /// Compare both with what would be generated, and the contract with what was promised before;
    /// write nothing.
    #[command(after_help = Outcome::help())]
    Check(check::Options),
    /// Say what a change of openapi.json does to deployed clients, and to code that uses the
    /// generated client.
    #[command(after_help = Outcome::help_of_a_comparison())]
    Diff(diff::Options),
    /// Write what changed in the contract as an entry of a change log, in Markdown.
    Changelog(changelog::Options),
    /// Hold openapi.json to the house rules, then run the third-party linters.
    Lint(lint::Options),
    /// Start the server and let Schemathesis examine whether it answers as openapi.json says.
    Conform(conform::Options),
    /// Open the page of a report in Chromium and see whether it works there.
    PageTest,
    /// Compile callers of generated clients to see whether the client verdicts of all cases are true.
    Prove(prove::Options),
    /// Compare whatever a fuzzer comes up with, to see that it ends soon and without a panic.
    Fuzz(fuzz::Options),
    /// Measure something beside others that do the same.
    #[command(subcommand)]
    Bench(bench::Benchmark),
    /// Run everything that has to pass: format, lints, drift check, tests, conformance, documentation.
    Test,
}

/// One thread for each processor, this one among them. Which does a part of the work makes no
/// difference but to the memory that a thread takes when it begins, and these last as long as the
/// process.
fn share_work() {
    let pool = ThreadPoolBuilder::new().use_current_thread().build_global();
    // Where no more threads can be had, whoever asks for the first gets to know it.
    drop(pool);
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    share_work();
    let root = arguments.root.unwrap_or_else(xtask::workspace_root);
    let (out, notes) = (&mut Output::standard(), &mut io::stderr());
    let today = clock::today();
    let mut session = Session { root: &root, today, out: &mut Output::standard(), notes };
    let outcome = match arguments.command {
        Command::Generate => generate::run(&root, out),
        Command::Check(options) => check::run(&root, &options, today, out),
        Command::Diff(options) => diff::run(&mut session, &options),
        Command::Changelog(options) => changelog::run(&mut session, &options),
        Command::Lint(options) => lint::run(&root, &options, out),
        Command::Conform(options) => conform::run(&root, options, out),
        Command::PageTest => page_test::run(&root, out),
        Command::Prove(options) => prove::run(&root, &options, out),
        Command::Fuzz(options) => fuzz::run(&root, options, out),
        Command::Bench(benchmark) => bench::run(&root, &benchmark, out),
        Command::Test => test::run(&root, today, out),
    };
    if let Err(error) = &outcome {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "error: {error:#}");
    }
    ExitCode::from(command::exit_code(&outcome))
}
