//! Both documents can be named, and what can't be compared is said.

use std::fs;

use xtask::artifact::DOCUMENT;

use crate::{
    document::{broken, document, extended},
    world::{World, said, said_to},
};

/// `main` with three versions, of which the first has a tag.
fn grown() -> World {
    let world = World::with(&document("1.0.0"));
    world.git(&["tag", "v1.0.0"]);
    for version in ["1.1.0", "1.2.0"] {
        world.write(&document(version));
        world.commit(version);
    }
    world
}

#[track_caller]
fn assert_base(world: &World, base: &str, version: &str) {
    world.xtask(&["diff", "--format", "json", "--base", base]).assert_base(0, version);
}

#[test]
fn a_revision_may_be_whatever_git_resolves() {
    let world = grown();
    let hash = world.git(&["rev-parse", "--short", "HEAD~1"]);
    for (base, version) in [
        ("v1.0.0", "1.0.0"),
        ("main~2", "1.0.0"),
        (hash.trim(), "1.1.0"),
        ("HEAD", "1.2.0"),
        ("@~1:openapi.json", "1.1.0"),
        (":/1.1.0", "1.1.0"),
    ] {
        assert_base(&world, base, version);
    }
}

#[test]
fn a_file_that_exists_comes_before_a_revision_and_a_folder_does_not() {
    let world = grown();
    fs::create_dir(world.root.join("main")).unwrap();
    assert_base(&world, "main", "1.2.0");
    world.write_text("v1.0.0", &document("0.1.0").to_string());
    assert_base(&world, "v1.0.0", "0.1.0");
    assert_base(&world, "refs/tags/v1.0.0", "1.0.0");
}

#[test]
fn a_revision_that_is_not_here_has_a_line_that_may_bring_it() {
    let world = grown();
    let unknown = |world: &World, base: &str| world.xtask(&["diff", "--base", base]);
    unknown(&world, "v9").assert(20, &["v9 is neither a file nor a revision", "name a file"]);
    unknown(&world, "HEAD:no.json").assert(20, &["HEAD:no.json is neither", "REV:PATH"]);

    let clone = world.cloned("clone", &["--depth", "1", "--no-tags"]);
    let refused = unknown(&clone, "v1.0.0");
    refused.assert(20, &["git fetch --unshallow origin", "--tags"]);
    clone.mend(&refused);
    assert_base(&clone, "v1.0.0", "1.0.0");

    world.git(&["tag", "v1.2.0"]);
    let refused = unknown(&clone, "v1.2.0");
    refused.assert(20, &["git fetch --tags origin"]);
    clone.mend(&refused);
    assert_base(&clone, "v1.2.0", "1.2.0");
}

#[test]
fn files_need_neither_a_repository_nor_git() {
    let world = World::without_git();
    world.write_text("old.json", &format!("\u{feff}{}", document("1.0.0")));
    world.write_text("new.json", &broken("1.0.0").to_string());
    let files = ["diff", "--base", "old.json", "--head", "new.json"];
    world.xtask(&files).assert(10, &[]);
    said(world.xtask_command(&files).env("PATH", "/nowhere")).assert(10, &[]);

    world.write(&document("1.0.0"));
    world.xtask(&["diff"]).assert(20, &["is in no Git repository", "--base FILE"]);
    let no_git = said(world.xtask_command(&["diff"]).env("PATH", "/nowhere"));
    no_git.assert(20, &["git is not installed", "apt-get install --yes git"]);
    world.xtask(&["diff", "--base", "v1"]).assert(20, &["v1 is no file, and", "no Git repository"]);
}

#[test]
fn either_side_may_be_read_from_standard_input() {
    let world = World::with(&document("1.0.0"));
    let old = document("0.5.0").to_string();
    let json = ["diff", "--format", "json", "--base", "-"];
    said_to(&mut world.xtask_command(&json), &old).assert_base(0, "0.5.0");
    let new = broken("1.0.0").to_string();
    said_to(&mut world.xtask_command(&["diff", "--head", "-"]), &new).assert(10, &[]);
    let both = world.xtask(&["diff", "--base", "-", "--head", "-"]);
    both.assert(1, &["can't both be read from standard input"]);
}

#[test]
fn a_head_elsewhere_is_compared_with_the_document_of_the_workspace() {
    let world = World::with(&document("1.0.0"));
    world.write_text("target/made.json", &broken("1.0.0").to_string());
    let made = ["diff", "--format", "json", "--head", "target/made.json"];
    world.xtask(&made).assert_base(10, "1.0.0");
}

