//! The collection of cases, `cases/*.json`: what changes between two documents, and what that does.
//!
//! Each file is a list of objects:
//!
//! - `name`: what happens, in a sentence.
//! - `rule`: the id of the rule that fires; `null` where none does.
//! - `not`: the id of a rule that is near and must not fire.
//! - `same`: whether there is no change at all.
//! - `wire` and `client`: the worst verdicts. What differs by direction has one pair of them in
//!   `request` and one in `response` instead, and is one case for each.
//! - `style`: which interface the client verdict is about, "builder" where it is not said.
//! - `before` and `after`: whole documents, of which [`document`] adds what is not said.
//!
//! A rule of the client counts as one that fires where the change of the wire that it follows from
//! tells of it. The client verdict is "breaking" where a caller does not compile any more or means
//! something else, "warning" where it compiles and only what happens with a value that it leaves out
//! differs.

use std::{fs, path::Path};

use openapi_contract::{ClientStyle, Document};
use serde_json::{Map, Value, json};

/// One change, in one direction where that matters.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) rule: Option<String>,
    pub(crate) not: Option<String>,
    pub(crate) same: bool,
    pub(crate) wire: String,
    pub(crate) client: String,
    pub(crate) style: ClientStyle,
    pub(crate) before: Value,
    pub(crate) after: Value,
}

impl Case {
    /// Both documents.
    pub(crate) fn documents(&self) -> (Document, Document) {
        let read = |side: &Value| Document::from_value(side.clone()).expect(&self.name);
        (read(&self.before), read(&self.after))
    }
}

/// All cases, by file and in the order of their file.
pub(crate) fn all() -> Vec<Case> {
    all_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"))
}

/// The same, for whoever includes this file from another crate.
pub(crate) fn all_in(folder: &Path) -> Vec<Case> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    files.iter().flat_map(|file| in_file(file)).collect()
}

fn in_file(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap();
    let category = file.file_stem().unwrap().to_str().unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).expect(category);
    cases.iter().flat_map(|case| in_each_direction(category, case)).collect()
}

fn in_each_direction(category: &str, case: &Value) -> Vec<Case> {
    if case.get("request").is_none() {
        let direction = text(case, "direction");
        return vec![read(category, case, case, direction.as_deref())];
    }
    ["request", "response"].map(|way| read(category, case, &case[way], Some(way))).to_vec()
}

fn read(category: &str, case: &Value, verdicts: &Value, direction: Option<&str>) -> Case {
    let name = text(case, "name").unwrap();
    let way = direction.map(|direction| format!(", in a {direction}")).unwrap_or_default();
    Case {
        rule: text(case, "rule"),
        not: text(case, "not"),
        same: case["same"] == true,
        wire: text(verdicts, "wire").expect(&name),
        client: text(verdicts, "client").expect(&name),
        style: style(case),
        before: document(&case["before"], direction),
        after: document(&case["after"], direction),
        name: format!("{category}: {name}{way}"),
    }
}

fn style(case: &Value) -> ClientStyle {
    match text(case, "style").as_deref() {
        None => ClientStyle::Builder,
        Some("positional") => ClientStyle::Positional,
        Some(other) => unreachable!("there is no style `{other}`"),
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// The whole document that a fragment stands for.
///
/// A fragment has members of a document, such as `paths` or `servers`, and what stands for one
/// operation, `PUT /things`:
///
/// - `operation`, `parameters` and `responses` are put into it.
/// - `schema` is the component `Thing`, which it takes, or answers, or both, by `direction`. A
///   schema that only refers to another is taken as it is.
/// - `object` is a `schema` with these properties, required unless their name ends in `?`.
pub(crate) fn document(fragment: &Value, direction: Option<&str>) -> Value {
    let mut document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1.0.0" },
        "paths": {},
        "components": { "schemas": {} },
    });
    let mut operation = json!({ "operationId": "replace_thing" });
    for (key, value) in fragment.as_object().unwrap() {
        match key.as_str() {
            "schema" => carry(&mut document, &mut operation, value, direction),
            "object" => carry(&mut document, &mut operation, &object(value), direction),
            "operation" => extend(&mut operation, value),
            "parameters" | "responses" => operation[key] = value.clone(),
            "components" => extend_each(&mut document[key], value),
            _ => document[key] = value.clone(),
        }
    }
    if fragment.get("paths").is_none() {
        document["paths"] = json!({ "/things": { "put": operation } });
    }
    describe_responses(&mut document);
    document
}

fn carry(document: &mut Value, operation: &mut Value, schema: &Value, direction: Option<&str>) {
    let mut schema = schema.clone();
    if schema.get("$ref").is_none() {
        document["components"]["schemas"]["Thing"] = schema;
        schema = json!({ "$ref": "#/components/schemas/Thing" });
    }
    let content = json!({ "application/json": { "schema": schema } });
    if direction != Some("response") {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if direction != Some("request") {
        operation["responses"] = json!({ "200": { "content": content } });
    }
}

fn object(properties: &Value) -> Value {
    let (mut all, mut required) = (Map::new(), Vec::new());
    for (name, schema) in properties.as_object().unwrap() {
        let optional = name.strip_suffix('?');
        all.insert(optional.unwrap_or(name).to_owned(), schema.clone());
        if optional.is_none() {
            required.push(name.as_str());
        }
    }
    let mut object = json!({ "type": "object", "properties": all });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn extend(value: &mut Value, more: &Value) {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
}

fn extend_each(value: &mut Value, more: &Value) {
    for (key, more) in more.as_object().unwrap() {
        let members = value.as_object_mut().unwrap().entry(key).or_insert_with(|| json!({}));
        extend(members, more);
    }
}

/// `description` is obligatory, and nothing that a case is about.
fn describe_responses(document: &mut Value) {
    for path in document["paths"].as_object_mut().unwrap().values_mut() {
        for (method, operation) in path.as_object_mut().unwrap() {
            if method == "parameters" {
                continue;
            }
            if operation.get("responses").is_none() {
                operation["responses"] = json!({ "204": {} });
            }
            describe(&mut operation["responses"]);
        }
    }
    if let Some(responses) = document["components"].get_mut("responses") {
        describe(responses);
    }
}

fn describe(responses: &mut Value) {
    for response in responses.as_object_mut().unwrap().values_mut() {
        let response = response.as_object_mut().unwrap();
        if !response.contains_key("$ref") && !response.contains_key("description") {
            response.insert("description".to_owned(), json!("done"));
        }
    }
}
