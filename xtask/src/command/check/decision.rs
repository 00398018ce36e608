//! What was decided, and how to mend it, in words.

use std::io::{self, Write};

use chrono::NaiveDate;
use openapi_contract::Change;

use crate::{
    acceptance,
    gate::{Against, Judgement, Problem},
    report,
};

/// Where the version is set, and what makes the document follow.
const SET_IT: &str = "VERSION in server/api/src/document.rs, then cargo xtask generate";

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

fn explain(problem: &Problem<'_>, out: &mut dyn Write) -> io::Result<()> {
    match problem {
        Problem::Broken { change, base } => {
            writeln!(out, "\n{}, compared with {base}:", problem.outcome().meaning())?;
            writeln!(out, "    {}", title(change))?;
            writeln!(out, "    {}", change.reason)?;
            if !change.operations.is_empty() {
                writeln!(out, "    operations: {}", change.operations.join(", "))?;
            }
            writeln!(out, "    without breaking anybody: {}", change.rule.remedy)
        }
        Problem::Lowered { base: (base, was), head } => {
            writeln!(out, "\nthe version is lowered: it is {head}, and was {was} in {base}")
        }
        Problem::TooLow { base: (base, was), head, rise } => writeln!(
            out,
            "\nthe version is too low: it is {head}, and was {was} in {base}; {rise} raises it to \
             {} at least",
            rise.next(was)
        ),
        Problem::NoVersion { head: Some(head) } => {
            writeln!(out, "\nthe version, {head}, is none that can be compared, such as 1.2.3")
        }
        Problem::NoVersion { head: None } => writeln!(out, "\nthe document has no info.version"),
        Problem::Expired(entry) => writeln!(
            out,
            "\n{entry}: expired on {}, and the break is still there; undo the break, or decide \
             again and set `until`",
            entry.until
        ),
        Problem::Unused(entry) => {
            writeln!(out, "\n{entry}: names no break that is there; delete it, or mend it")
        }
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
