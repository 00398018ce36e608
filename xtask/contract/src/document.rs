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

/// As many levels as `serde_json` reads.
const DEPTH: usize = 128;

/// Why a text is no document that can be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is no JSON.
    #[error("it is not JSON that can be read")]
    Json(#[source] serde_json::Error),
    /// Its values stand too deep in one another.
    #[error(
        "it is nested more than {DEPTH} levels deep{}, which is more than can be compared: give what is \
         within a name of its own under `components/schemas`, and refer to it by `$ref`",
        line.map_or_else(String::new, |line| format!(" in line {line}"))
    )]
    TooDeep {
        /// The line in which it becomes too deep, where it was read from a text.
        line: Option<usize>,
    },
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
        let root = serde_json::from_str(text).map_err(|error| {
            // What is nested too deeply is not read. Of that, there is no other sign.
            if error.to_string().starts_with("recursion limit exceeded") {
                DocumentError::TooDeep { line: Some(error.line()) }
            } else {
                DocumentError::Json(error)
            }
        })?;
        Self::checked(root)
    }

    /// Takes a document that has been read already. However deep it is nested, it is looked at, and
    /// let go of, without recursion; a copy that the caller keeps is for the caller to drop.
    ///
    /// # Errors
    /// When it is nested more than 128 levels deep, or is no OpenAPI 3.0 document.
    pub fn from_value(root: Value) -> Result<Self, DocumentError> {
        if is_too_deep(&root) {
            take_apart(root);
            return Err(DocumentError::TooDeep { line: None });
        }
        Self::checked(root)
    }

    fn checked(root: Value) -> Result<Self, DocumentError> {
        check::check(&root)?;
        Ok(Self { root })
    }

    /// The document as JSON.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.root
    }

    /// What stands at its top.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.root.as_object().into_iter().flatten()
    }

    /// `info.version`, where there is one.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.get("/info/version")?.as_str()
    }

    /// What a JSON pointer points to.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        let Some(tokens) = pointer.strip_prefix('/') else {
            return pointer.is_empty().then_some(&self.root);
        };
        tokens.split('/').try_fold(&self.root, |value, token| match value {
            Value::Object(members) => members.get(&*pointer::unescaped(token)),
            _ => value.pointer(&format!("/{token}")),
        })
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
            let value = self.get(&pointer)?;
            found = Resolved { value, pointer: Pointer::from(pointer) };
        }
        Some(found)
    }
}

fn is_too_deep(root: &Value) -> bool {
    let mut waiting = vec![(root, 1)];
    while let Some((value, depth)) = waiting.pop() {
        if depth > DEPTH {
            return true;
        }
        match value {
            Value::Object(members) => {
                waiting.extend(members.values().map(|value| (value, depth + 1)));
            }
            Value::Array(items) => waiting.extend(items.iter().map(|item| (item, depth + 1))),
            _ => {}
        }
    }
    false
}

/// Drops a value from the outside in: by itself, it would go down as many calls as it is deep.
fn take_apart(root: Value) {
    let mut waiting = vec![root];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => waiting.extend(members.into_iter().map(|(_, value)| value)),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

/// A value, and where it stands once references were followed.
#[derive(Clone, Debug)]
pub(crate) struct Resolved<'a> {
    pub(crate) value: &'a Value,
    pub(crate) pointer: Pointer,
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    #[test]
    fn what_is_nested_too_deeply_is_refused_without_recursion() {
        let within = |depth: usize, member: fn(Value) -> Value| {
            let mut value = Value::Null;
            for _ in 1..depth {
                value = member(value);
            }
            value
        };
        for member in [(|value| Value::Array(vec![value])) as fn(Value) -> Value, |value| {
            Value::Object(Map::from_iter([("not".to_owned(), value)]))
        }] {
            let refused = Document::from_value(within(1_000_000, member));
            assert!(matches!(refused, Err(DocumentError::TooDeep { line: None })));
        }
        let schemas = |depth: usize| {
            let document = json!({ "openapi": "3.0.3", "paths": {} });
            let mut members = document.as_object().cloned().unwrap_or_default();
            let nested = within(depth - 1, |value| Value::Array(vec![value]));
            members.insert("x-nested".to_owned(), nested);
            Document::from_value(Value::Object(members))
        };
        assert!(schemas(128).is_ok());
        assert!(matches!(schemas(129), Err(DocumentError::TooDeep { .. })));
    }

    #[test]
    fn a_text_that_is_nested_too_deeply_is_told_from_one_that_is_no_json() {
        let text = |depth| format!("\n{}{}", "[".repeat(depth), "]".repeat(depth));
        let told = Document::parse(&text(1000)).map_err(|error| error.to_string());
        assert_eq!(
            told.map(drop),
            Err("it is nested more than 128 levels deep in line 2, which is more than can be compared: \
                 give what is within a name of its own under `components/schemas`, and refer to it by \
                 `$ref`"
                .to_owned())
        );
        assert!(matches!(Document::parse(&text(127)), Err(DocumentError::NotOpenApi { .. })));
        assert!(matches!(Document::parse("[[["), Err(DocumentError::Json(_))));
    }
}
