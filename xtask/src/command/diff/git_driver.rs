//! The same for `git diff`, which calls this for each document that differs.
//!
//! It passes `path old-file old-hex old-mode new-file new-hex new-mode` and, after a rename, the
//! new name and a description; of a file with conflicts only the path. What is not there is
//! `/dev/null`. Whatever comes of Git, the user has asked to see what differs: nothing of it fails.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt::Write as _,
    fs,
    io::{self, IsTerminal},
    path::Path,
};

use anyhow::bail;
use chrono::NaiveDate;
use openapi_contract::Options;
use similar::TextDiff;

use crate::{
    comparison::compare,
    edition::{Edition, EditionError, Role},
    report::{self, Document, Format, Subject},
};

const NOTHING: &str = "/dev/null";

/// For those who call it by hand.
const HOW_TO: &str = "To compare two files by hand: cargo xtask diff --base OLD --head NEW
To have git diff do it:
    git config diff.openapi.command 'cargo xtask diff --git-driver'
    echo '/openapi.json diff=openapi' >> \"$(git rev-parse --git-path info/attributes)\"";

/// What to show for these arguments.
///
/// # Errors
/// When it was not Git that passed them.
pub(super) fn show(
    arguments: &[OsString],
    options: Options,
    today: NaiveDate,
) -> anyhow::Result<String> {
    let text = |argument: &OsString| argument.display().to_string();
    let (path, old, new, now) = match arguments {
        [path] => return Ok(format!("{}: it has conflicts that are not resolved\n", text(path))),
        [path, old, _, _, new, _, _] => (text(path), old, new, text(path)),
        [path, old, _, _, new, _, _, now, _] => (text(path), old, new, text(now)),
        _ => bail!(
            "git calls --git-driver with 7 arguments (path old-file old-hex old-mode new-file \
             new-hex new-mode), and here are {}\n{HOW_TO}",
            arguments.len()
        ),
    };
    let mut shown = String::new();
    if now != path {
        // Writing to a `String` does not fail.
        let _ = writeln!(shown, "{path}: renamed to {now}");
    }
    shown += &match (old == NOTHING, new == NOTHING) {
        (true, _) => alone(&now, "added", Path::new(new), Role::Head),
        (_, true) => alone(&path, "removed", Path::new(old), Role::Base),
        _ => both((&path, Path::new(old)), (&now, Path::new(new)), options, today),
    };
    Ok(shown)
}

/// A document that the other side does not have.
fn alone(name: &str, what: &str, file: &Path, role: Role) -> String {
    match Edition::of_file(role, name.to_owned(), file) {
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
    let base = Edition::of_file(Role::Base, format!("{} (old)", old.0), old.1);
    let head = Edition::of_file(Role::Head, new.0.to_owned(), new.1);
    let (base, head) = match (base, head) {
        (Ok(base), Ok(head)) => (base, head),
        (Err(error @ EditionError::TooLong { .. }), _)
        | (_, Err(error @ EditionError::TooLong { .. })) => return format!("{error}\n"),
        (Err(error), _) | (_, Err(error)) => {
            let why = anyhow::Error::from(error);
            return format!("{why:#}\n{}", lines(old, new));
        }
    };
    if base.text == head.text {
        return format!(
            "{}: the same text; only its name, or the rights to the file, differ\n",
            new.0
        );
    }
    let comparison = compare(&base.document, &head.document, options);
    if comparison.changes.is_empty() {
        return format!("{}: written differently, and says the same\n", new.0);
    }
    let subject = Subject {
        base: Document::of(&base),
        head: Document::of(&head),
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
