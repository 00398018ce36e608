//! Words and values as people read them, in whichever format.

use std::fmt::Write;

use openapi_contract::{Change, Direction, Side, Signature, Verdict};
use serde_json::Value;
use similar::TextDiff;

use super::{outline::Entry, position::Position};
use crate::acceptance;

/// What stands for the operation where a change is about none.
pub(super) const WHOLE_DOCUMENT: &str = "the document as a whole";

/// What stands for a value where there is none.
pub(super) const NOTHING: &str = "nothing";

/// How much is shown of what a value before and after begin with alike.
const ALIKE: usize = 20;
/// Equal lines that are shown around those that differ.
const AROUND: usize = 3;
/// How many operations are named before the rest is counted.
const NAMED_OPERATIONS: usize = 5;

/// The text in one line: control characters, and those that turn the direction of writing, become
/// visible, so that a name can neither drive a terminal nor pass for another.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let turns = matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || turns {
            // Writing to a string can't fail.
            let _ = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The text in one line, of so many characters at most; what is cut shows as `…`.
pub(super) fn clipped(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return visible(text);
    }
    let kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    format!("{}…", visible(&kept))
}

/// The text in one line, with a capital letter at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    visible(&first.chain(rest).collect::<String>())
}

/// The text as a sentence of its own, also where it is written as part of one.
pub(super) fn sentence(text: &str) -> String {
    let end = if text.is_empty() || text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{end}", capital(text))
}

/// A value as JSON in one line, likewise.
pub(super) fn value(value: &Value, limit: usize) -> String {
    if value.is_null() { NOTHING.to_owned() } else { clipped(&value.to_string(), limit) }
}

/// What stood and stands there. Of what is long, that in which both begin alike is left out, so
/// that the difference is not what is cut.
pub(super) fn before_and_after(change: &Change, limit: usize) -> (String, String) {
    let (before, after) = (change.before.to_string(), change.after.to_string());
    let longest = before.chars().count().max(after.chars().count());
    let alike = before.chars().zip(after.chars()).take_while(|(one, other)| one == other).count();
    if longest <= limit || alike <= ALIKE {
        return (value(&change.before, limit), value(&change.after, limit));
    }
    let rest = |text: &str| {
        let rest: String = text.chars().skip(alike - ALIKE).collect();
        format!("…{}", clipped(&rest, limit - 1))
    };
    (rest(&before), rest(&after))
}

/// The difference between both signatures, as a diff without its heads.
pub(super) fn signature(signature: &Signature, limit: usize) -> Vec<String> {
    let side = |item: &Option<String>| match item.as_deref().unwrap_or_default() {
        "" => String::new(),
        item => format!("{}\n", item.trim_end()),
    };
    let (before, after) = (side(&signature.before), side(&signature.after));
    let diff = TextDiff::from_lines(&before, &after);
    let diff = diff.unified_diff().context_radius(AROUND).to_string();
    // The heads of hunks say which lines of what nobody has before them.
    let lines = diff.lines().filter(|line| !line.starts_with("@@"));
    let spaced = lines.filter_map(|line| line.split_at_checked(1));
    spaced.map(|(sign, line)| clipped(&format!("{sign} {line}"), limit)).collect()
}

/// A JSON pointer; that to everything is empty, which would not be seen.
pub(super) fn pointer(pointer: &str, limit: usize) -> String {
    if pointer.is_empty() { "the top".to_owned() } else { clipped(pointer, limit) }
}

/// `line 3 of the base, line 4 of the head`; empty where neither is known. Where only one of them
/// has what changed, the line of the other would lead to something else.
pub(super) fn lines(entry: &Entry<'_>) -> String {
    let (came, went) = (entry.change.before.is_null(), entry.change.after.is_null());
    let line = |name, position: Option<Position>| {
        position.map(|position| format!("line {} of the {name}", position.line))
    };
    let base = if came && !went { None } else { line("base", entry.base) };
    let head = if went && !came { None } else { line("head", entry.head) };
    [base, head].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The operations by name; of many only some.
pub(super) fn operations(change: &Change, shown: impl Fn(&str) -> String) -> String {
    let operations = &change.operations;
    if operations.is_empty() {
        return WHOLE_DOCUMENT.to_owned();
    }
    // Not worth a word for a single one.
    let many = operations.len() > NAMED_OPERATIONS + 1;
    let first = if many { NAMED_OPERATIONS } else { operations.len() };
    let names: Vec<_> = operations.iter().take(first).map(|name| shown(name)).collect();
    let rest = operations.len() - first;
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{rest}", names.join(", "))
}

/// Whom the change concerns.
pub(super) fn affected(change: &Change) -> String {
    let deployed = match change.directions.as_slice() {
        [Direction::Request] => "deployed clients that send it",
        [Direction::Response] => "deployed clients that receive it",
        [] => "deployed clients",
        _ => "deployed clients that send or receive it",
    };
    let concerned = |verdict: Verdict, who: &str| match verdict {
        Verdict::Compatible => None,
        Verdict::Warning => Some(format!("perhaps {who}")),
        Verdict::Breaking => Some(who.to_owned()),
    };
    let code = concerned(change.client, "code written against the generated client");
    let who: Vec<_> = concerned(change.wire, deployed).into_iter().chain(code).collect();
    if who.is_empty() { "nobody who does not want to".to_owned() } else { who.join("; ") }
}

/// What the witness shows, before the value itself.
pub(super) fn proof(accepted_by: Side, refused_by: Side) -> String {
    let named = |side| match side {
        Side::Base => "the base",
        Side::Head => "the head",
    };
    format!("{} accepts it, {} refuses it", named(accepted_by), named(refused_by))
}

/// The lines that accept a break; `None` for what breaks nobody or is accepted.
pub(super) fn acceptance(entry: &Entry<'_>) -> Option<String> {
    (entry.breaks() && entry.accepted.is_none())
        .then(|| acceptance::entry(entry.change, entry.today))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_drive_a_terminal_or_deceive_a_reader_is_shown() {
        assert_eq!(visible("a\u{1b}[31m\nb\u{202e}c é"), "a\\u001b[31m\\u000ab\\u202ec é");
    }

    #[test]
    fn what_is_part_of_a_sentence_becomes_one() {
        assert_eq!(sentence("émile sends `a`"), "Émile sends `a`.");
        assert_eq!(sentence("Nobody has to."), "Nobody has to.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        assert_eq!(clipped("éééé", 4), "éééé");
        assert_eq!(clipped("ééééé", 4), "ééé…");
        assert_eq!(value(&Value::Null, 3), "nothing");
        assert_eq!(value(&serde_json::json!({ "a": [1, 2, 3] }), 8), "{\"a\":[1…");
    }

    #[test]
    fn of_long_values_the_difference_is_what_is_shown() {
        let mut change = super::super::example::comparison().changes.remove(0);
        let long = "x".repeat(1_000);
        change.before = Value::from(format!("{long}, before"));
        change.after = Value::from(format!("{long}, after{long}"));
        let (before, after) = before_and_after(&change, 40);
        assert_eq!(before, format!("…{}, before\"", "x".repeat(18)));
        assert_eq!(after, format!("…{}, afterxxxxxxxxxxxxx…", "x".repeat(18)));
    }
}
