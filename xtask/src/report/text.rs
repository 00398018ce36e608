//! For a terminal: by operation, worst first, the summary last.

use std::cmp::Reverse;

use anstyle::{AnsiColor, Style};
use openapi_contract::Verdict;
use textwrap::{Options, WordSplitter};

use super::{
    outline::{Entry, Outline},
    wording,
};
use crate::acceptance;

/// Wide enough for most pointers, and narrow enough for two windows beside each other.
const WIDTH: usize = 100;
/// About three lines.
const VALUE: usize = 240;
/// What stands in front of each part of a change.
const LABEL: usize = 14;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The report while it is written.
struct Page {
    text: String,
    colour: bool,
}

pub(super) fn render(outline: &Outline<'_>) -> String {
    let mut page = Page { text: String::new(), colour: outline.subject.colour };
    page.heading(outline);
    for (operations, entries) in by_operations(outline) {
        page.write(&page.styled(BOLD, &operations));
        page.write("\n\n");
        for entry in entries {
            page.change(entry);
        }
    }
    page.documentation(&outline.documentation);
    page.acceptances(outline);
    let style = coloured(outline.comparison.wire.max(outline.comparison.client)).bold();
    page.write(&page.styled(style, &outline.verdict_line()));
    page.text.push('\n');
    page.text
}

/// One cause is told once, below all the operations that it reaches.
fn by_operations<'a, 'b>(outline: &'b Outline<'a>) -> Vec<(String, Vec<&'b Entry<'a>>)> {
    let mut groups: Vec<(&[String], Vec<&Entry<'_>>)> = Vec::new();
    for entry in outline.causes.iter().chain(&outline.additions) {
        let operations = entry.change.operations.as_slice();
        match groups.iter_mut().find(|(known, _)| *known == operations) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((operations, vec![entry])),
        }
    }
    // The entries are worst first, so the first of a group is its worst.
    groups.sort_by_key(|(_, entries)| Reverse(entries.first().map(|entry| entry.change.worst())));
    let named = groups.into_iter().map(|(_, entries)| {
        let first = entries.first().map(|entry| entry.change);
        let operations = first.map(|change| wording::operations(change, wording::visible));
        (operations.unwrap_or_default(), entries)
    });
    named.collect()
}

fn coloured(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Breaking => AnsiColor::Red,
        Verdict::Warning => AnsiColor::Yellow,
        Verdict::Compatible => AnsiColor::Green,
    };
    colour.on_default()
}

impl Page {
    fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn styled(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn heading(&mut self, outline: &Outline<'_>) {
        let (base, head) = (outline.subject.base.name, outline.subject.head.name);
        let mut heading = format!("{} → {}", wording::visible(base), wording::visible(head));
        if let Some(versions) = outline.versions() {
            heading = format!("{heading}, version {}", wording::visible(&versions));
        }
        self.write(&heading);
        self.write("\n\n");
    }

    fn change(&mut self, entry: &Entry<'_>) {
        let change = entry.change;
        let worst = format!("{:<width$}", change.worst().as_str(), width = LABEL - 2);
        let worst = self.styled(coloured(change.worst()).bold(), &worst);
        let title = self.styled(BOLD, &wording::capital(change.rule.title));
        let rule = self.styled(DIM, &format!("[{}]", change.rule.id));
        self.write(&format!("  {worst}{title}  {rule}\n"));
        self.part("why", &wording::sentence(&change.reason));
        self.part("where", &place(entry));
        if change.worst() > Verdict::Compatible {
            self.details(entry);
        }
        self.text.push('\n');
    }

    /// What only those need to know whom it concerns.
    fn details(&mut self, entry: &Entry<'_>) {
        let change = entry.change;
        self.part("verdicts", &format!("wire {}, client {}", change.wire, change.client));
        self.part("affected", &wording::affected(change));
        let (before, after) = wording::before_and_after(change, VALUE);
        self.part("before", &before);
        self.part("after", &after);
        if let Some(witness) = &change.witness {
            let proof = wording::proof(witness.accepted_by, witness.refused_by);
            self.part("witness", &format!("{proof}: {}", wording::value(&witness.value, VALUE)));
        }
        if let Some(signature) = &change.signature {
            self.block("Rust", &wording::signature(signature, WIDTH - LABEL));
        }
        self.part("instead", change.remedy());
        if let Some(reason) = entry.accepted {
            self.part("accepted", &wording::visible(reason));
        }
        self.part("id", &wording::visible(&change.id));
    }

    fn part(&mut self, label: &str, text: &str) {
        let options = Options::new(WIDTH - LABEL).word_splitter(WordSplitter::NoHyphenation);
        self.block(label, &textwrap::wrap(text, options));
    }

    fn block(&mut self, label: &str, lines: &[impl AsRef<str>]) {
        let mut label = self.styled(DIM, &format!("{label:<width$}", width = LABEL - 2));
        for line in lines {
            self.write(&format!("  {label}{}\n", line.as_ref()));
            label = " ".repeat(LABEL - 2);
        }
    }

    fn documentation(&mut self, entries: &[Entry<'_>]) {
        if entries.is_empty() {
            return;
        }
        self.write(&self.styled(BOLD, "Documentation only"));
        self.write("\n\n");
        for entry in entries {
            self.write(&format!(
                "  {}: {}\n",
                wording::capital(entry.change.rule.title),
                place(entry)
            ));
        }
        self.text.push('\n');
    }

    fn acceptances(&mut self, outline: &Outline<'_>) {
        let lines: Vec<_> = outline.causes.iter().filter_map(wording::acceptance).collect();
        if lines.is_empty() {
            return;
        }
        self.write(&self.styled(BOLD, "To accept what breaks"));
        self.write(&format!(", add to {}:\n\n{}\n", acceptance::FILE, lines.join("\n")));
    }
}

fn place(entry: &Entry<'_>) -> String {
    let pointer = wording::pointer(super::place(entry.change), VALUE);
    let lines = wording::lines(entry);
    if lines.is_empty() { pointer } else { format!("{pointer}, {lines}") }
}
