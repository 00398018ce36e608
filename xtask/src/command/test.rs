//! `cargo xtask test`: everything that has to pass, in the order in which it fails fastest.

use std::{io::Write, path::Path, process::Command};

use anyhow::bail;
use chrono::NaiveDate;

use super::{Outcome, check, conform, lint, page_test, requirements, step};
use crate::cargo;

const FORMAT: &[&str] = &["fmt", "--all", "--check"];
const LINTS: &[&str] =
    &["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"];
const TESTS: &[&str] = &["test", "--workspace", "--locked"];
const DOCUMENTATION: &[&str] = &["doc", "--workspace", "--no-deps", "--locked"];
/// Builds the client from its package alone, as a user gets it. What is not committed yet is
/// tested too.
const PACKAGE: &[&str] = &["package", "--package", "customers-client", "--locked", "--allow-dirty"];
/// Advisories need a database from the network; the hosted workflow checks them.
const DENY: &[&str] =
    &["deny", "--locked", "check", "--allow", "unused-wrapper", "bans", "licenses", "sources"];

/// Runs every step and stops at the first that fails.
///
/// # Errors
/// When something has to be installed first, or a step fails.
pub fn run(root: &Path, today: NaiveDate, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    requirements::check()?;
    step::run_program(out, &mut cargo(root, FORMAT))?;
    let checked = drift(root, today, out)?;
    if checked != Outcome::InStep {
        return Ok(checked);
    }
    lints_of_document(root, out)?;
    step::run_program(out, &mut cargo(root, LINTS))?;
    step::run_program(out, &mut cargo(root, TESTS))?;
    step::run(out, "cargo xtask page-test", |out| page_test::run(root, out).map(drop))?;
    conformance(root, out)?;
    step::run_program(out, cargo(root, DOCUMENTATION).env("RUSTDOCFLAGS", "--deny warnings"))?;
    step::run_program(out, &mut cargo(root, PACKAGE))?;
    deny(root, out)?;
    writeln!(out, "\nEverything passed.")?;
    Ok(Outcome::InStep)
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = cargo::command(root);
    command.args(arguments);
    command
}

/// What it finds are outcomes of their own, with their own exit codes and their own remedies.
fn drift(root: &Path, today: NaiveDate, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::InStep;
    step::run(out, "cargo xtask check", |out| {
        outcome = check::run(root, &check::Options::default(), today, out)?;
        Ok(())
    })?;
    Ok(outcome)
}

/// The rules' findings are shown by then.
fn lints_of_document(root: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    step::run(out, "cargo xtask lint", |out| {
        if lint::run(root, &lint::Options::default(), out)? == Outcome::AgainstRules {
            bail!("the document does not follow the house rules");
        }
        Ok(())
    })
}

/// The smaller form, which is the same each time.
fn conformance(root: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let quick = conform::Options { quick: true, seed: None };
    step::run(out, "cargo xtask conform --quick", |out| conform::run(root, quick, out).map(drop))
}

fn deny(root: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let probe = cargo(root, &["deny", "--version"]).output()?;
    if probe.status.success() {
        return step::run_program(out, &mut cargo(root, DENY));
    }
    if probe.status.code().is_none() {
        bail!("cargo deny was killed: {}", probe.status);
    }
    writeln!(
        out,
        "\nLeft out: cargo deny, which is not installed; to install it: \
         cargo install cargo-deny --locked"
    )?;
    Ok(())
}
