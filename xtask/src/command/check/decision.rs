//! What was decided, and how to mend it, in words.

use std::io::{self, Write};

use chrono::NaiveDate;
use openapi_contract::Change;

use crate::{
    acceptance, artifact,
    command::Outcome,
    gate::{Against, Judgement, Problem},
    report,
};

/// Where the version is set, and what makes the document follow.
const SET_IT: &str = "VERSION in server/api/src/document.rs, then cargo xtask generate";

/// How many changes are named that break nobody.
const SHOWN: usize = 10;

/// Writes all of it; how to mend it last, where people look first.
pub(super) fn write(
    comparisons: &[Against<'_>],
    judgement: &Judgement<'_>,
    today: NaiveDate,
    out: &mut dyn Write,
) -> io::Result<()> {
    for against in comparisons {
        summary(against, out)?;
    }
    for (base, version) in &judgement.unordered {
        unordered(base, *version, out)?;
    }
    for (change, entry) in &judgement.accepted {
        writeln!(out, "accepted until {}: {}: {}", entry.until, title(change), entry.reason)?;
    }
    for entry in &judgement.landed {
        writeln!(out, "note: {entry}: the break is on the main branch by now; delete the entry")?;
    }
    for problem in &judgement.problems {
        explain(problem, out)?;
    }
    remedies(judgement, today, out)
}

fn summary(against: &Against<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Against { comparison, base } = against;
    let number = comparison.changes.len();
    if number == 0 {
        return writeln!(out, "contract: nothing changes for those who use {base}");
    }
    writeln!(
        out,
        "contract: {number} change{} since {base}: wire {}, client {}; version {}, was {}",
        if number == 1 { "" } else { "s" },
        comparison.wire,
        comparison.client,
        comparison.head_version.as_deref().unwrap_or("none"),
        comparison.base_version.as_deref().unwrap_or("none"),
    )
}

/// Nobody can change what is on the main branch already, but for what comes next.
fn unordered(base: &str, version: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    let what = match version {
        Some(version) => format!("the version of {base}, {version:?}, is not of the form 1.2.3"),
        None => format!("{base} has no info.version"),
    };
    writeln!(
        out,
        "note: {what}: nobody can tell whether another is higher, and none announces a break since. \
         A break needs an entry in {}, or waits until a version such as 1.0.0 is on the main branch",
        acceptance::FILE
    )
}

fn explain(problem: &Problem<'_>, out: &mut dyn Write) -> io::Result<()> {
    match problem {
        Problem::Broken { change, base } => broken(change, base, out),
        Problem::Lowered { base: (base, was), head } => {
            writeln!(out, "\nthe version is lowered: it is {head}, and was {was} in {base}")
        }
        Problem::TooLow { base: (base, was), head, least, changes } => {
            writeln!(
                out,
                "\nthe version is too low: it is {head}, and was {was} in {base}; what breaks \
                 nobody, and is more than a description, asks for {least} at least:"
            )?;
            all(changes, out)
        }
        Problem::NoVersion { head } => {
            let what = match head {
                Some(head) => {
                    format!(
                        "the version of {}, {head:?}, is not of the form 1.2.3",
                        artifact::DOCUMENT
                    )
                }
                None => format!("{} has no info.version", artifact::DOCUMENT),
            };
            writeln!(out, "\n{what}; write three numbers, as {SET_IT}")
        }
        Problem::Expired { entry, breaks } => {
            writeln!(
                out,
                "\n{entry}: expired on {}, and the break is still there; undo the break, or decide \
                 again and set `until`",
                entry.until
            )?;
            breaks.iter().try_for_each(|(change, base)| broken(change, base, out))
        }
        Problem::Unused(entry) => {
            writeln!(out, "\n{entry}: names no break that is there; delete it, or mend it")
        }
    }
}

fn broken(change: &Change, base: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}, compared with {base}:", Outcome::of_change(change).meaning())?;
    writeln!(out, "    {}", title(change))?;
    writeln!(out, "    {}", change.reason)?;
    if !change.operations.is_empty() {
        writeln!(out, "    operations: {}", change.operations.join(", "))?;
    }
    writeln!(out, "    without breaking anybody: {}", change.remedy())
}

fn all(changes: &[&Change], out: &mut dyn Write) -> io::Result<()> {
    for change in changes.iter().take(SHOWN) {
        writeln!(out, "    {}", title(change))?;
    }
    match changes.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        others => writeln!(out, "    and {others} more; to see them: cargo xtask diff"),
    }
}

fn remedies(judgement: &Judgement<'_>, today: NaiveDate, out: &mut dyn Write) -> io::Result<()> {
    if let Some(next) = &judgement.next {
        writeln!(out, "\nThe next version is {next}. To set it: {SET_IT}")?;
    }
    let broken = judgement.problems.iter().filter_map(|problem| match problem {
        Problem::Broken { change, .. } => Some(*change),
        _ => None,
    });
    let entries: Vec<String> = broken.map(|change| acceptance::entry(change, today)).collect();
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "Or, if it hurts nobody, say why and who answers for that, in {}:\n\n{}\n\
         To see all that changed: cargo xtask diff",
        acceptance::FILE,
        entries.join("\n")
    )
}

fn title(change: &Change) -> String {
    let place = report::place(change);
    let place = if place.is_empty() { "the top" } else { place };
    format!("{} ({}), at {place}", change.rule.title, change.rule.id)
}
