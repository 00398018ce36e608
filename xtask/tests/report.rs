//! Reports in every format, of a comparison with everything that a report can show.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

use std::collections::BTreeMap;

use openapi_contract::{Change, Comparison, Verdict};
use serde_json::{Value, json};
use xtask::report::{Format, Subject, example, render};

const FORMATS: [Format; 7] = [
    Format::Text,
    Format::Markdown,
    Format::Json,
    Format::Sarif,
    Format::Github,
    Format::Html,
    Format::Junit,
];

fn report(format: Format) -> String {
    let accepted = example::accepted();
    render(format, &example::comparison(), &example::subject(&accepted))
}

fn report_of(format: Format, changes: Vec<Change>) -> String {
    let accepted = BTreeMap::new();
    render(format, &Comparison::of(changes), &example::subject(&accepted))
}

/// A single change of the example, so often and with other ids.
fn repeated(count: usize) -> Vec<Change> {
    let change = example::comparison().changes.into_iter().next().unwrap();
    let numbered = |number| {
        let mut change = change.clone();
        change.id = format!("{number:08x}");
        change
    };
    (0..count).map(numbered).collect()
}

#[test]
fn the_text() {
    insta::assert_snapshot!(report(Format::Text));
}

#[test]
fn the_markdown() {
    insta::assert_snapshot!(report(Format::Markdown));
}

#[test]
fn the_annotations() {
    insta::assert_snapshot!(report(Format::Github));
}

#[test]
fn the_junit_xml() {
    insta::assert_snapshot!(report(Format::Junit));
}

#[test]
fn the_sarif_log() {
    insta::assert_snapshot!(report(Format::Sarif));
}

#[test]
fn where_nothing_changed_every_format_says_so() {
    let line = "API: unchanged, client: unchanged, 0 breaking";
    for format in [Format::Text, Format::Markdown, Format::Sarif, Format::Github, Format::Html] {
        let report = report_of(format, Vec::new());
        assert!(report.contains(line), "{format:?}: {report}");
    }
    assert!(
        report_of(Format::Junit, Vec::new())
            .contains("<testsuites name=\"API contract\" tests=\"1\" failures=\"0\"")
    );
    let json: Value = serde_json::from_str(&report_of(Format::Json, Vec::new())).unwrap();
    assert_eq!(json["changes"], json!([]));
}

#[test]
fn the_json_is_as_its_schema_says() {
    let schema = include_str!("../contract/diff.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    for report in [report(Format::Json), report_of(Format::Json, Vec::new())] {
        let mut report: Value = serde_json::from_str(&report).unwrap();
        let errors: Vec<_> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        report["unknown"] = json!(1);
        assert!(!schema.is_valid(&report), "the schema is not closed");
    }
}

