//! Patterns and formats of texts.

pub(crate) mod few;

use std::{
    cell::RefCell,
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    rc::Rc,
};

use fancy_regex::Regex;

/// Patterns, compiled once.
#[derive(Default)]
pub(crate) struct Patterns {
    compiled: RefCell<HashMap<String, Option<Rc<Regex>>>>,
}

/// Longer patterns, and longer texts, are not tried.
const LONGEST: usize = 4096;

impl Patterns {
    /// Whether a text has a match of an ECMA 262 pattern; `None` where that can't be told.
    pub(crate) fn matches(&self, pattern: &str, text: &str) -> Option<bool> {
        if text.len() > LONGEST {
            return None;
        }
        let mut compiled = self.compiled.borrow_mut();
        if !compiled.contains_key(pattern) {
            let made = (pattern.len() <= LONGEST).then(|| compile(pattern)).flatten();
            compiled.insert(pattern.to_owned(), made.map(Rc::new));
        }
        let regex = compiled.get(pattern).cloned().flatten();
        // It gives up when it went back too often.
        regex?.is_match(text).ok()
    }
}

/// The syntaxes of ECMA 262 and of Rust differ in little; what differs is read as ECMA has it, or
/// not at all.
fn compile(pattern: &str) -> Option<Regex> {
    fancy_regex::RegexBuilder::new(&translated(pattern)).backtrack_limit(100_000).build().ok()
}

/// ECMA's classes are those of ASCII, Rust's those of Unicode.
fn translated(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match (character, in_class) {
            ('\\', _) => {
                let escaped = characters.next();
                let class = match escaped {
                    Some('d') => "0-9",
                    Some('w') => "0-9A-Za-z_",
                    Some('/') => "/",
                    Some(other) => {
                        translated.push('\\');
                        translated.push(other);
                        continue;
                    }
                    None => "\\",
                };
                if in_class || class == "/" {
                    translated.push_str(class);
                } else {
                    translated.push('[');
                    translated.push_str(class);
                    translated.push(']');
                }
            }
            // A bracket within a class stands for itself in ECMA, and begins a class in Rust.
            ('[', true) => translated.push_str("\\["),
            ('&' | '~' | '-', true) => {
                // Rust has operators of two of these.
                translated.push_str(match character {
                    '&' => "\\&",
                    '~' => "\\~",
                    _ => "-",
                });
            }
            _ => {
                in_class = match character {
                    '[' => true,
                    ']' => false,
                    _ => in_class,
                };
                translated.push(character);
            }
        }
    }
    translated
}

/// Patterns that say nothing, since each text has a match.
pub(crate) fn matches_everything(pattern: &str) -> bool {
    ["", "^", "$", ".*", "^.*", ".*$", "[\\s\\S]*", "^[\\s\\S]*$"].contains(&pattern)
}

/// What begins every match of a pattern: `cus_` for `^cus_[0-9a-z]{26}$`.
pub(crate) fn literal_start(pattern: &str) -> Option<&str> {
    let rest = pattern.strip_prefix('^')?;
    // What is an alternative, or may be left out, begins nothing.
    if rest.contains('|') {
        return None;
    }
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "_-:/ ".contains(character);
    let end = rest.find(|character| !is_plain(character)).unwrap_or(rest.len());
    let (start, after) = rest.split_at(end);
    let start = if after.starts_with(['?', '*', '{', '+']) {
        &start[..start.len().saturating_sub(1)]
    } else {
        start
    };
    (!start.is_empty()).then_some(start)
}

/// Texts to try where a pattern says nothing of what it refuses.
pub(crate) const PLAIN: [&str; 7] = ["", "a", "0", "Z", " ", "-", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"];

/// Texts that match a pattern.
pub(crate) fn examples_of(pattern: &str) -> Vec<String> {
    // What looks around is no regular expression to this parser; without it, most of the rest is.
    let pattern = without_lookaround(&translated(pattern));
    let Ok(parsed) = regex_syntax::parse(&pattern) else { return Vec::new() };
    let mut examples = Vec::new();
    for choice in 0..4 {
        let mut text = String::new();
        if write_example(&parsed, choice, &mut text, 0).is_some() && !examples.contains(&text) {
            examples.push(text);
        }
    }
    examples
}

fn without_lookaround(pattern: &str) -> String {
    let mut rest = pattern;
    let mut kept = String::new();
    while let Some(start) =
        ["(?!", "(?=", "(?<!", "(?<="].iter().filter_map(|it| rest.find(it)).min()
    {
        kept.push_str(&rest[..start]);
        let mut depth = 0_usize;
        let end = rest[start..].char_indices().find_map(|(at, character)| {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(start + at + 1)
        });
        let Some(end) = end else { return pattern.to_owned() };
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept
}

/// Writes a text that matches. `choice` varies which: 0 takes the shortest and first, 1 the longer,
/// 2 and 3 the last.
fn write_example(
    hir: &regex_syntax::hir::Hir,
    choice: usize,
    text: &mut String,
    depth: u32,
) -> Option<()> {
    use regex_syntax::hir::{Class, HirKind};
    if depth > 40 || text.len() > 1000 {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            let range = if choice < 2 { ranges.first()? } else { ranges.last()? };
            let shown = |character: &char| character.is_ascii_graphic();
            let character = Some(if choice == 3 { range.end() } else { range.start() });
            let first_shown =
                || ranges.iter().find_map(|range| (range.start()..=range.end()).find(shown));
            text.push(character.filter(shown).or_else(first_shown).unwrap_or(range.start()));
        }
        HirKind::Class(Class::Bytes(class)) => {
            text.push(char::from(class.ranges().first()?.start()));
        }
        HirKind::Repetition(repetition) => {
            let least = repetition.min;
            let more = least.saturating_add(u32::from(choice != 0));
            let times = repetition.max.map_or(more, |max| more.min(max));
            for _ in 0..times {
                write_example(&repetition.sub, choice, text, depth + 1)?;
            }
        }
        HirKind::Capture(capture) => write_example(&capture.sub, choice, text, depth + 1)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write_example(part, choice, text, depth + 1)?;
            }
        }
        HirKind::Alternation(parts) => {
            let part = if choice < 2 { parts.first()? } else { parts.last()? };
            write_example(part, choice, text, depth + 1)?;
        }
    }
    Some(())
}

