//! What may pass: by the decision itself, and by `cargo xtask check` on this repository's document.

use std::fs;

use chrono::NaiveDate;
use openapi_contract::{Document, Options, compare};
use serde_json::Value;
use xtask::{
    acceptance::{self, FILE},
    artifact::{CLIENT, DOCUMENT},
    command::Outcome,
    gate::{Accepted, Against, judge},
    workspace_root,
};

use crate::{
    document::{broken, document, extended},
    world::World,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What is decided on this day, with this file of entries and that of the base.
fn decided(base: &Value, head: &Value, entries: &str, landed: &str) -> Outcome {
    let read = |document: &Value| Document::from_value(document.clone()).unwrap();
    let comparison = compare(&read(base), &read(head), Options::default());
    let entries = acceptance::parse(entries).unwrap();
    let landed = acceptance::parse(landed).unwrap();
    let accepted = Accepted { entries: &entries, landed: &landed, today: day("2026-11-24") };
    judge(&[Against { comparison: &comparison, base: "the base" }], accepted).outcome()
}

/// The entry for what `broken` breaks, as the check prints it, filled in.
fn entry() -> String {
    let read = |document: &Value| Document::from_value(document.clone()).unwrap();
    let comparison =
        compare(&read(&document("1.0.0")), &read(&broken("1.0.0")), Options::default());
    assert_eq!(comparison.changes.len(), 1, "{:#?}", comparison.changes);
    filled_in(&acceptance::entry(&comparison.changes[0], day("2026-11-24")))
}

fn filled_in(entry: &str) -> String {
    entry.replace("reason = \"\"", "reason = \"why\"").replace("owner = \"\"", "owner = \"who\"")
}

#[test]
fn a_break_needs_a_major_version() {
    for (base, head, expected) in [
        ("1.4.2", "1.4.2", Outcome::BreaksWire),
        ("1.4.2", "1.5.0", Outcome::BreaksWire),
        ("1.4.2", "2.0.0", Outcome::InStep),
        ("0.4.2", "0.4.3", Outcome::BreaksWire),
        ("0.4.2", "0.5.0", Outcome::InStep),
    ] {
        let outcome = decided(&document(base), &broken(head), "", "");
        assert_eq!(outcome, expected, "{base} to {head}");
    }
}

#[test]
fn an_addition_needs_a_minor_version_and_a_sentence_needs_none() {
    assert_eq!(decided(&document("1.4.2"), &extended("1.4.3"), "", ""), Outcome::VersionTooLow);
    assert_eq!(decided(&document("1.4.2"), &extended("1.5.0"), "", ""), Outcome::InStep);
    assert_eq!(decided(&document("0.4.2"), &extended("0.4.3"), "", ""), Outcome::InStep);
    let mut described = document("1.4.2");
    described["paths"]["/users"]["get"]["description"] = "One user.".into();
    assert_eq!(decided(&document("1.4.2"), &described, "", ""), Outcome::InStep);
    assert_eq!(decided(&document("1.4.2"), &document("1.4.3"), "", ""), Outcome::InStep);
}

#[test]
fn a_version_is_one_and_is_not_lowered() {
    for head in ["1.4.1", "0.9.0", "1.4.2-rc.1", "next", "v2"] {
        let outcome = decided(&document("1.4.2"), &document(head), "", "");
        assert_eq!(outcome, Outcome::VersionTooLow, "{head}");
    }
}

#[test]
fn no_version_is_higher_than_one_that_cannot_be_ordered() {
    let without = |mut document: Value| {
        document["info"].as_object_mut().unwrap().remove("version").unwrap();
        document
    };
    for base in [document("2024-01-01"), document("v1"), without(document("1.0.0"))] {
        for head in ["0.0.1", "1.0.0", "2.0.0", "9999.0.0"] {
            assert_eq!(decided(&base, &broken(head), "", ""), Outcome::BreaksWire, "{head}");
        }
        assert_eq!(decided(&base, &broken("1.0.0"), &entry(), ""), Outcome::InStep);
        assert_eq!(decided(&base, &document("1.0.0"), "", ""), Outcome::InStep);
    }
    let breaks = [broken("next"), without(broken("1.0.0"))];
    for head in breaks {
        assert_eq!(decided(&document("1.0.0"), &head, "", ""), Outcome::BreaksWire);
        assert_eq!(decided(&document("1.0.0"), &head, &entry(), ""), Outcome::VersionTooLow);
    }
    // A version that is lowered announces nothing, either.
    assert_eq!(decided(&document("3.0.0"), &broken("2.0.0"), "", ""), Outcome::BreaksWire);
}

#[test]
fn a_break_that_was_decided_on_passes_until_its_last_day() {
    let (base, head) = (document("1.0.0"), broken("1.0.0"));
    let entry = entry();
    assert_eq!(decided(&base, &head, &entry, ""), Outcome::InStep);
    let without_id: Vec<&str> = entry.lines().filter(|line| !line.starts_with("id")).collect();
    assert_eq!(decided(&base, &head, &without_id.join("\n"), ""), Outcome::InStep);
    let expired = entry.replace("2027-02-22", "2026-11-23");
    assert_eq!(decided(&base, &head, &expired, ""), Outcome::Acceptance);
    assert_eq!(decided(&base, &head, &expired, &expired), Outcome::Acceptance);
}

#[test]
fn an_entry_that_names_nothing_fails_and_so_does_what_it_does_not_name() {
    let (base, head) = (document("1.0.0"), broken("1.0.0"));
    for (from, to) in [("id = \"", "id = \"0"), ("property", "parameter"), ("/User", "/Other")] {
        let entry = entry();
        assert!(entry.contains(from), "{entry}");
        let other = entry.replace(from, to);
        assert_eq!(decided(&base, &head, &other, ""), Outcome::BreaksWire, "{other}");
        assert_eq!(decided(&base, &base, &other, ""), Outcome::Acceptance, "{other}");
    }
    // What adds does not break, and needs no entry.
    let unused = "[[accepted]]\nrule = 'operation-added'\nplace = '/paths/~1health/get'\n\
                  reason = 'r'\nowner = 'o'\nuntil = 2030-01-01\n";
    assert_eq!(decided(&base, &extended("1.1.0"), unused, ""), Outcome::Acceptance);
}

#[test]
fn an_entry_whose_break_has_landed_is_only_mentioned() {
    let head = broken("1.0.0");
    assert_eq!(decided(&head, &head, &entry(), &entry()), Outcome::InStep);
    assert_eq!(decided(&head, &head, &entry(), ""), Outcome::Acceptance);
}

/// This repository's document and client; the base is what the test makes of the document.
fn workspace(edit: impl Fn(&mut Value)) -> World {
    let world = World::new();
    let committed = |file: &str| fs::read_to_string(workspace_root().join(file)).unwrap();
    let mut base: Value = serde_json::from_str(&committed(DOCUMENT)).unwrap();
    edit(&mut base);
    world.write(&base);
    world.commit("base");
    world.git(&["switch", "--quiet", "--create", "work"]);
    for file in [DOCUMENT, CLIENT] {
        world.write_text(file, &committed(file));
    }
    world.commit("work");
    world
}

/// An operation that the document does not have any more.
fn with_one_more_operation(base: &mut Value) {
    base["paths"]["/v1/extra"]["get"] = serde_json::json!({
        "operationId": "get_extra",
        "responses": { "204": { "description": "Done." } },
    });
}

#[test]
fn a_check_without_a_change_passes() {
    workspace(|_| ())
        .xtask(&["check"])
        .assert(0, &["in step", "contract: nothing changes for those who use openapi.json at "]);
}

#[test]
fn a_check_names_the_break_the_next_version_and_the_entry_that_accepts_it() {
    let world = workspace(with_one_more_operation);
    let version = |raise: u64| {
        let document = fs::read_to_string(world.root.join(DOCUMENT)).unwrap();
        let document: Value = serde_json::from_str(&document).unwrap();
        let version = document["info"]["version"].as_str().unwrap();
        let version = semver::Version::parse(version).unwrap();
        semver::Version::new(version.major + raise, 0, 0).to_string()
    };
    let refused = world.xtask(&["check"]);
    refused.assert(
        10,
        &[
            "operation-removed",
            "/paths/~1v1~1extra/get",
            "operations: get_extra",
            &format!("The next version is {}.", version(1)),
            "VERSION in server/api/src/document.rs, then cargo xtask generate",
            "contract/accepted.toml",
        ],
    );
    let from = refused.out.find("[[accepted]]").unwrap();
    let to = refused.out.find("\nTo see all that changed").unwrap();
    let entry = &refused.out[from..to];

    world.write_text(FILE, entry);
    world.xtask(&["check"]).assert(1, &["contract/accepted.toml, line 5: `reason` is empty"]);
    world.write_text(FILE, &filled_in(entry));
    world.xtask(&["check"]).assert(0, &["accepted until", "operation-removed", "why"]);
    world.commit("accepted");
    // It has landed: the next branch is told to delete it.
    world.git(&["switch", "--quiet", "main"]);
    world.git(&["merge", "--quiet", "work"]);
    world.git(&["switch", "--quiet", "--create", "next"]);
    for command in [&["check"][..], &["check", "--base", "main"]] {
        let landed = "the break is on the main branch by now; delete the entry";
        world.xtask(command).assert(0, &[landed]);
    }
    world.write_text(FILE, &filled_in(entry).replace("get_extra", "x").replace("extra", "other"));
    world.xtask(&["check"]).assert(13, &["contract/accepted.toml, line 1", "names no break"]);
}

#[test]
fn a_check_refuses_a_version_that_is_too_low_and_names_the_next() {
    let world = workspace(|base| {
        base["paths"].as_object_mut().unwrap().remove("/v1/auth/permissions").unwrap();
    });
    world.xtask(&["check"]).assert(
        14,
        &[
            "the version is too low",
            "asks for ",
            "\n    operation added (operation-added), at /paths/~1v1~1auth~1permissions/get\n",
        ],
    );
    let world = workspace(|base| base["info"]["version"] = "999.0.0".into());
    world.xtask(&["check"]).assert(14, &["the version is lowered", "The next version is 999.0.0"]);
}

#[test]
fn a_check_names_a_version_of_the_base_that_cannot_be_ordered() {
    let world = workspace(|base| {
        with_one_more_operation(base);
        base["info"]["version"] = "2024-01-01".into();
    });
    world.xtask(&["check"]).assert(
        10,
        &[
            "the version of openapi.json at ",
            "\"2024-01-01\", is not of the form 1.2.3",
            "operation-removed",
            "[[accepted]]",
        ],
    );
}

#[test]
fn a_check_shows_the_break_whose_entry_has_expired() {
    let world = workspace(with_one_more_operation);
    let said = world.xtask(&["check"]).out;
    let entry = &said[said.find("[[accepted]]").unwrap()..said.find("\nTo see all").unwrap()];
    let until = entry.lines().find(|line| line.starts_with("until")).unwrap();
    world.write_text(FILE, &filled_in(entry).replace(until, "until = 2020-01-01"));
    world.xtask(&["check"]).assert(
        13,
        &[
            "line 1: operation-removed at ",
            "expired on 2020-01-01",
            "\n    operation removed (operation-removed), at /paths/~1v1~1extra/get\n",
            "`GET /v1/extra`",
            "operations: get_extra",
        ],
    );
}

#[test]
fn a_check_passes_a_break_that_the_version_announces() {
    let world = workspace(|base| {
        with_one_more_operation(base);
        base["info"]["version"] = "0.9.0".into();
    });
    world.xtask(&["check"]).assert(0, &["wire breaking", "was 0.9.0"]);
}

#[test]
fn a_check_of_an_archive_says_what_it_left_out() {
    let world = workspace(with_one_more_operation);
    fs::write(world.root.join("base.json"), world.git(&["show", "main:openapi.json"])).unwrap();
    fs::remove_dir_all(world.root.join(".git")).unwrap();
    world.xtask(&["check"]).assert(0, &["in step", "This is no Git repository"]);
    world.xtask(&["check", "--base", "base.json"]).assert(10, &["operation-removed"]);
}

#[test]
fn a_check_without_a_base_says_what_to_fetch() {
    let origin = workspace(|_| ());
    origin.git(&["switch", "--quiet", "main"]);
    let clone = origin.cloned("clone", &["--depth", "1", "--branch", "work"]);
    let refused = clone.xtask(&["check"]);
    refused.assert(20, &["in step", "git fetch --unshallow origin"]);
    clone.mend(&refused);
    clone.xtask(&["check"]).assert(0, &["contract: nothing changes"]);
}
