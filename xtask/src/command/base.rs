//! Which document a command compares with: the one that was named, or the usual one.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use openapi_contract::Side;

use crate::{
    artifact,
    baseline::{Baseline, NoBase, Repository, Revision},
    edition::Edition,
};

/// Stands for standard input in the place of a file.
pub const STANDARD_INPUT: &str = "-";

/// What to compare with.
#[derive(Debug)]
pub struct Base {
    /// The document; `None` if the head is the first there is.
    pub edition: Option<Edition>,
    /// What people should know about it.
    pub notes: Vec<String>,
}

/// What was named: standard input, a file that is there, or a revision. `head` is the file that
/// is compared with it, if it is one.
///
/// # Errors
/// When it is none of these, or holds no document that can be compared.
pub fn given(root: &Path, base: &OsStr, head: Option<&Path>) -> anyhow::Result<Base> {
    let only = |edition| Base { edition: Some(edition), notes: Vec::new() };
    if base == STANDARD_INPUT {
        return Ok(only(Edition::of_standard_input(Side::Base)?));
    }
    let file = Path::new(base);
    let name = file.display().to_string();
    // Also a pipe, which a shell makes of `<(…)`, but not a folder that is called like a branch.
    if file.exists() && !file.is_dir() {
        return Ok(only(Edition::of_file(Side::Base, name, file)?));
    }
    let repository = Repository::open(root).map_err(|NoBase { problem, remedy }| NoBase {
        problem: format!("{name} is no file, and {problem}"),
        remedy,
    })?;
    // `REV:PATH` is a file, but `:/words` is the commit that says so.
    let at = match (repository.resolve(base), name.contains(':')) {
        (Err(_), true) => {
            let contents = repository.object(base)?;
            return Ok(only(Edition::new(Side::Base, name, contents)?));
        }
        (at, _) => at?,
    };
    let found = document(&repository, &at, root, head)?;
    if found.contents.is_none() {
        return Err(NoBase {
            problem: format!("there is no {}", found.name),
            remedy: format!("name a revision that has it or, if it is elsewhere, {name}:PATH"),
        }
        .into());
    }
    of_baseline(found)
}

/// The document at the merge base with the main branch.
///
/// # Errors
/// When that can't be found, or holds no document that can be compared.
pub fn usual(root: &Path, head: Option<&Path>) -> anyhow::Result<Base> {
    let repository = Repository::open(root)?;
    let Some(main) = repository.main_branch()? else {
        return Ok(Base::first("there is no commit yet"));
    };
    let at = repository.merge_base(&main)?;
    self::at(&repository, &at, root, head)
}

/// The document at a commit, which may be older than the first document.
///
/// # Errors
/// When it is not at hand, or can't be compared.
pub fn at(
    repository: &Repository,
    at: &Revision,
    root: &Path,
    head: Option<&Path>,
) -> anyhow::Result<Base> {
    let found = document(repository, at, root, head)?;
    if found.contents.is_none() {
        return Ok(Base::first(&format!("there is no {}", found.name)));
    }
    of_baseline(found)
}

impl Base {
    /// The base of what is the first document.
    #[must_use]
    pub fn first(why: &str) -> Self {
        let note = format!("{why}: this is the first version of the contract, and breaks nobody");
        Self { edition: None, notes: vec![note] }
    }
}

fn of_baseline(found: Baseline) -> anyhow::Result<Base> {
    let notes = found.note().into_iter().collect();
    let edition = match found.contents {
        Some(contents) => Some(Edition::new(Side::Base, found.name, contents)?),
        None => None,
    };
    Ok(Base { edition, notes })
}

/// The document at a commit: where the head is now or was then or, if that was nowhere, where the
/// workspace has it.
fn document(
    repository: &Repository,
    at: &Revision,
    root: &Path,
    head: Option<&Path>,
) -> Result<Baseline, NoBase> {
    let of_workspace = root.join(artifact::DOCUMENT);
    let mut places: Vec<PathBuf> = Vec::new();
    for file in head.into_iter().chain([of_workspace.as_path()]) {
        places.extend(repository.path_of(file).filter(|place| !places.contains(place)));
    }
    let mut found = None;
    for place in places {
        let baseline = repository.document(at, &place)?;
        let is_there = baseline.contents.is_some();
        found = Some(baseline);
        if is_there {
            break;
        }
    }
    found.ok_or_else(|| NoBase {
        problem: format!("{} is not in the repository", of_workspace.display()),
        remedy: "name a file: --base FILE".to_owned(),
    })
}

/// The document that is to be published: the named file, standard input, or that of the workspace;
/// and the file, if it is one.
///
/// # Errors
/// When it can't be read or compared.
pub fn head(root: &Path, given: Option<&OsString>) -> anyhow::Result<(Edition, Option<PathBuf>)> {
    match given {
        Some(given) if given == STANDARD_INPUT => {
            Ok((Edition::of_standard_input(Side::Head)?, None))
        }
        Some(given) => {
            let file = PathBuf::from(given);
            let name = file.display().to_string();
            Ok((Edition::of_file(Side::Head, name, &file)?, Some(file)))
        }
        None => {
            let (name, file) = (artifact::DOCUMENT.to_owned(), root.join(artifact::DOCUMENT));
            Ok((Edition::of_file(Side::Head, name, &file)?, Some(file)))
        }
    }
}