/// Whether a text is of a format, as the Rust types that typify takes for it read it. `None` for
/// formats that say nothing about which texts there are.
pub(crate) fn is_of_format(format: &str, text: &str) -> Option<bool> {
    match format {
        "uuid" => Some(is_uuid(text)),
        "date" => Some(is_date(text)),
        "date-time" => Some(is_date_time(text)),
        "ip" => Some(text.parse::<IpAddr>().is_ok()),
        "ipv4" => Some(text.parse::<Ipv4Addr>().is_ok()),
        "ipv6" => Some(text.parse::<Ipv6Addr>().is_ok()),
        _ => None,
    }
}

/// Texts of a format; none where the format does not limit which texts there are.
pub(crate) fn examples_of_format(format: &str) -> &'static [&'static str] {
    match format {
        "uuid" => &["5a2b6f0e-3c1d-4e8f-9a7b-6c5d4e3f2a1b"],
        "date" => &["2026-02-04"],
        "date-time" => &["2026-02-04T03:45:27.277Z"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["2001:db8::1"],
        "ip" => &["192.0.2.1", "2001:db8::1"],
        _ => &[],
    }
}

/// Whether the format limits which texts there are.
pub(crate) fn is_known_format(format: &str) -> bool {
    !examples_of_format(format).is_empty()
}

/// Whether every text of the one format is of the other, too.
pub(crate) fn is_format_within(one: &str, other: &str) -> bool {
    one == other || (other == "ip" && matches!(one, "ipv4" | "ipv6"))
}

fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `2026-02-04`, RFC 3339's `full-date`.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// RFC 3339's `date-time`.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let Some(end) = time.find(['Z', 'z', '+', '-']) else { return false };
    let (time, offset) = time.split_at(end);
    let (clock, fraction) =
        time.split_once('.').map_or((time, None), |(clock, rest)| (clock, Some(rest)));
    let fraction = fraction
        .is_none_or(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let offset = offset.eq_ignore_ascii_case("z") || is_clock(&offset[1..], &[23, 59]);
    is_date(date) && is_clock(clock, &[23, 59, 60]) && fraction && offset
}

fn is_clock(text: &str, most: &[u32]) -> bool {
    let parts: Vec<_> = text.split(':').map(|part| digits(part, 2)).collect();
    parts.len() == most.len()
        && parts.iter().zip(most).all(|(part, most)| part.is_some_and(|part| part <= *most))
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_as_ecma_has_them() {
        let patterns = Patterns::default();
        assert_eq!(patterns.matches(r"^\d$", "٣"), Some(false));
        assert_eq!(patterns.matches(r"^[[&&a]$", "["), Some(true));
        assert_eq!(patterns.matches(r"^a\/b$", "a/b"), Some(true));
        assert_eq!(patterns.matches("^(?!ab)a", "ac"), Some(true));
        assert_eq!(patterns.matches("(", "x"), None);
        assert_eq!(patterns.matches("^(a+)+$", &format!("{}!", "a".repeat(60))), Some(false));
    }

    #[test]
    fn examples_match_what_they_are_examples_of() {
        let patterns = Patterns::default();
        for pattern in [
            "^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$",
            "^[a-z]+$",
            "a|bc",
            r"^\+[1-9]\d{1,14}$",
            "^(?!x)[a-z]{3}$",
        ] {
            let examples = examples_of(pattern);
            assert!(!examples.is_empty(), "{pattern}");
            for example in examples {
                assert_eq!(patterns.matches(pattern, &example), Some(true), "{pattern} {example}");
            }
        }
    }

    #[test]
    fn only_what_is_always_there_begins_a_pattern() {
        assert_eq!(literal_start("^cus_[0-9]$"), Some("cus_"));
        assert_eq!(literal_start("^ab?$"), Some("a"));
        assert_eq!(literal_start("^a|b"), None);
        assert_eq!(literal_start("cus_"), None);
    }

    #[test]
    fn formats_are_those_of_the_types_behind_them() {
        for (format, good, bad) in [
            ("uuid", "5a2b6f0e-3c1d-4e8f-9a7b-6c5d4e3f2a1b", "5a2b6f0e"),
            ("date", "2024-02-29", "2023-02-29"),
            ("date-time", "2026-02-04T03:45:27.277+01:00", "2026-02-04"),
            ("ip", "::1", "1.2.3"),
        ] {
            assert_eq!(is_of_format(format, good), Some(true), "{good}");
            assert_eq!(is_of_format(format, bad), Some(false), "{bad}");
            assert_eq!(is_of_format(format, examples_of_format(format)[0]), Some(true));
        }
        assert_eq!(is_of_format("hostname", "x"), None);
    }
}
