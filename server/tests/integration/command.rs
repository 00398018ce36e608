//! The command line, beside `serve`.

mod audit;
mod config;
mod import;
mod token;
