//! Every whole request that proves a break is read here by itself: the base takes all of it, and the
//! head does not. Schemas are left to `jsonschema`; nothing of the comparison is asked.

use openapi_contract::{
    Category, Change, Direction, Options, Side, Verdict, Witness, WitnessKind, compare,
};
use serde_json::{Map, Value, json};

use crate::{
    case,
    validation::{Context, Reading, validator},
};

/// Breaks that no request shows: of an upgrade of the connection, the document says nothing more.
const UNPROVABLE: [&str; 2] = ["websocket-added", "websocket-removed"];

#[test]
fn every_break_of_a_request_is_proven_by_a_whole_request() {
    let mut complaints = Vec::new();
    let mut proven = 0;
    for case in case::all() {
        let (before, after) = case.documents();
        for change in compare(&before, &after, Options::default()).changes {
            let of_requests = [
                Category::Operation,
                Category::Parameter,
                Category::RequestBody,
                Category::Security,
            ];
            let is_due = change.wire == Verdict::Breaking
                && of_requests.contains(&change.rule.category)
                && !change.directions.contains(&Direction::Response)
                && !UNPROVABLE.contains(&change.rule.id);
            let fault = match &change.witness {
                None if is_due => "nothing proves it".to_owned(),
                Some(witness) if witness.kind == WitnessKind::Request => {
                    proven += 1;
                    match fault([&case.before, &case.after], &change, witness) {
                        Some(fault) => format!("{fault}: {}", witness.value),
                        None => continue,
                    }
                }
                _ => continue,
            };
            complaints.push(format!("{}: {}: {fault}", case.name, change.rule.id));
        }
    }
    assert!(complaints.is_empty(), "{}:\n{}", complaints.len(), complaints.join("\n"));
    assert!(proven > 50, "only {proven} requests were looked at");
}

#[test]
fn a_request_of_which_the_head_takes_all_proves_nothing() {
    let document = case::document(
        &json!({ "parameters": [
            { "name": "size", "in": "query", "required": true, "schema": { "type": "integer" } },
        ] }),
        None,
    );
    let request =
        json!({ "method": "PUT", "path": "/things", "parameters": { "query": { "size": 1 } } });
    assert_eq!(refusal(&document, &document, &request), None);
    for (pointer, value) in [
        ("/method", json!("GET")),
        ("/path", json!("/things/1")),
        ("/parameters", json!({})),
        ("/parameters/query/size", json!("much")),
        ("/parameters/query", json!({ "size": 1, "color": "red" })),
    ] {
        let mut other = request.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        assert!(refusal(&document, &document, &other).is_some(), "{other}");
    }
}

/// What is wrong with a request as a proof, if anything.
fn fault([base, head]: [&Value; 2], change: &Change, witness: &Witness) -> Option<String> {
    let request = &witness.value;
    if let Some(error) = not_as_the_schema_says(witness) {
        return Some(error);
    }
    if (witness.accepted_by, witness.refused_by) != (Side::Base, Side::Head) {
        return Some("no deployed client sends it".to_owned());
    }
    if let Some(why) = refusal(base, base, request) {
        return Some(format!("the base refuses it, since {why}"));
    }
    if let Some(value) = unwritten(request) {
        return Some(format!("{value} is not in what is sent"));
    }
    let shows = refusal(base, head, request).is_some() || needs_more(head, request);
    (!shows).then(|| format!("the head takes it, too, for {}", change.rule.id))
}

/// A value that is not in the text of its part of the request, if there is one. Those of the cases need
/// no encoding.
fn unwritten(request: &Value) -> Option<String> {
    let parts = [
        ("path", request["path"].to_string()),
        ("query", request["query"].to_string()),
        ("header", request["headers"].to_string()),
        ("cookie", request["headers"]["cookie"].to_string()),
    ];
    parts.iter().find_map(|(location, text)| {
        let values = request["parameters"][location].as_object()?.values();
        let plain = values.filter(|value| !value.is_array() && !value.is_object());
        let mut texts = plain.map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
        texts.find(|value| !text.contains(value.as_str()))
    })
}

fn not_as_the_schema_says(witness: &Witness) -> Option<String> {
    let schema: Value = serde_json::from_str(include_str!("../../diff.schema.json")).unwrap();
    let schema = json!({ "$ref": "#/$defs/witness", "$defs": schema["$defs"] });
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.validate(&serde_json::to_value(witness).unwrap()).err().map(|error| error.to_string())
}

/// Why a document does not take a request that was written for the base; `None` where it does.
fn refusal(base: &Value, document: &Value, request: &Value) -> Option<String> {
    let Some(found) = operation(document, request) else {
        return Some("nobody answers".to_owned());
    };
    let sender = operation(base, request).unwrap_or_else(|| found.clone());
    parameter_refused(base, &sender, document, &found, request)
        .or_else(|| body_refused(document, &found, request))
        .or_else(|| {
            let lets_in = is_let_in(base, document, &found, request);
            (!lets_in).then(|| "its credentials are refused".to_owned())
        })
}

#[derive(Clone)]
struct Found<'a> {
    template: &'a str,
    parameters: Vec<&'a Value>,
    value: &'a Value,
}

impl Found<'_> {
    fn variables(&self) -> Vec<&str> {
        self.template.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
    }
}

