//! A comparison as an entry of a change log.

use std::{collections::BTreeMap, fmt::Write as _};

use chrono::NaiveDate;
use openapi_contract::{Category, Comparison, Document, Verdict};

use super::{cause::Cause, place};
use crate::edition::Edition;

/// The parts of an entry, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Breaking,
    Added,
    Changed,
    Deprecated,
    Removed,
    Documentation,
}

/// What can be there or not; other rules about adding and removing are about what a value may be.
const THINGS: [&str; 11] = [
    "operation",
    "parameter",
    "property",
    "request-body",
    "response-body",
    "media-type",
    "status",
    "header",
    "variant",
    "enum-value",
    "server",
];

impl Section {
    fn of(cause: &Cause<'_>) -> Self {
        let rule = cause.change.rule;
        let is_about_a_thing = |what: &str| {
            let thing = rule.id.split_once(what).map(|(thing, _)| thing);
            thing.is_some_and(|thing| THINGS.contains(&thing))
        };
        match rule.id {
            _ if cause.worst() == Verdict::Breaking => Self::Breaking,
            _ if rule.category == Category::Documentation => Self::Documentation,
            "deprecated-set" | "sunset-earlier" => Self::Deprecated,
            _ if is_about_a_thing("-added") => Self::Added,
            _ if is_about_a_thing("-removed") => Self::Removed,
            _ => Self::Changed,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
            Self::Documentation => "Documentation",
        }
    }
}

/// How many operations are named before the others are only counted.
const NAMED: usize = 3;

/// The entry. What changes between two documents is told once, however often it appears.
pub(super) fn write(
    comparison: &Comparison,
    base: &Edition,
    head: &Edition,
    today: NaiveDate,
) -> String {
    let mut sections: BTreeMap<Section, Vec<String>> = BTreeMap::new();
    for cause in Cause::all(&comparison.changes) {
        let line = line(&cause, &base.document, &head.document);
        let lines = sections.entry(Section::of(&cause)).or_default();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let mut text = heading(comparison, today);
    if sections.is_empty() {
        // Writing to a `String` does not fail.
        let _ =
            writeln!(text, "\nNothing changed for those who call the service since {}.", base.name);
    }
    for (section, mut lines) in sections {
        lines.sort();
        let _ = write!(text, "\n### {}\n\n", section.title());
        for line in lines {
            let _ = writeln!(text, "- {line}");
        }
    }
    text
}

fn heading(comparison: &Comparison, today: NaiveDate) -> String {
    match &comparison.head_version {
        Some(version) if comparison.base_version.as_ref() != Some(version) => {
            format!("## {version} ({today})\n")
        }
        _ => format!("## Unreleased ({today})\n"),
    }
}

/// One cause in one line: whom it concerns, what it is, where, and what it breaks.
fn line(cause: &Cause<'_>, base: &Document, head: &Document) -> String {
    let change = cause.change;
    let document = if change.after.is_null() { base } else { head };
    let place = place::in_words(document, crate::report::place(change));
    let title = change.rule.title;
    let mut line = match (operations(&change.operations), place) {
        (Some(operations), Some(place)) => format!("{operations}: {title}: {place}"),
        (Some(operations), None) => format!("{operations}: {title}"),
        (None, Some(place)) => format!("{title}: {place}"),
        (None, None) => title.to_owned(),
    };
    // Why it breaks is what a caller has to know; of the rest the title says enough.
    let breaks = cause.all_of_it().filter(|change| change.worst() == Verdict::Breaking);
    for change in breaks {
        let end = if line.ends_with('.') { "" } else { "." };
        let _ = write!(line, "{end} {}", sentence(&change.reason));
    }
    if !line.ends_with('.') {
        line.push('.');
    }
    line
}

/// Reasons begin in lower case, unless with a name.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn operations(all: &[String]) -> Option<String> {
    let first: Vec<String> = all.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let first = first.join(", ");
    match all.len().saturating_sub(NAMED) {
        _ if all.is_empty() => None,
        0 => Some(first),
        others => Some(format!("{first} and {others} more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_operations_are_counted_and_not_named() {
        let names: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        assert_eq!(operations(&names).as_deref(), Some("`a`, `b`, `c` and 2 more"));
        assert_eq!(operations(&names[..1]).as_deref(), Some("`a`"));
        assert_eq!(operations(&[]), None);
    }
}
