//! The base is found, or the line that brings it is named.

use std::{fs, path::Path};

use xtask::artifact::DOCUMENT;

use crate::{
    document::{broken, document, extended},
    world::{World, said},
};

const JSON: [&str; 3] = ["diff", "--format", "json"];

/// `main` at 1.2.0, and a branch that left it at 1.0.0.
fn parted() -> World {
    let world = World::with(&document("1.0.0"));
    world.branch("work", &document("1.1.0"));
    world.git(&["switch", "--quiet", "main"]);
    world.write(&document("1.2.0"));
    world.commit("main goes on");
    world.git(&["switch", "--quiet", "work"]);
    world
}

#[test]
fn the_base_is_where_the_branch_left_the_main_branch() {
    parted().xtask(&JSON).assert_base(0, "1.0.0");
}

#[test]
fn on_the_main_branch_the_work_tree_is_compared_with_the_last_commit() {
    let world = World::with(&document("1.0.0"));
    world.write(&broken("1.0.0"));
    world.xtask(&JSON).assert_base(10, "1.0.0");
}

/// The same, as others clone it: with `main` checked out.
fn shared() -> World {
    let world = parted();
    world.git(&["switch", "--quiet", "main"]);
    world
}

#[test]
fn the_branch_of_the_remote_comes_before_a_local_one_that_is_behind() {
    let origin = shared();
    let clone = origin.cloned("clone", &["--branch", "work"]);
    clone.git(&["branch", "--quiet", "main", "origin/main~1"]);
    clone.git(&["rebase", "--quiet", "-X", "theirs", "origin/main"]);
    clone.xtask(&JSON).assert_base(0, "1.2.0");
}

#[test]
fn a_pull_request_is_compared_with_the_branch_that_it_goes_to() {
    let origin = shared();
    origin.git(&["branch", "release", "work"]);
    origin.git(&["switch", "--quiet", "work"]);
    origin.branch("fix", &document("1.1.1"));
    let clone = origin.cloned("clone", &[]);
    let mut diff = clone.xtask_command(&JSON);
    said(diff.env("GITHUB_BASE_REF", "release")).assert_base(0, "1.1.0");

    let mut diff = clone.xtask_command(&JSON);
    let remedy = "git fetch origin gone:refs/remotes/origin/gone";
    said(diff.env("GITHUB_BASE_REF", "gone")).assert(20, &["the branch gone", remedy]);
}

#[test]
fn the_only_branch_is_the_main_one_whatever_its_name() {
    let world = World::with(&document("1.0.0"));
    world.git(&["branch", "--move", "trunk"]);
    world.xtask(&JSON).assert_base(0, "1.0.0");
    world.branch("work", &document("1.1.0"));
    world.xtask(&JSON).assert(20, &["the main branch is not here", "--base REV"]);
}

#[test]
fn a_linked_work_tree_and_a_detached_head_have_a_base_too() {
    let world = parted();
    let linked = world.root.with_file_name("linked");
    world.git(&["worktree", "add", "--quiet", "--detach", linked.to_str().unwrap(), "work"]);
    World::at(linked).xtask(&JSON).assert_base(0, "1.0.0");
}

#[test]
fn a_folder_within_the_repository_may_be_the_workspace() {
    let world = World::new();
    world.write_text(Path::new("service").join(DOCUMENT), &document("1.0.0").to_string());
    world.commit("first");
    World::at(world.root.join("service")).xtask(&JSON).assert_base(0, "1.0.0");
}

#[test]
fn a_shallow_clone_suffices_where_the_base_is_in_it() {
    let origin = World::with(&document("0.9.0"));
    origin.write(&document("1.0.0"));
    origin.commit("second");
    let clone = origin.cloned("clone", &["--depth", "1"]);
    clone.write(&extended("1.0.0"));
    clone.xtask(&JSON).assert_base(0, "1.0.0");
}

#[test]
fn a_shallow_clone_without_the_base_says_what_to_fetch() {
    let origin = shared();
    let only_one = ["--depth", "1", "--branch", "work"];
    let both = ["--depth", "1", "--branch", "work", "--no-single-branch"];
    for (name, options) in [("one", &only_one[..]), ("both", &both[..])] {
        let clone = origin.cloned(name, options);
        let refused = clone.xtask(&JSON);
        refused.assert(20, &["git fetch --unshallow origin"]);
        clone.mend(&refused);
        clone.xtask(&JSON).assert_base(0, "1.0.0");
    }
}

