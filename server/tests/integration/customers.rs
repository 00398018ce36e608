//! `/v1/customers`.

mod get;
