//! What a name on the command line means.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use super::{STANDARD_INPUT, Sources};
use crate::{
    baseline::{NoBase, Revision},
    edition::{Edition, Place, Role},
};

/// What was named.
pub(super) enum Named {
    /// Standard input.
    Input(Edition),
    /// A file of this machine.
    File(Edition, PathBuf),
    /// A file of a commit.
    Object(Edition),
    /// A commit, in which the document is still to be found.
    Commit(Revision),
}

impl Sources<'_> {
    /// Standard input, a file that is there, or what Git knows by this name.
    ///
    /// # Errors
    /// When it is none of these ([`NoBase`]), or holds no document that can be compared.
    pub(super) fn named(&self, role: Role, given: &OsStr) -> anyhow::Result<Named> {
        if given == STANDARD_INPUT {
            return Ok(Named::Input(Edition::of_standard_input(role)?));
        }
        let file = Path::new(given);
        let name = file.display().to_string();
        // Also a pipe, which a shell makes of `<(…)`, but not a folder that is called like a branch.
        if file.exists() && !file.is_dir() {
            let edition = Edition::of_file(role, name, file)?.at(self.place_of(file));
            return Ok(Named::File(edition, file.to_owned()));
        }
        let repository = self.repository().map_err(|NoBase { problem, remedy }| NoBase {
            problem: format!("{name} is no file, and {problem}"),
            remedy,
        })?;
        // `REV:PATH` is a file, but `:/words` is the commit that says so.
        match (repository.resolve(given), name.split_once(':')) {
            (Err(_), Some((_, path))) => {
                let contents = repository.object(given)?;
                let place = Place::InRepository(PathBuf::from(path));
                Ok(Named::Object(Edition::new(role, name.clone(), contents)?.at(place)))
            }
            (at, _) => Ok(Named::Commit(at?)),
        }
    }
}
