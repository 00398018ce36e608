//! A comparison with everything that a report can show, for its tests and for the page's.
//!
//! Some of its texts are hostile: whatever is in a document must stay text in every format.

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use chrono::NaiveDate;
use openapi_contract::{
    Category, Change, Comparison, Direction, Rule, Side, Signature, Verdict, Witness,
};
use serde_json::{Value, json};

use super::{Document, Subject};
use crate::edition::Place;

/// Markup, a command for the log, a sequence for the terminal, a mention, and what ends a cell.
pub const HOSTILE: &str =
    "</script><img src=x onerror=alert(1)>|`@all`\n::error::\u{1b}[31m\"'&]]>";

const BASE: &str = include_str!("example/base.json");
const HEAD: &str = include_str!("example/head.json");
/// The head is a file of the work tree.
static HEAD_PLACE: LazyLock<Place> =
    LazyLock::new(|| Place::InRepository(PathBuf::from("openapi.json")));

static PROPERTY_REMOVED: Rule = Rule::new(
    "example-property-removed",
    Category::Schema,
    "Property removed",
    "Keep the property, mark it as deprecated, and remove it in the next major version.",
);
static ENUM_VALUE_ADDED: Rule = Rule::new(
    "example-enum-value-added",
    Category::Schema,
    "Enum value added to an answer",
    "Announce the value before it is first sent.",
);
static PATTERN_CHANGED: Rule = Rule::new(
    "example-pattern-changed",
    Category::Schema,
    "Pattern changed",
    "Keep the pattern; or check by hand that every text that was accepted still is.",
);
static OPERATION_RENAMED: Rule = Rule::new(
    "example-operation-renamed",
    Category::Client,
    "Operation renamed",
    "Keep the operation id: it is the name of a method.",
);
static SERVER_CHANGED: Rule = Rule::new(
    "example-server-changed",
    Category::Document,
    "Server changed",
    "Serve the old address as well.",
);
static PARAMETER_ADDED: Rule = Rule::new(
    "example-parameter-added",
    Category::Parameter,
    "Optional parameter added",
    "Nothing to do.",
);
static DESCRIPTION_CHANGED: Rule = Rule::new(
    "example-description-changed",
    Category::Documentation,
    "Description changed",
    "Nothing to do.",
);

/// The day of the report.
const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 2, 4) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The id of the change of [`comparison`] that [`accepted`] names.
pub const ACCEPTED_ID: &str = "0ddba11";

/// The two documents that [`comparison`] is about, and what of it is accepted.
#[must_use]
pub fn subject(accepted: &BTreeMap<String, String>) -> Subject<'_> {
    Subject {
        base: Document { name: "openapi.json at 1a2b3c4", text: BASE, place: &Place::Nowhere },
        head: Document { name: "openapi.json", text: HEAD, place: &HEAD_PLACE },
        accepted,
        today: TODAY,
        colour: false,
    }
}

/// One acceptance.
#[must_use]
pub fn accepted() -> BTreeMap<String, String> {
    let reason = "nobody outside of the team calls it yet";
    BTreeMap::from([(ACCEPTED_ID.to_owned(), reason.to_owned())])
}

/// One change of each verdict and more.
#[must_use]
pub fn comparison() -> Comparison {
    let mut comparison = Comparison::of(vec![
        property_removed(),
        operation_renamed(),
        server_changed(),
        enum_value_added(),
        pattern_changed(),
        parameter_added(),
        description_changed(),
    ]);
    comparison.base_version = Some("1.0.0".to_owned());
    comparison.head_version = Some("1.1.0".to_owned());
    comparison
}

fn property_removed() -> Change {
    let mut change =
        Change::new("c0ffee01", &PROPERTY_REMOVED, Verdict::Breaking, Verdict::Breaking);
    change.directions = vec![Direction::Request, Direction::Response];
    change.operations = ["get_pet", "list_pets"].map(str::to_owned).to_vec();
    change.base = "/components/schemas/Pet/properties/name".into();
    change.head = "/components/schemas/Pet/properties".into();
    change.before = read(BASE).pointer(&change.base).cloned().unwrap_or_default();
    change.reason = "Answers no longer have `name`, which clients of the base require.".into();
    change.witness = Some(Witness::new(json!({ "id": 7, "kind": "cat" }), Side::Head, Side::Base));
    change.signature = Some(Signature::new(
        Some(
            "pub struct Pet {\n    pub id: i64,\n    pub kind: Kind,\n    pub name: String,\n}"
                .to_owned(),
        ),
        Some("pub struct Pet {\n    pub id: i64,\n    pub kind: Kind,\n}".to_owned()),
    ));
    change
}

