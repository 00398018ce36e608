//! Where the service is, and which version it has.

use serde_json::Value;

use super::{
    Comparer, Pair,
    draft::{Draft, Place},
    rules,
};
use crate::{document::Pointer, verdict::Verdict};

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_servers(&mut self) {
        let pointer = Pointer::root().join("servers");
        let drafts = compare(
            self.base.as_value(),
            self.head.as_value(),
            &Place {
                base: self.nearest(&pointer, crate::Side::Base),
                head: self.nearest(&pointer, crate::Side::Head),
            },
        );
        self.drafts.extend(drafts);
    }

    /// The servers of one operation, where it or its path has its own.
    pub(super) fn compare_servers_of(&mut self, pair: Pair<'_, 'd>) {
        let own = |operation: &super::Operation<'d>| {
            let part = [&operation.part, &operation.path_item];
            part.into_iter().find(|part| part.get("servers").is_some()).cloned()
        };
        let (base, head) = (own(pair.base), own(pair.head));
        if base.is_none() && head.is_none() {
            return;
        }
        let place = Place {
            base: base.as_ref().unwrap_or(&pair.base.part).place("servers"),
            head: head.as_ref().unwrap_or(&pair.head.part).place("servers"),
        };
        let base = base.map_or(self.base.as_value(), |part| part.value);
        let head = head.map_or(self.head.as_value(), |part| part.value);
        let drafts = compare(base, head, &place);
        self.drafts.extend(drafts.into_iter().map(|draft| draft.for_operation(pair.number)));
    }

    pub(super) fn compare_versions(&mut self) {
        let (before, after) = (self.base.version(), self.head.version());
        if before == after {
            return;
        }
        let pointer = Pointer::root().join("info").join("version");
        let place = Place {
            base: self.nearest(&pointer, crate::Side::Base),
            head: self.nearest(&pointer, crate::Side::Head),
        };
        let lowered = match (before.and_then(numbers), after.and_then(numbers)) {
            (Some(before), Some(after)) => after < before,
            _ => false,
        };
        let draft = if lowered {
            let reason = "whoever compares versions takes the older document for the newer";
            Draft::new(&rules::VERSION_LOWERED, Verdict::Warning, place, reason)
        } else {
            let reason = "clients send it along, and the server does not look at it";
            Draft::new(&rules::VERSION_CHANGED, Verdict::Compatible, place, reason)
        };
        self.drafts.push(draft.values(before, after));
    }
}

fn compare(base: &Value, head: &Value, place: &Place) -> Vec<Draft> {
    let (before, after) = (addresses(base), addresses(head));
    let gone = before.iter().filter(|address| !after.contains(address)).map(|address| {
        let stays = after.iter().any(|other| path(other) == path(address));
        // Without servers, a document may be for whatever address one was told.
        let told = base.get("servers").is_some();
        let (wire, reason) = if stays || !told {
            (
                Verdict::Warning,
                "whether the old address still answers can't be told from the document",
            )
        } else {
            (
                Verdict::Breaking,
                "a deployed client sends its requests below a path at which nothing is",
            )
        };
        let draft = Draft::new(&rules::SERVER_REMOVED, wire, place.clone(), reason);
        (stays && !told, draft.values(address.as_str(), Value::Null))
    });
    let gone = gone.filter(|(unnoticed, _)| !unnoticed).map(|(_, draft)| draft);
    let implied = |address: &String| address == ROOT && head.get("servers").is_none();
    let new = after.iter().filter(|address| !before.contains(address) && !implied(address));
    let new = new.map(|address| {
        let reason = "deployed clients stay with the address that they have";
        let draft = Draft::new(&rules::SERVER_ADDED, Verdict::Compatible, place.clone(), reason);
        draft.values(Value::Null, address.as_str())
    });
    gone.chain(new).collect()
}

/// Where no server is named, this one is meant: <https://spec.openapis.org/oas/v3.0.3#openapi-object>
const ROOT: &str = "/";

/// The addresses of the servers, with the defaults of their variables.
fn addresses(value: &Value) -> Vec<String> {
    let servers = value.get("servers").and_then(Value::as_array).into_iter().flatten();
    let mut addresses: Vec<String> = servers
        .filter_map(|server| {
            let mut address = server.get("url")?.as_str()?.to_owned();
            let variables = server.get("variables").and_then(Value::as_object);
            for (name, variable) in variables.into_iter().flatten() {
                if let Some(default) = variable.get("default").and_then(Value::as_str) {
                    address = address.replace(&format!("{{{name}}}"), default);
                }
            }
            Some(address)
        })
        .collect();
    if addresses.is_empty() {
        addresses.push(ROOT.to_owned());
    }
    addresses
}

/// The path of an address, which all paths of operations are below: `/v1` of `https://host/v1/`.
fn path(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path =
        if address.contains("://") { rest.find('/').map_or("", |at| &rest[at..]) } else { rest };
    path.trim_end_matches('/')
}

/// `1.2.3` as numbers; what follows a hyphen or a plus does not count.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let version = version.split(['-', '+']).next()?;
    version.split('.').map(|part| part.parse().ok()).collect()
}
