//! `/v1/customers`.

mod get;
mod list;
mod update;
