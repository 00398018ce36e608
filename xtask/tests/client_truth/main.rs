//! The model of the generated client against the generator itself.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

mod generated;

use std::collections::BTreeSet;

use openapi_contract::{ClientStyle, Document, client_surface};
use serde_json::Value;

/// The lines of the model, written as those of the generated code are.
fn modelled(document: &Value, style: ClientStyle) -> BTreeSet<String> {
    let document = Document::from_value(document.clone()).unwrap();
    let lines = client_surface(&document, style).into_iter();
    lines.map(|line| without_paths(&line)).collect()
}

/// `types::Customer` is `Customer` here.
fn without_paths(line: &str) -> String {
    let mut text = line.to_owned();
    for path in ["types::", "serde_json::", "reqwest::"] {
        text = text.replace(path, "");
    }
    text
}

fn assert_same(document: &Value, style: ClientStyle) {
    let made = generated::lines(&generated::client(document, style).unwrap(), style);
    let made: BTreeSet<_> = made.into_iter().map(|line| line.replace(", B)", ", Body)")).collect();
    let modelled = modelled(document, style);
    let missing: Vec<_> = made.difference(&modelled).collect();
    let invented: Vec<_> = modelled.difference(&made).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "{} of {} lines are not modelled: {missing:#?}\n{} are invented: {invented:#?}",
        missing.len(),
        made.len(),
        invented.len(),
    );
}

#[test]
fn our_own_document() {
    let text = std::fs::read_to_string(xtask::workspace_root().join("openapi.json")).unwrap();
    let mut document = serde_json::from_str(&text).unwrap();
    xtask::client::simplify::simplify(&mut document);
    assert_same(&document, ClientStyle::Builder);
    assert_same(&document, ClientStyle::Positional);
}
