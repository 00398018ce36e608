//! `cargo xtask page-test`: does the page of a report work in a browser?
//!
//! The tests are in `.config/report-page`: they open pages from the disk in Chromium, use them by
//! mouse and by keyboard, and let axe-core look for what shuts people out.

use std::{collections::BTreeMap, fs, io::Write, path::Path, process::Command};

use anyhow::Context;
use openapi_contract::Comparison;

use super::{Outcome, npm, program::silent, requirements};
use crate::report::{self, Format, example};

const TESTS: &str = "page.test.mjs";

/// Installs the driver of the browser where needed, makes two pages and tests them.
///
/// # Errors
/// When something can't be installed or written, or a test fails.
pub fn run(root: &Path, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    requirements::node()?;
    let browser = requirements::chromium()?;
    let settings = root.join(".config/report-page");
    let folder = root.join("target/report-page");
    npm::install(&settings, &folder)?;
    // Node.js looks for packages beside the file that asks for them.
    let tests = settings.join(TESTS);
    fs::copy(&tests, folder.join(TESTS))
        .with_context(|| format!("{} can't be copied", tests.display()))?;
    write(&folder.join("example.html"), &example::comparison(), &example::accepted())?;
    write(&folder.join("unchanged.html"), &Comparison::default(), &BTreeMap::new())?;
    let node = &mut Command::new("node");
    silent(node.current_dir(&folder).args(["--test", TESTS]).env("BROWSER", browser))?;
    writeln!(out, "the page of a report works in a browser")?;
    Ok(Outcome::InStep)
}

fn write(
    page: &Path,
    comparison: &Comparison,
    accepted: &BTreeMap<String, String>,
) -> anyhow::Result<()> {
    let html = report::render(Format::Html, comparison, &example::subject(accepted));
    fs::write(page, html).with_context(|| format!("{} can't be written", page.display()))
}