#[test]
fn a_shallow_check_out_of_a_merge_says_what_to_fetch() {
    let origin = shared();
    // As hosted workflows do it: a merge that is on no branch.
    origin.git(&["switch", "--quiet", "--detach", "work"]);
    origin.git(&["merge", "--quiet", "-X", "ours", "--no-edit", "main"]);
    origin.git(&["update-ref", "refs/pull/1/merge", "HEAD"]);
    let clone = World::at(origin.root.with_file_name("clone"));
    fs::create_dir(&clone.root).unwrap();
    clone.git(&["init", "--quiet"]);
    clone.git(&["remote", "add", "origin", &format!("file://{}", origin.root.display())]);
    clone.git(&["fetch", "--quiet", "--depth", "1", "origin", "refs/pull/1/merge"]);
    clone.git(&["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
    let refused = clone.xtask(&JSON);
    refused.assert(20, &["git fetch --unshallow origin"]);
    clone.mend(&refused);
    clone.xtask(&JSON).assert_base(0, "1.2.0");
}

#[test]
fn a_clone_of_one_branch_says_what_to_fetch() {
    let origin = shared();
    let clone = origin.cloned("clone", &["--branch", "work", "--single-branch"]);
    let refused = clone.xtask(&JSON);
    refused.assert(20, &["git fetch origin main:refs/remotes/origin/main"]);
    clone.mend(&refused);
    clone.xtask(&JSON).assert_base(0, "1.0.0");
}

#[test]
fn a_partial_clone_is_not_filled_behind_the_back_of_its_owner() {
    let origin = shared();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = origin.cloned("clone", &["--branch", "work", "--filter=blob:none"]);
    let refused = clone.xtask(&JSON);
    refused.assert(20, &["is not in this clone"]);
    clone.mend(&refused);
    clone.xtask(&JSON).assert_base(0, "1.0.0");
}

#[test]
fn the_first_document_breaks_nobody() {
    let world = World::new();
    world.write(&document("1.0.0"));
    world.xtask(&["diff"]).assert(0, &["there is no commit yet", "first version"]);

    let world = World::new();
    world.commit("nothing yet");
    world.branch("work", &document("1.0.0"));
    world.xtask(&["diff"]).assert(0, &["there is no openapi.json at ", "first version"]);
    // But whoever names a revision expects a document there.
    world
        .xtask(&["diff", "--base", "main"])
        .assert(20, &["there is no openapi.json at ", "(main)"]);
}

#[test]
fn a_document_that_was_renamed_is_found_under_its_old_name() {
    let world = World::new();
    world.write_text("api/contract.json", &format!("{:#}", document("1.0.0")));
    world.commit("first");
    world.git(&["switch", "--quiet", "--create", "work"]);
    world.git(&["mv", "api/contract.json", DOCUMENT]);
    let found = world.xtask(&JSON);
    found.assert_base(0, "1.0.0");
    found.assert(0, &["the document has moved", "api/contract.json"]);

    // Step by step, also if in the end little is as it was.
    world.commit("rename");
    let mut other = extended("2.0.0");
    other["paths"]["/users"]["get"]["description"] = "Much that is new. ".repeat(200).into();
    world.write(&other);
    world.commit("change");
    let found = world.xtask(&JSON);
    found.assert_base(0, "1.0.0");
    found.assert(0, &["the document has moved"]);
}

#[test]
fn a_document_that_is_not_in_its_place_is_found_where_it_has_moved() {
    let world = World::with(&document("1.0.0"));
    world.git(&["switch", "--quiet", "--create", "work"]);
    fs::create_dir(world.root.join("api")).unwrap();
    world.git(&["mv", DOCUMENT, "api/openapi.json"]);
    let found = world.xtask(&JSON);
    found.assert_base(0, "1.0.0");
    let notes: Vec<&str> = found.err.lines().collect();
    let start = "note: the document has moved: the base is openapi.json at ";
    assert!(matches!(notes[..], [one] if one.starts_with(start)), "{notes:?}");
    assert_eq!(notes[0].matches("openapi.json").count(), 1, "{notes:?}");
    world.xtask(&["diff"]).assert(0, &["(merge base with main) → api/openapi.json"]);

    // Also once that is committed, and after it has moved once more.
    world.commit("move");
    world.xtask(&JSON).assert_base(0, "1.0.0");
    world.git(&["mv", "api/openapi.json", "api/v1.json"]);
    world.commit("move on");
    world.xtask(&["diff"]).assert(0, &["→ api/v1.json"]);
    world.xtask(&["diff", "--base", "main"]).assert(0, &["(main) → api/v1.json"]);
    world.git(&["rm", "--quiet", "api/v1.json"]);
    world.xtask(&["diff"]).assert(1, &["the head, openapi.json, can't be read"]);
}

#[test]
fn histories_that_have_nothing_in_common_have_no_base() {
    let world = World::with(&document("1.0.0"));
    world.git(&["switch", "--quiet", "--orphan", "other"]);
    world.write(&document("1.0.0"));
    world.commit("other");
    world.xtask(&["diff"]).assert(20, &["HEAD and main have no commit in common", "--base REV"]);
}

#[test]
fn nothing_is_written_to_the_repository() {
    let world = parted();
    world.git(&["mv", DOCUMENT, "moved.json"]);
    let before = state(&world.root);
    world.xtask(&["diff", "--head", "moved.json"]).assert(0, &["the document has moved"]);
    world.write(&document("1.1.0"));
    world.xtask(&["diff"]).assert(0, &[]);
    assert_eq!(state(&world.root), before);
}

/// Every file of the repository itself, with its length and time.
fn state(root: &Path) -> Vec<(std::path::PathBuf, u64, std::time::SystemTime)> {
    let mut folders = vec![root.join(".git")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let (path, metadata) = entry.map(|e| (e.path(), e.metadata().unwrap())).unwrap();
            if metadata.is_dir() {
                folders.push(path.clone());
            }
            files.push((path, metadata.len(), metadata.modified().unwrap()));
        }
    }
    files.sort();
    files
}
