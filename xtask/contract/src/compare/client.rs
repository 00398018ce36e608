//! Joins what callers of the generated client notice to the changes that it follows from.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use serde_json::Value;

use super::{
    draft::{Draft, Place},
    operation::operations,
    rules as wire,
};
use crate::{
    change::{Change, Signature},
    client::{
        Difference,
        rules::{GENERATOR_REFUSES, METHOD_REMOVED, METHOD_RENAMED, STREAM_LOST, UNDECIDED},
    },
    document::{Document, Pointer, pointer::of_reference},
    rule::Rule,
    schema::references,
    verdict::Verdict,
};

/// So many differences of one kind at one place are attached to the changes there.
const MOST_ALIKE: usize = 100;

/// Gives the changes their verdict for the client, and returns what follows from none of them.
pub(super) fn join(
    changes: &mut [Change],
    differences: Vec<Difference>,
    users: &[Users; 2],
    documents: [&Document; 2],
    names: &[String],
) -> Vec<Draft> {
    let mut alone = Vec::new();
    let causes = by_place(changes);
    let mut alike_before = HashMap::new();
    for mut difference in differences {
        let Difference { base, head, .. } = &mut difference;
        for (place, document) in [base, head].into_iter().zip(documents) {
            leave_containers(place);
            while document.get(place).is_none() {
                place.truncate(place.rfind('/').unwrap_or_default());
            }
        }
        // What no client can be made of has a verdict, and an exit code, of its own; a stream is lost
        // by what looks harmless, and would be hard to find in it.
        let stands_alone = [&GENERATOR_REFUSES, &STREAM_LOST, &UNDECIDED]
            .iter()
            .any(|it| it.id == difference.rule.id);
        let alike = (difference.base.clone(), difference.head.clone(), difference.rule.id);
        let (number, found) = alike_before.entry(alike).or_insert((0, false));
        *number += 1;
        // Hundreds of values of one enum: each says the same of all of them.
        if *number <= MOST_ALIKE && !stands_alone {
            for &index in causes.get(&difference.base).into_iter().flatten() {
                if is_cause(&changes[index], &difference) {
                    *found = true;
                    attach(&mut changes[index], &difference);
                }
            }
        }
        if !*found {
            alone.push(draft(&difference, users, names));
        }
    }
    alone
}

/// What is missing in one of the documents is told at what would have it, and not at the map or list
/// in between.
fn leave_containers(place: &mut String) {
    for container in ["/properties", "/parameters"] {
        if let Some(around) = place.strip_suffix(container) {
            place.truncate(around.len());
        }
    }
}

/// The changes at a place of the base, or at one of its keywords.
fn by_place(changes: &[Change]) -> HashMap<String, Vec<usize>> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, change) in changes.iter().enumerate() {
        for place in around(&change.base) {
            places.entry(place.to_owned()).or_default().push(index);
        }
    }
    places
}

/// A place, and the schema of which it is a keyword or a listed value.
fn around(place: &str) -> impl Iterator<Item = &str> {
    let outer = |place: &str| place.rfind('/');
    let keyword = outer(place).map(|end| &place[..end]);
    let is_list = |it: &&str| ["/enum", "/oneOf", "/anyOf"].iter().any(|list| it.ends_with(list));
    let listed = keyword.filter(is_list).and_then(|list| Some(&list[..outer(list)?]));
    [Some(place), keyword, listed].into_iter().flatten()
}

/// Whether the change is at the place of the difference, or is one of its keywords.
fn is_cause(change: &Change, difference: &Difference) -> bool {
    let is_at = |change: &str, difference: &str| around(change).any(|place| place == difference);
    is_of_its_kind(change, difference)
        && change.rule.category != crate::rule::Category::Documentation
        && is_at(&change.base, &difference.base)
        && is_at(&change.head, &difference.head)
}

/// Whether such a change can have such a consequence: tags make nothing of the client, and the name of
/// a method follows from the operation's id and place alone.
fn is_of_its_kind(change: &Change, difference: &Difference) -> bool {
    let is_one_of = |rules: &[&Rule]| rules.iter().any(|rule| rule.id == change.rule.id);
    let is_of_method =
        [&METHOD_REMOVED, &METHOD_RENAMED].iter().any(|it| it.id == difference.rule.id);
    if is_of_method {
        is_one_of(&[
            &wire::OPERATION_ID_CHANGED,
            &wire::OPERATION_MOVED,
            &wire::OPERATION_REMOVED,
            &wire::OPERATION_REMOVED_AFTER_DEPRECATION,
        ])
    } else {
        !is_one_of(&[&wire::TAGS_CHANGED])
    }
}

fn attach(change: &mut Change, difference: &Difference) {
    let is_worst = difference.verdict > change.client || change.signature.is_none();
    if is_worst {
        change.client = change.client.max(difference.verdict);
        change.signature = Some(signature(difference));
    }
    match change.wire {
        // On the wire nobody notices: the sentence is about those who do.
        Verdict::Compatible => change.reason.clone_from(&difference.reason),
        // It is the code that breaks, which the sentence about the wire does not say.
        Verdict::Warning if is_worst && difference.verdict == Verdict::Breaking => {
            change.reason = format!("{}. {}", change.reason, difference.reason);
        }
        Verdict::Warning | Verdict::Breaking => {}
    }
}

fn signature(difference: &Difference) -> Signature {
    Signature { before: difference.before.clone(), after: difference.after.clone() }
}

fn draft(difference: &Difference, users: &[Users; 2], names: &[String]) -> Draft {
    let place = Place::new(
        &Pointer::from(difference.base.clone()),
        &Pointer::from(difference.head.clone()),
    );
    let value = |rust: &Option<String>| rust.clone().map_or(Value::Null, Value::from);
    let mut operations: BTreeSet<&str> = difference.operations.iter().map(String::as_str).collect();
    for (place, users) in [&difference.base, &difference.head].into_iter().zip(users) {
        let component =
            place.match_indices('/').nth(3).map_or(place.as_str(), |(end, _)| &place[..end]);
        operations.extend(users.get(component).into_iter().flatten().map(|it| &**it));
    }
    let mut draft =
        Draft::new(difference.rule, Verdict::Compatible, place, difference.reason.clone())
            .values(value(&difference.before), value(&difference.after))
            .client(difference.verdict);
    draft.operations = operations
        .into_iter()
        .filter_map(|operation| names.iter().position(|name| name == operation))
        .collect();
    draft.signature = Some(signature(difference));
    draft
}

/// The operations that use a component, directly or not, by its pointer.
pub(super) type Users = HashMap<String, BTreeSet<Arc<str>>>;

pub(super) fn users_of_components(document: &Document) -> Users {
    let mut users = Users::new();
    let mut used_by: HashMap<&str, Vec<&str>> = HashMap::new();
    for operation in operations(document) {
        let name: Arc<str> = Arc::from(operation.name());
        let mut waiting = Vec::new();
        references(operation.part.value, &mut waiting);
        if let Some(parameters) = operation.path_item.value.get("parameters") {
            references(parameters, &mut waiting);
        }
        let mut seen = HashSet::new();
        waiting.retain(|&reference| seen.insert(reference));
        while let Some(reference) = waiting.pop() {
            let Some(pointer) = of_reference(reference) else { continue };
            let below = used_by.entry(reference).or_insert_with(|| {
                let mut below = Vec::new();
                if let Some(component) = document.get(&pointer) {
                    references(component, &mut below);
                }
                below
            });
            waiting.extend(below.iter().copied().filter(|it| seen.insert(it)));
            users.entry(pointer).or_default().insert(Arc::clone(&name));
        }
    }
    users
}
