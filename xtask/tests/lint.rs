//! `cargo xtask lint` as one runs it: what it prints, and how it exits.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use xtask::{artifact::DOCUMENT, house, workspace_root};

fn lint() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("lint");
    command
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The committed document, with a summary taken away and a path that ends with a slash.
fn write_faulty_document(file: &Path) {
    let text = fs::read_to_string(workspace_root().join(DOCUMENT)).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let paths = document["paths"].as_object_mut().unwrap();
    paths["/v1/customers"]["get"].as_object_mut().unwrap().remove("summary").unwrap();
    let tokens = paths.remove("/v1/tokens").unwrap();
    paths.insert("/v1/tokens/".to_owned(), tokens);
    fs::write(file, document.to_string()).unwrap();
}

const FINDINGS: [&str; 3] = [
    ": path-no-trailing-slash /paths/~1v1~1tokens~1: the path ends with `/`",
    ": operation-summary /paths/~1v1~1customers/get: the operation has no summary",
    "openapi.json: 2 findings. Why: cargo xtask lint --explain path-no-trailing-slash\n",
];

#[test]
fn another_document_is_held_to_the_house_rules_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    write_faulty_document(&file);
    let (code, out, err) = said(&lint().arg("--document").arg(&file).output().unwrap());
    assert_eq!((code, err.as_str()), (Some(1), ""));
    assert_eq!(out.lines().count(), FINDINGS.len(), "{out}");
    for finding in FINDINGS {
        assert!(out.contains(finding), "{finding} is not in\n{out}");
    }
    // Each begins with its place, as editors and terminals know it.
    let first = out.lines().next().unwrap();
    let mut place = first.split(':').skip(1).map(str::parse::<u32>);
    assert!(matches!((place.next(), place.next()), (Some(Ok(1..)), Some(Ok(1..)))), "{first}");

    let own = workspace_root().join(DOCUMENT);
    let (code, out, err) = said(&lint().arg("--document").arg(&own).output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.ends_with(&format!(": follows the {} house rules\n", house::all().count())));
}

#[test]
fn the_house_rules_are_heard_where_there_is_no_node() {
    let folder = tempfile::tempdir().unwrap();
    write_faulty_document(&folder.path().join(DOCUMENT));
    let mut lint = lint();
    lint.arg("--root").arg(folder.path()).env("PATH", folder.path());
    let (code, out, err) = said(&lint.output().unwrap());
    assert_eq!(code, Some(1));
    for finding in FINDINGS {
        assert!(out.contains(finding), "{finding} is not in\n{out}");
    }
    assert!(err.contains("npm is not installed"), "{err}");
}

#[test]
fn what_is_no_document_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.json");
    let run = || said(&lint().arg("--document").arg(&file).output().unwrap());
    let (code, _, err) = run();
    assert_eq!(code, Some(1));
    assert!(err.contains("notes.json can't be read"), "{err}");
    fs::write(&file, "{").unwrap();
    let (code, _, err) = run();
    assert_eq!(code, Some(1));
    assert!(err.contains("notes.json can't be linted"), "{err}");
    assert!(err.contains("it is not JSON that can be read: EOF"), "{err}");
}

#[test]
fn what_the_rules_are_not_about_is_refused_and_not_praised() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.json");
    let too_deep = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    for (text, why) in [
        (r#"{"openapi":"3.1.0","paths":{}}"#, "only version 3.0 is understood, at /openapi"),
        (r#"{"swagger":"2.0","paths":{}}"#, "it has no `openapi` with its version"),
        (r#"{"some":"json"}"#, "it is no OpenAPI 3.0 document"),
        (&too_deep, "nested more than 128 levels deep"),
    ] {
        fs::write(&file, text).unwrap();
        let (code, out, err) = said(&lint().arg("--document").arg(&file).output().unwrap());
        assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
        let what = "other.json can't be linted; mend it, or name another with --document";
        assert!(err.contains(what) && err.contains(why), "{err}");
    }
}

#[test]
fn a_rule_is_explained_with_its_reason_examples_and_exceptions() {
    let (code, out, _) = said(&lint().args(["--explain", "path-no-verb"]).output().unwrap());
    assert_eq!(code, Some(0));
    let rule = house::all().find(|rule| rule.id == "path-no-verb").unwrap();
    for part in [rule.text, rule.reason, rule.good, rule.bad, "/v1/tokens/{id}/rotate: it retires"]
    {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
}

#[test]
fn all_rules_can_be_listed_and_explained() {
    for arguments in [&["--list"][..], &["--explain", "all"]] {
        let (code, out, _) = said(&lint().args(arguments).output().unwrap());
        assert_eq!(code, Some(0));
        for rule in house::all() {
            assert!(out.contains(rule.id) && out.contains(rule.text), "{}", rule.id);
        }
    }
}

#[test]
fn a_misspelt_rule_is_answered_with_the_nearest_and_all() {
    let (code, _, err) = said(&lint().args(["--explain", "operation-sumary"]).output().unwrap());
    assert_eq!(code, Some(2));
    assert!(err.contains("a similar value exists: 'operation-summary'"), "{err}");
    for rule in house::all() {
        assert!(err.contains(rule.id), "{} is not in\n{err}", rule.id);
    }
}
