//! A change while it is being found: seen from one direction, for some operations.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    change::{Change, Signature, Witness},
    document::Pointer,
    rule::Rule,
    verdict::{Direction, Verdict},
};

/// A place in both documents.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) base: Pointer,
    pub(crate) head: Pointer,
}

impl Place {
    pub(crate) fn new(base: &Pointer, head: &Pointer) -> Self {
        Self { base: base.clone(), head: head.clone() }
    }
}

/// A change that was found.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) rule: &'static Rule,
    pub(crate) wire: Verdict,
    pub(crate) client: Verdict,
    pub(crate) direction: Option<Direction>,
    pub(crate) place: Place,
    pub(crate) before: Value,
    pub(crate) after: Value,
    pub(crate) reason: String,
    pub(crate) witness: Option<Witness>,
    pub(crate) signature: Option<Signature>,
    /// The operations that it reaches, in the order of the documents.
    pub(crate) operations: BTreeSet<usize>,
}

impl Draft {
    pub(crate) fn new(
        rule: &'static Rule,
        wire: Verdict,
        place: Place,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            wire,
            client: Verdict::Compatible,
            direction: None,
            place,
            before: Value::Null,
            after: Value::Null,
            reason: reason.into(),
            witness: None,
            signature: None,
            operations: BTreeSet::new(),
        }
    }

    pub(crate) fn values(mut self, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        self.before = before.into();
        self.after = after.into();
        self
    }

    pub(crate) fn direction(mut self, direction: Direction) -> Self {
        self.direction = Some(direction);
        self
    }

    pub(crate) fn client(mut self, client: Verdict) -> Self {
        self.client = client;
        self
    }

    pub(crate) fn for_operation(mut self, operation: usize) -> Self {
        self.operations.insert(operation);
        self
    }

    /// A request that clients of the base may send, and the head does not understand, if one was found.
    pub(crate) fn request_witness(mut self, request: Option<Value>) -> Self {
        self.witness = request.map(Witness::request);
        self
    }
}

/// One change for each cause: what was found from several directions, or for several operations, is
/// one.
pub(crate) fn merge(drafts: Vec<Draft>, operations: &[String]) -> Vec<Change> {
    let mut merged: Vec<(Draft, String, BTreeSet<Direction>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for draft in drafts {
        let directions = draft.direction.into_iter().collect::<BTreeSet<_>>();
        let id = identity(&draft);
        let Some(&index) = known.get(&id) else {
            known.insert(id.clone(), merged.len());
            merged.push((draft, id, directions));
            continue;
        };
        let (first, _, first_directions) = &mut merged[index];
        first_directions.extend(directions);
        first.operations.extend(&draft.operations);
        // The sentence is that of the worst.
        if draft.wire > first.wire {
            first.reason = draft.reason;
            first.witness = draft.witness;
        } else if first.witness.is_none() && draft.wire == first.wire {
            first.witness = draft.witness;
        }
        first.wire = first.wire.max(draft.wire);
        if draft.client > first.client || first.signature.is_none() {
            first.signature = draft.signature;
        }
        first.client = first.client.max(draft.client);
    }
    let finished = merged.into_iter();
    finished.map(|(draft, id, directions)| finish(draft, id, directions, operations)).collect()
}

fn finish(
    draft: Draft,
    id: String,
    directions: BTreeSet<Direction>,
    operations: &[String],
) -> Change {
    Change {
        id,
        rule: draft.rule,
        wire: draft.wire,
        client: draft.client,
        directions: directions.into_iter().collect(),
        operations: draft.operations.iter().filter_map(|&at| operations.get(at).cloned()).collect(),
        base: draft.place.base.as_str().to_owned(),
        head: draft.place.head.as_str().to_owned(),
        before: draft.before,
        after: draft.after,
        reason: draft.reason,
        witness: draft.witness,
        signature: draft.signature,
    }
}

/// A hash of rule, place and values; of nothing that is worded.
fn identity(draft: &Draft) -> String {
    let mut hash = Sha256::new();
    let parts = [
        draft.rule.id,
        draft.place.base.as_str(),
        draft.place.head.as_str(),
        &draft.before.to_string(),
        &draft.after.to_string(),
    ];
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let mut id = String::new();
    for byte in &hash.finalize()[..6] {
        // Writing to a string does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}
