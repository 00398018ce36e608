//! `/v1/directory`.

mod records;
