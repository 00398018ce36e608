use super::*;

fn fault(line: &str) -> (String, String) {
    match change(line.as_bytes()) {
        Err(fault) => fault,
        Ok(_) => (String::new(), "accepted".to_owned()),
    }
}

const USER: &str = "usr_01h455vb4pex5vsknk084sn02q";
const CUSTOMER: &str = "cus_01h455vb4pex5vsknk084sn02q";
const ORGANIZATION: &str = "org_01h455vb4pex5vsknk084sn02q";

#[test]
fn a_bad_line_names_the_field_and_the_reason_and_repeats_no_value() {
    for (line, field, reason) in [
        ("secret".to_owned(), "", "is not JSON that can be read: expected value at column 1"),
        (r#"["secret"]"#.to_owned(), "", "expected a JSON object"),
        (r#"{"type":"user""#.to_owned(), "", "is not JSON: it ends too early"),
        (r#"{"id":"secret"}"#.to_owned(), "type", "is required"),
        (r#"{"type":"secret"}"#.to_owned(), "type", "expected one of: user, customer, "),
        (r#"{"type":"user","id":"secret"}"#.to_owned(), "id", "expected `usr_`"),
        (r#"{"type":"user","id":7}"#.to_owned(), "id", "expected a string"),
        (format!(r#"{{"type":"user","id":"{USER}"}}"#), "email", "is required"),
        (
            format!(r#"{{"type":"user","id":"{USER}","email":"a@b","email":"c@d"}}"#),
            "email",
            "is given more than once",
        ),
        (
            format!(r#"{{"type":"user","id":"{USER}","email":"a@b","firstName":""}}"#),
            "firstName",
            "expected 1 to 100 characters",
        ),
        (
            format!(r#"{{"type":"user","id":"{USER}","email":"a@b","nickname":"secret"}}"#),
            "nickname",
            "there is no such field; there are: id, email, firstName, lastName",
        ),
        (
            format!(r#"{{"type":"customer","id":"{CUSTOMER}","userId":"{USER}","country":"ZZ"}}"#),
            "country",
            "expected an assigned country code",
        ),
        (
            format!(
                r#"{{"type":"customer","id":"{CUSTOMER}","userId":"{USER}","creditStatus":"secret"}}"#
            ),
            "creditStatus",
            "expected one of: unknown, passed, failed",
        ),
        (
            format!(
                r#"{{"type":"customer","id":"{CUSTOMER}","userId":"{USER}","creditIpAddress":"secret"}}"#
            ),
            "creditIpAddress",
            "expected an IPv4 or IPv6 address",
        ),
        (
            format!(
                r#"{{"type":"customer","id":"{CUSTOMER}","userId":"{USER}","createdAt":null}}"#
            ),
            "createdAt",
            "expected a string",
        ),
        (r#"{"type":"user","deleted":"secret"}"#.to_owned(), "deleted", "expected a boolean"),
        (r#"{"type":"user","deleted":false}"#.to_owned(), "deleted", "expected true"),
        (
            format!(r#"{{"type":"membership","userId":"{USER}","role":"CustomerSupport"}}"#),
            "organizationId",
            "is required",
        ),
        (
            format!(
                r#"{{"type":"membership","userId":"{USER}","role":"PlatformAdmin","organizationId":"{ORGANIZATION}"}}"#
            ),
            "organizationId",
            "has to be left out",
        ),
        (
            r#"{"type":"grant","id":"grt_01h455vb4pex5vsknk084sn02q","userId":"usr_01h455vb4pex5vsknk084sn02q","actions":["secret"]}"#.to_owned(),
            "actions/0",
            "expected one of: CustomerRead",
        ),
        (
            r#"{"type":"deny","id":"dny_01h455vb4pex5vsknk084sn02q","userId":"usr_01h455vb4pex5vsknk084sn02q"}"#.to_owned(),
            "actions",
            "is required, or packs",
        ),
        (
            r#"{"type":"deny","id":"dny_01h455vb4pex5vsknk084sn02q","userId":"usr_01h455vb4pex5vsknk084sn02q","packs":["CustomerReader"]}"#.to_owned(),
            "customerId",
            "is required, or organizationId",
        ),
        (
            format!(
                r#"{{"type":"grant","id":"grt_01h455vb4pex5vsknk084sn02q","userId":"{USER}","packs":["CustomerReader"],"customerId":"{CUSTOMER}","organizationId":"{ORGANIZATION}"}}"#
            ),
            "organizationId",
            "can't stand beside customerId",
        ),
    ] {
        let (found, why) = fault(&line);
        assert_eq!(found, field, "{line}: {why}");
        assert!(why.starts_with(reason), "{line}: {why}");
        assert!(!why.contains("secret"), "{line}: {why}");
    }
}

#[test]
fn a_removal_needs_no_more_than_the_key_but_knows_every_name() {
    let line = format!(r#"{{"type":"checkout","deleted":true,"id":"{CUSTOMER}"}}"#);
    assert_eq!(fault(&line).0, "id");
    for line in [
        format!(r#"{{"id":"{USER}","deleted":true,"type":"user"}}"#),
        format!(r#"{{"type":"user","deleted":true,"id":"{USER}","email":"a@b"}}"#),
    ] {
        assert!(matches!(change(line.as_bytes()), Ok(Some(Change::Remove(_)))), "{line}");
    }
    // With the name passed over, this would remove the member's role on the platform.
    let line = format!(
        r#"{{"type":"membership","deleted":true,"userId":"{USER}","organisationId":"{ORGANIZATION}"}}"#
    );
    assert_eq!(fault(&line).0, "organisationId");
}

#[test]
fn a_name_that_is_not_ours_is_shown_without_what_a_terminal_would_obey() {
    let field = format!("\u{1b}[31m\nline 99{}", "x".repeat(1_000));
    let shown = LineFault { line: 7, field, reason: "no".to_owned() }.to_string();
    assert!(shown.starts_with("line 7: \\u{1b}[31m\\nline 99xx"), "{shown}");
    assert!(shown.len() < 80, "{shown}");
}

#[test]
fn blank_lines_are_passed_over_and_long_ones_refused() {
    assert!(matches!(change(b"  \r"), Ok(None)));
    let (field, reason) = fault(&" ".repeat(LONGEST_LINE + 1));
    assert_eq!((field.as_str(), reason.as_str()), ("", "is longer than 32768 bytes"));
}

#[test]
fn a_line_that_is_too_long_is_not_kept_in_memory() {
    let mut source = std::io::Cursor::new([vec![b'x'; 100_000], b"\nnext".to_vec()].concat());
    let mut line = Vec::new();
    assert_eq!(read_line(&mut source, &mut line).unwrap(), 100_001);
    assert_eq!(line.len(), LONGEST_LINE + 1);
    line.clear();
    assert_eq!(read_line(&mut source, &mut line).unwrap(), 4);
    assert_eq!(line, b"next");
}
