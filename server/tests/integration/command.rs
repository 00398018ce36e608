//! The command line, beside `serve`.

mod audit;
mod backup;
mod config;
mod import;
mod token;
