//! An OpenAPI 3.0 document, as far as a comparison needs it.

pub(crate) mod check;
pub(crate) mod pointer;

use std::collections::HashSet;

use serde_json::Value;

pub(crate) use self::pointer::Pointer;

/// A document that can be compared: JSON, and OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct Document {
    root: Value,
}

/// Why a text is no document that can be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is no JSON, or nested too deeply.
    #[error("it is not JSON that can be read")]
    Json(#[from] serde_json::Error),
    /// It is JSON, but no OpenAPI 3.0 document.
    #[error("it is no OpenAPI 3.0 document: {problem}, at {}", if pointer.is_empty() { "its top" } else { pointer })]
    NotOpenApi {
        /// JSON pointer to what is wrong.
        pointer: String,
        /// What is wrong.
        problem: String,
    },
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// When the text is not JSON, is nested more than 128 levels deep, or is no OpenAPI 3.0
    /// document.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        Self::from_value(serde_json::from_str(text)?)
    }

    /// Takes a document that has been read already.
    ///
    /// # Errors
    /// When it is no OpenAPI 3.0 document.
    pub fn from_value(root: Value) -> Result<Self, DocumentError> {
        check::check(&root)?;
        Ok(Self { root })
    }

    /// The document as JSON.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.root
    }

    /// `info.version`, where there is one.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.root.pointer("/info/version")?.as_str()
    }

    /// What a JSON pointer points to.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    /// Follows `$ref` until something else is found.
    ///
    /// `None` where a reference leads to another document, to nothing, or round in a circle.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value, at: &Pointer) -> Option<Resolved<'a>> {
        let mut found = Resolved { value, pointer: at.clone() };
        let mut seen = HashSet::new();
        while let Some(target) = found.value.get("$ref").and_then(Value::as_str) {
            let pointer = pointer::of_reference(target)?;
            if !seen.insert(target) {
                return None;
            }
            let value = self.root.pointer(&pointer)?;
            found = Resolved { value, pointer: Pointer::from(pointer) };
        }
        Some(found)
    }
}

/// A value, and where it stands once references were followed.
#[derive(Clone, Debug)]
pub(crate) struct Resolved<'a> {
    pub(crate) value: &'a Value,
    pub(crate) pointer: Pointer,
}
