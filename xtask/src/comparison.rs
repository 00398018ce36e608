//! The comparison of two documents, with the generated client that they have here.

use openapi_contract::{Comparison, Document, Options, compare_as_generated};

use crate::{client::simplify::simplify, command::GENERATOR_REFUSES};

/// Compares two editions. The verdict on the client is about the client that `cargo xtask generate`
/// makes, which is not given the whole document (see [`crate::client::simplify`]). A document of which
/// plain Progenitor makes a client is given to it as it is.
#[must_use]
pub fn compare(base: &Document, head: &Document, options: Options) -> Comparison {
    let comparison = openapi_contract::compare(base, head, options);
    // Plain Progenitor makes no client of the head, or of the base.
    let refused = [GENERATOR_REFUSES, "client-undecided"];
    if !comparison.changes.iter().any(|change| refused.contains(&change.rule.id)) {
        return comparison;
    }
    let (simple_base, simple_head) = (simple(base), simple(head));
    compare_as_generated([base, head], [&simple_base, &simple_head], options)
}

/// The document as the generator gets it. What is taken out leaves a document what it is.
fn simple(document: &Document) -> Document {
    let mut value = document.as_value().clone();
    simplify(&mut value);
    Document::from_value(value).unwrap_or_else(|_| document.clone())
}

#[cfg(test)]
mod tests {
    use openapi_contract::Verdict;
    use serde_json::Value;

    use super::*;
    use crate::{artifact::DOCUMENT, workspace_root};

    /// The contract of this repository, after `edit`.
    fn contract(edit: impl FnOnce(&mut Value)) -> Document {
        let text = std::fs::read_to_string(workspace_root().join(DOCUMENT)).unwrap();
        let mut document = serde_json::from_str(&text).unwrap();
        edit(&mut document);
        Document::from_value(document).unwrap()
    }

    #[test]
    fn callers_of_our_own_client_have_a_verdict() {
        let base = contract(|_| {});
        let head = contract(|document| {
            document["paths"]["/v1/customers/{id}"]["get"]["operationId"] = "read_customer".into();
        });
        let comparison = compare(&base, &head, Options::default());
        assert_eq!((comparison.wire, comparison.client), (Verdict::Compatible, Verdict::Breaking));
        assert!(compare(&base, &base, Options::default()).changes.is_empty());
    }
}
