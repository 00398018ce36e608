//! The document that is to be published.

use std::{ffi::OsStr, path::PathBuf};

use anyhow::anyhow;

use super::{Sources, named::Named, nothing_there};
use crate::{
    artifact,
    baseline::{NoBase, Revision},
    edition::{Edition, Place, Role},
};

/// The document that is to take the place of the base.
#[derive(Debug)]
pub struct Head {
    /// The document.
    pub edition: Edition,
    /// Where it came from, which says where the base was.
    pub origin: Origin,
    /// Whether it is this workspace's contract, and not any document.
    pub is_own: bool,
}

/// Where a head came from.
#[derive(Debug)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// What a commit has there.
    Commit {
        /// The commit.
        at: Revision,
        /// Below the top of the repository.
        path: PathBuf,
    },
    /// Standard input, or a file of a commit that may be about anything.
    Alone,
}

impl Origin {
    /// The commit that has the head, if it is one.
    pub(super) fn commit(&self) -> Option<&Revision> {
        match self {
            Self::Commit { at, .. } => Some(at),
            Self::File(_) | Self::Alone => None,
        }
    }
}

impl Sources<'_> {
    /// What was named, or the document of the workspace.
    ///
    /// # Errors
    /// When it is not there, or can't be read or compared.
    pub fn head(&self, given: Option<&OsStr>) -> anyhow::Result<Head> {
        let Some(given) = given else { return self.own_head() };
        let alone = |edition, is_own| Head { edition, origin: Origin::Alone, is_own };
        match self.named(Role::Head, given).map_err(|error| not_had(given, error))? {
            Named::Input(edition) => Ok(alone(edition, false)),
            Named::Object(edition) => Ok(alone(edition, true)),
            Named::File(edition, file) => {
                let is_own = self.place_of(&file) == self.place_of(&self.own_file());
                Ok(Head { edition, origin: Origin::File(file), is_own })
            }
            Named::Commit(at) => self.head_at(at, given).map_err(|error| not_had(given, error)),
        }
    }

    fn own_head(&self) -> anyhow::Result<Head> {
        let file = self.own_file();
        let place = self.place_of(&file);
        // As in the file that is committed, whatever the folder of the workspace is called.
        let name = file
            .strip_prefix(self.root)
            .map_or(artifact::DOCUMENT.into(), |path| path.display().to_string());
        let edition = Edition::of_file(Role::Head, name, &file)?.at(place);
        Ok(Head { edition, origin: Origin::File(file), is_own: true })
    }

    fn head_at(&self, at: Revision, given: &OsStr) -> anyhow::Result<Head> {
        let found = self.document(&at, &Origin::Alone)?;
        let (name, path) = (found.name.clone(), found.path.clone());
        let Some(contents) = found.contents else {
            return Err(nothing_there(&given.display().to_string(), &found).into());
        };
        let edition = Edition::new(Role::Head, name, contents)?;
        let edition = edition.at(Place::InRepository(path.clone()));
        Ok(Head { edition, origin: Origin::Commit { at, path }, is_own: true })
    }
}

/// A head that is missing is no missing base, and has no exit code of its own.
fn not_had(given: &OsStr, error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<NoBase>() {
        Ok(NoBase { problem, remedy }) => {
            let head = Role::Head.calls(&given.display().to_string());
            anyhow!("{head} can't be read: {problem}\nTo mend it: {remedy}")
        }
        Err(error) => error,
    }
}
