//! Two documents, apart by a zero byte: whatever they are, there is an answer, and soon.
//!
//! In this folder, with a stable compiler (`.cargo/config.toml` has the flags) and a C++ compiler:
//!
//! ```sh
//! (cd .. && cargo run --example seeds -- fuzz/corpus)   # begin with the cases of the collection
//! cargo run --release -- corpus -dict=openapi.dict -max_len=65536 -timeout=10 \
//!     -rss_limit_mb=1024 -max_total_time=300
//! ```
//!
//! What it finds is left here as `crash-…`, `timeout-…` or `oom-…`, and repeated by naming that
//! file in the place of `corpus`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_contract::{Document, Options, compare};

fuzz_target!(|data: &[u8]| {
    let mut halves = data.splitn(2, |byte| *byte == 0);
    let mut next = || std::str::from_utf8(halves.next()?).ok();
    let (Some(base), Some(head)) = (next(), next()) else { return };
    let (Ok(base), Ok(head)) = (Document::parse(base), Document::parse(head)) else { return };
    assert!(compare(&base, &base, Options::default()).changes.is_empty());
    let comparison = compare(&base, &head, Options::default());
    let worst = comparison.changes.iter().map(|change| change.wire).max();
    assert_eq!(comparison.wire, worst.unwrap_or_default());
});
