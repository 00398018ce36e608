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
            self.base_paths.is_some(),
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
        let drafts = compare(base, head, &place, false);
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

/// `moved` says that what the base path was is a part of the operations' paths now, or the other way
/// round.
fn compare(base: &Value, head: &Value, place: &Place, moved: bool) -> Vec<Draft> {
    let (before, after) = (addresses(base), addresses(head));
    // Without servers, a document may be for whatever address one was told.
    let told = base.get("servers").is_some();
    let gone = before.all.iter().filter(|address| !after.all.contains(address));
    let gone = gone.filter_map(|address| {
        let has = |same: fn(&str) -> &str| after.all.iter().any(|it| same(it) == same(address));
        let stays = has(path) || moved;
        let (wire, reason) = if moved && has(origin) {
            (Verdict::Compatible, "with the paths of the operations, the addresses are the same")
        } else if stays || !told {
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
        (told || !stays).then(|| draft.values(address.as_str(), Value::Null))
    });
    let implied = |address: &String| address == ROOT && head.get("servers").is_none();
    let is_known = |address: &String| {
        let defaults = after.defaults.contains(address);
        before.defaults.contains(address) || !defaults && before.all.contains(address)
    };
    let new = after.all.iter().filter(|address| !is_known(address) && !implied(address));
    let new = new.map(|address| {
        let reason = "deployed clients stay with the address that they have";
        let draft = Draft::new(&rules::SERVER_ADDED, Verdict::Compatible, place.clone(), reason);
        draft.values(Value::Null, address.as_str())
    });
    gone.chain(new).collect()
}

/// Where no server is named, this one is meant: <https://spec.openapis.org/oas/v3.0.3#openapi-object>
const ROOT: &str = "/";

/// Of a server with many variables, no more addresses than these are looked at.
const MOST_ADDRESSES: usize = 100;

/// The addresses of the servers.
struct Addresses {
    /// With the defaults of their variables.
    defaults: Vec<String>,
    /// With any of the values of their variables, the defaults first.
    all: Vec<String>,
}

fn addresses(value: &Value) -> Addresses {
    let servers = value.get("servers").and_then(Value::as_array).into_iter().flatten();
    let (mut defaults, mut others) = (Vec::new(), Vec::new());
    for server in servers {
        let Some(url) = server.get("url").and_then(Value::as_str) else { continue };
        let mut addresses = vec![url.to_owned()];
        let variables = server.get("variables").and_then(Value::as_object);
        for (name, variable) in variables.into_iter().flatten() {
            let values = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
            let values = variable.get("default").into_iter().chain(values);
            let values: Vec<_> = values.filter_map(Value::as_str).collect();
            if values.is_empty() {
                continue;
            }
            let filled = values.iter().flat_map(|value| {
                addresses.iter().map(move |it| it.replace(&format!("{{{name}}}"), value))
            });
            addresses = filled.take(MOST_ADDRESSES).collect();
        }
        let mut addresses = addresses.into_iter();
        defaults.extend(addresses.next());
        others.extend(addresses);
    }
    if defaults.is_empty() {
        defaults.push(ROOT.to_owned());
    }
    let mut all = defaults.clone();
    for other in others {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    Addresses { defaults, all }
}

/// The path that all servers of a document have, if it is one without variables.
pub(super) fn base_path(document: &Value) -> Option<&str> {
    let servers = document.get("servers")?.as_array()?;
    let mut paths = servers.iter().map(|server| server.get("url")?.as_str().map(path));
    let first = paths.next()??;
    (!first.contains('{') && paths.all(|path| path == Some(first))).then_some(first)
}

/// What is before the path: `https://host` of `https://host/v1/`.
fn origin(address: &str) -> &str {
    address.trim_end_matches('/').strip_suffix(path(address)).unwrap_or(address)
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
