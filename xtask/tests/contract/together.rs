//! Two changes, each fine, that break together; and others that only look so.

use std::fs;

use serde_json::{Value, json};
use xtask::{
    artifact::{CLIENT, DOCUMENT},
    workspace_root,
};

use crate::world::World;

/// The main branch at `tip`, and a branch with this repository's document that left it at `fork`.
fn parted(fork: impl Fn(&mut Value), tip: impl Fn(&mut Value)) -> World {
    let world = World::new();
    let committed = |file: &str| fs::read_to_string(workspace_root().join(file)).unwrap();
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut document: Value = serde_json::from_str(&committed(DOCUMENT)).unwrap();
        edit(&mut document);
        document
    };
    world.write(&edited(&fork));
    world.commit("fork");
    world.git(&["switch", "--quiet", "--create", "work"]);
    for file in [DOCUMENT, CLIENT] {
        world.write_text(file, &committed(file));
    }
    world.commit("work");
    world.git(&["switch", "--quiet", "main"]);
    world.write(&edited(&tip));
    world.commit("tip");
    world.git(&["switch", "--quiet", "work"]);
    world
}

/// As if the version were one before the first, where nothing has to be announced by its major part.
fn set_version(document: &mut Value, version: &str) {
    document["info"]["version"] = version.into();
}

/// An operation that takes what until then was only answered.
fn taking_health(document: &mut Value) {
    document["paths"]["/v1/health-reports"]["post"] = json!({
        "operationId": "report_health",
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/Customer" },
        } } },
        "responses": { "204": { "description": "Done." } },
    });
}

/// Before this field was added, which answers always have.
fn without_a_field(document: &mut Value) {
    let customer = &mut document["components"]["schemas"]["Customer"];
    customer["properties"].as_object_mut().unwrap().remove("creditStatus").unwrap();
    customer["required"].as_array_mut().unwrap().retain(|name| name != "creditStatus");
}

#[test]
fn a_field_added_to_answers_breaks_requests_that_were_added_meanwhile() {
    let world = parted(
        |fork| {
            without_a_field(fork);
            set_version(fork, "0.9.0");
        },
        |tip| {
            without_a_field(tip);
            taking_health(tip);
            set_version(tip, "1.0.0");
        },
    );
    let refused = world.xtask(&["check"]);
    refused.assert(10, &["(tip of main)", "(merge base with main)", "report_health"]);
    // By the merge base alone, nobody would see it.
    world.xtask(&["check", "--base", "main~1"]).assert(0, &[]);
}

#[test]
fn what_the_main_branch_has_added_is_not_missing_from_a_branch_that_is_behind() {
    let world = parted(|_| (), taking_health);
    let passed = world.xtask(&["check"]);
    passed.assert(0, &["nothing changes for those who use openapi.json at "]);
    assert!(!passed.out.contains("removed"), "{passed:#?}");
}

#[test]
fn two_additions_may_not_share_a_version() {
    let without_an_operation = |document: &mut Value| {
        document["paths"].as_object_mut().unwrap().remove("/v1/auth/permissions").unwrap();
    };
    let world = parted(
        |fork| {
            without_an_operation(fork);
            set_version(fork, "0.9.0");
        },
        |tip| {
            without_an_operation(tip);
            taking_health(tip);
        },
    );
    world.xtask(&["check"]).assert(14, &["the version is too low", "(tip of main)"]);
}

#[test]
fn what_both_have_changed_is_named() {
    let world = parted(
        |fork| fork["info"]["title"] = "One".into(),
        |tip| tip["info"]["title"] = "Two".into(),
    );
    world.xtask(&["check"]).assert(0, &["has changed too: /info/title", "merge, and check again"]);
}
