//! What may be different from the rules, and why.

use super::Finding;

/// Something that a rule would find and that is meant to be so.
pub struct Exception {
    /// The id of the rule.
    pub rule: &'static str,
    /// What it is about, as [`Finding::subject`] has it; `*` stands for any text.
    pub subject: &'static str,
    /// Why it is meant to be so.
    pub reason: &'static str,
}

impl Exception {
    /// Whether the finding is meant to be so.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        self.rule == finding.rule.id && matches(self.subject, &finding.subject)
    }
}

/// Every exception. A test fails for one that nothing needs.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        rule: "property-name-camel-case",
        subject: "*Page.next_page",
        reason: "Dropshot's name in every page; Progenitor makes a stream of pages only by it",
    },
    Exception {
        rule: "property-name-camel-case",
        subject: "Error.request_id",
        reason: "Dropshot's own failures, before any handler, have this name: there is one body",
    },
    Exception {
        rule: "property-name-camel-case",
        subject: "Error.error_code",
        reason: "Dropshot's own failures, before any handler, have this name: there is one body",
    },
    Exception {
        rule: "parameter-name-case",
        subject: "*.page_token",
        reason: "Dropshot's name in every list; Progenitor makes a stream of pages only by it",
    },
    Exception {
        rule: "path-no-verb",
        subject: "/v1/tokens/{id}/rotate",
        reason: "it retires one token and makes another in one step, which no method on either says",
    },
    Exception {
        rule: "error-statuses-of-inputs",
        subject: "list_permissions.403",
        reason: "what can be permitted is no secret: every principal may ask",
    },
    Exception {
        rule: "error-statuses-of-inputs",
        subject: "get_my_permissions.403",
        reason: "every principal may ask what it may do itself",
    },
    Exception {
        rule: "list-paginated",
        subject: "list_permissions",
        reason: "it shows the vocabulary of the contract, which grows only with the contract",
    },
    Exception {
        rule: "string-bounded",
        subject: "*.page_token",
        reason: "it is sent back as it was answered: the client's stream wants the same plain text \
                 as in `next_page`, and the server believes only what it sealed itself",
    },
    Exception {
        rule: "string-bounded",
        subject: "update_customer.if-match",
        reason: "RFC 9110 bounds neither a tag nor how many a client may send",
    },
    Exception {
        rule: "array-bounded",
        subject: "*Record.actions",
        reason: "a set, read from what a directory has: a name that stands there twice counts once, \
                 and the body is bounded",
    },
    Exception {
        rule: "array-bounded",
        subject: "*Record.packs",
        reason: "a set, read from what a directory has: a name that stands there twice counts once, \
                 and the body is bounded",
    },
    Exception {
        rule: "no-free-form",
        subject: "*Removal.*",
        reason: "a removal passes over the other fields of its record, so that a sender need only \
                 add `deleted`; the client leaves them out",
    },
];

/// Whether the text is as the pattern has it, with any text for each `*`.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in [
            ("Error.request_id", "Error.request_id"),
            ("*.page_token", "list_orders.page_token"),
            ("*Removal.*", "OrderRemoval.note"),
            ("*a*a", "aa"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("Error.request_id", "Error.request_ids"),
            ("*.page_token", "list_orders.page_token.x"),
            ("*Removal.*", "Order.note"),
            ("*a*a", "a"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
