//! A document that is read, what it is called, and where a report finds it again.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use openapi_contract::{Document, DocumentError};

/// The longest document that is read. The longest that are known have some ten; a device would
/// never end.
const LONGEST: u64 = 64 * MIB;
const MIB: u64 = 1024 * 1024;

/// A document that can be compared.
#[derive(Clone, Debug)]
pub struct Edition {
    /// For people: which document this is.
    pub name: String,
    /// As it was read, without a byte order mark.
    pub text: String,
    /// What it says.
    pub document: Document,
    /// Where it is.
    pub place: Place,
}

/// Where programs that read a report find the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: it came from standard input, or is not what the work tree has.
    #[default]
    Nowhere,
    /// In the repository, by its path from the top.
    InRepository(PathBuf),
    /// Elsewhere on this machine, by its full path.
    Elsewhere(PathBuf),
}

/// What a document is read for, and how its user names another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Others depend on it already.
    Base,
    /// It is to take the place of the base.
    Head,
    /// It is held to the house rules.
    Linted,
}

/// Why a document can't be used.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    /// The file can't be read.
    #[error("{} can't be read; name another with {}", role.calls(name), role.option())]
    Read {
        /// What for.
        role: Role,
        /// Which document.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// It does not end where a document would have.
    #[error(
        "{} is longer than {} MiB, which no document is; name another with {}",
        role.calls(name), LONGEST / MIB, role.option()
    )]
    TooLong {
        /// What for.
        role: Role,
        /// Which document.
        name: String,
    },
    /// The bytes are no text.
    #[error(
        "{} is not in UTF-8; save it as such, or name another with {}",
        role.calls(name), role.option()
    )]
    Encoding {
        /// What for.
        role: Role,
        /// Which document.
        name: String,
        /// Where it goes wrong.
        source: std::string::FromUtf8Error,
    },
    /// It is no OpenAPI 3.0 document.
    #[error(
        "{} can't be {}; mend it, or name another with {}",
        role.calls(name), role.work(), role.option()
    )]
    Document {
        /// What for.
        role: Role,
        /// Which document.
        name: String,
        /// What is wrong with it.
        source: DocumentError,
    },
}

impl Role {
    /// The document, at the beginning of a sentence.
    pub(crate) fn calls(self, name: &str) -> String {
        match self {
            Self::Base => format!("the base, {name},"),
            Self::Head => format!("the head, {name},"),
            Self::Linted => name.to_owned(),
        }
    }

    fn option(self) -> &'static str {
        match self {
            Self::Base => "--base",
            Self::Head => "--head",
            Self::Linted => "--document",
        }
    }

    fn work(self) -> &'static str {
        match self {
            Self::Base | Self::Head => "compared",
            Self::Linted => "linted",
        }
    }
}

impl Edition {
    /// Takes a document as it is stored.
    ///
    /// # Errors
    /// When it can't be used.
    pub fn new(role: Role, name: String, bytes: Vec<u8>) -> Result<Self, EditionError> {
        if u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST) {
            return Err(EditionError::TooLong { role, name });
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(source) => return Err(EditionError::Encoding { role, name, source }),
        };
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        match Document::parse(&text) {
            Ok(document) => Ok(Self { name, text, document, place: Place::Nowhere }),
            Err(source) => Err(EditionError::Document { role, name, source }),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it can't be read or used.
    pub fn of_file(role: Role, name: String, file: &Path) -> Result<Self, EditionError> {
        match File::open(file) {
            Ok(file) => {
                let length = file.metadata().map_or(0, |metadata| metadata.len().min(LONGEST));
                Self::of_reader(role, name, file, usize::try_from(length).unwrap_or(0))
            }
            Err(source) => Err(EditionError::Read { role, name, source }),
        }
    }

    /// Reads standard input to its end.
    ///
    /// # Errors
    /// When it can't be read or used.
    pub fn of_standard_input(role: Role) -> Result<Self, EditionError> {
        Self::of_reader(role, "standard input".to_owned(), io::stdin(), 0)
    }

    /// Reads no more than shows that it is too long. About so many bytes are expected.
    fn of_reader(
        role: Role,
        name: String,
        reader: impl Read,
        length: usize,
    ) -> Result<Self, EditionError> {
        // To see that it ends there, there is room for a little more.
        let mut bytes = Vec::with_capacity(length + 64);
        match reader.take(LONGEST + 1).read_to_end(&mut bytes) {
            Ok(_) => Self::new(role, name, bytes),
            Err(source) => Err(EditionError::Read { role, name, source }),
        }
    }

    /// The same document, at a place.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"openapi":"3.0.3","info":{"version":"1.0.0"},"paths":{}}"#;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_document() {
        let marked = format!("\u{feff}{DOCUMENT}").into_bytes();
        let edition = Edition::new(Role::Head, "it".to_owned(), marked).unwrap();
        assert_eq!(edition.text, DOCUMENT);
    }

    #[test]
    fn an_error_says_which_document_and_what_to_do() {
        let error = Edition::new(Role::Base, "a.json".to_owned(), b"\xff".to_vec()).unwrap_err();
        let said = error.to_string();
        assert_eq!(
            said,
            "the base, a.json, is not in UTF-8; save it as such, or name another with --base"
        );
    }

    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        let error = Edition::of_reader(Role::Linted, "it".to_owned(), io::repeat(b' '), 0);
        let said = error.unwrap_err().to_string();
        assert_eq!(
            said,
            "it is longer than 64 MiB, which no document is; name another with --document"
        );
    }
}
