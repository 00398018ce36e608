//! Every break that a schema is the cause of is proven by a value, which a validator that is none
//! of ours accepts on one side and refuses on the other.

use openapi_contract::{
    Category, Change, Direction, Document, Options, Side, Verdict, Witness, compare,
};
use serde_json::{Value, json};

use crate::{
    case,
    validation::{Context, Reading, validator},
};

/// Breaks that no schema shows: the value is accepted, but not read, or read as something else.
const UNPROVABLE: [&str; 7] = [
    "default-added",
    "default-changed",
    "default-removed",
    "discriminator-changed",
    "property-read-only-changed",
    "property-removed",
    "property-write-only-changed",
];

#[test]
fn every_break_of_a_schema_has_a_witness_that_others_confirm() {
    let mut complaints = Vec::new();
    for case in case::all() {
        let (before, after) = case.documents();
        let changes = compare(&before, &after, Options::default()).changes;
        // What is no value but a whole request is not for a validator.
        for change in changes.iter().filter(|change| change.rule.category == Category::Schema) {
            let fault = match &change.witness {
                None if change.wire == Verdict::Breaking
                    && !UNPROVABLE.contains(&change.rule.id) =>
                {
                    "nothing".to_owned()
                }
                Some(witness) if !confirmed([&case.before, &case.after], change, witness) => {
                    witness.value.to_string()
                }
                _ => continue,
            };
            let (name, rule) = (&case.name, change.rule.id);
            let places = format!("at {} and {}", change.base, change.head);
            complaints.push(format!("{name}: {rule} is proven by {fault}, {places}"));
        }
    }
    assert!(complaints.is_empty(), "{}:\n{}", complaints.len(), complaints.join("\n"));
}

/// Two values that are added are two places: an acceptance of the one is none of the other.
#[test]
fn a_listed_value_is_a_place_of_its_own() {
    let place = |values: Value| {
        let thing = |values: Value| {
            let fragment = json!({ "schema": { "type": "string", "enum": values } });
            Document::from_value(case::document(&fragment, Some("response"))).unwrap()
        };
        let changes =
            compare(&thing(json!(["a", "b"])), &thing(values), Options::default()).changes;
        let told = changes.into_iter().map(|it| format!("{} {} {}", it.rule.id, it.base, it.head));
        told.collect::<Vec<_>>()
    };
    let list = "/components/schemas/Thing/enum";
    assert_eq!(
        place(json!(["c", "a", "b", "d"])),
        [format!("enum-value-added {list} {list}/0"), format!("enum-value-added {list} {list}/3")]
    );
    assert_eq!(place(json!(["a"])), [format!("enum-value-removed {list}/1 {list}")]);
}

/// Whether the value proves it, at the place of the change or at one that encloses it.
pub(crate) fn confirmed(documents: [&Value; 2], change: &Change, witness: &Witness) -> bool {
    let direction = match witness.accepted_by {
        Side::Base => Direction::Request,
        Side::Head => Direction::Response,
    };
    // Where one side refers to a component, the other may be one level further in; a value that is
    // listed is two.
    let near = enclosing(&change.base)
        .take(3)
        .flat_map(|base| enclosing(&change.head).take(3).map(move |head| (base.clone(), head)));
    let level = enclosing(&change.base).zip(enclosing(&change.head));
    let equal = enclosing(&change.base).map(|place| (place.clone(), place));
    near.chain(level).chain(equal).chain([bodies(direction)]).any(|(base, head)| {
        let schemas = (documents[0].pointer(&base), documents[1].pointer(&head));
        let (Some(base), Some(head)) = schemas else { return false };
        let (accepting, refusing) = match witness.accepted_by {
            Side::Base => ((documents[0], base), (documents[1], head)),
            Side::Head => ((documents[1], head), (documents[0], base)),
        };
        accepts(accepting, direction, Reading::Sent, &witness.value) == Some(true)
            && accepts(refusing, direction, Reading::Received, &witness.value) == Some(false)
    })
}

/// This place and all that enclose it, from the inside out.
fn enclosing(pointer: &str) -> impl Iterator<Item = String> {
    let ends = pointer.rmatch_indices('/').map(|(at, _)| at);
    std::iter::once(pointer.len()).chain(ends).map(|end| pointer[..end].to_owned())
}

/// What the operation of a case takes or answers.
fn bodies(direction: Direction) -> (String, String) {
    let content = "content/application~1json/schema";
    let body = match direction {
        Direction::Request => format!("/paths/~1things/put/requestBody/{content}"),
        Direction::Response => format!("/paths/~1things/put/responses/200/{content}"),
    };
    (body.clone(), body)
}

fn accepts(
    (document, schema): (&Value, &Value),
    direction: Direction,
    reading: Reading,
    value: &Value,
) -> Option<bool> {
    let validator = validator(Context { document, direction, reading }, schema)?;
    Some(validator.is_valid(value))
}
