//! What programs get to read is well formed, and finds the documents where they are.

use serde_json::{Value, json};
use xtask::report::{Format, example, render};

use crate::{
    document::{broken, document},
    world::{World, said_to},
};

/// The parts of SARIF 2.1.0 that are written, closed: names, kinds and places are as its schema has
/// them, and a URI is a URI.
fn schema() -> Value {
    let text = json!({ "type": "string" });
    let object = |required: &[&str], properties: Value| {
        json!({
            "type": "object",
            "required": required,
            "properties": properties,
            "additionalProperties": false,
        })
    };
    let list = |of: &str| json!({ "type": "array", "items": { "$ref": format!("#/$defs/{of}") } });
    let number = |least: i32| json!({ "type": "integer", "minimum": least });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/log",
        "$defs": {
            "log": object(&["version", "runs"], json!({
                "$schema": { "type": "string", "format": "uri" },
                "version": { "const": "2.1.0" },
                "runs": list("run"),
            })),
            "run": object(&["tool"], json!({
                "tool": object(&["driver"], json!({ "driver": { "$ref": "#/$defs/driver" } })),
                "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
                "results": list("result"),
                "properties": { "type": "object" },
            })),
            "driver": object(&["name"], json!({
                "name": text, "semanticVersion": text, "rules": list("rule"),
            })),
            "rule": object(&["id"], json!({
                "id": text, "name": text,
                "shortDescription": { "$ref": "#/$defs/message" },
                "help": { "$ref": "#/$defs/message" },
                "properties": { "type": "object" },
            })),
            "message": object(&["text"], json!({ "text": text })),
            "result": object(&["message"], json!({
                "ruleId": text, "ruleIndex": number(0),
                "level": { "enum": ["none", "note", "warning", "error"] },
                "message": { "$ref": "#/$defs/message" },
                "locations": list("location"),
                "relatedLocations": list("location"),
                "partialFingerprints": { "type": "object", "additionalProperties": text },
                "suppressions": list("suppression"),
                "properties": { "type": "object" },
            })),
            "suppression": object(&["kind"], json!({
                "kind": { "enum": ["inSource", "external"] },
                "status": { "enum": ["accepted", "underReview", "rejected"] },
                "justification": text,
            })),
            "location": object(&[], json!({
                "id": number(0),
                "message": { "$ref": "#/$defs/message" },
                "physicalLocation": { "$ref": "#/$defs/physical" },
                "logicalLocations": list("logical"),
            })),
            "logical": object(&[], json!({ "fullyQualifiedName": text, "kind": text })),
            "physical": object(&["artifactLocation"], json!({
                "artifactLocation": object(&["uri"], json!({
                    "uri": { "type": "string", "format": "uri-reference" },
                    "uriBaseId": text,
                })),
                "region": object(&["startLine"], json!({
                    "startLine": number(1), "startColumn": number(1),
                })),
            })),
        },
    })
}

#[track_caller]
fn assert_sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    let options = jsonschema::options().should_validate_formats(true);
    let schema = options.build(&schema()).unwrap();
    let errors: Vec<String> = schema
        .iter_errors(&log)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    log
}

/// Where the log says that the head and the base of its first change are.
#[track_caller]
fn artifacts(world: &World, arguments: &[&str], input: &str) -> [Value; 2] {
    let arguments = [&["diff", "--format", "sarif"], arguments].concat();
    let said = said_to(&mut world.xtask_command(&arguments), input);
    said.assert(10, &[]);
    let result = &assert_sarif(&said.out)["runs"][0]["results"][0];
    ["locations", "relatedLocations"]
        .map(|of| result[of][0]["physicalLocation"]["artifactLocation"].clone())
}

fn annotation(world: &World, arguments: &[&str]) -> String {
    let said = world.xtask(&[&["diff", "--format", "github"], arguments].concat());
    said.assert(10, &["::error "]);
    said.out.lines().next().unwrap().to_owned()
}

#[test]
fn the_log_of_all_that_a_report_can_show_is_sarif() {
    let accepted = example::accepted();
    let subject = example::subject(&accepted);
    assert_sarif(&render(Format::Sarif, &example::comparison(), &subject));
    // A label would pass for a file that nobody has.
    let spaced = json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "" } },
        "results": [{ "message": { "text": "" }, "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": "openapi.json at 1 (main)" } } }] }] }] });
    let options = jsonschema::options().should_validate_formats(true);
    assert!(!options.build(&schema()).unwrap().is_valid(&spaced), "formats are not looked at");
}

#[test]
fn a_log_names_files_where_they_are_and_nothing_else() {
    let world = World::with(&document("1.0.0"));
    world.write(&broken("1.0.0"));
    let own = json!({ "uri": "openapi.json", "uriBaseId": "%SRCROOT%" });
    assert_eq!(artifacts(&world, &[], ""), [own.clone(), Value::Null]);

    // By their full path, relative to another folder, or from standard input.
    let full = world.root.join("openapi.json");
    let outside = world.root.with_file_name("old one.json");
    std::fs::write(&outside, document("1.0.0").to_string()).unwrap();
    let named = ["--base", outside.to_str().unwrap(), "--head", full.to_str().unwrap()];
    let [head, base] = artifacts(&world, &named, "");
    assert_eq!(head, own);
    let base = base["uri"].as_str().unwrap();
    assert!(base.starts_with("file:///") && base.ends_with("/old%20one.json"), "{base}");
    let piped = ["--base", "../old one.json", "--head", "-"];
    let [head, base] = artifacts(&world, &piped, &broken("1.0.0").to_string());
    assert_eq!(head, Value::Null);
    assert!(base["uri"].as_str().unwrap().starts_with("file:///"), "{base}");
}

#[test]
fn an_annotation_is_at_a_file_of_the_repository_or_at_none() {
    let world = World::with(&document("1.0.0"));
    world.write_text("api/new one.json", &broken("1.0.0").to_string());
    let inside = world.root.join("api/new one.json");
    let shown = annotation(&world, &["--head", inside.to_str().unwrap()]);
    assert!(shown.starts_with("::error file=api/new one.json,line=1,col="), "{shown}");
    let outside = world.root.with_file_name("new.json");
    std::fs::rename(&inside, &outside).unwrap();
    let shown = annotation(&world, &["--head", outside.to_str().unwrap()]);
    assert!(shown.starts_with("::error title="), "{shown}");
    assert!(shown.contains("Document: ") && shown.contains("new.json, line 1"), "{shown}");
}
