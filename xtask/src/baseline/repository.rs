//! A Git repository, as far as it holds earlier documents.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::{
    Baseline, MainBranch, NoBase, Revision,
    git::{Git, name, slashed},
    main_branch,
};

/// What a hosted workflow says which branch a pull request goes to.
const TARGET: &str = "GITHUB_BASE_REF";
/// Brings all branches with all of their history, also to a clone of one branch.
const ALL_BRANCHES: &str = "'+refs/heads/*:refs/remotes/";

/// A repository with a work tree.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) git: Git,
    /// The top of its work tree.
    pub(super) top: PathBuf,
    /// Whether the beginning of its history is cut off.
    shallow: bool,
    /// `origin`, or the first there is; Git is asked for it when somebody asks.
    remote: OnceLock<Option<String>>,
}

impl Repository {
    /// The repository that this folder is in.
    ///
    /// # Errors
    /// When it is in none, or Git is missing or refuses.
    pub fn open(folder: &Path) -> Result<Self, NoBase> {
        let there = ["rev-parse", "--is-shallow-repository", "--show-toplevel"];
        let answer = Git::new(folder).ask(there)?;
        if !answer.ok {
            let problem = if answer.complaint.contains("not a git repository") {
                format!("{} is in no Git repository", folder.display())
            } else {
                format!("git does not read the repository: {}", answer.complaint)
            };
            return Err(NoBase::new(problem, "name a file: --base FILE"));
        }
        let mut parts = answer.output.splitn(2, |byte| *byte == b'\n');
        let shallow = parts.next() == Some(b"true");
        let top = parts.next().unwrap_or_default();
        let top = PathBuf::from(name(top.strip_suffix(b"\n").unwrap_or(top)));
        Ok(Self { git: Git::new(&top), top, shallow, remote: OnceLock::new() })
    }

    fn remote(&self) -> Option<&str> {
        let remote = self.remote.get_or_init(|| {
            let remotes = self.git.ask(["remote"]).ok()?.output;
            let remotes = String::from_utf8_lossy(&remotes);
            let remote = remotes.lines().find(|name| *name == "origin").or(remotes.lines().next());
            remote.map(str::to_owned)
        });
        remote.as_deref()
    }

    /// The main branch; `None` before the first commit.
    ///
    /// # Errors
    /// When there is no branch that looks like it.
    pub fn main_branch(&self) -> Result<Option<MainBranch>, NoBase> {
        let target = env::var(TARGET).ok().filter(|target| !target.is_empty());
        let found = main_branch::find(&self.git, self.remote(), target.as_deref())?;
        if found.is_some() || self.head()?.is_none() {
            return Ok(found);
        }
        let problem = match &target {
            Some(target) => format!("the branch {target}, to which {TARGET} points, is not here"),
            None => "the main branch is not here, under none of its usual names".to_owned(),
        };
        let remedy = match (self.remote(), self.shallow) {
            (None, _) => "name the commit to compare with: --base REV".to_owned(),
            (Some(_), true) => self.unshallow(),
            (Some(remote), false) => {
                let branch = target.as_deref().unwrap_or("main");
                format!("git fetch {remote} {branch}:refs/remotes/{remote}/{branch}")
            }
        };
        Err(NoBase::new(problem, remedy))
    }

    /// Where the history of the work tree, or of another commit, left that of the main branch.
    ///
    /// # Errors
    /// When the history here does not show it.
    pub fn merge_base(&self, main: &MainBranch, of: Option<&Revision>) -> Result<Revision, NoBase> {
        let (commit, name) =
            of.map_or(("HEAD", "HEAD"), |of| (of.commit.as_str(), of.name.as_str()));
        let answer = self.git.ask(["merge-base", &main.commit, commit])?;
        if let Some(commit) = answer.line() {
            return Ok(Revision { commit, name: format!("merge base with {}", main.name) });
        }
        if self.shallow {
            let problem = format!(
                "this clone is shallow, and does not reach back to where {name} and {} parted",
                main.name
            );
            return Err(NoBase::new(problem, self.unshallow()));
        }
        Err(NoBase::new(
            format!("{name} and {} have no commit in common", main.name),
            "name the commit to compare with: --base REV",
        ))
    }

    /// The commit that a revision means, in any form that Git knows.
    ///
    /// # Errors
    /// When Git knows none.
    pub fn resolve(&self, revision: &OsStr) -> Result<Revision, NoBase> {
        let name = revision.to_string_lossy().into_owned();
        // In two steps: what follows `:/words` would be taken for more words.
        let object = self.verify(revision)?;
        let commit = match &object {
            Some(object) => self.verify(OsStr::new(&format!("{object}^{{commit}}")))?,
            None => None,
        };
        if let Some(commit) = commit {
            return Ok(Revision { commit, name });
        }
        let remedy = match (self.remote(), self.shallow) {
            (None, _) => "name a file, a branch, a tag or a commit that is here".to_owned(),
            (Some(_), true) => self.unshallow_with_tags(),
            (Some(remote), false) => match name.strip_prefix(&format!("{remote}/")) {
                Some(branch) => {
                    format!("git fetch {remote} {branch}:refs/remotes/{remote}/{branch}")
                }
                None => format!("git fetch --tags {remote} {ALL_BRANCHES}{remote}/*'"),
            },
        };
        Err(NoBase::new(format!("{name} is neither a file nor a revision that is here"), remedy))
    }

