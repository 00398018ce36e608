//! The kinds of change that there are, each with an id that stays.

/// What a rule is about; the headings of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Whole operations: paths, methods, ids, tags.
    Operation,
    /// Parameters of requests.
    Parameter,
    /// Bodies of requests, their media types.
    RequestBody,
    /// Statuses, their bodies and headers.
    Response,
    /// What a value may be.
    Schema,
    /// Schemes, requirements, scopes.
    Security,
    /// Servers, version.
    Document,
    /// What the generator makes of it, where nothing else covers it.
    Client,
    /// What only people read.
    Documentation,
}

impl Category {
    /// The word for it, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request-body",
            Self::Response => "response",
            Self::Schema => "schema",
            Self::Security => "security",
            Self::Document => "document",
            Self::Client => "client",
            Self::Documentation => "documentation",
        }
    }
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Rule {
    /// Stable: acceptances and dashboards name it.
    pub id: &'static str,
    /// What it is about.
    pub category: Category,
    /// What happened, in a few words.
    pub title: &'static str,
    /// How to get there without breaking anybody, or what to look at.
    pub remedy: &'static str,
}

impl Rule {
    /// A rule beside those of this crate, for a program that reports findings of its own with them.
    #[must_use]
    pub const fn new(
        id: &'static str,
        category: Category,
        title: &'static str,
        remedy: &'static str,
    ) -> Self {
        Self { id, category, title, remedy }
    }
}

/// Every rule that a comparison can name, in the order of the categories.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    crate::compare::rules::ALL.iter().chain(crate::client::rules::ALL).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_written_alike() {
        let ids: BTreeSet<&str> = all().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), all().count());
        for id in ids {
            assert!(
                id.split('-').all(|word| word.chars().all(|it| it.is_ascii_lowercase())),
                "{id}"
            );
        }
    }
}
