//! Patterns that match only a few texts, which can be listed: `^(red|green)$`.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::translated;

/// More texts are not listed.
const MOST: usize = 100;

/// All texts that match a pattern, where these are few.
pub(crate) fn all_of(pattern: &str) -> Option<Vec<String>> {
    let parsed = regex_syntax::parse(&translated(pattern)).ok()?;
    let HirKind::Concat(parts) = parsed.kind() else { return None };
    let [first, within @ .., last] = &parts[..] else { return None };
    // What is open at one end matches whatever stands there.
    let is = |part: &Hir, look| matches!(part.kind(), HirKind::Look(found) if *found == look);
    if is(first, Look::Start) && is(last, Look::End) { in_sequence(within) } else { None }
}

fn texts(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty => Some(vec![String::new()]),
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges().iter();
            let characters = ranges.flat_map(|range| range.start()..=range.end()).take(MOST + 1);
            few(characters.map(String::from).collect())
        }
        HirKind::Class(Class::Bytes(_)) | HirKind::Look(_) => None,
        HirKind::Repetition(repetition) => {
            let most =
                repetition.max.filter(|most| usize::try_from(*most).is_ok_and(|it| it <= MOST))?;
            let once = texts(&repetition.sub)?;
            let mut times = vec![String::new()];
            let mut all = Vec::new();
            for count in 0..=most {
                if count >= repetition.min {
                    all.extend(times.iter().cloned());
                }
                if count < most {
                    times = followed(&times, &once)?;
                }
            }
            few(all)
        }
        HirKind::Capture(capture) => texts(&capture.sub),
        HirKind::Concat(parts) => in_sequence(parts),
        HirKind::Alternation(parts) => {
            few(parts.iter().map(texts).collect::<Option<Vec<_>>>()?.concat())
        }
    }
}

fn in_sequence(parts: &[Hir]) -> Option<Vec<String>> {
    parts.iter().try_fold(vec![String::new()], |before, part| followed(&before, &texts(part)?))
}

/// Each of the ones, followed by each of the others.
fn followed(ones: &[String], others: &[String]) -> Option<Vec<String>> {
    if ones.len().saturating_mul(others.len()) > MOST {
        return None;
    }
    few(ones
        .iter()
        .flat_map(|one| others.iter().map(move |other| format!("{one}{other}")))
        .collect())
}

fn few(mut texts: Vec<String>) -> Option<Vec<String>> {
    texts.sort_unstable();
    texts.dedup();
    (texts.len() <= MOST).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(pattern: &str) -> Option<String> {
        all_of(pattern).map(|texts| texts.join(" "))
    }

    #[test]
    fn few_texts_are_listed() {
        for (pattern, texts) in [
            ("^(red|green)$", "green red"),
            ("^v[12]$", "v1 v2"),
            ("^a?b{1,2}$", "ab abb b bb"),
            ("^(?:x|y)z$", "xz yz"),
            ("^(){0,99}a$", "a"),
            ("^((){100}){100}a$", "a"),
        ] {
            assert_eq!(listed(pattern).as_deref(), Some(texts), "{pattern}");
        }
    }

    #[test]
    fn what_is_open_or_long_is_not() {
        for pattern in
            ["red", "^red|green$", "^red", "^a*$", "^\\d{3}$", "^(?=a)a$", "^\\bred$", "(", "^.$"]
        {
            assert_eq!(listed(pattern), None, "{pattern}");
        }
    }
}
