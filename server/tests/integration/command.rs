//! The command line, beside `serve`.

mod config;
mod import;
mod token;
