//! The files that are generated and committed, and how far one is from what it should be.

use std::{
    fs, io, panic,
    path::{Path, PathBuf},
};

use customers_api::document::{self, DocumentError};
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::client::{self, ClientError};

/// The contract, relative to the workspace.
pub const DOCUMENT: &str = "openapi.json";
/// The generated part of the client, relative to the workspace.
pub const CLIENT: &str = "client/src/generated.rs";

/// A generated file: where it belongs and what it has to say.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Relative to the workspace.
    pub path: &'static str,
    /// Exactly these bytes.
    pub contents: String,
}

/// What is wrong with a committed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// There is no such file.
    Missing,
    /// It is right but for line ends, which are CRLF instead of LF.
    LineEnds,
    /// It says something else.
    Contents {
        /// From the file as it is to the file as it should be, in unified format.
        diff: String,
        /// Whether its line ends are wrong too; the diff does not show that.
        crlf: bool,
    },
}

/// Why the files can't be made, read or written.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The trait can't be turned into a document.
    #[error("{DOCUMENT} can't be made of the trait in server/api")]
    Document(#[from] DocumentError),
    /// The document can't be turned into a client.
    #[error("{CLIENT} can't be made of the document")]
    Client(#[from] ClientError),
    /// Dropshot or Progenitor gave up with a panic.
    #[error("the contract has what Dropshot or Progenitor does not support: {0}")]
    GaveUp(String),
    /// A committed file can't be read.
    #[error("{path} can't be read", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file can't be written.
    #[error("{path} can't be written", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Makes all generated files, in memory; the client from the document just made, never from the
/// committed one.
///
/// # Errors
/// See [`ArtifactError`].
pub fn generate() -> Result<[Artifact; 2], ArtifactError> {
    caught(|| {
        let document = document::canonical()?;
        let client = client::source(&document)?;
        Ok([
            Artifact { path: DOCUMENT, contents: document },
            Artifact { path: CLIENT, contents: client },
        ])
    })
}

/// Dropshot and Progenitor panic on much of what they do not support. That is a failure like
/// others; what they were making is dropped with the panic, so nobody can see it half-way.
fn caught<T>(make: impl FnOnce() -> Result<T, ArtifactError>) -> Result<T, ArtifactError> {
    let result = panic::catch_unwind(panic::AssertUnwindSafe(make));
    result.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Err(ArtifactError::GaveUp(text.unwrap_or_default()))
    })
}

impl Artifact {
    /// Compares with the file below `root`; `None` if they are the same bytes.
    ///
    /// # Errors
    /// When the file is there and can't be read.
    pub fn drift(&self, root: &Path) -> Result<Option<Drift>, ArtifactError> {
        let path = root.join(self.path);
        match fs::read(&path) {
            Ok(committed) => Ok(self.drift_from(&committed)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Some(Drift::Missing)),
            Err(source) => Err(ArtifactError::Read { path, source }),
        }
    }

    fn drift_from(&self, committed: &[u8]) -> Option<Drift> {
        if committed == self.contents.as_bytes() {
            return None;
        }
        let committed = String::from_utf8_lossy(committed);
        let crlf = committed.contains("\r\n");
        let committed = committed.replace("\r\n", "\n");
        if crlf && committed == self.contents {
            return Some(Drift::LineEnds);
        }
        let diff = TextDiff::from_lines(&committed, &self.contents)
            .unified_diff()
            .header(
                &format!("{} (as it is)", self.path),
                &format!("{} (as it should be)", self.path),
            )
            .to_string();
        Some(Drift::Contents { diff, crlf })
    }

    /// Writes the file below `root`: all of it or, when that fails, nothing.
    ///
    /// # Errors
    /// When the file or its folder can't be written.
    pub fn write(&self, root: &Path) -> Result<(), ArtifactError> {
        let path = root.join(self.path);
        self.replace(&path).map_err(|source| ArtifactError::Write { path, source })
    }

    fn replace(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = temporary_file(folder)?;
        io::Write::write_all(&mut file, self.contents.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

/// Temporary files are private to their owner by default; a committed file is not, so it gets
/// what the user's mask leaves.
fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".xtask-").tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact() -> Artifact {
        Artifact { path: "some/file", contents: "one\ntwo\n".to_owned() }
    }

    #[test]
    fn a_document_on_which_progenitor_panics_is_an_error() {
        // Two error types in one operation.
        let response = |kind: &str| {
            serde_json::json!({
                "description": "",
                "content": { "application/json": { "schema": { "type": kind } } },
            })
        };
        let document = serde_json::json!({
            "openapi": "3.0.3",
            "info": { "title": "t", "version": "1.0.0" },
            "paths": { "/": { "get": {
                "operationId": "get",
                "responses": { "4XX": response("string"), "5XX": response("integer") },
            } } },
        });
        let made = caught(|| Ok(client::source(&document.to_string())?));
        assert!(matches!(made, Err(ArtifactError::GaveUp(_))));
    }

    #[test]
    fn a_file_that_is_written_is_in_step() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(artifact().drift(root.path()).unwrap(), Some(Drift::Missing));
        artifact().write(root.path()).unwrap();
        assert_eq!(artifact().drift(root.path()).unwrap(), None);
        assert_eq!(fs::read_dir(root.path().join("some")).unwrap().count(), 1);
    }

    #[test]
    fn line_ends_alone_are_named_as_such() {
        assert_eq!(artifact().drift_from(b"one\r\ntwo\r\n"), Some(Drift::LineEnds));
    }

    #[test]
    fn a_missing_last_newline_shows_in_the_diff() {
        let Some(Drift::Contents { diff, crlf: false }) = artifact().drift_from(b"one\ntwo") else {
            panic!("not noticed")
        };
        assert!(diff.contains("No newline at end of file"), "{diff}");
    }

    #[test]
    fn bytes_that_are_no_text_are_a_difference() {
        assert!(matches!(artifact().drift_from(b"one\n\xff\n"), Some(Drift::Contents { .. })));
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("some/file")).unwrap();
        assert!(matches!(artifact().drift(root.path()), Err(ArtifactError::Read { .. })));
    }
}
