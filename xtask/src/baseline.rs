//! The document that others depend on already: what a change is compared with.
//!
//! It comes from Git, at the merge base with the main branch unless told otherwise. Nothing is
//! fetched and nothing is written: where the history at hand does not suffice, [`NoBase`] says
//! which line brings the rest.

mod git;
mod main_branch;
mod rename;
mod repository;

use std::path::{Path, PathBuf};

pub use self::{main_branch::MainBranch, repository::Repository};

/// Why there is nothing to compare with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no base to compare with: {problem}\nTo mend it: {remedy}")]
pub struct NoBase {
    /// What is missing.
    pub problem: String,
    /// A line to type where there is one, else what to do.
    pub remedy: String,
}

impl NoBase {
    fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }
}

/// A document of an earlier commit.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// For people: which document this is.
    pub name: String,
    /// The commit.
    pub commit: String,
    /// The document; `None` where the commit has none.
    pub contents: Option<Vec<u8>>,
    /// Where it was found, below the top of the repository.
    pub path: PathBuf,
    /// Whether it is elsewhere now.
    pub has_moved: bool,
}

impl Baseline {
    /// That the document was elsewhere, for people.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        self.has_moved.then(|| format!("the document has moved: the base is {}", self.name))
    }
}

/// A commit to compare with, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its hash.
    pub commit: String,
    /// For people, such as `merge base with origin/main`.
    pub name: String,
}

impl Revision {
    /// The hash as people write it.
    #[must_use]
    pub fn short(&self) -> &str {
        self.commit.get(..10).unwrap_or(&self.commit)
    }
}

/// Whether this folder, or one that it is in, is a Git repository; without asking Git, which may
/// not be installed. An archive of the sources is none.
#[must_use]
pub fn is_in_a_repository(folder: &Path) -> bool {
    let folder = folder.canonicalize();
    folder.is_ok_and(|folder| folder.ancestors().any(|folder| folder.join(".git").exists()))
}
