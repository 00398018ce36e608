//! Examples of directory records. They are read and not written here, so they are JSON; a test
//! reads each as a request would.

use customers_types::record::RecordType;
use serde_json::{Value, json, to_value};

use crate::directory::{DirectorySummary, RecordTypeSummary};

pub(super) fn of_schemas() -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
    let record = json!({
        "type": "checkout",
        "id": "chk_01h455vb4pex5vsknk084sn02q",
        "customerId": "cus_01h455vb4pex5vsknk084sn02q",
        "productId": "prd_01h455vb4pex5vsknk084sn02q",
    });
    Ok(vec![
        ("CheckoutRecord", record.clone()),
        ("CheckoutRemoval", removal("checkout", "chk_01h455vb4pex5vsknk084sn02q")),
        ("ClearableIpAddress", json!("203.0.113.7")),
        ("ClearableLine255", json!("cus_NffrFeUfNV2Hib")),
        ("ClearableTimestamp", json!("2026-02-04T03:46:27.277Z")),
        ("CustomerRecord", customer()),
        ("CustomerRemoval", removal("customer", "cus_01h455vb4pex5vsknk084sn02q")),
        ("DenyRecord", deny()),
        ("DenyRemoval", removal("deny", "dny_01h455vb4pex5vsknk084sn02q")),
        ("DirectoryRecord", record.clone()),
        ("DirectoryRecords", json!({ "records": [record, user()] })),
        ("DirectorySummary", to_value(DirectorySummary { types: vec![summary()] })?),
        ("GrantRecord", grant()),
        ("GrantRemoval", removal("grant", "grt_01h455vb4pex5vsknk084sn02q")),
        ("MembershipRecord", membership()),
        (
            "MembershipRemoval",
            json!({
                "type": "membership",
                "userId": "usr_01h455vb4pex5vsknk084sn02q",
                "organizationId": "org_01h455vb4pex5vsknk084sn02q",
                "deleted": true,
            }),
        ),
        (
            "OrganizationRecord",
            json!({
                "type": "organization",
                "id": "org_01h455vb4pex5vsknk084sn02q",
                "name": "Harbor Outfitters",
            }),
        ),
        ("OrganizationRemoval", removal("organization", "org_01h455vb4pex5vsknk084sn02q")),
        (
            "ProductRecord",
            json!({
                "type": "product",
                "id": "prd_01h455vb4pex5vsknk084sn02q",
                "organizationId": "org_01h455vb4pex5vsknk084sn02q",
            }),
        ),
        ("ProductRemoval", removal("product", "prd_01h455vb4pex5vsknk084sn02q")),
        ("RecordType", to_value(RecordType::Checkout)?),
        ("RecordTypeSummary", to_value(summary())?),
        ("UserRecord", user()),
        ("UserRemoval", removal("user", "usr_01h455vb4pex5vsknk084sn02q")),
    ])
}

fn removal(record_type: &str, id: &str) -> Value {
    json!({ "type": record_type, "id": id, "deleted": true })
}

fn summary() -> RecordTypeSummary {
    RecordTypeSummary {
        record_type: RecordType::Checkout,
        added: 1,
        changed: 0,
        unchanged: 0,
        removed: 0,
    }
}

fn user() -> Value {
    json!({
        "type": "user",
        "id": "usr_01h455vb4pex5vsknk084sn02q",
        "email": "ada@example.com",
        "firstName": "Ada",
        "lastName": "Lovelace",
    })
}

fn customer() -> Value {
    json!({
        "type": "customer",
        "id": "cus_01h455vb4pex5vsknk084sn02q",
        "userId": "usr_01h455vb4pex5vsknk084sn02q",
        "creditStatus": "passed",
        "creditIpAddress": "203.0.113.7",
        "creditTimestamp": "2026-02-04T03:46:27.277Z",
        "city": "San Francisco",
        "country": "US",
        "phone": "+14155550123",
    })
}

fn membership() -> Value {
    json!({
        "type": "membership",
        "userId": "usr_01h455vb4pex5vsknk084sn02q",
        "organizationId": "org_01h455vb4pex5vsknk084sn02q",
        "role": "CustomerSupport",
    })
}

fn grant() -> Value {
    json!({
        "type": "grant",
        "id": "grt_01h455vb4pex5vsknk084sn02q",
        "userId": "usr_01h455vb4pex5vsknk084sn02q",
        "packs": ["CustomerReader"],
        "customerId": "cus_01h455vb4pex5vsknk084sn02q",
    })
}

fn deny() -> Value {
    json!({
        "type": "deny",
        "id": "dny_01h455vb4pex5vsknk084sn02q",
        "userId": "usr_01h455vb4pex5vsknk084sn02q",
        "actions": ["CustomerWrite"],
        "organizationId": "org_01h455vb4pex5vsknk084sn02q",
        "validFrom": "2026-02-04T03:45:27.277Z",
    })
}
