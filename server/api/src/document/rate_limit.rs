//! The header fields that say what is left of a quota.

use serde_json::{Value, json};

use super::finish::header;

/// Adds the fields to the headers of an answer: of one that always has them, or of a failure,
/// which can come before any token is counted.
pub(super) fn describe(headers: &mut Value, always: bool) {
    for (name, description, example) in [
        (
            "ratelimit-policy",
            "The quota that the request counted against: its name, and `q` requests for `w` \
             seconds (draft-ietf-httpapi-ratelimit-headers-11). Left out where the request had \
             nothing that could be a token.",
            r#""requests";q=6000;w=60"#,
        ),
        (
            "ratelimit",
            "What is left of the quota that `ratelimit-policy` names: `r` requests, and one more \
             within `t` seconds.",
            r#""requests";r=5999;t=1"#,
        ),
    ] {
        headers[name] = header(description, &json!({ "type": "string", "example": example }));
        headers[name]["required"] = always.into();
    }
}
