//! A Git repository, and what the commands say in it.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use xtask::artifact::DOCUMENT;

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// A folder, usually a repository with the branch `main`.
pub(crate) struct World {
    /// Deleted with the last that is in it.
    _folder: Option<TempDir>,
    pub(crate) root: PathBuf,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// That it ended so, and said all of this.
    #[track_caller]
    pub(crate) fn assert(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in parts {
            let said = self.out.contains(part) || self.err.contains(part);
            assert!(said, "{part} is not in {self:#?}");
        }
    }

    /// What `--format json` found: the version of the base.
    #[track_caller]
    pub(crate) fn assert_base(&self, code: i32, version: &str) {
        self.assert(code, &[]);
        let found: Value = serde_json::from_str(&self.out).unwrap();
        assert_eq!(found["base_version"], version, "{self:#?}");
    }
}

impl World {
    /// A folder that is in no repository.
    pub(crate) fn without_git() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A blank and a letter that is not ASCII, so that every test has them in its paths.
        let root = folder.path().join("the wörk");
        fs::create_dir(&root).unwrap();
        Self { _folder: Some(folder), root }
    }

    /// A repository without a commit.
    pub(crate) fn new() -> Self {
        let world = Self::without_git();
        world.git(&["init", "--quiet", "--initial-branch=main"]);
        world
    }

    /// A repository with one commit of this document.
    pub(crate) fn with(document: &Value) -> Self {
        let world = Self::new();
        world.write(document);
        world.commit("first");
        world
    }

    /// A clone beside this one.
    pub(crate) fn cloned(&self, name: &str, options: &[&str]) -> Self {
        let root = self.root.with_file_name(name);
        let url = format!("file://{}", self.root.display());
        let clone = ["clone", "--quiet"].into_iter().chain(options.iter().copied());
        let all: Vec<&str> = clone.chain([url.as_str(), root.to_str().unwrap()]).collect();
        self.git(&all);
        Self { _folder: None, root }
    }

    /// Another folder of the same repository.
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { _folder: None, root }
    }

    pub(crate) fn write(&self, document: &Value) {
        self.write_text(DOCUMENT, &serde_json::to_string_pretty(document).unwrap());
    }

    pub(crate) fn write_text(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// A new branch from here, with one commit of this document.
    pub(crate) fn branch(&self, name: &str, document: &Value) {
        self.git(&["switch", "--quiet", "--create", name]);
        self.write(document);
        self.commit(name);
    }

    /// Runs Git, which has to succeed; what it printed.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut git = self.command("git");
        git.args(["-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"]);
        let said = said(git.args(arguments));
        assert_eq!(said.code, Some(0), "git {arguments:?}: {said:#?}");
        said.out
    }

    /// Runs a line that a message gave.
    #[track_caller]
    pub(crate) fn shell(&self, line: &str) {
        let said = said(self.command("sh").args(["-c", line]));
        assert_eq!(said.code, Some(0), "{line}: {said:#?}");
    }

    /// Runs a command of xtask.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Said {
        said(&mut self.xtask_command(arguments))
    }

    pub(crate) fn xtask_command(&self, arguments: &[&str]) -> Command {
        let mut xtask = self.command(XTASK);
        xtask.arg("--root").arg(&self.root).args(arguments);
        xtask
    }

    /// Where to look for what is missing, in a message.
    #[track_caller]
    pub(crate) fn mend(&self, said: &Said) {
        let line = said.err.lines().find_map(|line| line.strip_prefix("To mend it: "));
        self.shell(line.unwrap());
    }

    /// A program that sees nothing of whoever runs the tests.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.com")
            .env("GIT_COMMITTER_NAME", "A")
            .env("GIT_COMMITTER_EMAIL", "a@example.com")
            // Else Git looks for a repository in what encloses the temporary folder.
            .env("GIT_CEILING_DIRECTORIES", std::env::temp_dir())
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GITHUB_BASE_REF");
        command
    }
}

pub(crate) fn said(command: &mut Command) -> Said {
    let output = command.stdin(Stdio::null()).output().unwrap();
    Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a command that reads this.
pub(crate) fn said_to(command: &mut Command, input: &str) -> Said {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
