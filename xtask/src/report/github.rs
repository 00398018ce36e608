//! GitHub's workflow commands: a line of the log each, which GitHub shows beside the document.

use openapi_contract::Verdict;

use super::{
    outline::{Entry, Outline},
    wording,
};

/// GitHub cuts what is longer than some thousand characters.
const VALUE: usize = 200;

pub(super) fn render(outline: &Outline<'_>) -> String {
    // GitHub shows so few annotations of a step that documentation must not take the place of more.
    let entries = outline.causes.iter().chain(&outline.additions);
    let annotations = entries.map(|entry| annotation(outline.subject.head_name, entry));
    let mut report: String = annotations.collect();
    // A line without `::` in front is one for people.
    report.push_str(&outline.verdict_line());
    report.push('\n');
    report
}

fn annotation(file: &str, entry: &Entry<'_>) -> String {
    let change = entry.change;
    let level = match change.worst() {
        _ if entry.accepted.is_some() => "notice",
        Verdict::Breaking => "error",
        Verdict::Warning => "warning",
        Verdict::Compatible => "notice",
    };
    let place = match entry.head {
        Some(head) => format!(",line={},col={}", head.line, head.column),
        None => String::new(),
    };
    let title = format!("{} ({})", wording::capital(change.rule.title), change.rule.id);
    format!(
        "::{level} file={}{place},title={}::{}\n",
        property(file),
        property(&title),
        data(&message(entry))
    )
}

fn message(entry: &Entry<'_>) -> String {
    let change = entry.change;
    let (before, after) = wording::before_and_after(change, VALUE);
    let mut lines = vec![
        wording::sentence(&change.reason),
        format!("Wire: {}, client: {}", change.wire, change.client),
        format!("Operations: {}", wording::operations(change, wording::visible)),
        format!("Before: {before}"),
        format!("After: {after}"),
    ];
    if let Some(witness) = &change.witness {
        let proof = wording::proof(witness.accepted_by, witness.refused_by);
        lines.push(format!("Witness: {proof}: {}", wording::value(&witness.value, VALUE)));
    }
    lines.push(format!("Without breaking: {}", change.rule.remedy));
    if let Some(reason) = entry.accepted {
        lines.push(format!("Accepted: {}", wording::visible(reason)));
    }
    lines.push(format!("Id: {}", wording::visible(&change.id)));
    lines.join("\n")
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