    /// The document at a commit, also if it had another name then than in the work tree, or in the
    /// commit `until`.
    ///
    /// # Errors
    /// When it is not at hand.
    pub fn document(
        &self,
        at: &Revision,
        path: &Path,
        until: Option<&Revision>,
    ) -> Result<Baseline, NoBase> {
        let mut contents = self.file(at, path)?;
        let mut then = path.to_owned();
        if contents.is_none()
            && let Some(old) = self.earlier_name(at, path, until)?
        {
            contents = self.file(at, &old)?;
            if contents.is_some() {
                then = old;
            }
        }
        let shown = then.display();
        let name = if at.commit.starts_with(&at.name) {
            format!("{shown} at {}", at.short())
        } else {
            format!("{shown} at {} ({})", at.short(), at.name)
        };
        let has_moved = then != path;
        Ok(Baseline { name, commit: at.commit.clone(), contents, path: then, has_moved })
    }

    /// A file at a commit; `None` if it is not there.
    ///
    /// # Errors
    /// When it is there, but not at hand.
    pub fn file(&self, at: &Revision, path: &Path) -> Result<Option<Vec<u8>>, NoBase> {
        let path = slashed(path);
        let list = [OsStr::new("ls-tree"), OsStr::new("-z"), OsStr::new(&at.commit)];
        let answer = self.git.ask(list.into_iter().chain([OsStr::new("--"), &path]))?;
        // `100644 blob HASH` and, after a tab, the name.
        let entry = answer.output.split(|byte| *byte == b'\t').next().unwrap_or_default();
        let entry = String::from_utf8_lossy(entry);
        let Some((_, hash)) = entry.split_once(" blob ") else { return Ok(None) };
        let answer = self.git.ask(["cat-file", "blob", hash])?;
        if answer.ok {
            return Ok(Some(answer.output));
        }
        Err(NoBase::new(
            format!("{} of {} is not in this clone", path.display(), at.short()),
            // Git fetches what is missing from a partial clone when it is asked for it.
            format!("git cat-file blob {hash} >/dev/null"),
        ))
    }

    /// What Git calls by this name: a file of a commit, as `REV:PATH`.
    ///
    /// # Errors
    /// When there is none.
    pub fn object(&self, name: &OsStr) -> Result<Vec<u8>, NoBase> {
        let answer = self.git.ask([OsStr::new("cat-file"), OsStr::new("blob"), name])?;
        if answer.ok {
            return Ok(answer.output);
        }
        Err(NoBase::new(
            format!("{} is neither a file nor a file of a revision that is here", name.display()),
            "check both parts of REV:PATH; the path counts from the top of the repository",
        ))
    }

    /// The newest release (`v1.2.3`) that the work tree comes from.
    ///
    /// # Errors
    /// When Git can't be asked.
    pub fn last_release(&self) -> Result<Option<Revision>, NoBase> {
        let list = ["for-each-ref", "--merged=HEAD", "--format=%(refname:short)", "refs/tags/v*"];
        let answer = self.git.ask(list)?;
        let names = String::from_utf8_lossy(&answer.output).into_owned();
        let version = |name: &str| semver::Version::parse(name.strip_prefix('v')?).ok();
        let releases = names.lines().filter_map(|name| Some((version(name)?, name)));
        let finished = releases.filter(|(version, _)| version.pre.is_empty());
        let newest = finished.max_by(|(one, _), (other, _)| one.cmp_precedence(other));
        newest.map(|(_, name)| self.resolve(OsStr::new(name))).transpose()
    }

    /// Where a file is, below the top of the work tree; `None` if it is not in there.
    #[must_use]
    pub fn path_of(&self, file: &Path) -> Option<PathBuf> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        let top = self.top.canonicalize().ok()?;
        Some(folder.strip_prefix(top).ok()?.join(file.file_name()?))
    }

    /// The commit that is checked out; `None` before the first.
    ///
    /// # Errors
    /// When Git can't be asked.
    pub fn head(&self) -> Result<Option<String>, NoBase> {
        self.verify(OsStr::new("HEAD^{commit}"))
    }

    /// The hash of what Git calls so, if anything.
    fn verify(&self, name: &OsStr) -> Result<Option<String>, NoBase> {
        let ask = ["rev-parse", "--verify", "--quiet", "--end-of-options"].map(OsStr::new);
        Ok(self.git.ask(ask.into_iter().chain([name]))?.line())
    }

    /// The line that brings the rest of the history, with its tags, if this has not all of it.
    #[must_use]
    pub fn rest_of_the_history(&self) -> Option<String> {
        self.shallow.then(|| self.unshallow_with_tags())
    }

    /// The line that brings all tags, if there is somewhere to bring them from.
    #[must_use]
    pub fn fetch_tags(&self) -> Option<String> {
        self.remote().map(|remote| format!("git fetch --tags {remote}"))
    }

    fn unshallow_with_tags(&self) -> String {
        format!("{} --tags", self.unshallow())
    }

    /// What completes the history, also of a commit on no branch, as hosted workflows check it out.
    fn unshallow(&self) -> String {
        let remote = self.remote().unwrap_or("origin");
        format!("git fetch --unshallow {remote} {ALL_BRANCHES}{remote}/*'")
    }
}
