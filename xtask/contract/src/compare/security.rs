//! Who may call: security schemes, requirements and scopes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Comparer, Pair, Part,
    draft::{Draft, Place},
    operation::Operation,
    request::With,
    rules,
};
use crate::{
    document::{Document, Pointer},
    rule::Rule,
    verdict::{Direction, Side, Verdict},
};

/// One way to be let in: schemes, each with the scopes that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alternative<'d> {
    schemes: Vec<Scheme<'d>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Scheme<'d> {
    name: &'d str,
    /// What it is, whatever it is called.
    definition: String,
    scopes: BTreeSet<&'d str>,
}

impl Alternative<'_> {
    /// Whether whoever has all of `credentials` is let in.
    fn is_met_by(&self, credentials: &Self) -> bool {
        self.schemes.iter().all(|scheme| {
            credentials.schemes.iter().any(|other| {
                other.definition == scheme.definition && scheme.scopes.is_subset(&other.scopes)
            })
        })
    }

    fn names(&self) -> BTreeSet<&str> {
        self.schemes.iter().map(|scheme| scheme.name).collect()
    }

    fn definitions(&self) -> BTreeSet<&str> {
        self.schemes.iter().map(|scheme| scheme.definition.as_str()).collect()
    }

    fn value(&self) -> Value {
        let schemes = self.schemes.iter().map(|scheme| (scheme.name, json!(scheme.scopes)));
        json!(schemes.collect::<BTreeMap<_, _>>())
    }
}

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_security(&mut self, pair: Pair<'_, 'd>) {
        let (base_place, before) = alternatives(self.base, pair.base);
        let (head_place, after) = alternatives(self.head, pair.head);
        let place = Place { base: base_place, head: head_place };
        let mut narrowed = false;
        for old in &before {
            if !after.iter().any(|new| new.is_met_by(old)) {
                narrowed = true;
                self.report_refused(pair, old, &after, &place);
            }
        }
        let relaxed = after.iter().any(|new| !before.iter().any(|old| old.is_met_by(new)));
        if relaxed && !narrowed {
            let same = |new: &Alternative<'d>| {
                before.iter().any(|old| old.definitions() == new.definitions())
            };
            let (rule, reason): (&'static Rule, _) = if after.iter().all(same) {
                (
                    &rules::SECURITY_SCOPE_REMOVED,
                    "deployed clients have all scopes that are asked for",
                )
            } else {
                (
                    &rules::SECURITY_REQUIREMENT_REMOVED,
                    "deployed clients have all credentials that are asked for",
                )
            };
            let draft = Draft::new(rule, Verdict::Compatible, place, reason)
                .values(values(&before), values(&after))
                .direction(Direction::Request);
            self.drafts.push(draft.for_operation(pair.number));
        }
    }

    /// A way to be let in that no longer leads in.
    fn report_refused(
        &mut self,
        pair: Pair<'_, 'd>,
        old: &Alternative<'d>,
        after: &[Alternative<'d>],
        place: &Place,
    ) {
        let redefined = after
            .iter()
            .find(|new| new.names() == old.names() && new.definitions() != old.definitions());
        let rescoped = after.iter().any(|new| new.definitions() == old.definitions());
        let (rule, reason): (&'static Rule, _) = match redefined {
            Some(new) => return self.report_redefined(pair, old, new),
            None if rescoped => (
                &rules::SECURITY_SCOPE_ADDED,
                "a deployed client may hold a token without the scopes that are asked for now",
            ),
            None => (
                &rules::SECURITY_REQUIREMENT_ADDED,
                "a deployed client shows the credentials that were asked for, and the server would refuse them",
            ),
        };
        let request = self.request_as(pair.base, old);
        let draft = Draft::new(rule, Verdict::Breaking, place.clone(), reason)
            .values(old.value(), values(after))
            .direction(Direction::Request)
            .request_witness(request);
        self.drafts.push(draft.for_operation(pair.number));
    }

    /// A request of who was let in this way.
    fn request_as(&self, operation: &Operation<'d>, old: &Alternative<'d>) -> Option<Value> {
        let security = old.value();
        self.request(operation, With { security: Some(&security), ..With::default() })
    }

    fn report_redefined(
        &mut self,
        pair: Pair<'_, 'd>,
        old: &Alternative<'d>,
        new: &Alternative<'d>,
    ) {
        let request = self.request_as(pair.base, old);
        for (old, new) in old.schemes.iter().zip(&new.schemes) {
            if old.definition == new.definition {
                continue;
            }
            let pointer =
                |name: &str| Pointer::root().join("components").join("securitySchemes").join(name);
            let place = Place {
                base: self.nearest(&pointer(old.name), Side::Base),
                head: self.nearest(&pointer(new.name), Side::Head),
            };
            let reason = "a deployed client shows its credentials where, or as, the server no longer looks for them";
            let value = |document: &Document, pointer: &Pointer| {
                document.get(pointer.as_str()).cloned().unwrap_or_default()
            };
            let (before, after) = (value(self.base, &place.base), value(self.head, &place.head));
            let draft =
                Draft::new(&rules::SECURITY_SCHEME_CHANGED, Verdict::Breaking, place, reason)
                    .values(before, after)
                    .direction(Direction::Request)
                    .request_witness(request.clone());
            self.drafts.push(draft.for_operation(pair.number));
        }
    }
}

