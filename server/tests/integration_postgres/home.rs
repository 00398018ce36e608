//! Where the records of a test are: in a database of its own.

use std::path::Path;

use crate::{
    cluster::Database,
    service::{Place, WORLD, text},
};

/// A store that goes when it is dropped.
pub(crate) struct Home {
    database: Database,
}

impl Home {
    /// One in which there is nothing yet.
    pub(crate) fn new(_folder: &Path) -> Self {
        Self { database: Database::empty() }
    }

    /// One that holds the world.
    pub(crate) fn with_world() -> Place {
        let folder = tempfile::tempdir().unwrap();
        Place::of(folder, Self { database: Database::prepared(import_world) })
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        self.database.url()
    }

    /// All that is stored.
    pub(crate) fn stored(&self) -> Vec<u8> {
        self.database.dump()
    }
}

fn import_world(url: &str) {
    let place = Place::new();
    let imported = place.run_with_input(&["import", "--store", url, "-"], WORLD.as_bytes());
    assert!(imported.status.success(), "{}", text(&imported.stderr));
}
