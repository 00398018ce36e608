//! One of the two documents that are compared, and what it is called.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use openapi_contract::{Document, DocumentError, Side};

/// A document that can be compared.
#[derive(Clone, Debug)]
pub struct Edition {
    /// For people: which document this is.
    pub name: String,
    /// As it was read, without a byte order mark.
    pub text: String,
    /// What it says.
    pub document: Document,
}

/// Why a document can't be compared.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    /// The file can't be read.
    #[error("the {}, {name}, can't be read; name another with --{}", word(*side), word(*side))]
    Read {
        /// Which of the two.
        side: Side,
        /// Which document.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes are no text.
    #[error("the {}, {name}, is not in UTF-8; save it as such, or name another with --{}", word(*side), word(*side))]
    Encoding {
        /// Which of the two.
        side: Side,
        /// Which document.
        name: String,
        /// Where it goes wrong.
        source: std::string::FromUtf8Error,
    },
    /// It is no OpenAPI 3.0 document.
    #[error("the {}, {name}, can't be compared; mend it, or name another with --{}", word(*side), word(*side))]
    Document {
        /// Which of the two.
        side: Side,
        /// Which document.
        name: String,
        /// What is wrong with it.
        source: DocumentError,
    },
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Base => "base",
        Side::Head => "head",
    }
}

impl Edition {
    /// Takes a document as it is stored.
    ///
    /// # Errors
    /// When it can't be compared.
    pub fn new(side: Side, name: String, bytes: Vec<u8>) -> Result<Self, EditionError> {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(source) => return Err(EditionError::Encoding { side, name, source }),
        };
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        match Document::parse(&text) {
            Ok(document) => Ok(Self { name, text, document }),
            Err(source) => Err(EditionError::Document { side, name, source }),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it can't be read or compared.
    pub fn of_file(side: Side, name: String, file: &Path) -> Result<Self, EditionError> {
        match fs::read(file) {
            Ok(bytes) => Self::new(side, name, bytes),
            Err(source) => Err(EditionError::Read { side, name, source }),
        }
    }

    /// Reads standard input to its end.
    ///
    /// # Errors
    /// When it can't be read or compared.
    pub fn of_standard_input(side: Side) -> Result<Self, EditionError> {
        let name = "standard input".to_owned();
        let mut bytes = Vec::new();
        match io::stdin().read_to_end(&mut bytes) {
            Ok(_) => Self::new(side, name, bytes),
            Err(source) => Err(EditionError::Read { side, name, source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"openapi":"3.0.3","info":{"version":"1.0.0"},"paths":{}}"#;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_document() {
        let marked = format!("\u{feff}{DOCUMENT}").into_bytes();
        let edition = Edition::new(Side::Head, "it".to_owned(), marked).unwrap();
        assert_eq!(edition.text, DOCUMENT);
    }

    #[test]
    fn an_error_says_which_document_and_what_to_do() {
        let error = Edition::new(Side::Base, "a.json".to_owned(), b"\xff".to_vec()).unwrap_err();
        let said = error.to_string();
        assert_eq!(
            said,
            "the base, a.json, is not in UTF-8; save it as such, or name another with --base"
        );
    }
}