#[test]
fn the_schema_describes_every_field() {
    fn undescribed(schema: &Value, path: &str, found: &mut Vec<String>) {
        for (name, member) in schema.as_object().into_iter().flatten() {
            let path = format!("{path}/{name}");
            if path.ends_with("/properties") || name == "$defs" {
                for (name, field) in member.as_object().unwrap() {
                    let path = format!("{path}/{name}");
                    if field["description"].is_null() {
                        found.push(path.clone());
                    }
                    undescribed(field, &path, found);
                }
            } else {
                undescribed(member, &path, found);
            }
        }
    }
    let schema = serde_json::from_str(include_str!("../contract/diff.schema.json")).unwrap();
    let mut found = Vec::new();
    undescribed(&schema, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_json_has_lines_acceptances_and_whole_values() {
    let report: Value = serde_json::from_str(&report(Format::Json)).unwrap();
    let change = |id: &str| {
        let changes = report["changes"].as_array().unwrap();
        changes.iter().find(|change| change["id"] == id).unwrap().clone()
    };
    let accepted = change(example::ACCEPTED_ID);
    assert_eq!(accepted["accepted"], "nobody outside of the team calls it yet");
    let line = |document: &str, text: &str| {
        document.lines().position(|line| line.contains(text)).unwrap() + 1
    };
    let none = BTreeMap::new();
    let documents = example::subject(&none);
    assert_eq!(accepted["base_line"], line(documents.base.text, "\"operationId\": \"pet_feed\""));
    assert_eq!(accepted["head_line"], line(documents.head.text, "\"operationId\": \"feed_pet\""));
    assert_eq!(change("c0ffee01")["accepted"], Value::Null);
    assert_eq!(change("e1e7e17")["after"].as_array().unwrap().len(), 61);
    assert_eq!(change("badc0de")["after"], example::HOSTILE);
}

#[test]
fn what_is_worst_comes_first_and_documentation_last() {
    let mut comparison = example::comparison();
    comparison.changes.reverse();
    let accepted = example::accepted();
    let report = render(Format::Json, &comparison, &example::subject(&accepted));
    let report: Value = serde_json::from_str(&report).unwrap();
    let changes = report["changes"].as_array().unwrap();
    let worst: Vec<_> = changes
        .iter()
        .map(|change| (change["wire"].as_str().unwrap(), change["client"].as_str().unwrap()))
        .collect();
    assert_eq!(
        worst,
        [
            ("breaking", "breaking"),
            ("breaking", "compatible"),
            ("compatible", "breaking"),
            ("warning", "warning"),
            ("warning", "compatible"),
            ("compatible", "compatible"),
            ("compatible", "compatible"),
        ]
    );
    assert_eq!(changes.last().unwrap()["category"], "documentation");
}

#[test]
fn a_report_for_people_shortens_values_and_the_json_does_not() {
    let mut change = repeated(1).remove(0);
    change.before = json!("x".repeat(100_000));
    for format in [Format::Text, Format::Markdown, Format::Github, Format::Html] {
        let report = report_of(format, vec![change.clone()]);
        assert!(report.contains("xxx…") && report.len() < 40_000, "{format:?}: {}", report.len());
    }
    assert!(report_of(Format::Json, vec![change]).len() > 100_000);
}

#[test]
fn a_comment_is_never_too_long_and_says_what_it_leaves_out() {
    let mut changes = repeated(500);
    let compatible = example::comparison().changes.into_iter();
    changes.extend(compatible.filter(|change| change.worst() == Verdict::Compatible));
    let comment = report_of(Format::Markdown, changes);
    assert!(comment.len() < 60_000 && comment.len() > 50_000, "{}", comment.len());
    let shown = comment.matches("\n#### ").count();
    assert!(comment.contains(&format!("**{} more are left out here", 502 - shown)));
    assert!(!comment.contains("Compatible changes"), "nothing stands below this heading");
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
}

#[test]
fn a_line_is_named_only_where_something_of_the_change_is() {
    let text = report(Format::Text);
    let removed = "where       /components/schemas/Pet/properties/name, line 68 of the base\n";
    let added = "where       /paths/~1pets/get/parameters/0, line 17 of the head\n";
    assert!(text.contains(removed) && text.contains(added), "{text}");
}

#[test]
fn many_operations_are_counted_and_not_all_named() {
    let text = report(Format::Text);
    assert!(text.contains("operation_5 and 35 more"), "{text}");
    assert!(!text.contains("operation_6,"), "{text}");
}

#[test]
fn colour_adds_nothing_but_colour() {
    let accepted = example::accepted();
    let plain = report(Format::Text);
    let subject = Subject { colour: true, ..example::subject(&accepted) };
    let coloured = render(Format::Text, &example::comparison(), &subject);
    assert!(!plain.contains('\u{1b}'), "{plain}");
    assert!(coloured.contains("\u{1b}[31m"), "{coloured}");
    let mut without = coloured;
    while let Some(start) = without.find('\u{1b}') {
        let end = start + without[start..].find('m').unwrap();
        without.replace_range(start..=end, "");
    }
    assert_eq!(without, plain);
}

#[test]
fn no_line_of_the_text_is_wider_than_a_terminal() {
    let accepted = |line: &&str| !line.starts_with("place = ");
    for line in report(Format::Text).lines().filter(accepted) {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn an_annotation_is_one_line_whatever_it_says() {
    for line in report(Format::Github).lines() {
        let command =
            ["::error ", "::warning ", "::notice "].iter().any(|kind| line.starts_with(kind));
        assert!(command || line.starts_with("API: "), "{line}");
    }
}

#[test]
fn what_stands_in_documents_is_nowhere_markup() {
    assert!(!report(Format::Html).contains("<img"));
    assert_eq!(report(Format::Html).matches("</script>").count(), 1);
    assert!(!report(Format::Junit).contains("<img"));
    for format in FORMATS {
        assert!(!report(format).contains('\u{1b}'), "{format:?}");
    }
}

#[test]
fn a_text_that_is_no_document_has_no_lines() {
    let accepted = BTreeMap::new();
    let mut subject = example::subject(&accepted);
    (subject.base.text, subject.head.text) = ("", "none");
    for format in FORMATS {
        assert!(!render(format, &example::comparison(), &subject).is_empty());
    }
    let json = render(Format::Json, &example::comparison(), &subject);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["changes"][0]["head_line"], Value::Null);
}

#[test]
fn a_break_of_the_client_alone_is_no_major_version_of_the_api() {
    let mut change = repeated(1).remove(0);
    change.wire = Verdict::Compatible;
    let report = report_of(Format::Text, vec![change]);
    assert!(report.ends_with("API: minor, client: major, 1 breaking\n"), "{report}");
}

#[test]
fn what_breaks_nobody_is_given_no_other_way() {
    for format in [Format::Github, Format::Junit] {
        let report = report(format);
        assert!(!report.contains("Nothing to do."), "{format:?}: {report}");
        assert!(report.contains("ithout breaking: Keep the property"), "{format:?}: {report}");
    }
}
