//! For the comment on a pull request, in GitHub's Markdown.

use openapi_contract::{Signature, Verdict};

use super::{
    outline::{Entry, Outline, Row},
    wording,
};
use crate::acceptance;

/// GitHub takes 65,536 characters; what posts the report may add some.
const LIMIT: usize = 60_000;
/// Kept for the end: what was cut, and the tags that have to be closed.
const RESERVED: usize = 500;
const VALUE: usize = 300;
/// A longer table is folded away, and ends where nobody reads on.
const ROWS: usize = 15;
const FOLDED_ROWS: usize = 100;
/// Lines of a diff.
const SIGNATURE: usize = 40;

const HEAD_OF_TABLE: &str = "| Operation | Wire | Client | Changes |\n|---|---|---|--:|\n";

/// The report while it is written, as far as there is room.
struct Page {
    text: String,
    cut: usize,
}

pub(super) fn render(outline: &Outline<'_>) -> String {
    let mut page = Page { text: heading(outline), cut: 0 };
    page.text.push_str(&table(&outline.rows()));
    page.section("\n### What breaks, or may break\n", "", &outline.causes, cause);
    let fold =
        |title: &str, count: usize| format!("\n<details><summary>{title} ({count})</summary>\n\n");
    let additions = fold("Compatible changes", outline.additions.len());
    page.section(&additions, "\n</details>\n", &outline.additions, line);
    let documentation = fold("Documentation only", outline.documentation.len());
    page.section(&documentation, "\n</details>\n", &outline.documentation, line);
    if page.cut > 0 {
        let cut = format!(
            "\n**{} more are left out here, for which a comment has no room.** All of them: \
             `cargo xtask diff`\n",
            page.cut
        );
        page.text.push_str(&cut);
    }
    page.text
}

