//! What a comparison finds.

use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::Value;

use crate::{
    rule::Rule,
    verdict::{Direction, Side, Verdict},
};

/// All that differs between two documents.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The worst of all changes, for clients that are deployed already.
    pub wire: Verdict,
    /// The worst of all changes, for code written against the old generated client.
    pub client: Verdict,
    /// `info.version` of the base, where it has one.
    pub base_version: Option<String>,
    /// `info.version` of the head, where it has one.
    pub head_version: Option<String>,
    /// Worst first; documentation last.
    pub changes: Vec<Change>,
}

/// One cause, however many operations it reaches.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// Identifies this change among all: a hash of rule, place and what stood and stands there, and
    /// not of any wording. It stays the same as long as the change does.
    pub id: String,
    /// What kind of change it is.
    pub rule: &'static Rule,
    /// What it does to a client that is deployed already.
    pub wire: Verdict,
    /// What it does to code written against the old generated client.
    pub client: Verdict,
    /// The directions in which it is reachable; empty where that does not apply.
    pub directions: Vec<Direction>,
    /// The operations that it reaches: operation ids, or `GET /path` where there is none. Empty where
    /// it is about the document as a whole, or nothing uses what changed.
    pub operations: Vec<String>,
    /// JSON pointer into the base: the place that changed, or the nearest enclosing one that is
    /// there.
    pub base: String,
    /// JSON pointer into the head, likewise.
    pub head: String,
    /// What stood there; `null` where nothing did.
    pub before: Value,
    /// What stands there; `null` where nothing does.
    pub after: Value,
    /// One sentence: why it breaks, or why not, or why that can't be decided.
    pub reason: String,
    /// A value or a request that one side accepts and the other refuses, checked against both.
    pub witness: Option<Witness>,
    /// What the change does to the generated Rust, where it does anything.
    pub signature: Option<Signature>,
}

/// What is shown by a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum WitnessKind {
    /// A value of a schema.
    Value,
    /// A whole request of a deployed client, with all that the base asks for.
    Request,
    /// What a deployed client sees of an answer.
    Answer,
}

/// Proof of a break: what one side accepts, and the other refuses or takes for something else.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Witness {
    /// What it is that is accepted and refused.
    pub kind: WitnessKind,
    /// The value, the request or the answer; requests and answers as `diff.schema.json` has them.
    pub value: Value,
    /// The document that accepts it.
    pub accepted_by: Side,
    /// The document that refuses it.
    pub refused_by: Side,
}

/// How the generated Rust looked and looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Signature {
    /// In the client of the base; `None` where it has no such item.
    pub before: Option<String>,
    /// In the client of the head, likewise.
    pub after: Option<String>,
}

const NOTHING: &str = "Nothing to do.";

impl Comparison {
    /// What these changes come to, in the order that they are given in.
    #[must_use]
    pub fn of(changes: Vec<Change>) -> Self {
        let wire = changes.iter().map(|change| change.wire).max().unwrap_or_default();
        let client = changes.iter().map(|change| change.client).max().unwrap_or_default();
        Self { wire, client, changes, ..Self::default() }
    }
}

impl Change {
    /// A change of the document as a whole. What else is known of it is then set in its fields.
    #[must_use]
    pub fn new(id: impl Into<String>, rule: &'static Rule, wire: Verdict, client: Verdict) -> Self {
        Self {
            id: id.into(),
            rule,
            wire,
            client,
            directions: Vec::new(),
            operations: Vec::new(),
            base: String::new(),
            head: String::new(),
            before: Value::Null,
            after: Value::Null,
            reason: String::new(),
            witness: None,
            signature: None,
        }
    }

    /// The first operation that it reaches.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operations.first().map(String::as_str)
    }

    /// How to make the change without breaking anybody.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match (self.wire, self.client) {
            // Those of a rule are for who is broken by it.
            (Verdict::Compatible, Verdict::Compatible) => NOTHING,
            // Harmless on the wire by its rule, and in the code of callers it is not.
            (Verdict::Compatible, _) if self.rule.remedy == NOTHING => {
                "Leave the type as it is and add another beside it, or let callers change their code."
            }
            (_, _) if self.rule.remedy == NOTHING => {
                "Keep accepting what was accepted there, and send only what was sent there."
            }
            _ => self.rule.remedy,
        }
    }

    /// The worse of the two verdicts.
    #[must_use]
    pub fn worst(&self) -> Verdict {
        self.wire.max(self.client)
    }
}

impl Witness {
    /// A value, and which document takes it and which does not.
    #[must_use]
    pub fn new(value: Value, accepted_by: Side, refused_by: Side) -> Self {
        Self { kind: WitnessKind::Value, value, accepted_by, refused_by }
    }

    /// A request that deployed clients send.
    pub(crate) fn request(value: Value) -> Self {
        let (accepted_by, refused_by) = (Side::Base, Side::Head);
        Self { kind: WitnessKind::Request, value, accepted_by, refused_by }
    }

    /// An answer that the server sends from now on.
    pub(crate) fn answer(value: Value) -> Self {
        let (accepted_by, refused_by) = (Side::Head, Side::Base);
        Self { kind: WitnessKind::Answer, value, accepted_by, refused_by }
    }
}

impl Signature {
    /// An item of the generated client in the base and in the head.
    #[must_use]
    pub fn new(before: Option<String>, after: Option<String>) -> Self {
        Self { before, after }
    }
}

/// As in `diff.schema.json`.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 16)?;
        change.serialize_field("id", &self.id)?;
        change.serialize_field("rule", self.rule.id)?;
        change.serialize_field("category", self.rule.category.as_str())?;
        change.serialize_field("wire", &self.wire)?;
        change.serialize_field("client", &self.client)?;
        change.serialize_field("directions", &self.directions)?;
        change.serialize_field("operation", &self.operation())?;
        change.serialize_field("operations", &self.operations)?;
        change.serialize_field("base", &self.base)?;
        change.serialize_field("head", &self.head)?;
        change.serialize_field("before", &self.before)?;
        change.serialize_field("after", &self.after)?;
        change.serialize_field("reason", &self.reason)?;
        change.serialize_field("witness", &self.witness)?;
        change.serialize_field("remedy", self.remedy())?;
        change.serialize_field("signature", &self.signature)?;
        change.end()
    }
}
