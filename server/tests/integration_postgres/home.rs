//! Where the records of a test are: in a database of its own.

use std::{net::SocketAddr, path::Path};

use crate::{
    cluster::{Database, dump},
    service::{Place, WORLD, text},
};

/// A store that goes when it is dropped.
pub(crate) struct Home {
    url: String,
    /// None, if it goes with a cluster of the test.
    database: Option<Database>,
}

impl Home {
    /// One in which there is nothing yet.
    pub(crate) fn new(_folder: &Path) -> Self {
        Self::of(Database::empty())
    }

    /// One that holds the world.
    pub(crate) fn with_world() -> Place {
        let folder = tempfile::tempdir().unwrap();
        Place::of(folder, Self::of(Database::prepared(import_world)))
    }

    /// One at this URL, which then holds the world.
    pub(crate) fn with_world_at(url: String) -> Place {
        import_world(&url);
        Place::of(tempfile::tempdir().unwrap(), Self { url, database: None })
    }

    fn of(database: Database) -> Self {
        Self { url: database.url(), database: Some(database) }
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Its URL by another way to its server.
    pub(crate) fn url_at(&self, address: SocketAddr) -> String {
        self.database.as_ref().unwrap().url_at(address)
    }

    /// All that is stored.
    pub(crate) fn stored(&self) -> Vec<u8> {
        dump(&self.url)
    }
}

fn import_world(url: &str) {
    let place = Place::new();
    let imported = place.run_with_input(&["import", "--store", url, "-"], WORLD.as_bytes());
    assert!(imported.status.success(), "{}", text(&imported.stderr));
}
