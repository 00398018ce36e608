//! The XML of `JUnit`, for whatever shows the results of tests.

use super::{
    facts::facts,
    outline::{Entry, Outline},
    wording,
};

const VALUE: usize = 500;

pub(super) fn render(outline: &Outline<'_>) -> String {
    let fails = |entry: &&Entry<'_>| entry.breaks() && entry.accepted.is_none();
    let failures = outline.entries().filter(fails).count();
    let (base, head) = (outline.subject.base.name, outline.subject.head.name);
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"",
        outline.entries().count() + 1
    );
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"API contract\" {counts}>\n  <testsuite name=\"{}\" {counts}>\n",
        attribute(&format!("{head} against {base}"))
    );
    for entry in outline.entries() {
        xml.push_str(&test_case(entry));
    }
    // Some readers take a suite without a case for a failure.
    xml.push_str("    <testcase classname=\"contract\" name=\"nothing else has changed\"/>\n");
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn test_case(entry: &Entry<'_>) -> String {
    let change = entry.change;
    let class = change.operation().unwrap_or("contract");
    let name = format!("{} at {} ({})", change.rule.id, super::place(change), change.id);
    let details = escaped(&details(entry));
    let outcome = if entry.breaks() && entry.accepted.is_none() {
        let message = attribute(&format!(
            "{} {}",
            wording::sentence(change.rule.title),
            wording::sentence(&change.reason)
        ));
        let rule = attribute(change.rule.id);
        format!("<failure type=\"{rule}\" message=\"{message}\">{details}</failure>")
    } else {
        format!("<system-out>{details}</system-out>")
    };
    format!(
        "    <testcase classname=\"{}\" name=\"{}\">\n      {outcome}\n    </testcase>\n",
        attribute(class),
        attribute(&name)
    )
}

fn details(entry: &Entry<'_>) -> String {
    let mut lines = vec![wording::sentence(&entry.change.reason)];
    let facts = facts(entry, VALUE, str::to_owned).into_iter();
    lines.extend(facts.map(|(name, fact)| format!("{name}: {fact}")));
    if let Some(head) = entry.head {
        lines.push(format!("line in the head: {}", head.line));
    }
    lines.join("\n")
}

/// Text as it may stand in an attribute, where a line's end would be read as a blank.
fn attribute(text: &str) -> String {
    escaped(text).replace('\t', "&#9;").replace('\n', "&#10;")
}

/// Text as it may stand in an element; characters that XML has no way to say are replaced.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\t' | '\n' => xml.push(character),
            '\r' => xml.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => xml.push(char::REPLACEMENT_CHARACTER),
            _ => xml.push(character),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ends_no_element_and_has_no_character_that_xml_lacks() {
        assert_eq!(
            escaped("</failure>&\"\n\u{1b}\u{0}\u{ffff}é"),
            "&lt;/failure&gt;&amp;&quot;\n\u{fffd}\u{fffd}\u{fffd}é"
        );
        assert_eq!(attribute("a\n\"b\r"), "a&#10;&quot;b&#13;");
    }
}
