//! The same for `git diff`, which calls this for each document that differs.
//!
//! It passes `path old-file old-hex old-mode new-file new-hex new-mode` and, after a rename, the
//! new name and a description; of a file with conflicts only the path. What is not there is
//! `/dev/null`. Whatever comes, the user has asked to see what differs: nothing here fails.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt::Write as _,
    fs,
    io::{self, IsTerminal},
    path::Path,
};

use chrono::NaiveDate;
use openapi_contract::{Options, Side};
use similar::TextDiff;

use crate::{
    comparison::compare,
    edition::Edition,
    report::{self, Format, Subject},
};

const NOTHING: &str = "/dev/null";

/// What to show for these arguments.
pub(super) fn show(arguments: &[OsString], options: Options, today: NaiveDate) -> String {
    let text = |index: usize| arguments.get(index).map(|argument| argument.display().to_string());
    let Some(path) = text(0) else {
        return "git passes the files to compare; to call this by hand, leave out --git-driver\n"
            .to_owned();
    };
    let (Some(old), Some(new)) = (arguments.get(1), arguments.get(4)) else {
        return format!("{path}: it has conflicts that are not resolved\n");
    };
    let mut shown = String::new();
    let now = text(7).unwrap_or_else(|| path.clone());
    if now != path {
        // Writing to a `String` does not fail.
        let _ = writeln!(shown, "{path}: renamed to {now}");
    }
    match (old == NOTHING, new == NOTHING) {
        (true, _) => shown + &alone(&now, "added", Path::new(new), Side::Head),
        (_, true) => shown + &alone(&path, "removed", Path::new(old), Side::Base),
        _ => shown + &both((&path, Path::new(old)), (&now, Path::new(new)), options, today),
    }
}

/// A document that the other side does not have.
fn alone(name: &str, what: &str, file: &Path, side: Side) -> String {
    match Edition::of_file(side, name.to_owned(), file) {
        Ok(edition) => {
            let paths = edition.document.get("/paths").and_then(|paths| paths.as_object());
            let paths = paths.map_or(0, serde_json::Map::len);
            let version = edition.document.version().unwrap_or("none");
            let s = if paths == 1 { "" } else { "s" };
            format!("{name}: {what}, a document of {paths} path{s}, version {version}\n")
        }
        Err(_) => format!("{name}: {what}\n"),
    }
}

fn both(old: (&str, &Path), new: (&str, &Path), options: Options, today: NaiveDate) -> String {
    let base = Edition::of_file(Side::Base, format!("{} (old)", old.0), old.1);
    let head = Edition::of_file(Side::Head, new.0.to_owned(), new.1);
    let (base, head) = match (base, head) {
        (Ok(base), Ok(head)) => (base, head),
        (Err(error), _) | (_, Err(error)) => {
            let why = anyhow::Error::from(error);
            return format!("{why:#}\n{}", lines(old, new));
        }
    };
    let comparison = compare(&base.document, &head.document, options);
    if comparison.changes.is_empty() {
        return format!("{}: written differently, and says the same\n", new.0);
    }
    let subject = Subject {
        base_name: &base.name,
        base_text: &base.text,
        head_name: &head.name,
        head_text: &head.text,
        accepted: &BTreeMap::new(),
        today,
        // Git shows it through a pager that understands colours.
        colour: super::has_colours(
            io::stdout().is_terminal() || env::var_os("GIT_PAGER_IN_USE").is_some(),
        ),
    };
    report::render(Format::Text, &comparison, &subject)
}

/// As Git itself would show it.
fn lines(old: (&str, &Path), new: (&str, &Path)) -> String {
    let read = |file: &Path| fs::read(file).unwrap_or_default();
    let (before, after) = (read(old.1), read(new.1));
    let (before, after) = (String::from_utf8_lossy(&before), String::from_utf8_lossy(&after));
    let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
    diff.unified_diff().header(&format!("a/{}", old.0), &format!("b/{}", new.0)).to_string()
}
