//! `token create`, `token revoke`, `token list`.

use crate::service::{Place, text};

const USER: &str = "usr_01ke0v3d00e3qrb0y5x2t8m4c1";
const ORGANIZATION: &str = "org_01ke0v3d00e3qrb0y5x2t8m4a1";

#[test]
fn a_new_token_is_printed_alone_and_never_again() {
    let place = Place::with_world();
    let made = place.run(&["token", "create", "--user", USER]);
    let token = text(&made.stdout);
    assert_eq!((token.len(), &token[..3], &token[52..]), (53, "sk_", "\n"));
    assert!(!text(&made.stderr).contains(token.trim_end()));
    let listed = text(&place.run(&["token", "list"]).stdout);
    assert!(listed.starts_with("tok_") && listed.contains(USER), "{listed}");
    assert!(!listed.contains("sk_"), "{listed}");
    let (stored, secret) = (place.home().stored(), token.trim_end().as_bytes());
    assert!(!stored.windows(secret.len()).any(|bytes| bytes == secret));
    let name = b"Quillfeather";
    assert!(stored.windows(name.len()).any(|bytes| bytes == name), "nothing is stored");
}

#[test]
fn the_list_says_for_whom_a_token_acts_and_until_when() {
    let place = Place::with_world();
    let options = ["--organization", ORGANIZATION, "--role", "OrganizationAdmin"];
    place.create_token(
        &[&options[..], &["--scope", "CustomerRead", "--expires-in", "30d"]].concat(),
    );
    let listed = text(&place.run(&["token", "list"]).stdout);
    assert!(listed.contains(&format!("{ORGANIZATION} as OrganizationAdmin")), "{listed}");
    assert!(listed.contains("  CustomerRead  ") && listed.contains("  expires "), "{listed}");
    let id = listed.split_whitespace().next().unwrap();
    assert!(place.run(&["token", "revoke", id]).status.success());
    let listed = text(&place.run(&["token", "list"]).stdout);
    assert!(listed.contains("  revoked "), "{listed}");
}

#[test]
fn what_makes_no_token_is_refused_by_name() {
    let place = Place::with_world();
    let absent = "usr_01ke0v3d00e3qrb0y5x2t8m4zz";
    for (options, code, expected) in [
        (vec!["create"], 2, "--user"),
        (vec!["create", "--user", "jane"], 2, "expected `usr_`"),
        (vec!["create", "--user", absent], 1, "--user: there is no user"),
        (vec!["create", "--organization", ORGANIZATION], 2, "--role"),
        (
            vec!["create", "--organization", ORGANIZATION, "--role", "King"],
            2,
            "expected one of OrganizationAdmin",
        ),
        (
            vec!["create", "--organization", ORGANIZATION, "--role", "PlatformAdmin"],
            1,
            "--role: PlatformAdmin holds over all organizations",
        ),
        (
            vec!["create", "--user", USER, "--scope", "Everything"],
            2,
            "expected one of CustomerRead",
        ),
        (vec!["create", "--user", USER, "--expires-in", "soon"], 2, "--expires-in"),
        (vec!["revoke", "tok_01ke0v3d00e3qrb0y5x2t8m4zz"], 1, "there is no token"),
        (vec!["list", "--store", "sqlite:nowhere.db"], 1, "nowhere.db can't be used"),
    ] {
        let refused = place.run(&[&["token"], &options[..]].concat());
        let error = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(code), "{options:?}: {error}");
        assert!(error.contains(expected), "{options:?}: {error}");
        assert_eq!(text(&refused.stdout), "", "{options:?}");
    }
}
