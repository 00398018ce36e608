//! The house rules: what our reviewers ask of a document, as data.
//!
//! Each [`Rule`] has an id, what it asks, why, a good and a bad example, and its check: a pure
//! function of the document. They stand in one file per theme, and all of them in [`all`]. What
//! may be different all the same, and why, is in [`EXCEPTIONS`].

mod document;
mod exception;
mod naming;
mod operation;
mod parameter;
mod path;
mod response;
mod schema;
mod view;

use std::fmt;

use serde_json::Value;

pub use self::exception::{EXCEPTIONS, Exception};
use self::view::{Part, View};

/// Something that we ask of every document.
pub struct Rule {
    /// Its name, which does not change: `operation-summary`.
    pub id: &'static str,
    /// What it asks, in a sentence.
    pub text: &'static str,
    /// Why we want it.
    pub reason: &'static str,
    /// What to write: a merge patch (RFC 7396) of a document that follows all rules.
    pub good: &'static str,
    /// What not to write, in the same form: it breaks this rule and no other.
    pub bad: &'static str,
    check: fn(&View<'_>) -> Vec<Fault>,
}

/// Where a document does not follow a rule.
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// JSON pointer to what is wrong.
    pub pointer: String,
    /// What that is called by people, and by [`Exception::subject`]: `list_orders.page_token`.
    pub subject: String,
    /// What is wrong, and how to mend it.
    pub message: String,
}

/// What a check finds: a finding that does not yet know its rule.
struct Fault {
    pointer: String,
    subject: String,
    message: String,
}

impl Fault {
    fn new(part: &Part<'_>, message: impl Into<String>) -> Self {
        let (pointer, subject) = (part.at.clone(), part.subject.clone());
        Self { pointer, subject, message: message.into() }
    }
}

/// Every rule, by theme.
const ALL: [&[Rule]; 7] = [
    document::RULES,
    path::RULES,
    naming::RULES,
    operation::RULES,
    parameter::RULES,
    response::RULES,
    schema::RULES,
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    ALL.into_iter().flatten()
}

/// What the document does against the rules, but for what is excepted; by rule, and within a rule
/// as in the document.
#[must_use]
pub fn check(document: &Value) -> Vec<Finding> {
    let mut findings = check_without_exceptions(document);
    findings.retain(|finding| !EXCEPTIONS.iter().any(|exception| exception.covers(finding)));
    findings
}

/// The same, with what is excepted.
#[must_use]
pub fn check_without_exceptions(document: &Value) -> Vec<Finding> {
    let view = View::new(document);
    let findings = all().flat_map(|rule| {
        let faults = (rule.check)(&view).into_iter();
        faults.map(move |Fault { pointer, subject, message }| Finding {
            rule,
            pointer,
            subject,
            message,
        })
    });
    findings.collect()
}

/// The rule in full, as `--explain` shows it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n\n{}\nWhy: {}", self.id, self.text, self.reason)?;
        for (title, example) in [("Good", self.good), ("Bad", self.bad)] {
            writeln!(f, "\n{title}:")?;
            for line in example.trim().lines() {
                writeln!(f, "    {line}")?;
            }
        }
        let mut exceptions =
            EXCEPTIONS.iter().filter(|exception| exception.rule == self.id).peekable();
        if exceptions.peek().is_some() {
            writeln!(f, "\nExcepted:")?;
        }
        for exception in exceptions {
            writeln!(f, "    {}: {}", exception.subject, exception.reason)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
