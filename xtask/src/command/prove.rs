//! `cargo xtask prove`: whether the verdicts for the client are true.
//!
//! For each case of the collection both clients are generated, and a caller of the first, which
//! uses all that it has. It has to compile against the first. Whether it compiles against the
//! second has to be what the comparison says, but for breaks that show only when the caller runs.

pub mod caller;
mod compiler;
pub mod generated;

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "it is shared with the tests of the library; a case that can't be read fails"
)]
#[path = "../../contract/tests/contract/case.rs"]
mod case;

use std::{io::Write, panic, path::Path};

use anyhow::bail;
use openapi_contract::{ClientStyle, Verdict, client_differences, client_refusals};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use self::{case::Case, compiler::Compiler};
use super::Outcome;

/// Breaks that the compiler does not see: what has to be set is missing when the caller runs, and
/// a name may mean something else.
const SEEN_WHEN_RUN: [&str; 5] = [
    "client-argument-required",
    "client-field-required",
    "client-method-renamed",
    "client-type-renamed",
    "client-variant-renamed",
];

/// An argument that has become a `bool` takes integers since Rust 1.95, and fails with all but 0 and 1
/// when the caller runs. Older compilers refuse it, and so the comparison calls it a break.
fn is_converted_by_newer_rust(difference: &str) -> bool {
    let head = difference.rsplit_once(" Some(").map_or("", |(_, head)| head);
    difference.starts_with("client-argument-type-changed") && head.contains("bool")
}

/// What is to be proven.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Only the cases that have this in their name.
    #[arg(value_name = "PART")]
    pub part: Option<String>,
}

/// What came of a case.
enum Proof {
    /// The compiler says what the comparison says.
    Holds(Verdict),
    /// There is no client of the base that anybody could have called.
    NoClient,
    /// They differ, or the caller is wrong.
    Wrong(String),
}

/// Proves the client verdicts of all cases, in both styles.
///
/// # Errors
/// When one is not true, or it can't be found out.
pub fn run(root: &Path, options: &Options, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let part = options.part.as_deref().unwrap_or_default();
    let cases: Vec<Case> = case::all_in(&root.join("xtask/contract/cases"))
        .into_iter()
        .filter(|case| case.name.contains(part))
        // There the model says itself that it does not know.
        .filter(|case| case.rule.as_deref() != Some("client-type-unknown"))
        .collect();
    let compiler = Compiler::new(root)?;
    let styles = [("builder", ClientStyle::Builder), ("positional", ClientStyle::Positional)];
    let tasks: Vec<_> =
        cases.iter().flat_map(|case| styles.map(|(name, style)| (case, name, style))).collect();
    let proofs = in_parallel(&tasks, |(case, _, style)| prove(&compiler, case, *style));
    let (mut proven, mut wrong) = (0, 0);
    for ((case, style, _), proof) in tasks.iter().zip(proofs) {
        match proof? {
            Proof::Holds(verdict) => {
                proven += 1;
                writeln!(out, "{verdict:10} {} ({style})", case.name)?;
            }
            Proof::NoClient => writeln!(out, "no client  {} ({style})", case.name)?,
            Proof::Wrong(why) => {
                wrong += 1;
                writeln!(out, "WRONG      {} ({style}): {why}", case.name)?;
            }
        }
    }
    writeln!(out, "\n{proven} verdicts are proven, {wrong} are wrong.")?;
    if wrong > 0 {
        bail!("{wrong} client verdicts are not what the compiler says");
    }
    Ok(Outcome::InStep)
}

fn prove(compiler: &Compiler, case: &Case, style: ClientStyle) -> anyhow::Result<Proof> {
    let (before, after) = case.documents();
    let differences = client_differences(&before, &after, style);
    let verdict = differences.iter().map(|it| it.0).max().unwrap_or_default();
    let Ok(client) = generated::client(&case.before, style) else { return Ok(Proof::NoClient) };
    let caller = caller::source(&client, style);
    let client = prettyplease::unparse(&client);
    if let Err(said) = compiler.compile(&with_client(&client, &caller))? {
        return Ok(if client_refusals(&before, style).is_empty() {
            Proof::Wrong(format!("the caller is wrong\n{said}"))
        } else {
            Proof::NoClient
        });
    }
    let outcome = match generated::client(&case.after, style) {
        Ok(client) => compiler.compile(&with_client(&prettyplease::unparse(&client), &caller))?,
        Err(said) => Err(said),
    };
    let breaking = differences.iter().filter(|it| it.0 == Verdict::Breaking);
    let only_when_run = |it: &(Verdict, String)| {
        SEEN_WHEN_RUN.iter().any(|rule| it.1.starts_with(rule)) || is_converted_by_newer_rust(&it.1)
    };
    Ok(match outcome {
        Ok(()) if breaking.clone().any(|it| !only_when_run(it)) => {
            let breaking: Vec<_> = breaking.map(|it| it.1.as_str()).collect();
            Proof::Wrong(format!("it compiles, in spite of\n{}", breaking.join("\n")))
        }
        Err(said) if verdict != Verdict::Breaking => {
            Proof::Wrong(format!("it is said to be {verdict}, but\n{said}"))
        }
        _ => Proof::Holds(verdict),
    })
}

/// One crate of a client and a caller beside it.
fn with_client(client: &str, caller: &str) -> String {
    format!(
        "#![allow(warnings)]\npub mod client {{\n{client}\n}}\npub mod caller {{\n{caller}\n}}\n"
    )
}

/// Does the work on all processors, and returns what came of it in order.
fn in_parallel<T: Sync, R: Send>(tasks: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    // The generator panics at what it does not know, which is no news here.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let done = tasks.par_iter().map(work).collect();
    panic::set_hook(hook);
    done
}
