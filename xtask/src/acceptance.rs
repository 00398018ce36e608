//! Breaks that were decided on: `contract/accepted.toml`.
//!
//! An entry names one change, why it hurts nobody, who answers for that, and until when it counts.

use std::{fmt, fs, io, ops::Range, path::Path};

use chrono::{Days, NaiveDate};
use openapi_contract::Change;
use serde::Deserialize;
use toml::Spanned;

use crate::report::place;

/// Where the entries are, relative to the workspace.
pub const FILE: &str = "contract/accepted.toml";

/// How long a new entry counts, if nothing speaks for another day.
const DAYS: Days = Days::new(90);

/// One break that was decided on.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The change that it is about; without, all of this rule at this place.
    pub id: Option<String>,
    /// The rule that it breaks.
    pub rule: String,
    /// JSON pointer, as [`place`] has it.
    pub place: String,
    /// Why it may.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it counts.
    pub until: NaiveDate,
    /// The line on which the entry begins.
    pub line: usize,
}

/// Why the file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum AcceptanceError {
    /// It can't be read.
    #[error("{FILE} can't be read")]
    Read(#[from] io::Error),
    /// It is no TOML, or has what it should not have.
    #[error("{FILE} can't be understood")]
    Syntax(#[from] Box<toml::de::Error>),
    /// A field says nothing that can be used.
    #[error("{FILE}, line {line}: {problem}")]
    Field {
        /// Where.
        line: usize,
        /// What is wrong with it, and what to do.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    #[serde(default)]
    accepted: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Option<Spanned<String>>,
    rule: Spanned<String>,
    place: Spanned<String>,
    reason: Spanned<String>,
    owner: Spanned<String>,
    until: Spanned<toml::Value>,
}

/// The entries of a workspace. No file, no entries.
///
/// # Errors
/// When the file is there and can't be used.
pub fn read(root: &Path) -> Result<Vec<Acceptance>, AcceptanceError> {
    match fs::read_to_string(root.join(FILE)) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The entries in a file.
///
/// # Errors
/// When it can't be used.
pub fn parse(text: &str) -> Result<Vec<Acceptance>, AcceptanceError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let entries: Entries = toml::from_str(text).map_err(Box::new)?;
    let line = |at: Range<usize>| 1 + text.bytes().take(at.start).filter(|b| *b == b'\n').count();
    let said = |name: &str, value: Spanned<String>| {
        if value.get_ref().trim().is_empty() {
            let problem = format!("`{name}` is empty; without it, nobody can judge the entry");
            return Err(AcceptanceError::Field { line: line(value.span()), problem });
        }
        Ok(value.into_inner())
    };
    let entry = |entry: Spanned<Entry>| {
        let begin = line(entry.span());
        let entry = entry.into_inner();
        // The whole document is the empty pointer.
        let place = entry.place.get_ref();
        if !place.is_empty() && !place.starts_with('/') {
            let problem = "`place` is no JSON pointer, which begins with a slash".to_owned();
            return Err(AcceptanceError::Field { line: line(entry.place.span()), problem });
        }
        let until = day(entry.until.get_ref()).ok_or_else(|| AcceptanceError::Field {
            line: line(entry.until.span()),
            problem: "`until` is no day; write it as 2026-12-31".to_owned(),
        })?;
        Ok(Acceptance {
            id: entry.id.map(|id| said("id", id)).transpose()?,
            rule: said("rule", entry.rule)?,
            place: entry.place.into_inner(),
            reason: said("reason", entry.reason)?,
            owner: said("owner", entry.owner)?,
            until,
            line: begin,
        })
    };
    entries.accepted.into_iter().map(entry).collect()
}

/// A day, as a date of TOML or as text.
fn day(value: &toml::Value) -> Option<NaiveDate> {
    let text = match value {
        toml::Value::Datetime(day) => day.to_string(),
        toml::Value::String(day) => day.clone(),
        _ => return None,
    };
    // `parse` alone would take a year of any length.
    (text.len() == "2026-12-31".len()).then(|| text.parse().ok())?
}

impl Acceptance {
    /// Whether it names this change.
    #[must_use]
    pub fn names(&self, change: &Change) -> bool {
        self.rule == change.rule.id
            && self.place == place(change)
            && self.id.as_ref().is_none_or(|id| *id == change.id)
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn has_expired(&self, today: NaiveDate) -> bool {
        self.until < today
    }

    /// Whether both are about the same change, whatever else they say.
    #[must_use]
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        (&self.id, &self.rule, &self.place) == (&other.id, &other.rule, &other.place)
    }
}

impl fmt::Display for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, place, owner, line, .. } = self;
        write!(f, "{FILE}, line {line}: {rule} at {place:?} ({owner})")
    }
}

/// The entry that would accept a change, but for what only its author knows.
#[must_use]
pub fn entry(change: &Change, today: NaiveDate) -> String {
    let until = today.checked_add_days(DAYS).unwrap_or(today);
    let text = |text: &str| toml::Value::from(text).to_string();
    format!(
        "[[accepted]]\nid = {}\nrule = {}\nplace = {}\nreason = \"\" # why this hurts nobody\n\
         owner = \"\" # who answers for it\nuntil = {until}\n",
        text(&change.id),
        text(change.rule.id),
        text(place(change)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"
[[accepted]]
rule = "a-rule"
place = "/paths"
reason = "because"
owner = "somebody"
until = 2026-12-31
"#;

    #[track_caller]
    fn assert_refused(from: &str, to: &str, expected: &str) {
        assert!(ENTRY.contains(from));
        let error = anyhow::Error::from(parse(&ENTRY.replace(from, to)).unwrap_err());
        let said = format!("{error:#}");
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }

    #[test]
    fn an_entry_counts_until_the_end_of_its_last_day() {
        let entries = parse(ENTRY).unwrap();
        let day = |text: &str| text.parse().unwrap();
        assert!(!entries[0].has_expired(day("2026-12-31")));
        assert!(entries[0].has_expired(day("2027-01-01")));
        assert_eq!(entries[0].line, 2);
    }

    #[test]
    fn a_day_may_be_a_text() {
        let entries = parse(&ENTRY.replace("2026-12-31", "\"2026-12-31\"")).unwrap();
        assert_eq!(entries[0].until.to_string(), "2026-12-31");
    }

    #[test]
    fn what_nobody_can_judge_is_refused_and_its_line_named() {
        assert_refused("\"because\"", "\"  \"", "line 5: `reason` is empty");
        assert_refused("\"somebody\"", "\"\"", "line 6: `owner` is empty");
        assert_refused("2026-12-31", "2026-02-30", "line 7");
        assert_refused("2026-12-31", "\"2026-02-30\"", "line 7: `until` is no day");
        assert_refused("2026-12-31", "2026-12-31T00:00:00Z", "line 7: `until` is no day");
        assert_refused("\"/paths\"", "\"paths\"", "line 4: `place` is no JSON pointer");
        assert_refused("owner = \"somebody\"", "", "missing field `owner`");
        assert_refused("owner", "ower", "unknown field `ower`");
        assert_refused("[[accepted]]", "[[acepted]]", "unknown field `acepted`");
    }

    #[test]
    fn a_file_without_entries_accepts_nothing() {
        assert!(parse("# nothing yet\n").unwrap().is_empty());
    }
}
