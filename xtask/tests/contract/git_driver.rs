//! `git diff` shows what a change means, and never fails for it.

use std::fs;

use xtask::artifact::DOCUMENT;

use crate::{
    document::{broken, document},
    world::World,
};

/// A repository that is set up as the README says, but for the program.
fn configured() -> World {
    let world = World::with(&document("1.0.0"));
    let driver = format!("'{}' diff --git-driver", env!("CARGO_BIN_EXE_xtask"));
    world.git(&["config", "diff.openapi.command", &driver]);
    world.write_text(".gitattributes", "openapi.json diff=openapi\nother.json diff=openapi\n");
    world.commit("attributes");
    world
}

#[test]
fn git_diff_shows_what_a_change_means() {
    let world = configured();
    world.write(&broken("1.0.0"));
    let shown = world.git(&["diff"]);
    assert!(shown.contains("property-became-optional"), "{shown}");
    world.commit("break");
    assert_eq!(world.git(&["diff", "HEAD~1"]), shown);
}

#[test]
fn git_diff_says_when_nothing_but_the_writing_differs() {
    let world = configured();
    world.write_text(DOCUMENT, &document("1.0.0").to_string());
    assert_eq!(world.git(&["diff"]), "openapi.json: written differently, and says the same\n");
}

#[test]
fn git_diff_says_when_nothing_but_the_rights_to_the_file_differ() {
    let world = configured();
    world.shell(&format!("chmod +x {DOCUMENT}"));
    let shown = world.git(&["diff"]);
    assert!(shown.contains("openapi.json: the same text;"), "{shown}");
}

#[test]
fn whoever_stops_reading_gets_the_exit_code_all_the_same() {
    let world = World::with(&document("1.0.0"));
    world.write(&broken("1.0.0"));
    let (reading, writing) = std::io::pipe().unwrap();
    drop(reading);
    let mut command = world.xtask_command(&["diff", "--base", "HEAD"]);
    assert_eq!(command.stdout(writing).status().unwrap().code(), Some(10));
}

#[test]
fn git_diff_shows_lines_where_there_is_no_document() {
    let world = configured();
    world.write_text(DOCUMENT, "{\n");
    let shown = world.git(&["diff"]);
    for part in ["the head, openapi.json, can't be compared", "-  \"openapi\": \"3.0.3\","] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}

#[test]
fn git_diff_shows_documents_that_come_go_and_move() {
    let world = configured();
    world.git(&["mv", DOCUMENT, "other.json"]);
    let shown = world.git(&["diff", "--find-renames", "HEAD"]);
    assert!(shown.contains("openapi.json: renamed to other.json"), "{shown}");
    let shown = world.git(&["diff", "--no-renames", "HEAD"]);
    assert!(
        shown.contains("openapi.json: removed, a document of 1 path, version 1.0.0"),
        "{shown}"
    );
    assert!(shown.contains("other.json: added, a document of 1 path, version 1.0.0"), "{shown}");
    fs::remove_file(world.root.join("other.json")).unwrap();
    world.git(&["diff"]);
}

#[test]
fn git_diff_survives_a_conflict() {
    let world = configured();
    world.branch("work", &document("1.1.0"));
    world.git(&["switch", "--quiet", "main"]);
    world.write(&document("1.2.0"));
    world.commit("main goes on");
    world.shell("git merge work >merge.log; test $? = 1");
    let shown = world.git(&["diff", "--cached"]);
    assert!(shown.contains("openapi.json: it has conflicts"), "{shown}");
}

#[test]
fn whoever_calls_it_by_hand_is_told_what_git_passes() {
    let world = World::without_git();
    for files in [&[][..], &["a.json", "b.json"], &["a", "b", "c", "d", "e", "f"]] {
        let said = world.xtask(&[&["diff", "--git-driver"], files].concat());
        let number = format!("and here are {}", files.len());
        said.assert(1, &["with 7 arguments", "old-file", &number, "--base OLD --head NEW"]);
        said.assert(1, &["git config diff.openapi.command", "diff=openapi"]);
        assert!(!said.err.contains("conflicts"), "{said:#?}");
    }
}
