//! Compares two files: `cargo run -p openapi-contract --example compare -- old.json new.json`.

use std::{env, fs, io};

use openapi_contract::{Document, Options, compare};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = env::args().skip(1);
    let (Some(base), Some(head)) = (files.next(), files.next()) else {
        return Err("name two files: the old document and the new one".into());
    };
    let read = |file: &str| -> Result<Document, Box<dyn std::error::Error>> {
        Ok(Document::parse(&fs::read_to_string(file)?)?)
    };
    let comparison = compare(&read(&base)?, &read(&head)?, Options::default());
    serde_json::to_writer_pretty(io::stdout().lock(), &comparison)?;
    Ok(())
}
