//! What a file was called before, and is called now, by what Git takes for a rename.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use super::{
    NoBase, Repository, Revision,
    git::{name, slashed},
};

/// How often a file is followed to another place.
const MOVES: usize = 8;

impl Repository {
    /// What the file was called at a commit, by what Git takes for a rename: between the commit and
    /// the work tree (or `until`) or, if too much has changed since, step by step.
    pub(super) fn earlier_name(
        &self,
        at: &Revision,
        path: &Path,
        until: Option<&Revision>,
    ) -> Result<Option<PathBuf>, NoBase> {
        let path = slashed(path);
        let found = match until {
            None => self.renames(&["diff-index", &at.commit, "--"])?,
            Some(until) => self.renames(&["diff-tree", "-r", &at.commit, &until.commit, "--"])?,
        };
        if let Some((old, _)) = found.into_iter().find(|(_, new)| *new == path) {
            return Ok(Some(old.into()));
        }
        let end = until.map_or("HEAD", |until| until.commit.as_str());
        let range = format!("{}..{end}", at.commit);
        let step_by_step = ["log", "--follow", "--format=", &range, "--"].map(OsStr::new);
        let steps = self.renames(&step_by_step.into_iter().chain([&*path]).collect::<Vec<_>>())?;
        Ok(steps.into_iter().last().map(|(old, _)| old.into()))
    }

    /// Where a file that is not there any more has gone, by what Git takes for a rename: since the
    /// last commit or, if there it is gone already, in the commit that last took it away.
    ///
    /// # Errors
    /// When Git can't be asked.
    pub fn later_file(&self, file: &Path) -> Result<Option<PathBuf>, NoBase> {
        let Some(mut path) = self.path_of(file) else { return Ok(None) };
        // It may have moved on from there; but not in a circle.
        for _ in 0..MOVES {
            let Some(new) = self.later_name(&path)? else { return Ok(None) };
            let file = self.top.join(&new);
            if file.exists() {
                return Ok(Some(file));
            }
            path = new;
        }
        Ok(None)
    }

    fn later_name(&self, path: &Path) -> Result<Option<PathBuf>, NoBase> {
        let path = slashed(path);
        let of = |renames: Vec<(OsString, OsString)>| {
            renames.into_iter().find(|(old, _)| *old == path).map(|(_, new)| PathBuf::from(new))
        };
        if let Some(new) = of(self.renames(&["diff-index", "HEAD", "--"])?) {
            return Ok(Some(new));
        }
        let gone = ["log", "-1", "--format=%H", "--no-renames", "--diff-filter=D", "--"];
        let answer = self.git.ask(gone.map(OsStr::new).into_iter().chain([&*path]))?;
        let Some(commit) = answer.line() else { return Ok(None) };
        Ok(of(self.renames(&["diff-tree", "-r", &format!("{commit}^"), &commit, "--"])?))
    }

    /// The renames that a command of Git finds, as an old and a new name.
    fn renames(&self, command: &[impl AsRef<OsStr>]) -> Result<Vec<(OsString, OsString)>, NoBase> {
        let options = ["--find-renames", "--diff-filter=R", "--name-status", "-z"];
        let command = command.iter().map(AsRef::as_ref);
        // The first word is the command, which its options follow.
        let all = command.clone().take(1).chain(options.map(OsStr::new)).chain(command.skip(1));
        let output = self.git.ask(all)?.output;
        // `R095`, the old name, the new one.
        let mut parts = output.split(|byte| *byte == 0);
        let next = || {
            parts.find(|part| !part.is_empty())?;
            Some((name(parts.next()?), name(parts.next()?)))
        };
        Ok(std::iter::from_fn(next).collect())
    }
}
