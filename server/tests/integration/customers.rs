//! `/v1/customers`.

mod get;
mod update;
