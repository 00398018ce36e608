//! The two documents that a command compares: those that were named, or the usual ones.
//!
//! [`Sources`] knows where documents come from. What is named means the same for either side: a
//! file, standard input, a revision of Git, or a file of one.

mod base;
mod head;
mod named;

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
};

pub use self::{
    base::Base,
    head::{Head, Origin},
};
use crate::{
    artifact,
    baseline::{Baseline, NoBase, Repository, Revision},
    edition::{Place, Role},
};

/// Stands for standard input in the place of a file.
pub const STANDARD_INPUT: &str = "-";

/// Where the documents of a workspace come from.
#[derive(Debug)]
pub struct Sources<'a> {
    root: &'a Path,
    /// Looked for once it is needed. Files can be compared without one.
    repository: OnceLock<Result<Repository, NoBase>>,
}

impl<'a> Sources<'a> {
    /// Those of the workspace in this folder.
    #[must_use]
    pub fn of(root: &'a Path) -> Self {
        Self { root, repository: OnceLock::new() }
    }

    /// The repository that the workspace is in.
    ///
    /// # Errors
    /// When it is in none, or Git is missing or refuses.
    pub fn repository(&self) -> Result<&Repository, NoBase> {
        let found = self.repository.get_or_init(|| Repository::open(self.root));
        found.as_ref().map_err(Clone::clone)
    }

    /// Both sides, each as it was named or the usual one. Documents are long, so a base that is a
    /// file is read beside the head, while Git says where the repository is; for a pipe, a head that
    /// is not there would wait.
    ///
    /// # Errors
    /// When either can't be found, read or compared.
    pub fn both(&self, head: Option<&OsStr>, base: Option<&OsStr>) -> anyhow::Result<(Head, Base)> {
        let Some(given) = base.filter(|given| Path::new(given).is_file()) else {
            let head = self.head(head)?;
            let base = self.base(base, &head)?;
            return Ok((head, base));
        };
        let (head, named) = thread::scope(|scope| {
            // Where there is no thread for it, Git is asked by whoever needs to know.
            let _ = thread::Builder::new().spawn_scoped(scope, || self.repository().is_ok());
            rayon::join(|| self.head(head), || self.named(Role::Base, given))
        });
        let head = head?;
        let base = self.named_base(given, named?, &head)?;
        Ok((head, base))
    }

    /// Where the workspace has its document, also if Git sees that it was moved elsewhere.
    fn own_file(&self) -> PathBuf {
        let file = self.root.join(artifact::DOCUMENT);
        if file.exists() {
            return file;
        }
        let moved = self.repository().and_then(|repository| repository.later_file(&file));
        moved.ok().flatten().unwrap_or(file)
    }

    /// Where programs that read a report find this file.
    fn place_of(&self, file: &Path) -> Place {
        let inside = match self.repository() {
            Ok(repository) => repository.path_of(file),
            // An archive of the sources.
            Err(_) => self.root.canonicalize().ok().and_then(|root| {
                Some(file.canonicalize().ok()?.strip_prefix(root).ok()?.to_owned())
            }),
        };
        match (inside, file.canonicalize()) {
            (Some(path), _) => Place::InRepository(path),
            // What a shell makes of `<(…)`, and devices, are gone by the time that anybody looks.
            (None, Ok(path)) if path.is_file() => Place::Elsewhere(path),
            (None, _) => Place::Nowhere,
        }
    }

    /// The document at a commit: where the head is now or was then or, if that was nowhere, where
    /// the workspace has it.
    fn document(&self, at: &Revision, origin: &Origin) -> Result<Baseline, NoBase> {
        let repository = self.repository()?;
        let (head, until) = match origin {
            Origin::File(file) => (repository.path_of(file), None),
            Origin::Commit { at, path } => (Some(path.clone()), Some(at)),
            Origin::Alone => (None, None),
        };
        let own = repository.path_of(&self.own_file());
        let own = own.filter(|own| Some(own) != head.as_ref());
        let mut found = None;
        for place in head.into_iter().chain(own) {
            let baseline = repository.document(at, &place, until)?;
            let is_there = baseline.contents.is_some();
            found = Some(baseline);
            if is_there {
                break;
            }
        }
        found.ok_or_else(|| NoBase {
            problem: format!("{} is not in the repository", artifact::DOCUMENT),
            remedy: "name a file: --base FILE".to_owned(),
        })
    }
}

/// A revision that was named has to have a document.
fn nothing_there(name: &str, found: &Baseline) -> NoBase {
    NoBase {
        problem: format!("there is no {}", found.name),
        remedy: format!("name a revision that has it or, if it is elsewhere, {name}:PATH"),
    }
}