#[test]
fn what_cannot_be_compared_is_said_with_its_side() {
    let world = World::with(&document("1.0.0"));
    let of_base = |text: &str| {
        world.write_text("base", text);
        world.xtask(&["diff", "--base", "base"])
    };
    of_base("{").assert(1, &["error: the base, base, can't be compared", "not JSON"]);
    of_base("[]").assert(1, &["the base, base", "it is no OpenAPI 3.0 document"]);
    of_base("{\"openapi\":\"3.1.0\",\"paths\":{}}").assert(1, &["only version 3.0 is understood"]);
    world
        .xtask(&["diff", "--head", "gone.json"])
        .assert(1, &["the head, gone.json, can't be read", "neither a file nor a revision"]);
    fs::write(world.root.join(DOCUMENT), b"\xff").unwrap();
    world.xtask(&["diff"]).assert(1, &["the head, openapi.json, is not in UTF-8"]);
    world.write(&document("1.0.0"));
    world.write_text(DOCUMENT, "no json");
    world.commit("broken");
    world.write(&document("1.0.0"));
    world.xtask(&["diff"]).assert(1, &["the base, openapi.json at ", "can't be compared"]);
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_names() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let world = World::with(&document("1.0.0"));
    let name = OsStr::from_bytes(b"\xff \n.json");
    fs::rename(world.root.join(DOCUMENT), world.root.join(name)).unwrap();
    world.commit("rename");
    for base in [&[][..], &["--base", "HEAD"], &["--base", "HEAD~1"]] {
        let mut diff = world.xtask_command(&["diff", "--format", "json"]);
        said(diff.args(base).arg("--head").arg(name)).assert_base(0, "1.0.0");
    }
}

#[test]
fn the_worst_of_all_changes_is_the_exit_code() {
    let world = World::with(&document("1.0.0"));
    let code = |world: &World| world.xtask(&["diff"]).code;
    world.write(&extended("1.1.0"));
    assert_eq!(code(&world), Some(0));
    let mut renamed = extended("1.1.0");
    renamed["paths"]["/users"]["get"]["operationId"] = "fetch_user".into();
    world.write(&renamed);
    assert_eq!(code(&world), Some(11));
    renamed["components"]["schemas"]["User"]["properties"]["name"]["type"] = "integer".into();
    world.write(&renamed);
    assert_eq!(code(&world), Some(10));
}

#[test]
fn a_report_can_go_to_a_file() {
    let world = World::with(&document("1.0.0"));
    world.write(&broken("1.0.0"));
    let said = world.xtask(&["diff", "--format", "json", "--output", "out.json"]);
    said.assert(10, &["out.json: 1 change", "wire breaking"]);
    let written = fs::read_to_string(world.root.join("out.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["wire"], "breaking");
    let nowhere = world.xtask(&["diff", "--output", "no/folder/out"]);
    nowhere.assert(1, &["no/folder/out can't be written"]);
}

#[test]
fn a_head_may_be_a_revision_as_a_base_may() {
    let world = grown();
    world.branch("work", &broken("2.0.0"));
    world.git(&["switch", "--quiet", "main"]);
    let json = ["diff", "--format", "json", "--head"];
    let of = |rest: &[&str]| world.xtask(&[&json[..], rest].concat());
    of(&["v1.0.0", "--base", "work"]).assert_base(11, "2.0.0");
    of(&["main~1", "--base", "v1.0.0"]).assert_base(0, "1.0.0");
    of(&["work:openapi.json", "--base", "main"]).assert_base(10, "1.2.0");
    // Without a base, with where that branch left the main one.
    of(&["work"]).assert_base(10, "1.2.0");
    of(&["v9"]).assert(1, &["the head, v9, can't be read: v9 is neither", "To mend it: "]);
}

#[test]
fn a_head_that_was_renamed_is_compared_with_what_it_was_called_before() {
    let world = World::with(&document("1.0.0"));
    world.git(&["switch", "--quiet", "--create", "work"]);
    world.git(&["mv", DOCUMENT, "api.json"]);
    world.commit("rename");
    let json = ["diff", "--format", "json", "--head", "work"];
    for branch in ["work", "main"] {
        world.git(&["switch", "--quiet", branch]);
        let found = world.xtask(&json);
        found.assert_base(0, "1.0.0");
        found.assert(0, &["the document has moved: the base is openapi.json at "]);
    }
}

#[test]
fn two_documents_of_others_have_nothing_to_do_with_what_was_accepted_here() {
    let world = World::with(&document("1.0.0"));
    world.write_text("contract/accepted.toml", "this is no TOML");
    world.write_text("a.json", &document("1.0.0").to_string());
    world.write_text("b.json", &broken("1.0.0").to_string());
    world.xtask(&["diff", "--base", "a.json", "--head", "b.json"]).assert(10, &["b.json"]);
    let piped = ["diff", "--base", "a.json", "--head", "-"];
    said_to(&mut world.xtask_command(&piped), &broken("1.0.0").to_string()).assert(10, &[]);
    // It counts where the contract itself is on one side.
    for of_ours in [&["--base", "a.json"][..], &["--head", "b.json"]] {
        let said = world.xtask(&[&["diff"], of_ours].concat());
        said.assert(1, &["contract/accepted.toml can't be understood"]);
    }
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_refused_on_either_side() {
    let world = World::with(&document("1.0.0"));
    for side in ["base", "head"] {
        let said = world.xtask(&["diff", &format!("--{side}"), "/dev/zero"]);
        said.assert(1, &[&format!("the {side}, /dev/zero, is longer than 64 MiB")]);
    }
    world
        .xtask(&["lint", "--document", "/dev/zero"])
        .assert(1, &["/dev/zero is longer than 64 MiB"]);
}
