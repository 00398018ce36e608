//! What a change does to those who depend on the contract.

use serde::Serialize;

/// How bad a change is; the worst is the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nobody notices who does not want to.
    #[default]
    Compatible,
    /// It may break somebody, and the documents alone can't tell.
    Warning,
    /// It breaks somebody.
    Breaking,
}

impl Verdict {
    /// The word for it, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Warning => "warning",
            Self::Breaking => "breaking",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the client to the server: what the old client sends, the new server has to accept.
    Request,
    /// From the server to the client: what the new server sends, the old client has to accept.
    Response,
}

impl Direction {
    /// The word for it, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// One of the two documents that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The document that others depend on already.
    Base,
    /// The document that is to take its place.
    Head,
}

/// Which interface Progenitor gives the generated client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ClientStyle {
    /// One builder an operation, one setter a parameter.
    #[default]
    Builder,
    /// One function an operation, its parameters by position.
    Positional,
}
