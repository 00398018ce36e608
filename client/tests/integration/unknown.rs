//! A client of today reads the answers of tomorrow.

use customers_client::types::{
    CreditStatus, Customer, CustomerExpansion, Error, ErrorCode, IdentityVerificationStatus,
};
use serde_json::{Value, from_value, json, to_value};

/// A customer of today, every enum with a value that is known.
pub(crate) fn customer() -> Value {
    json!({
        "id": "cus_01h455vb4pex5vsknk084sn02q",
        "userId": "usr_01h455vb4pex5vsknk084sn02q",
        "creditStatus": "passed",
        "identityVerificationStatus": "verified",
        "createdAt": "2026-02-04T03:45:27.277Z",
        "updatedAt": "2026-02-04T03:45:27.277Z",
    })
}

#[test]
fn an_unknown_value_does_not_fail_the_answer_and_is_kept() {
    let mut sent = customer();
    sent["creditStatus"] = "frozen".into();
    let read: Customer = from_value(sent.clone()).unwrap();
    assert_eq!(read.credit_status, CreditStatus::Unrecognized("frozen".to_owned()));
    assert_eq!(read.identity_verification_status, IdentityVerificationStatus::Verified);
    assert_eq!(read.credit_status.to_string(), "frozen");
    assert_eq!(to_value(&read).unwrap()["creditStatus"], sent["creditStatus"]);
}

#[test]
fn a_known_value_is_its_own_variant_however_it_is_read() {
    let read: Customer = from_value(customer()).unwrap();
    assert_eq!(read.credit_status, CreditStatus::Passed);
    assert_eq!("passed".parse::<CreditStatus>().unwrap(), CreditStatus::Passed);
    assert_eq!(CreditStatus::try_from("passed".to_owned()).unwrap(), CreditStatus::Passed);
    assert_eq!(to_value(CreditStatus::Passed).unwrap(), "passed");
}

#[test]
fn an_unknown_text_is_taken_however_it_is_read() {
    let unknown = || CreditStatus::Unrecognized("frozen".to_owned());
    assert_eq!("frozen".parse::<CreditStatus>().unwrap(), unknown());
    assert_eq!(CreditStatus::try_from("frozen").unwrap(), unknown());
    assert_eq!(from_value::<CreditStatus>(to_value(unknown()).unwrap()).unwrap(), unknown());
}

#[test]
fn the_values_of_every_enum_are_open() {
    assert!(matches!("new".parse(), Ok(IdentityVerificationStatus::Unrecognized(_))));
    assert!(matches!("new".parse(), Ok(CustomerExpansion::Unrecognized(_))));
    assert!(matches!("New".parse(), Ok(ErrorCode::Unrecognized(_))));
}

#[test]
fn an_unknown_error_code_leaves_the_error_readable() {
    let sent = json!({
        "request_id": "r", "message": "no coffee here", "error_code": "Teapot",
    });
    let read: Error = from_value(sent.clone()).unwrap();
    assert_eq!(read.error_code, ErrorCode::Unrecognized("Teapot".to_owned()));
    assert_eq!(to_value(&read).unwrap(), sent);
}

#[test]
fn an_unknown_field_is_ignored() {
    let mut sent = customer();
    sent["loyalty"] = json!({ "tier": "gold" });
    let read: Customer = from_value(sent).unwrap();
    assert_eq!(to_value(&read).unwrap(), customer());
}

#[test]
fn a_value_of_another_type_is_still_an_error() {
    for wrong in [json!(1), json!(null), json!({}), json!(["passed"])] {
        let mut sent = customer();
        sent["creditStatus"] = wrong.clone();
        assert!(from_value::<Customer>(sent).is_err(), "{wrong} was read");
    }
}
