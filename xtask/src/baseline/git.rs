//! Git, which is asked and never told: nothing here writes to a repository.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::NoBase;

/// The folder that Git is started in.
#[derive(Clone, Debug)]
pub(super) struct Git {
    folder: PathBuf,
}

/// What Git said.
#[derive(Debug)]
pub(super) struct Answer {
    /// Whether it did what was asked.
    pub(super) ok: bool,
    pub(super) output: Vec<u8>,
    /// In English.
    pub(super) complaint: String,
}

/// What would lead Git elsewhere than to the folder that it is started in. A hook sets them.
const ABOUT_ANOTHER_REPOSITORY: [&str; 4] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

const SETTINGS: [&str; 6] = [
    "--no-pager",
    // A name of a file is a name, and no pattern.
    "--literal-pathspecs",
    "-c",
    "core.quotepath=off",
    "-c",
    // Its daemon would write to the repository.
    "core.fsmonitor=false",
];

impl Git {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Runs it. What it refuses is an answer, too.
    ///
    /// # Errors
    /// When it can't be started.
    pub(super) fn ask<I>(&self, arguments: I) -> Result<Answer, NoBase>
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let mut git = Command::new("git");
        for name in ABOUT_ANOTHER_REPOSITORY {
            git.env_remove(name);
        }
        let output = git
            .env("LC_ALL", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            // In a partial clone, Git fetches what it is asked for, and writes it.
            .env("GIT_NO_LAZY_FETCH", "1")
            .arg("-C")
            .arg(&self.folder)
            .args(SETTINGS)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| not_started(&error))?;
        Ok(Answer {
            ok: output.status.success(),
            output: output.stdout,
            complaint: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }
}

fn not_started(error: &io::Error) -> NoBase {
    if error.kind() == io::ErrorKind::NotFound {
        return NoBase::new(
            "git is not installed",
            "on Debian: apt-get install --yes git; or name a file: --base FILE",
        );
    }
    NoBase::new(format!("git can't be started: {error}"), "name a file: --base FILE")
}

impl Answer {
    /// The one line that it printed; `None` if it refused.
    pub(super) fn line(&self) -> Option<String> {
        let line = String::from_utf8_lossy(&self.output);
        let line = line.trim_end_matches(['\n', '\r']);
        (self.ok && !line.is_empty()).then(|| line.to_owned())
    }
}

/// A name of a file, as Git printed it.
#[cfg(unix)]
pub(super) fn name(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).to_owned()
}

/// A name of a file, as Git printed it.
#[cfg(not(unix))]
pub(super) fn name(bytes: &[u8]) -> OsString {
    OsString::from(String::from_utf8_lossy(bytes).into_owned())
}

/// A path below the top of the work tree, as Git writes it.
pub(super) fn slashed(path: &Path) -> OsString {
    let mut slashed = OsString::new();
    for part in path.components() {
        if !slashed.is_empty() {
            slashed.push("/");
        }
        slashed.push(part);
    }
    slashed
}
