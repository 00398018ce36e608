//! `/v1/customers`.

mod access;
mod get;
mod list;
mod update;
