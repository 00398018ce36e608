//! `audit`: what it prints.

use crate::{
    actor::{ABSENT, ADA, Actor},
    audit, privacy,
    service::{Place, Service, text},
};

#[tokio::test]
async fn a_row_for_people_has_what_a_row_for_programs_has() {
    let service = Service::with_world();
    for actor in [Actor::Oneself, Actor::Organization] {
        service.client(actor).get_customer().id(ADA).send().await.unwrap();
    }
    let (_, place) = service.stop();
    let rows = audit::trail(&place, ADA);
    let printed = text(&place.run(&["audit", "--customer", ADA]).stdout);
    privacy::assert_nothing_private(&printed);
    let lines: Vec<Vec<_>> = printed.lines().map(|line| line.split("  ").collect()).collect();
    let of_user = Actor::Oneself.token_options().unwrap()[1].to_owned();
    let of_organization =
        format!("{} as CustomerSupport", Actor::Organization.token_options().unwrap()[1]);
    assert_eq!((lines.len(), rows.len()), (2, 2));
    for ((line, row), holder) in lines.iter().zip(&rows).zip([of_user, of_organization]) {
        let request = format!("request={}", row["requestId"].as_str().unwrap());
        let of = |name: &str| row[name].as_str().unwrap();
        assert_eq!(
            *line,
            [of("at"), &holder, of("tokenId"), of("operation"), of("clause"), &request]
        );
    }
}

#[test]
fn a_customer_without_rows_has_no_entries_and_that_is_no_error() {
    let place = Place::with_world();
    for customer in [ADA, ABSENT] {
        let printed = place.run(&["audit", "--customer", customer]);
        assert_eq!(printed.status.code(), Some(0));
        assert_eq!(
            (text(&printed.stdout), text(&printed.stderr)),
            (String::new(), "no entries\n".into())
        );
    }
}

#[test]
fn what_has_no_trail_is_refused_by_name() {
    let place = Place::with_world();
    for (options, code, expected) in [
        (vec![], 2, "--customer"),
        (vec!["--customer", "jane"], 2, "expected `cus_`"),
        (vec!["--customer", "usr_01ke0v3d00e3qrb0y5x2t8m4a1"], 2, "expected `cus_`"),
        (vec!["--customer", ADA, "--store", "sqlite:nowhere.db"], 1, "nowhere.db can't be used"),
    ] {
        let refused = place.run(&[&["audit"], &options[..]].concat());
        let error = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(code), "{options:?}: {error}");
        assert!(error.contains(expected), "{options:?}: {error}");
        assert_eq!(text(&refused.stdout), "", "{options:?}");
    }
}