/// The operation that answers, if there is one.
fn operation<'a>(document: &'a Value, request: &Value) -> Option<Found<'a>> {
    let method = request["method"].as_str()?.to_ascii_lowercase();
    let path = request["path"].as_str()?;
    document["paths"].as_object()?.iter().find_map(|(template, item)| {
        let value = item.get(&method)?;
        let mut pattern = String::new();
        for part in template.split_inclusive(['{', '}']) {
            pattern.push_str(match part.strip_suffix('}') {
                Some(_) => "[^/]+",
                None => part.trim_end_matches('{'),
            });
        }
        let matches = fancy_regex::Regex::new(&format!("^{pattern}$")).unwrap().is_match(path);
        let lists = [value.get("parameters"), item.get("parameters")];
        let all = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
        let mut parameters: Vec<&Value> = Vec::new();
        for parameter in all.filter_map(|it| resolved(document, it)) {
            if !parameters
                .iter()
                .any(|it| it["in"] == parameter["in"] && it["name"] == parameter["name"])
            {
                parameters.push(parameter);
            }
        }
        matches.unwrap().then_some(Found { template, parameters, value })
    })
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
        None => Some(value),
    }
}

fn parameter_refused(
    base: &Value,
    sender: &Found<'_>,
    document: &Value,
    receiver: &Found<'_>,
    request: &Value,
) -> Option<String> {
    let mut given: Vec<(&str, &str, &Value)> = Vec::new();
    let none = Map::new();
    for (location, values) in request["parameters"].as_object().unwrap_or(&none) {
        let values = values.as_object().unwrap();
        given.extend(values.iter().map(|(name, value)| (location.as_str(), name.as_str(), value)));
    }
    let mut missing: Vec<&Value> = receiver.parameters.clone();
    for (location, name, value) in given {
        // A variable may have another name at its place.
        let place = sender.variables().iter().position(|it| *it == name);
        let other = place.and_then(|place| receiver.variables().get(place).copied());
        if location == "path" && other != Some(name) && receiver.variables().contains(&name) {
            return Some(format!("`{name}` is read as another"));
        }
        let wanted = if location == "path" { other.unwrap_or(name) } else { name };
        let same = |it: &&Value| {
            it["in"] == location
                && it["name"].as_str().unwrap().eq_ignore_ascii_case(wanted)
                && (location == "header" || it["name"] == wanted)
        };
        let Some(parameter) = receiver.parameters.iter().copied().find(same) else {
            return Some(format!("there is no `{name}` in {location}"));
        };
        missing.retain(|it| !std::ptr::eq(*it, parameter));
        let written =
            sender.parameters.iter().find(|it| it["in"] == location && it["name"] == name);
        let how = |it: &Value| {
            let content =
                it["content"].as_object().map(|it| it.keys().cloned().collect::<Vec<_>>());
            json!([it["style"], it["explode"], content])
        };
        if written.is_some_and(|written| how(written) != how(parameter)) {
            return Some(format!("`{name}` is written otherwise"));
        }
        let same_document = std::ptr::eq(base, document);
        if !takes(document, parameter, value, same_document) {
            return Some(format!("`{name}` can't be {value}"));
        }
    }
    let required = |it: &&&Value| it["required"] == true && !is_said_elsewhere(it);
    missing.iter().find(required).map(|it| format!("{} is missing", it["name"]))
}

fn is_said_elsewhere(parameter: &Value) -> bool {
    let name = parameter["name"].as_str().unwrap().to_ascii_lowercase();
    parameter["in"] == "header"
        && ["accept", "authorization", "content-type"].contains(&name.as_str())
}

fn takes(document: &Value, parameter: &Value, value: &Value, is_sent: bool) -> bool {
    let content = parameter["content"].as_object().and_then(|content| content.values().next());
    let schema = content.unwrap_or(parameter).get("schema").unwrap_or(&Value::Bool(true));
    let reading = if is_sent { Reading::Sent } else { Reading::Received };
    let how = Context { document, direction: Direction::Request, reading };
    let validator = validator(how, schema).unwrap();
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let readings = [Some(json!(text)), serde_json::from_str(&text).ok()];
    validator.is_valid(value)
        || (!is_sent && readings.iter().flatten().any(|reading| validator.is_valid(reading)))
}

fn body_refused(document: &Value, receiver: &Found<'_>, request: &Value) -> Option<String> {
    let body = receiver.value.get("requestBody").and_then(|body| resolved(document, body));
    let (Some(media_type), Some(value)) = (request["media_type"].as_str(), request.get("body"))
    else {
        let required = body.is_some_and(|body| body["required"] == true);
        return required.then(|| "there is no body".to_owned());
    };
    let Some(body) = body else { return Some("no body is taken".to_owned()) };
    let Some(content) = body["content"].get(media_type) else {
        return Some(format!("no {media_type} is taken"));
    };
    let how = Context { document, direction: Direction::Request, reading: Reading::Received };
    let schema = content.get("schema")?;
    let is_valid = validator(how, schema).unwrap().is_valid(value);
    (!is_valid).then(|| "its body is refused".to_owned())
}

fn is_let_in(base: &Value, document: &Value, receiver: &Found<'_>, request: &Value) -> bool {
    let security = receiver.value.get("security").or_else(|| document.get("security"));
    let ways = security.and_then(Value::as_array).filter(|ways| !ways.is_empty());
    let Some(ways) = ways else { return true };
    ways.iter().any(|way| {
        way.as_object().unwrap().iter().all(|(name, scopes)| {
            let has = |scope: &Value| request["security"][name].as_array().unwrap().contains(scope);
            let scheme = |document: &Value| document["components"]["securitySchemes"][name].clone();
            request["security"].get(name).is_some()
                && scopes.as_array().unwrap().iter().all(has)
                && scheme(base) == scheme(document)
        })
    })
}

/// Whether it asks for a page without a parameter that the first page needs.
fn needs_more(document: &Value, request: &Value) -> bool {
    let Some(found) = operation(document, request) else { return false };
    let needed = found.value["x-dropshot-pagination"]["required"].as_array();
    needed.is_some_and(|names| {
        let has =
            |name: &Value| request["parameters"]["query"].get(name.as_str().unwrap()).is_some();
        !names.iter().all(has)
    })
}
