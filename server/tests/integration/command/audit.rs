//! `audit`: what it prints.

use crate::{
    actor::{ABSENT, ADA},
    service::{Place, text},
};

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
