//! Who may use whom. Cargo holds most of it by itself; here is what a new line in a manifest
//! could undo without anybody noticing.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that can't be set up fails")]

use std::collections::{BTreeSet, HashMap};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

const SQL_DRIVERS: [&str; 10] = [
    "deadpool-postgres",
    "diesel",
    "libsqlite3-sys",
    "postgres",
    "rusqlite",
    "rusqlite_migration",
    "sqlx",
    "sqlx-core",
    "tokio-postgres",
    "tokio-postgres-rustls",
];
const GENERATORS: [&str; 5] =
    ["progenitor", "progenitor-impl", "progenitor-macro", "typify", "typify-impl"];

/// The workspace, and what each package in it builds on.
struct Layers {
    metadata: Metadata,
}

/// What a package is built with, and what its tests and examples add to that.
const BUILT: &[DependencyKind] = &[DependencyKind::Normal, DependencyKind::Build];
const TESTED: &[DependencyKind] =
    &[DependencyKind::Normal, DependencyKind::Build, DependencyKind::Development];

impl Layers {
    fn read() -> Self {
        let manifest = xtask::workspace_root().join("Cargo.toml");
        let mut command = MetadataCommand::new();
        command.manifest_path(manifest).other_options(["--locked".to_owned()]);
        Self { metadata: command.exec().unwrap() }
    }

    fn member(&self, name: &str) -> &Package {
        let members = self.metadata.workspace_packages();
        let member = members.into_iter().find(|package| package.name == name);
        member.unwrap_or_else(|| panic!("the workspace has no crate {name}"))
    }

    fn ours(&self) -> BTreeSet<&str> {
        self.metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect()
    }

    /// Everything below a member. Only its own dependencies can be for tests.
    fn below(&self, name: &str, kinds: &[DependencyKind]) -> BTreeSet<&str> {
        let resolve = self.metadata.resolve.as_ref().unwrap();
        let nodes: HashMap<&PackageId, _> =
            resolve.nodes.iter().map(|node| (&node.id, node)).collect();
        let used = |id: &PackageId, kinds: &[DependencyKind]| {
            let is_used = |dependency: &&cargo_metadata::NodeDep| {
                dependency.dep_kinds.iter().any(|info| kinds.contains(&info.kind))
            };
            let used = nodes[id].deps.iter().filter(is_used);
            used.map(|dependency| &dependency.pkg).collect::<Vec<_>>()
        };
        let mut waiting = used(&self.member(name).id, kinds);
        let mut found = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if found.insert(id) {
                waiting.extend(used(id, BUILT));
            }
        }
        found.into_iter().map(|id| self.metadata[id].name.as_str()).collect()
    }

    /// What a member's manifest names.
    fn named_by(&self, name: &str, kinds: &[DependencyKind]) -> BTreeSet<&str> {
        let dependencies = self.member(name).dependencies.iter();
        let of_kind = dependencies.filter(|dependency| kinds.contains(&dependency.kind));
        of_kind.map(|dependency| dependency.name.as_str()).collect()
    }
}

fn assert_none(what: &str, of: &BTreeSet<&str>, forbidden: &[&str]) {
    let found: Vec<_> = forbidden.iter().filter(|name| of.contains(**name)).collect();
    assert!(found.is_empty(), "{what} must not depend on {found:?}");
}

#[test]
fn the_workspace_has_the_crates_that_the_rules_are_about_and_no_other() {
    let expected = BTreeSet::from([
        "client-probe",
        "customers-api",
        "customers-client",
        "customers-server",
        "customers-store",
        "customers-types",
        "openapi-contract",
        "xtask",
    ]);
    assert_eq!(Layers::read().ours(), expected, "say here what a new crate may depend on");
}

/// Generated clients are compiled against the probe, which so needs what ours needs.
#[test]
fn the_probe_has_what_a_generated_client_names() {
    let layers = Layers::read();
    let probe = layers.named_by("client-probe", BUILT);
    let mut client = layers.named_by("customers-client", BUILT);
    // The part of ours that is written by hand has errors of its own.
    client.remove("thiserror");
    assert!(client.is_subset(&probe), "the probe lacks {:?}", client.difference(&probe));
    let ours: Vec<_> = layers.ours().into_iter().collect();
    assert_none("client-probe", &layers.below("client-probe", BUILT), &ours);
}

