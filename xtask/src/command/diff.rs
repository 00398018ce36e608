//! `cargo xtask diff`: what a change of the document does to those who depend on it.

mod git_driver;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    io::{self, IsTerminal},
    mem::ManuallyDrop,
    path::PathBuf,
};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use openapi_contract::{ClientStyle, Comparison};

use super::{
    Outcome, Session,
    sides::{STANDARD_INPUT, Sources},
};
use crate::{
    acceptance::{self, Acceptance},
    comparison,
    report::{self, Document, Format, Subject},
};

/// What to compare, and how to show it.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The document that others depend on: a file, a revision of Git, or `-` for standard input.
    ///
    /// What is the name of a file that exists is taken for the file; `./main` and `refs/heads/main`
    /// can't be mistaken. At a revision, the document is looked for where the head is now, also if
    /// Git sees that it was renamed since; REV:PATH names it wherever it is. By default, it is the
    /// one at the merge base of the head with the main branch.
    #[arg(long, value_name = "REV|FILE")]
    base: Option<OsString>,
    /// The document that is to take its place: a file, a revision of Git, or `-` for standard input,
    /// all as for --base; by default openapi.json of the work tree.
    #[arg(long, value_name = "REV|FILE")]
    head: Option<OsString>,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Which interface of Progenitor the verdict about clients is for.
    #[arg(long, value_enum, default_value_t = Style::Builder)]
    client_style: Style,
    /// Write it to this file, and only a summary to standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Be called by `git diff`, as `diff.<driver>.command`.
    #[arg(long, conflicts_with_all = ["base", "head", "format", "output"])]
    git_driver: bool,
    /// What `git diff` passes.
    #[arg(
        hide = true,
        requires = "git_driver",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    of_git: Vec<OsString>,
}

/// The interfaces that Progenitor generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Style {
    /// One builder for each operation.
    Builder,
    /// One function for each operation.
    Positional,
}

impl From<Style> for ClientStyle {
    fn from(style: Style) -> Self {
        match style {
            Style::Builder => Self::Builder,
            Style::Positional => Self::Positional,
        }
    }
}

/// Compares and reports.
///
/// # Errors
/// When there is no base, or something can't be read, compared or written.
pub fn run(session: &mut Session<'_>, options: &Options) -> anyhow::Result<Outcome> {
    let style = openapi_contract::Options { client_style: options.client_style.into() };
    if options.git_driver {
        let shown = git_driver::show(&options.of_git, style, session.today)?;
        write!(session.out, "{shown}")?;
        return Ok(Outcome::InStep);
    }
    let is_standard_input =
        |side: &Option<OsString>| side.as_ref().is_some_and(|side| side == STANDARD_INPUT);
    if is_standard_input(&options.base) && is_standard_input(&options.head) {
        bail!("--base and --head can't both be read from standard input; name a file for one");
    }
    let sources = Sources::of(session.root);
    let (head, base) = sources.both(options.head.as_deref(), options.base.as_deref())?;
    for note in &base.notes {
        session.note(note)?;
    }
    // The process ends with this comparison, and lets go of both documents at once. To do so piece
    // by piece would take longer than to write the report.
    let (is_own, head) = (base.is_own || head.is_own, ManuallyDrop::new(head.edition));
    // The first document is compared with itself: programs get what they can read.
    let base = base.edition.map_or_else(|| head.clone(), ManuallyDrop::new);
    let comparison = comparison::compare(&base.document, &head.document, style);
    // What was decided about this contract says nothing about others.
    let entries = if is_own { acceptance::read(session.root)? } else { Vec::new() };
    let subject = Subject {
        base: Document::of(&base),
        head: Document::of(&head),
        accepted: &accepted(entries, &comparison, session.today),
        today: session.today,
        colour: options.output.is_none() && has_colours(io::stdout().is_terminal()),
    };
    let rendered = report::render(options.format, &comparison, &subject);
    match &options.output {
        Some(file) => {
            fs::write(file, rendered)
                .with_context(|| format!("{} can't be written", file.display()))?;
            let (number, file) = (comparison.changes.len(), file.display());
            let s = if number == 1 { "" } else { "s" };
            let Comparison { wire, client, .. } = comparison;
            writeln!(session.out, "{file}: {number} change{s}, wire {wire}, client {client}")?;
        }
        None => write!(session.out, "{rendered}")?,
    }
    Ok(Outcome::of_comparison(&comparison))
}

/// Which of these changes are accepted today, and why.
fn accepted(
    mut entries: Vec<Acceptance>,
    comparison: &Comparison,
    today: NaiveDate,
) -> BTreeMap<String, String> {
    entries.retain(|entry| !entry.has_expired(today));
    let accepted = comparison.changes.iter().filter_map(|change| {
        let entry = entries.iter().find(|entry| entry.names(change))?;
        Some((change.id.clone(), entry.reason.clone()))
    });
    accepted.collect()
}

/// See <https://no-color.org>.
fn has_colours(is_terminal: bool) -> bool {
    is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
