use customers_types::customer::CustomerUpdate;
use customers_types::given::Given;
use proptest::prelude::*;

use super::*;

fn update(text: &str) -> Result<CustomerUpdate, String> {
    read(text.as_bytes()).map_err(|refused| refused.to_string())
}

fn refused<T: DeserializeOwned>(text: &[u8]) -> String {
    read::<T>(text).err().unwrap().to_string()
}

#[test]
fn a_field_is_left_out_or_null_or_a_value() {
    let read = update(r#"{"city":null,"zip":"94107"}"#).unwrap();
    assert!(read.city == Given::Cleared);
    assert!(matches!(&read.zip, Given::Value(zip) if &**zip == "94107"));
    assert!(read.phone == Given::LeftOut);
}

#[test]
fn the_field_at_fault_is_pointed_at_and_its_value_is_not_repeated() {
    for (text, at, message) in [
        (r#"{"phone":"jane"}"#, "/phone", "expected a telephone number"),
        (r#"{"phone":7}"#, "/phone", "expected a string"),
        (r#"{"country":"ZZ"}"#, "/country", "expected an assigned country code"),
        (r#"{"city":""}"#, "/city", "expected 1 to 100 characters"),
        (r#"{"jane":1}"#, "/jane", "there is no such field; there are: firstName"),
        (r#"{"a/b~c":1}"#, "/a~1b~0c", "there is no such field"),
        (r#"["jane"]"#, "", "expected a JSON object"),
        ("null", "", "expected a JSON object"),
    ] {
        let refused = refused::<CustomerUpdate>(text.as_bytes());
        assert!(refused.starts_with(&format!("{at}: {message}")), "{text}: {refused}");
        assert!(!refused.contains("jane") || at.contains("jane"), "{refused}");
    }
}

#[test]
fn what_is_no_json_is_refused() {
    for (text, message) in [
        (&b""[..], ": is not JSON: it ends too early"),
        (b"{", ": is not JSON: it ends too early"),
        (b"{} jane", ": is not JSON that can be read: trailing characters at column 4"),
        (b"{'city':1}", ": is not JSON that can be read: key must be a string"),
        (b"{\"city\":\"\xff\"}", ": is not JSON that can be read: invalid unicode code point"),
        (b"{\"city\":\"\\ud800\"}", ": is not JSON that can be read: "),
        (b"{\"city\":NaN}", ": is not JSON that can be read: expected value"),
    ] {
        let refused = refused::<CustomerUpdate>(text);
        assert!(refused.starts_with(message), "{refused}");
    }
    let deep = "[".repeat(100_000);
    assert!(refused::<CustomerUpdate>(deep.as_bytes()).contains("recursion limit exceeded"));
}

#[test]
fn a_member_given_twice_is_refused_wherever_it_is() {
    let twice = br#"{"city":"a","city":"b"}"#;
    assert_eq!(refused::<CustomerUpdate>(twice), "/city: is given more than once");
    let inner = br#"{"a":[{},{"b":1,"b":1}]}"#;
    assert_eq!(refused::<serde_json::Value>(inner), "/a/1/b: is given more than once");
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,60}") {
        let _ = read::<CustomerUpdate>(text.as_bytes());
        let _ = read::<serde_json::Value>(text.as_bytes());
    }
}

#[test]
fn a_name_of_any_length_is_repeated_in_part_only() {
    let long = "x".repeat(50_000);
    let at = format!("/{}: there is no such field", "x".repeat(64));
    assert!(refused::<CustomerUpdate>(format!("{{\"{long}\":1}}").as_bytes()).starts_with(&at));
    let inner = format!("{{\"{long}\":{{\"a\":1,\"a\":2}}}}");
    assert!(refused::<serde_json::Value>(inner.as_bytes()).len() < 200);
}
