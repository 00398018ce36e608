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
    let said = world.xtask(&["changelog", "--base", "work"]);
    said.assert(0, &["Nothing changed for those who call the service."]);
    world.xtask(&["changelog", "--base", "gone"]).assert(20, &["gone is neither a file"]);
}
