//! Rules about paths.

use heck::ToKebabCase;

use super::{Fault, Part, Rule, View, view::join, view::members};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "path-no-trailing-slash",
        text: "No path ends with a slash, or has two slashes together.",
        reason: "`/orders` and `/orders/` are two addresses: some clients and proxies add or drop \
                 the slash, and then call what is not there.",
        good: r#"{ "paths": { "/v1/baskets": {} } }"#,
        bad: r#"{ "paths": { "/v1/baskets/": {} } }"#,
        check: trailing_slash,
    },
    Rule {
        id: "path-segment-kebab-case",
        text: "Each part of a path is in lower case, with `-` between words.",
        reason: "Paths are compared with attention to case, and often written by hand: one \
                 spelling leaves nothing to remember.",
        good: r#"{ "paths": { "/v1/gift-cards": {} } }"#,
        bad: r#"{ "paths": { "/v1/giftCards": {} } }"#,
        check: kebab_case,
    },
    Rule {
        id: "path-collection-plural",
        text: "The part before a variable is a noun in the plural.",
        reason: "The variable picks one of many, and the list of all of them is at the same \
                 address without it: `/orders/{id}` and `/orders`.",
        good: r#"{ "paths": { "/v1/baskets/{id}": {} } }"#,
        bad: r#"{ "paths": { "/v1/basket/{id}": {} } }"#,
        check: plural,
    },
    Rule {
        id: "path-no-verb",
        text: "No part of a path is a verb.",
        reason: "The method is the verb. One in the path hides what is done from caches, proxies \
                 and retries, and every action becomes an address of its own.",
        good: r#"{ "paths": { "/v1/orders/{id}/cancellation": {} } }"#,
        bad: r#"{ "paths": { "/v1/orders/{id}/cancel": {} } }"#,
        check: verb,
    },
    Rule {
        id: "path-variable-alone",
        text: "A variable is the whole of its part of the path.",
        reason: "What is glued to other text can be read back in more than one way, and Dropshot \
                 has no such paths.",
        good: r#"{ "paths": { "/v1/baskets/{id}/versions/{version}": {} } }"#,
        bad: r#"{ "paths": { "/v1/baskets/{id}@{version}": {} } }"#,
        check: variable_alone,
    },
];

/// Plurals that do not end with an `s`.
const IRREGULAR_PLURALS: [&str; 5] = ["children", "data", "media", "people", "staff"];

/// What is done to things; a word that is as often a thing (`access`, `search`) is not among them.
const VERBS: [&str; 41] = [
    "activate",
    "add",
    "apply",
    "approve",
    "archive",
    "assign",
    "cancel",
    "check",
    "clear",
    "close",
    "create",
    "deactivate",
    "delete",
    "disable",
    "do",
    "edit",
    "enable",
    "execute",
    "fetch",
    "find",
    "get",
    "insert",
    "list",
    "login",
    "logout",
    "make",
    "open",
    "patch",
    "put",
    "reject",
    "remove",
    "replace",
    "retry",
    "revoke",
    "rotate",
    "run",
    "send",
    "set",
    "start",
    "stop",
    "update",
];

fn paths<'d>(view: &View<'d>) -> impl Iterator<Item = Part<'d>> {
    members(view.root, "/paths").map(|(path, value)| {
        let at = join("/paths", path);
        Part { value, at, subject: path.to_owned() }
    })
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn is_variable(segment: &str) -> bool {
    segment.contains('{')
}

fn trailing_slash(view: &View<'_>) -> Vec<Fault> {
    let doubtful = |path: &Part<'_>| {
        path.subject.contains("//") || (path.subject.len() > 1 && path.subject.ends_with('/'))
    };
    let message = "the path ends with `/`, or has two of them together: leave out those that \
                   nothing follows";
    paths(view).filter(doubtful).map(|path| Fault::new(&path, message)).collect()
}

fn kebab_case(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in paths(view) {
        let words = segments(&path.subject).filter(|segment| !is_variable(segment));
        for segment in words {
            let wanted = segment.to_kebab_case();
            if wanted != segment {
                let message = format!("`{segment}` is not in kebab-case: write `{wanted}`");
                faults.push(Fault::new(&path, message));
            }
        }
    }
    faults
}

fn plural(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in paths(view) {
        let all: Vec<_> = segments(&path.subject).collect();
        for pair in all.windows(2) {
            let &[collection, variable] = pair else { continue };
            let plural = collection.ends_with('s') || IRREGULAR_PLURALS.contains(&collection);
            if is_variable(variable) && !is_variable(collection) && !plural {
                let message = format!(
                    "`{variable}` picks one of many, but `{collection}` is no plural: name the \
                     collection, such as `{collection}s`"
                );
                faults.push(Fault::new(&path, message));
            }
        }
    }
    faults
}

fn verb(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in paths(view) {
        for segment in segments(&path.subject) {
            let word = segment.split(['-', '_']).next().unwrap_or_default();
            if VERBS.contains(&word) {
                let message = format!(
                    "`{segment}` is a verb: let the method say what is done, or name the thing \
                     that comes of it (`cancellation` for `cancel`)"
                );
                faults.push(Fault::new(&path, message));
            }
        }
    }
    faults
}

fn variable_alone(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in paths(view) {
        for segment in segments(&path.subject).filter(|segment| is_variable(segment)) {
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            if name.is_none_or(|name| name.is_empty() || name.contains(['{', '}'])) {
                let message = format!(
                    "`{segment}` is more than one variable: make each a part of its own, between \
                     slashes"
                );
                faults.push(Fault::new(&path, message));
            }
        }
    }
    faults
}