fn operation_renamed() -> Change {
    let mut change =
        Change::new(ACCEPTED_ID, &OPERATION_RENAMED, Verdict::Compatible, Verdict::Breaking);
    change.operations = vec!["feed_pet".to_owned()];
    change.base = "/paths/~1pets~1{id}~1feed/post/operationId".into();
    change.head = change.base.clone();
    (change.before, change.after) = (json!("pet_feed"), json!("feed_pet"));
    change.reason = "The method `pet_feed` is gone from the generated client.".into();
    change.signature = Some(Signature::new(
        Some("pub fn pet_feed(&self) -> builder::PetFeed<'_>".to_owned()),
        Some("pub fn feed_pet(&self) -> builder::FeedPet<'_>".to_owned()),
    ));
    change
}

fn server_changed() -> Change {
    let mut change = Change::new("5e12e12", &SERVER_CHANGED, Verdict::Warning, Verdict::Compatible);
    change.base = "/servers/0/url".into();
    change.head = change.base.clone();
    (change.before, change.after) =
        (json!("https://pets.example"), json!("https://pets.example/v2"));
    change.reason = "Only whoever runs the servers knows whether the old one stays.".into();
    change
}

/// Values too long to be read whole, and more operations than are named.
fn enum_value_added() -> Change {
    let mut change =
        Change::new("e1e7e17", &ENUM_VALUE_ADDED, Verdict::Breaking, Verdict::Compatible);
    change.directions = vec![Direction::Response];
    change.operations = (1..=40).map(|number| format!("operation_{number}")).collect();
    change.base = "/components/schemas/Kind/enum".into();
    change.head = change.base.clone();
    let values = |last| (1..=last).map(|number| format!("kind {number}")).collect::<Vec<_>>();
    (change.before, change.after) = (json!(values(60)), json!(values(61)));
    change.reason = "A client that knows the old values only refuses \"kind 61\".".into();
    change.witness = Some(Witness::new(json!("kind 61"), Side::Head, Side::Base));
    change
}

fn pattern_changed() -> Change {
    let mut change = Change::new("badc0de", &PATTERN_CHANGED, Verdict::Warning, Verdict::Warning);
    change.directions = vec![Direction::Request];
    change.operations = vec!["GET /pets/<b>{id}</b>|`x`".to_owned()];
    change.base = "/components/schemas/Hostile/pattern".into();
    change.head = change.base.clone();
    (change.before, change.after) = (json!("^a$"), json!(HOSTILE));
    change.reason = format!("Nobody can decide whether one holds the other: {HOSTILE}");
    change.witness = Some(Witness::new(json!({ HOSTILE: HOSTILE }), Side::Base, Side::Head));
    change.signature = Some(Signature::new(None, Some(format!("// {HOSTILE}"))));
    change
}

fn parameter_added() -> Change {
    let mut change =
        Change::new("add17100", &PARAMETER_ADDED, Verdict::Compatible, Verdict::Compatible);
    change.directions = vec![Direction::Request];
    change.operations = vec!["list_pets".to_owned()];
    change.base = "/paths/~1pets/get".into();
    change.head = "/paths/~1pets/get/parameters/0".into();
    change.after = read(HEAD).pointer(&change.head).cloned().unwrap_or_default();
    change.reason = "Nobody has to send it.".into();
    change
}

fn description_changed() -> Change {
    let mut change =
        Change::new("d0c5", &DESCRIPTION_CHANGED, Verdict::Compatible, Verdict::Compatible);
    change.operations = vec!["get_pet".to_owned()];
    change.base = "/components/schemas/Pet/description".into();
    change.head = change.base.clone();
    (change.before, change.after) = (json!("A pet."), json!("An animal that lives with people."));
    change
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
