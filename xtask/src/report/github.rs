//! GitHub's workflow commands: a line of the log each, which GitHub shows beside the document.

use std::path::Path;

use openapi_contract::Verdict;

use super::{
    Document,
    facts::facts,
    outline::{Entry, Outline},
    wording,
};
use crate::edition::Place;

/// GitHub cuts what is longer than some thousand characters.
const VALUE: usize = 200;

pub(super) fn render(outline: &Outline<'_>) -> String {
    // GitHub shows so few annotations of a step that documentation must not take the place of more.
    let entries = outline.causes.iter().chain(&outline.additions);
    let annotations = entries.map(|entry| annotation(outline.subject.head, entry));
    let mut report: String = annotations.collect();
    // A line without `::` in front is one for people.
    report.push_str(&outline.verdict_line());
    report.push('\n');
    report
}

fn annotation(head: Document<'_>, entry: &Entry<'_>) -> String {
    let change = entry.change;
    let level = match change.worst() {
        _ if entry.accepted.is_some() => "notice",
        Verdict::Breaking => "error",
        Verdict::Warning => "warning",
        Verdict::Compatible => "notice",
    };
    let mut properties = Vec::new();
    // GitHub looks for what has another path in the repository all the same.
    if let Place::InRepository(path) = head.place {
        properties.push(format!("file={}", property(&slashed(path))));
        let place = entry.head.map(|head| format!("line={},col={}", head.line, head.column));
        properties.extend(place);
    }
    let title = format!("{} ({})", wording::capital(change.rule.title), change.rule.id);
    properties.push(format!("title={}", property(&title)));
    format!("::{level} {}::{}\n", properties.join(","), data(&message(head, entry)))
}

fn message(head: Document<'_>, entry: &Entry<'_>) -> String {
    let mut lines = vec![wording::sentence(&entry.change.reason)];
    let facts = facts(entry, VALUE, wording::visible).into_iter();
    lines.extend(facts.map(|(name, fact)| format!("{}: {fact}", wording::capital(name))));
    if !matches!(head.place, Place::InRepository(_)) {
        let line = entry.head.map(|head| format!(", line {}", head.line)).unwrap_or_default();
        lines.push(format!("Document: {}{line}", wording::visible(head.name)));
    }
    lines.push(format!("Id: {}", wording::visible(&entry.change.id)));
    lines.join("\n")
}

/// As it is written in the repository, on whichever system.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Escaped as GitHub reads the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escaped as GitHub reads a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_a_command_or_adds_a_property() {
        assert_eq!(data("100%\r\n::error::"), "100%25%0D%0A::error::");
        assert_eq!(property("a,line=1::b"), "a%2Cline=1%3A%3Ab");
    }
}
