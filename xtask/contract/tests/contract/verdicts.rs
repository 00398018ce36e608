//! Each case has the verdicts and the rules that it names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use openapi_contract::{Comparison, Options, Verdict, client_differences, compare};

use crate::case::{self, Case};

fn compared(case: &Case) -> Comparison {
    let (before, after) = case.documents();
    compare(&before, &after, Options { client_style: case.style })
}

/// All rules that fire, those of the client among them that are told by a change of the wire.
fn rules_of_both(case: &Case, comparison: &Comparison) -> BTreeSet<String> {
    let (before, after) = case.documents();
    let lines = client_differences(&before, &after, case.style).into_iter();
    let told = lines.filter_map(|(_, line)| Some(line.split_once(' ')?.0.to_owned()));
    told.chain(rules(comparison).into_iter().map(str::to_owned)).collect()
}

fn rules(comparison: &Comparison) -> BTreeSet<&str> {
    comparison.changes.iter().map(|change| change.rule.id).collect()
}

/// What is wrong with this comparison, if anything.
fn complaint(case: &Case, comparison: &Comparison) -> Option<String> {
    let found = rules_of_both(case, comparison);
    let mut wrong = String::new();
    let (wire, client) = (comparison.wire.as_str(), comparison.client.as_str());
    if (wire, client) != (&case.wire, &case.client) {
        let _ = write!(wrong, " is {wire}/{client} instead of {}/{};", case.wire, case.client);
    }
    if let Some(rule) = case.rule.as_deref().filter(|rule| !found.contains(*rule)) {
        let _ = write!(wrong, " lacks {rule};");
    }
    if let Some(rule) = case.not.as_deref().filter(|rule| found.contains(*rule)) {
        let _ = write!(wrong, " has {rule};");
    }
    if case.same && !comparison.changes.is_empty() {
        let _ = write!(wrong, " is no change at all;");
    }
    (!wrong.is_empty()).then(|| format!("{}:{wrong} found: {found:?}", case.name))
}

#[test]
fn every_case_has_its_verdicts_and_its_rule() {
    let cases = case::all();
    let complaints: Vec<_> =
        cases.iter().filter_map(|case| complaint(case, &compared(case))).collect();
    let (wrong, all) = (complaints.len(), cases.len());
    assert!(complaints.is_empty(), "{wrong} of {all} cases:\n{}", complaints.join("\n"));
}

/// Sentences about the client end with a full stop, those about the wire don't.
#[test]
fn what_is_a_question_on_the_wire_says_why_code_breaks() {
    let mut told = 0;
    for case in case::all() {
        for change in compared(&case).changes {
            if (change.wire, change.client) == (Verdict::Warning, Verdict::Breaking) {
                assert!(change.reason.ends_with('.'), "{}: {}", case.name, change.reason);
                told += 1;
            }
        }
    }
    assert!(told > 0, "no case has such a change");
}

#[test]
fn who_is_broken_is_told_what_to_do_and_nobody_else() {
    for case in case::all() {
        for change in compared(&case).changes {
            let written = serde_json::to_value(&change).unwrap();
            let is_nothing = written["remedy"] == "Nothing to do.";
            let harmless = change.worst() == Verdict::Compatible;
            assert!(is_nothing || !harmless, "{}: {}", case.name, change.rule.id);
            let breaks = change.worst() == Verdict::Breaking;
            assert!(!is_nothing || !breaks, "{}: {}", case.name, change.rule.id);
        }
    }
}

#[test]
fn every_document_is_the_same_as_itself() {
    for case in case::all() {
        let (before, after) = case.documents();
        for side in [before, after] {
            let comparison = compare(&side, &side, Options::default());
            assert!(comparison.changes.is_empty(), "{}: {:?}", case.name, rules(&comparison));
        }
    }
}

/// What is no change is none on the way back either, and what the wire notices is one.
#[test]
fn every_case_is_found_on_the_way_back() {
    for case in case::all() {
        let (before, after) = case.documents();
        let comparison = compare(&after, &before, Options::default());
        // The generator may refuse what it is led back to.
        if rules(&comparison).contains("generator-refuses") {
            continue;
        }
        if case.same || case.wire != "compatible" {
            assert_eq!(comparison.changes.is_empty(), case.same, "{}", case.name);
        }
    }
}

#[test]
fn every_rule_of_the_collection_has_a_case_and_a_near_miss() {
    let mut told: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for case in case::all() {
        for (at, rule) in [case.rule, case.not].into_iter().enumerate() {
            if let Some(rule) = rule {
                told.entry(rule).or_default()[at] = true;
            }
        }
    }
    let lacking: Vec<_> = told.iter().filter(|(_, told)| **told != [true, true]).collect();
    assert!(lacking.is_empty(), "[has a case, has a near miss]: {lacking:#?}");
}

#[test]
fn every_rule_of_the_library_has_a_case_and_a_near_miss() {
    let cases = case::all();
    let has = |rule: &str, told: fn(&case::Case) -> Option<&String>| {
        cases.iter().any(|case| told(case).is_some_and(|it| it == rule))
    };
    let without: Vec<&str> = openapi_contract::rule::all()
        .map(|rule| rule.id)
        .filter(|id| !has(id, |case| case.rule.as_ref()) || !has(id, |case| case.not.as_ref()))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}
