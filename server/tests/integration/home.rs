//! Where the records of a test are: in a file of its folder.

use std::path::{Path, PathBuf};

use crate::service::{Place, WORLD, text};

/// A store that goes with its folder.
pub(crate) struct Home {
    folder: PathBuf,
}

impl Home {
    /// One that is not there yet.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// One that holds the world.
    pub(crate) fn with_world() -> Place {
        let place = Place::new();
        let imported = place.run_with_input(&["import", "-"], WORLD.as_bytes());
        assert!(imported.status.success(), "{}", text(&imported.stderr));
        place
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.folder.join("customers.db").display())
    }

    /// All that is stored.
    pub(crate) fn stored(&self) -> Vec<u8> {
        let files = ["customers.db", "customers.db-wal"];
        let read = |name| std::fs::read(self.folder.join(name)).unwrap_or_default();
        files.into_iter().flat_map(read).collect()
    }
}
