//! The entry of the change log, for those who call the service.

use crate::{
    document::{broken, document, extended},
    world::World,
};

#[test]
fn an_entry_tells_what_changed_since_the_last_release() {
    let world = World::with(&document("0.1.0"));
    // Neither by text nor by time the newest.
    for tag in ["v1.9.0", "v1.10.0", "v2.0.0-rc.1", "vision", "v1.2.0"] {
        let version = tag.trim_start_matches('v').replace("ision", "0.1.0");
        world.write(&document(&version));
        world.commit(tag);
        world.git(&["tag", tag]);
    }
    let mut head = extended("2.0.0");
    head["components"] = broken("2.0.0")["components"].clone();
    head["components"]["schemas"]["User"]["description"] = "Somebody.".into();
    head["paths"]["/users"]["get"]["deprecated"] = true.into();
    world.write(&head);
    let said = world.xtask(&["changelog"]);
    said.assert(0, &["since openapi.json at ", "(v1.10.0)"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[0].starts_with("## 2.0.0 (20"), "{said:#?}");
    let place = |line: &str| lines.iter().position(|there| there.starts_with(line));
    let expected = [
        "### Breaking",
        "- `get_user`: property became optional: `User.name`. ",
        "### Added",
        "- `get_health`: operation added.",
        "### Deprecated",
        "- `get_user`: marked as deprecated.",
        "### Documentation",
    ];
    let places: Vec<_> = expected.iter().map(|line| place(line)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {said:#?}");
}

#[test]
fn before_the_first_release_an_entry_tells_what_the_branch_changes() {
    let world = World::with(&document("1.0.0"));
    world.branch("work", &extended("1.0.0"));
    let said = world.xtask(&["changelog"]);
    said.assert(0, &["## Unreleased (20", "- `get_health`: operation added.\n", "merge base"]);
    said.assert(0, &["note: there is no release yet"]);
    let said = world.xtask(&["changelog", "--base", "work"]);
    said.assert(0, &["Nothing changed for those who call the service since openapi.json at "]);
    world.xtask(&["changelog", "--base", "gone"]).assert(20, &["gone is neither a file"]);
}

#[test]
fn a_shallow_clone_does_not_pass_for_one_in_which_nothing_changed() {
    let origin = World::with(&document("1.0.0"));
    origin.git(&["tag", "v1.0.0"]);
    origin.write(&extended("1.1.0"));
    origin.commit("more");
    let clone = origin.cloned("clone", &["--depth", "1", "--no-tags"]);
    let refused = clone.xtask(&["changelog"]);
    refused.assert(20, &["this clone is shallow", "git fetch --unshallow origin", "--tags"]);
    assert!(!refused.out.contains("Nothing changed"), "{refused:#?}");
    clone.mend(&refused);
    clone.xtask(&["changelog"]).assert(0, &["(v1.0.0)", "operation added"]);
}

#[test]
fn on_the_main_branch_without_a_release_nothing_passes_for_news() {
    let world = World::with(&document("1.0.0"));
    let refused = world.xtask(&["changelog"]);
    refused.assert(20, &["there is no release", "git tag v1.2.3 COMMIT", "--base REV"]);
    assert_eq!(refused.out, "");
    // What is not committed yet is told, and since when.
    world.write(&extended("1.0.0"));
    world
        .xtask(&["changelog"])
        .assert(0, &["no release yet", "since openapi.json at ", "get_health"]);

    let origin = World::with(&document("1.0.0"));
    let clone = origin.cloned("clone", &["--no-tags"]);
    origin.git(&["tag", "v1.0.0"]);
    let refused = clone.xtask(&["changelog"]);
    refused.assert(20, &["there is no release", "if nothing was released yet"]);
    clone.mend(&refused);
    clone.xtask(&["changelog"]).assert(0, &["Nothing changed", "since openapi.json at ", "v1.0.0"]);
}

#[test]
fn what_breaks_the_client_is_told_with_its_cause_and_not_twice() {
    let colours = |kind: &str| {
        let mut document = document("1.0.0");
        let color =
            serde_json::json!({ "in": "query", "name": "color", "schema": { "type": kind } });
        document["paths"]["/users"]["get"]["parameters"] = serde_json::json!([color]);
        document
    };
    let world = World::with(&colours("integer"));
    world.git(&["tag", "v1.0.0"]);
    world.write(&colours("number"));
    let said = world.xtask(&["changelog"]);
    said.assert(0, &["### Breaking", "`get_user`: type widened: parameter `color`. Code passes"]);
    assert_eq!(said.out.matches("- `").count(), 1, "{said:#?}");
}
