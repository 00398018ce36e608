//! `import`.

use std::process::Output;

use serde_json::Value;

use crate::service::{Place, WORLD, text};

fn import(place: &Place, options: &[&str], records: &str) -> Output {
    place.run_with_input(&[&["import"], options, &["-"]].concat(), records.as_bytes())
}

/// A row of the summary: added, changed, unchanged, removed.
fn row(output: &Output, record_type: &str) -> Vec<u64> {
    let text = text(&output.stdout);
    let row = text.lines().find(|line| line.starts_with(record_type)).unwrap_or_default();
    row.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// How many records of a type the world has.
fn count(is_of_type: impl Fn(&Value) -> bool) -> u64 {
    let records = WORLD.lines().map(|line| serde_json::from_str(line).unwrap());
    records.filter(is_of_type).count().try_into().unwrap()
}

fn users_of_world() -> u64 {
    count(|record| record["type"] == "user")
}

#[test]
fn an_import_ends_with_a_summary_by_type_and_can_be_repeated() {
    let place = Place::new();
    std::fs::write(place.path("world.ndjson"), WORLD).unwrap();
    let first = place.run(&["import", "world.ndjson"]);
    assert_eq!(row(&first, "user"), [users_of_world(), 0, 0, 0], "{}", text(&first.stderr));
    assert_eq!(row(&first, "customer"), [2, 0, 0, 0]);
    let memberships = |on_platform: bool| {
        count(|record| {
            record["type"] == "membership" && record["organizationId"].is_null() == on_platform
        })
    };
    assert_eq!(row(&first, "membership "), [memberships(false), 0, 0, 0]);
    assert_eq!(row(&first, "membership (platform)"), [memberships(true), 0, 0, 0]);
    let again = place.run(&["import", "world.ndjson"]);
    assert_eq!(row(&again, "user"), [0, 0, users_of_world(), 0]);
    assert_eq!(text(&again.stderr), "");
}

#[test]
fn a_bad_line_stops_the_import_with_its_number_field_and_reason() {
    let place = Place::new();
    let records = format!("{WORLD}\n{{\"type\":\"user\",\"id\":\"jane\"}}\n{{\n");
    let refused = import(&place, &[], &records);
    assert_eq!(refused.status.code(), Some(1));
    let error = text(&refused.stderr);
    let line = WORLD.lines().count() + 2;
    assert!(error.starts_with(&format!("-: line {line}: id: expected `usr_`")), "{error}");
    assert!(error.contains("nothing was written") && !error.contains("jane"), "{error}");
    assert_eq!(row(&import(&place, &[], WORLD), "user"), [users_of_world(), 0, 0, 0]);
}

#[test]
fn a_check_reports_every_bad_line_and_writes_nothing() {
    let place = Place::new();
    let checkout = |customer: &str| {
        format!(
            r#"{{"type":"checkout","id":"chk_01ke0v3d00e3qrb0y5x2t8m4{customer}","customerId":"cus_01ke0v3d00e3qrb0y5x2t8m4{customer}","productId":"prd_01ke0v3d00e3qrb0y5x2t8m4a1"}}"#
        )
    };
    let lines = [
        "nonsense".to_owned(),
        checkout("y1"),
        r#"{"type":"user","id":7}"#.to_owned(),
        checkout("b2"),
        WORLD.trim_end().to_owned(),
        WORLD.lines().next().unwrap().to_owned(),
    ];
    let checked = import(&place, &["--check"], &lines.join("\n"));
    assert_eq!(checked.status.code(), Some(1));
    let error = text(&checked.stderr);
    let faults: Vec<_> = error.lines().map(|line| &line[..line.len().min(24)]).collect();
    let last = format!("-: line {}: id: line 5 h", 5 + WORLD.lines().count());
    assert_eq!(
        faults,
        [
            "-: line 1: is not JSON t",
            "-: line 2: customerId: t",
            "-: line 3: id: expected ",
            "-: line 4: customerId: t",
            &last,
            "error: 5 bad lines",
        ],
        "{error}"
    );
    // There is still no store to list the tokens of.
    assert!(!place.run(&["token", "list"]).status.success());
    let checked = import(&place, &["--check"], WORLD);
    assert!(text(&checked.stdout).starts_with("no bad lines; nothing was written"));
    assert_eq!(row(&import(&place, &[], WORLD), "user"), [users_of_world(), 0, 0, 0]);
    assert_eq!(row(&import(&place, &["--check"], WORLD), "user"), [0, 0, users_of_world(), 0]);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let refused = Place::new().run(&["import", "nowhere.ndjson"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("nowhere.ndjson can't be read"));
}

on_a_file! {
    use std::{fmt::Write as _, io::Write as _, process::Stdio};

    /// Records of so many users, in the form of the world's.
    fn users(count: u32) -> String {
        let mut records = String::new();
        for number in 0..count {
            let id = format!("usr_01ke0v3d00e3qrb0y5x{number:07}");
            writeln!(
                records,
                r#"{{"type":"user","id":"{id}","email":"user{number}@mailbox.example"}}"#
            )
            .unwrap();
        }
        records
    }

    #[test]
    fn an_import_that_is_killed_leaves_the_old_data_whole_and_the_next_start_clean() {
        const COUNT: u32 = 50_000;
        let records = users(COUNT);
        // Killed before the end of its source; and then as soon as the commit begins to be written,
        // until that has been met once.
        let mut within_the_commit = false;
        for round in 0..20 {
            let killed_early = round == 0;
            if within_the_commit {
                break;
            }
            let place = Place::with_world();
            let log = place.path("customers.db-wal");
            let written = || std::fs::metadata(&log).map_or(0, |metadata| metadata.len());
            let mut command = place.command(&["import", "-"]);
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut process = command.spawn().unwrap();
            let mut stdin = process.stdin.take().unwrap();
            stdin.write_all(records.as_bytes()).unwrap();
            if !killed_early {
                drop(stdin);
                while written() == 0 && process.try_wait().unwrap().is_none() {
                    std::thread::yield_now();
                }
            }
            process.kill().unwrap();
            process.wait().unwrap();
            let left_behind = written() > 0;

            drop(place.clone().serve());
            let world = import(&place, &["--check"], WORLD);
            assert_eq!(row(&world, "user"), [0, 0, users_of_world(), 0], "{}", text(&world.stderr));
            let again = row(&import(&place, &["--check"], &records), "user");
            let (none, all) = ([u64::from(COUNT), 0, 0, 0], [0, 0, u64::from(COUNT), 0]);
            assert!(again == none || (again == all && !killed_early), "{again:?}");
            within_the_commit = !killed_early && left_behind && again == none;
        }
        assert!(within_the_commit, "no import was killed within its commit");
    }
}
