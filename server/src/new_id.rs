//! The one place where new identifiers are made.

use customers_types::{id::PublicId, scalar::Timestamp};
use rand::RngExt;
use uuid::Builder;

/// A number that nobody else has.
pub(crate) fn new_number() -> u128 {
    rand::rng().random()
}

/// A new identifier: a `UUIDv7` of this moment (RFC 9562, 5.7).
pub(crate) fn new_id<I: PublicId>(now: Timestamp) -> I {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    let random: [u8; 10] = rand::rng().random();
    I::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