#[test]
fn the_comparison_of_documents_knows_neither_this_service_nor_a_generator() {
    let layers = Layers::read();
    let below = layers.below("openapi-contract", BUILT);
    let ours: Vec<_> = layers.ours().into_iter().collect();
    assert_none("openapi-contract", &below, &ours);
    assert_none("openapi-contract", &below, &GENERATORS);
    assert_none("openapi-contract", &below, &["dropshot", "tokio"]);
}

/// Workspaces of their own that depend on crates of ours: nothing else notices when a lock file of
/// theirs is not as `--locked` needs it.
const LOCKED_APART: [(&str, &[&str]); 3] = [
    ("xtask/contract/fuzz", &["openapi-contract"]),
    ("server/bench/floors", &["customers-api", "customers-store", "customers-types"]),
    ("server/bench/peers", &["customers-types"]),
];

#[test]
fn what_is_no_member_is_locked_to_what_our_crates_need() {
    let layers = Layers::read();
    for (folder, crates) in LOCKED_APART {
        let file = xtask::workspace_root().join(folder).join("Cargo.lock");
        let lock: toml::Value = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let packages = lock["package"].as_array().unwrap();
        for name in crates {
            let package = packages.iter().find(|it| it["name"].as_str() == Some(name)).unwrap();
            let locked = package["dependencies"].as_array().unwrap();
            // Of a crate in several versions, the version follows its name.
            let plain =
                |it: &toml::Value| it.as_str().unwrap().split(' ').next().unwrap().to_owned();
            let locked: BTreeSet<String> = locked.iter().map(plain).collect();
            let needed: BTreeSet<String> =
                layers.named_by(name, BUILT).into_iter().map(str::to_owned).collect();
            assert_eq!(
                locked, needed,
                "{name}: to mend it: cd {folder} && cargo update --workspace"
            );
        }
    }
}

#[test]
fn the_types_do_no_io_and_depend_on_none_of_ours() {
    let layers = Layers::read();
    let below = layers.below("customers-types", BUILT);
    let ours: Vec<_> = layers.ours().into_iter().collect();
    assert_none("customers-types", &below, &ours);
    assert_none("customers-types", &below, &SQL_DRIVERS);
    assert_none("customers-types", &below, &["dropshot", "hyper", "reqwest", "tokio"]);
}

#[test]
fn the_contract_depends_on_the_types_alone_of_ours() {
    let layers = Layers::read();
    let below = layers.below("customers-api", BUILT);
    let ours: BTreeSet<_> = below.intersection(&layers.ours()).copied().collect();
    assert_eq!(ours, BTreeSet::from(["customers-types"]));
    assert_none("customers-api", &below, &SQL_DRIVERS);
}

#[test]
fn the_store_alone_names_a_sql_driver() {
    let layers = Layers::read();
    for name in layers.ours().into_iter().filter(|name| *name != "customers-store") {
        assert_none(name, &layers.named_by(name, TESTED), &SQL_DRIVERS);
    }
}

#[test]
fn the_store_knows_nothing_of_http() {
    let layers = Layers::read();
    let below = layers.below("customers-store", BUILT);
    let above = ["customers-api", "customers-client", "customers-server", "dropshot", "hyper"];
    assert_none("customers-store", &below, &above);
}

#[test]
fn the_client_depends_on_none_of_ours_and_on_no_generator() {
    let layers = Layers::read();
    let ours: Vec<_> = layers.ours().into_iter().collect();
    assert_none("customers-client", &layers.below("customers-client", TESTED), &ours);
    assert_none("customers-client", &layers.below("customers-client", BUILT), &GENERATORS);
    let client = layers.member("customers-client");
    assert_eq!(client.publish, None, "customers-client has to be publishable");
}

#[test]
fn the_drift_check_builds_the_contract_and_never_the_server() {
    let layers = Layers::read();
    let below = layers.below("xtask", TESTED);
    assert!(below.contains("customers-api"));
    assert_none("xtask", &below, &["customers-server", "customers-store"]);
    assert_none("xtask", &below, &SQL_DRIVERS);
}
