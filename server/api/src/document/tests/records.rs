//! What the document says of a directory record, and what is read as one, are the same.

use customers_types::access::{Pack, Role};
use serde_json::{Value, json};
use strum::VariantArray;

use super::*;
use crate::{directory::Change, request::read_json};

const USER: &str = "usr_01h455vb4pex5vsknk084sn02q";
const CUSTOMER: &str = "cus_01h455vb4pex5vsknk084sn02q";
const ORGANIZATION: &str = "org_01h455vb4pex5vsknk084sn02q";

struct Records {
    document: Value,
    validator: jsonschema::Validator,
}

impl Records {
    fn described() -> Self {
        let document = document().unwrap();
        let validator = validator(&document, &document["components"]["schemas"]["DirectoryRecord"]);
        Self { document, validator }
    }

    /// Whether a record is one, about which document and reader have to agree.
    fn is_one(&self, record: &Value) -> bool {
        let described = self.validator.is_valid(record);
        let read = read_json::<Change>(record.to_string().as_bytes());
        let refused = read.as_ref().err().map(ToString::to_string);
        assert_eq!(described, read.is_ok(), "{record}: {refused:?}");
        described
    }

    /// The schemas of all types of records and removals.
    fn alternatives(&self) -> impl Iterator<Item = &Value> {
        let schemas = self.document["components"]["schemas"].as_object().unwrap();
        let alternatives = schemas["DirectoryRecord"]["oneOf"].as_array().unwrap();
        alternatives.iter().map(|alternative| {
            let name = alternative["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
            &schemas[name]
        })
    }

    fn examples(&self) -> impl Iterator<Item = &Value> {
        self.alternatives().map(|schema| &schema["example"])
    }
}

/// The members that are there, as an object.
fn object(members: &[(&str, Option<Value>)]) -> Value {
    let present = members.iter().filter_map(|(name, value)| Some((*name, value.clone()?)));
    Value::Object(present.map(|(name, value)| (name.to_owned(), value)).collect())
}

#[test]
fn a_record_without_one_of_its_fields_or_with_one_more_is_read_as_it_is_described() {
    let records = Records::described();
    let (mut examples, mut refused) = (0, 0);
    for example in records.examples() {
        assert!(records.is_one(example), "{example}");
        for name in example.as_object().unwrap().keys() {
            for value in
                [json!(null), json!(""), json!(7), json!(false)].map(Some).into_iter().chain([None])
            {
                let mut changed = example.clone();
                let members = changed.as_object_mut().unwrap();
                members.remove(name);
                members.extend(value.map(|value| (name.clone(), value)));
                // A removal is nothing else without what makes it one.
                refused += usize::from(!records.is_one(&changed));
            }
        }
        let mut more = example.clone();
        more["nickname"] = "Ada".into();
        assert!(!records.is_one(&more), "{more}");
        examples += 1;
    }
    assert_eq!(examples, 16);
    assert!(refused > 150, "{refused}");
}

#[test]
fn what_a_removal_may_carry_beside_its_key_is_passed_over_whatever_it_is() {
    let records = Records::described();
    let mut passed_over = 0;
    for (example, schema) in records.examples().zip(records.alternatives()) {
        for (name, property) in schema["properties"].as_object().unwrap() {
            if property.get("type").or(property.get("allOf")).is_some() {
                continue;
            }
            for value in [json!(null), json!(7), json!("Ada"), json!({})] {
                let mut record = example.clone();
                record[name] = value;
                assert!(records.is_one(&record), "{record}");
                passed_over += 1;
            }
        }
    }
    assert_eq!(passed_over, 36 * 4);
}

#[test]
fn a_membership_is_read_as_it_is_described_whatever_role_it_is_and_wherever() {
    let records = Records::described();
    for role in Role::VARIANTS {
        for organization in [None, Some(json!(ORGANIZATION))] {
            let record = object(&[
                ("type", Some(json!("membership"))),
                ("userId", Some(json!(USER))),
                ("role", Some(json!(role))),
                ("organizationId", organization.clone()),
            ]);
            let on_platform = organization.is_none();
            assert_eq!(records.is_one(&record), on_platform == role.all_organizations());
        }
    }
}

#[test]
fn a_grant_and_a_deny_are_read_as_they_are_described_whatever_they_name() {
    let records = Records::described();
    let lists = |full: Value| [None, Some(json!([])), Some(full)];
    let mut good = 0;
    for (record_type, id) in [("grant", "grt"), ("deny", "dny")] {
        for actions in lists(json!(["CustomerRead", "CustomerRead"])) {
            for packs in lists(json!(Pack::VARIANTS)) {
                for customer in [None, Some(json!(CUSTOMER))] {
                    for organization in [None, Some(json!(ORGANIZATION))] {
                        let record = object(&[
                            ("type", Some(json!(record_type))),
                            ("id", Some(json!(format!("{id}_01h455vb4pex5vsknk084sn02q")))),
                            ("userId", Some(json!(USER))),
                            ("actions", actions.clone()),
                            ("packs", packs.clone()),
                            ("customerId", customer.clone()),
                            ("organizationId", organization),
                        ]);
                        good += usize::from(records.is_one(&record));
                    }
                }
            }
        }
    }
    // Five ways to name something, two targets, two types.
    assert_eq!(good, 20);
}

#[test]
fn an_address_and_a_moment_are_read_as_they_are_described() {
    let records = Records::described();
    let customer = |field: &str, value: Value| json!({ "type": "customer", "id": CUSTOMER, "userId": USER, field: value });
    for address in ["203.0.113.7", "2001:db8::7", "::ffff:203.0.113.7", "::"] {
        assert!(records.is_one(&customer("creditIpAddress", address.into())), "{address}");
    }
    for address in ["203.0.113", "203.0.113.256", "203.0.113.07", "2001:db8::7::", "localhost"] {
        assert!(!records.is_one(&customer("creditIpAddress", address.into())), "{address}");
    }
    for moment in ["2026-02-04T03:45:27.277Z", "2026-02-04T03:45:27+02:00"] {
        assert!(records.is_one(&customer("creditTimestamp", moment.into())), "{moment}");
        assert!(records.is_one(&customer("createdAt", moment.into())), "{moment}");
    }
    for moment in ["2026-02-04", "2026-02-30T00:00:00Z", "yesterday"] {
        assert!(!records.is_one(&customer("creditTimestamp", moment.into())), "{moment}");
    }
}