impl Page {
    /// The entries between `open` and `close`; of those that have no room, the number is kept.
    fn section(
        &mut self,
        open: &str,
        close: &str,
        entries: &[Entry<'_>],
        write: fn(&Entry<'_>) -> String,
    ) {
        let mut section = String::new();
        for entry in entries {
            let written = write(entry);
            let length = self.text.len() + section.len() + written.len();
            // Once one is left out, so are all that are less bad.
            if self.cut > 0 || length > LIMIT - RESERVED {
                self.cut += 1;
            } else {
                section.push_str(&written);
            }
        }
        if !section.is_empty() {
            self.text.extend([open, &section, close]);
        }
    }
}

fn heading(outline: &Outline<'_>) -> String {
    let subject = outline.subject;
    let versions = outline.versions();
    let versions = versions.map(|versions| format!(", version {}", code(&versions)));
    format!(
        "## API contract\n\n**{}**\n\n{} → {}{}\n",
        outline.verdict_line(),
        code(subject.base.name),
        code(subject.head.name),
        versions.unwrap_or_default()
    )
}

fn table(rows: &[Row<'_>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut lines = vec![HEAD_OF_TABLE.to_owned()];
    lines.extend(rows.iter().take(FOLDED_ROWS).map(row));
    if rows.len() > FOLDED_ROWS {
        lines.push(format!("\n… and {} more operations.\n", rows.len() - FOLDED_ROWS));
    }
    let table = lines.concat();
    if rows.len() <= ROWS {
        return format!("\n{table}");
    }
    let count = rows.len();
    format!("\n<details><summary>By operation ({count})</summary>\n\n{table}\n</details>\n")
}

fn row(row: &Row<'_>) -> String {
    // A pipe ends a cell even in code, unless it is escaped.
    let operation = row.operation.map(|operation| code(operation).replace('|', "\\|"));
    let operation = operation.as_deref().unwrap_or(wording::WHOLE_DOCUMENT);
    let (wire, client) = (verdict(row.wire), verdict(row.client));
    format!("| {operation} | {wire} | {client} | {} |\n", row.changes)
}

fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Breaking => "🔴 **breaking**".to_owned(),
        Verdict::Warning => "🟡 warning".to_owned(),
        Verdict::Compatible => "🟢 compatible".to_owned(),
    }
}

fn cause(entry: &Entry<'_>) -> String {
    let change = entry.change;
    let reason = escaped(&wording::clipped(&wording::sentence(&change.reason), VALUE));
    let (worst, title) = (verdict(change.worst()), escaped(&wording::capital(change.rule.title)));
    let mut parts = vec![format!("\n#### {worst} {title}\n\n{reason}\n\n")];
    let mut part = |label: &str, value: &str| parts.push(format!("- {label}: {value}\n"));
    part("Wire", &format!("{}, client: {}", verdict(change.wire), verdict(change.client)));
    part("Affected", &wording::affected(change));
    part("Operations", &wording::operations(change, code));
    part("Where", &place(entry));
    let (before, after) = wording::before_and_after(change, VALUE);
    part("Before", &value(&before));
    part("After", &value(&after));
    if let Some(witness) = &change.witness {
        let proof = wording::proof(witness.accepted_by, witness.refused_by);
        let value = code(&wording::value(&witness.value, VALUE));
        part("Witness", &format!("{proof}: {value}"));
    }
    part("Instead", &escaped(change.remedy()));
    if let Some(reason) = entry.accepted {
        part("Accepted", &escaped(&wording::clipped(reason, VALUE)));
    }
    part("Rule", &format!("{}, id {}", code(change.rule.id), code(&change.id)));
    parts.extend(change.signature.as_ref().map(rust));
    parts.extend(wording::acceptance(entry).map(|lines| how_to_accept(&lines)));
    parts.concat()
}

fn how_to_accept(lines: &str) -> String {
    let (file, lines) = (acceptance::FILE, fenced("toml", lines));
    format!("\n<details><summary>How to accept it, in {file}</summary>\n\n{lines}\n</details>\n")
}

/// One line, for what breaks nobody.
fn line(entry: &Entry<'_>) -> String {
    let change = entry.change;
    let reason = if change.reason.is_empty() {
        String::new()
    } else {
        format!(". {}", escaped(&wording::clipped(&wording::sentence(&change.reason), VALUE)))
    };
    format!(
        "- **{}** in {}: {}{reason}\n",
        escaped(&wording::capital(change.rule.title)),
        wording::operations(change, code),
        place(entry)
    )
}

fn place(entry: &Entry<'_>) -> String {
    let pointer = code(&wording::pointer(super::place(entry.change), VALUE));
    let lines = wording::lines(entry);
    if lines.is_empty() { pointer } else { format!("{pointer} ({lines})") }
}

fn value(value: &str) -> String {
    if value == wording::NOTHING { value.to_owned() } else { code(value) }
}

fn rust(signature: &Signature) -> String {
    let lines: Vec<_> = wording::signature(signature, VALUE).into_iter().take(SIGNATURE).collect();
    format!("\n{}", fenced("diff", &lines.join("\n")))
}

/// A block of code whose fence the text can't close.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// Code within a line. What is in it is not read as Markdown, HTML, a mention or a reference.
fn code(text: &str) -> String {
    let text = wording::visible(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    // One blank at each end is taken away again, and lets the text begin with a backtick.
    let blank =
        if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

/// Text of which nothing is read as Markdown or HTML, and which calls nobody by `@name`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in wording::visible(text).chars() {
        if character.is_ascii_punctuation() && !".,;:'\"()/=".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
        if character == '@' || character == '#' {
            // GitHub looks for mentions in what it has made of the Markdown.
            escaped.push('\u{2060}');
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup_or_a_mention() {
        assert_eq!(escaped("<img onerror>|`*_ a-b"), r"\<img onerror\>\|\`\*\_ a\-b");
        assert_eq!(escaped("@all #1"), "\\@\u{2060}all \\#\u{2060}1");
    }

    #[test]
    fn code_is_not_ended_by_what_is_in_it() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code("a\n\n# b"), "`a\\u000a\\u000a# b`");
        assert_eq!(fenced("x", "```\n"), "````x\n```\n````\n");
    }
}
