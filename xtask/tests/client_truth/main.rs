//! The model of the generated client against the generator itself.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't be set up fails")]

#[expect(dead_code, reason = "it is shared with the tests of the library")]
#[path = "../../contract/tests/contract/case.rs"]
mod case;
mod generated;
mod items;

use std::collections::{BTreeSet, HashSet};

use openapi_contract::{
    ClientStyle, Document, Verdict, client_differences, client_refusals, client_surface,
};
use serde_json::Value;
use xtask::command::prove::generated::client;

use self::case::Case;

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

fn assert_same(name: &str, document: &Value, client: &syn::File, style: ClientStyle) {
    let made = generated::lines(client, style);
    let made: BTreeSet<_> = made.into_iter().map(|line| line.replace(", B)", ", Body)")).collect();
    let modelled = modelled(document, style);
    let missing: Vec<_> = made.difference(&modelled).collect();
    let invented: Vec<_> = modelled.difference(&made).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "{name}: {} of {} lines are not modelled: {missing:#?}\n{} are invented: {invented:#?}",
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
    assert_modelled("openapi.json", &document, ClientStyle::Builder);
    assert_modelled("openapi.json", &document, ClientStyle::Positional);
}

fn cases() -> Vec<Case> {
    let all = case::all_in(&xtask::workspace_root().join("xtask/contract/cases"));
    // There the model says itself that it does not know.
    all.into_iter().filter(|case| case.rule.as_deref() != Some("client-type-unknown")).collect()
}

#[test]
fn every_document_of_the_cases_is_modelled() {
    let mut seen = HashSet::new();
    for case in cases() {
        for document in [&case.before, &case.after] {
            if !seen.insert(document.to_string()) {
                continue;
            }
            for style in [ClientStyle::Builder, ClientStyle::Positional] {
                assert_modelled(&case.name, document, style);
            }
        }
    }
}

/// That the model has the same items as the client, or refuses the document as the generator does.
fn assert_modelled(name: &str, document: &Value, style: ClientStyle) {
    let refusals = client_refusals(&Document::from_value(document.clone()).unwrap(), style);
    match client(document, style) {
        Ok(made) => {
            // What does not compile is made all the same; `cargo xtask prove` looks at that.
            let refused = refusals.iter().filter(|it| !it.contains("does not compile")).count();
            assert_eq!(refused, 0, "{name}: the generator takes it, but {refusals:#?}");
            assert_same(name, document, &made, style);
        }
        Err(error) => assert!(!refusals.is_empty(), "{name}: not refused, but {error}"),
    }
}

#[test]
fn every_case_is_judged_as_the_items_of_both_clients_tell() {
    let mut wrong = Vec::new();
    for case in cases() {
        for style in [ClientStyle::Builder, ClientStyle::Positional] {
            wrong.extend(misjudged(&case, style));
        }
    }
    assert!(wrong.is_empty(), "{} misjudged:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with the verdict on a case, compared with what both clients really have.
fn misjudged(case: &Case, style: ClientStyle) -> Option<String> {
    let (before, after) = case.documents();
    let found = client_differences(&before, &after, style);
    let is = found.iter().map(|it| it.0).max().unwrap_or_default();
    let refused = |document| !client_refusals(document, style).is_empty();
    if refused(&before) {
        return None;
    }
    let base = client(&case.before, style).ok()?;
    let should = match client(&case.after, style) {
        Ok(head) if !refused(&after) => {
            items::verdict(&generated::lines(&base, style), &generated::lines(&head, style), style)
        }
        _ => vec![Verdict::Breaking],
    };
    // That a name means something else now is not to be seen in what there is.
    let renamed = found.iter().any(|it| it.1.contains("-renamed "));
    let right = should.contains(&is) || renamed && is == Verdict::Breaking;
    (!right).then(|| format!("{} ({style:?}) is {is} instead of {should:?}: {found:#?}", case.name))
}
