//! `openapi`: the document.

use std::io::Write;

use customers_api::document;

pub(super) fn run() -> anyhow::Result<()> {
    std::io::stdout().write_all(document::canonical()?.as_bytes())?;
    Ok(())
}