/// The credentials of the first way to be let in, where it needs any.
pub(super) fn first_way_in(document: &Document, operation: &Operation<'_>) -> Option<Value> {
    let (_, ways) = alternatives(document, operation);
    let first = ways.first().filter(|way| !way.schemes.is_empty());
    first.map(Alternative::value)
}

fn values(alternatives: &[Alternative<'_>]) -> Value {
    alternatives.iter().map(Alternative::value).collect()
}

/// The ways to be let in, and where they stand. Where nothing is asked for, one leads in with nothing.
fn alternatives<'d>(
    document: &'d Document,
    operation: &Operation<'d>,
) -> (Pointer, Vec<Alternative<'d>>) {
    let (place, security) = match operation.part.get("security") {
        Some(own) => (operation.part.pointer.join("security"), Some(own)),
        None => match document.as_value().get("security") {
            Some(global) => (Pointer::root().join("security"), Some(global)),
            None => (operation.part.pointer.clone(), None),
        },
    };
    let list = security.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let alternatives = list.iter().filter_map(Value::as_object).map(|schemes| Alternative {
        schemes: schemes
            .iter()
            .map(|(name, scopes)| Scheme {
                name,
                definition: definition(document, name),
                scopes: scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
            })
            .collect(),
    });
    let alternatives: Vec<_> = alternatives.collect();
    if alternatives.is_empty() {
        return (place, vec![Alternative { schemes: Vec::new() }]);
    }
    (place, alternatives)
}

/// What a scheme is to the client that uses it.
fn definition(document: &Document, name: &str) -> String {
    let components = document.as_value().get("components");
    let components = components.map(|value| Part {
        side: Side::Base,
        pointer: Pointer::root().join("components"),
        value,
    });
    let schemes =
        components.map(|part| part.members(document, "securitySchemes")).unwrap_or_default();
    let is_it = |(other, scheme): &(&str, Part<'_>)| *other == name && scheme.dangling().is_none();
    let Some((_, scheme)) = schemes.into_iter().find(is_it) else {
        return name.to_owned();
    };
    let lower = |value: &Value| value.as_str().map(str::to_ascii_lowercase);
    let in_header = scheme.get("in") == Some(&json!("header"));
    let key = if in_header {
        scheme.get("name").and_then(lower).map(Value::from)
    } else {
        scheme.get("name").cloned()
    };
    json!({
        "type": scheme.get("type"),
        "in": scheme.get("in"),
        "name": key,
        "scheme": scheme.get("scheme").and_then(lower),
        "flows": scheme.get("flows").map(addresses),
        "openIdConnectUrl": scheme.get("openIdConnectUrl"),
    })
    .to_string()
}

/// Where a client gets its tokens; which scopes there are is the requirements' matter.
fn addresses(flows: &Value) -> Value {
    let flows = flows.as_object().into_iter().flatten();
    let flows = flows.map(|(flow, value)| {
        (
            flow.clone(),
            json!([value.get("authorizationUrl"), value.get("tokenUrl"), value.get("refreshUrl")]),
        )
    });
    Value::Object(flows.collect())
}
