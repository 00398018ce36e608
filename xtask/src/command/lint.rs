//! `cargo xtask lint`: what the house rules and third-party linters say about the document:
//! nothing.
//!
//! The rules come first: they need nothing that has to be installed, and answer at once.

mod third_party;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::{Args, builder::PossibleValuesParser};

use super::Outcome;
use crate::{
    artifact,
    edition::{Edition, Role},
    house::{self, Finding, Rule},
    report::position::Positions,
};

/// What explains every rule.
const ALL: &str = "all";

/// What to lint, or what to explain instead.
#[derive(Args, Default)]
#[command(after_help = "The house rules are in xtask/src/house. Exit codes: 0 nothing to say, 1 \
                        findings or failed, 2 no such rule.")]
pub struct Options {
    /// Hold this document to the house rules instead; the third-party linters, which are set up
    /// for openapi.json, are left out.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["explain", "list"])]
    document: Option<PathBuf>,
    /// Say what a house rule asks and why, with a good and a bad example; `all` for each.
    #[arg(
        long,
        value_name = "RULE",
        conflicts_with = "list",
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(house::all().map(|rule| rule.id).chain([ALL])),
    )]
    explain: Option<String>,
    /// List the house rules.
    #[arg(long)]
    list: bool,
}

/// Lints the document, or shows the rules.
///
/// # Errors
/// When a document can't be read, a third-party linter can't be run or has something to say.
pub fn run(root: &Path, options: &Options, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    if options.list {
        return list(out);
    }
    if let Some(id) = &options.explain {
        return explain(id, out);
    }
    if let Some(document) = &options.document {
        return house_rules(document, &document.display().to_string(), out);
    }
    let outcome = house_rules(&root.join(artifact::DOCUMENT), artifact::DOCUMENT, out)?;
    third_party::run(root, out)?;
    Ok(outcome)
}

fn house_rules(file: &Path, name: &str, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let edition = Edition::of_file(Role::Linted, name.to_owned(), file)?;
    let findings = house::check(edition.document.as_value());
    let positions = Positions::new(&edition.text);
    for Finding { rule, pointer, message, .. } in &findings {
        let place = positions
            .of(pointer)
            .map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        let pointer = if pointer.is_empty() { "(document)" } else { pointer };
        writeln!(out, "{name}{place}: {} {pointer}: {message}", rule.id)?;
    }
    let Some(first) = findings.first() else {
        let rules = house::all().count();
        writeln!(out, "{name}: follows the {rules} house rules")?;
        return Ok(Outcome::InStep);
    };
    let (count, rule) = (findings.len(), first.rule.id);
    let findings = if count == 1 { "finding" } else { "findings" };
    writeln!(out, "{name}: {count} {findings}. Why: cargo xtask lint --explain {rule}")?;
    Ok(Outcome::AgainstRules)
}

fn list(out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let widest = house::all().map(|rule| rule.id.len()).max().unwrap_or_default();
    for Rule { id, text, .. } in house::all() {
        writeln!(out, "{id:widest$}  {text}")?;
    }
    Ok(Outcome::InStep)
}

fn explain(id: &str, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let asked = house::all().filter(|rule| id == ALL || rule.id == id);
    for (index, rule) in asked.enumerate() {
        let between = if index == 0 { "" } else { "\n\n" };
        write!(out, "{between}{rule}")?;
    }
    writeln!(out, "\nThe examples are merge patches (RFC 7396) of a document: `null` takes away.")?;
    Ok(Outcome::InStep)
}
