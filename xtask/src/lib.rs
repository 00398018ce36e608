//! The team's own commands: `cargo xtask generate | check | diff | changelog | lint | conform |
//! bench | fuzz | prove | page-test | test`.
//!
//! It is for whoever works on this repository, and never part of what is shipped. It reads the
//! contract from `customers-api`, and must not depend on the server or the store: the drift
//! check has to answer without building them. It is a library so that its tests can call it.
//!
//! Where to look next: [`command`] has one file per command; [`artifact`] is what is generated
//! and how it is compared; [`client`] makes the client's source of the document; [`baseline`] is
//! where an earlier document comes from, [`gate`] what decides whether a change may pass, and
//! [`report`] what it is shown as; [`house`] is what our reviewers ask of the document.

pub mod acceptance;
pub mod artifact;
pub mod baseline;
pub mod cargo;
pub mod client;
pub mod clock;
pub mod command;
pub mod comparison;
pub mod edition;
pub mod gate;
pub mod house;
pub mod merge;
pub mod output;
pub mod report;
pub mod version;

use std::path::{Path, PathBuf};

/// The folder of the workspace that this binary was built from.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}
