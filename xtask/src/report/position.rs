//! Where in a JSON text a JSON pointer leads.

use std::{borrow::Cow, cell::RefCell, collections::HashMap, rc::Rc};

use memchr::{memchr_iter, memchr2};

/// A place in a text as editors count: both from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from one.
    pub line: usize,
    /// The character in the line, from one.
    pub column: usize,
}

/// A JSON text in which places are looked up. That it is one is known before, and not looked at again.
pub struct Positions<'a> {
    text: &'a str,
    root: Option<Inner<'a>>,
    nested: Nested,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    /// What was looked into so far, by where its text begins. The rest is only passed over: few places
    /// of a long document are asked for.
    levels: RefCell<HashMap<usize, Rc<Level<'a>>>>,
}

/// What stands directly in an object or in an array.
#[derive(Default)]
struct Level<'a> {
    members: HashMap<Cow<'a, str>, Inner<'a>>,
    elements: Vec<Inner<'a>>,
}

/// A value, and where a reader finds it.
#[derive(Clone, Copy)]
struct Inner<'a> {
    value: &'a str,
    /// The text that it begins with: its name if it is a member, else itself.
    shown: &'a str,
}

impl<'a> Positions<'a> {
    /// Takes a text. One that ends too early has the places that it has.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let ends = memchr_iter(b'\n', text.as_bytes());
        let mut lines = Vec::with_capacity(ends.clone().count() + 1);
        lines.push(0);
        lines.extend(ends.map(|end| end + 1));
        let value = text.trim_start();
        Self {
            text,
            // Where it ends is not asked.
            root: value.starts_with(['{', '[']).then_some(Inner { value, shown: value }),
            nested: Nested::of(text.as_bytes()),
            lines,
            levels: RefCell::default(),
        }
    }

    /// The place that the pointer leads to, or the nearest enclosing one that is there: the name of
    /// a member, the beginning of an element.
    #[must_use]
    pub fn of(&self, pointer: &str) -> Option<Position> {
        let mut found = self.root?;
        for token in pointer.split('/').skip(1) {
            let Some(inner) = self.level(found.value).step(token) else { break };
            found = inner;
        }
        Some(self.at(found.shown))
    }

    fn level(&self, value: &'a str) -> Rc<Level<'a>> {
        let mut levels = self.levels.borrow_mut();
        let level = levels.entry(value.as_ptr().addr());
        Rc::clone(level.or_insert_with(|| Rc::new(self.level_of(value))))
    }

    fn level_of(&self, value: &'a str) -> Level<'a> {
        let mut level = Level::default();
        let is_object = value.starts_with('{');
        let rest = value.strip_prefix(['{', '[']).unwrap_or_default();
        let mut scanner = Scanner { rest, text: self.text, nested: &self.nested };
        while let Some(first) = scanner.value() {
            if is_object {
                let Some(value) = scanner.value() else { break };
                // As for `serde_json`, the last of several members of one name counts.
                level.members.insert(name(first), Inner { value, shown: first });
            } else {
                level.elements.push(Inner { value: first, shown: first });
            }
        }
        level
    }

    /// Where a part of the text begins.
    fn at(&self, part: &str) -> Position {
        let offset = offset(part, self.text);
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }
}

impl<'a> Level<'a> {
    /// One step of a pointer.
    fn step(&self, token: &str) -> Option<Inner<'a>> {
        if self.members.is_empty() {
            return self.elements.get(token.parse::<usize>().ok()?).copied();
        }
        self.members.get(&*token.replace("~1", "/").replace("~0", "~")).copied()
    }
}

/// What a text in quotation marks says.
fn name(quoted: &str) -> Cow<'_, str> {
    if quoted.contains('\\') {
        serde_json::from_str(quoted).unwrap_or_default()
    } else {
        quoted.trim_matches('"').into()
    }
}

/// Where a part of a text begins in it.
fn offset(part: &str, text: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

/// Passes over one value after another.
struct Scanner<'a, 'n> {
    rest: &'a str,
    text: &'a str,
    nested: &'n Nested,
}

impl<'a> Scanner<'a, '_> {
    /// The text of the next value; `None` where the enclosing one ends.
    fn value(&mut self) -> Option<&'a str> {
        let between = |it: char| it.is_ascii_whitespace() || it == ',' || it == ':';
        self.rest = self.rest.trim_start_matches(between);
        let bytes = self.rest.as_bytes();
        let end = match bytes.first()? {
            b'"' => end_of_text(bytes)?,
            b'{' | b'[' => self.nested.length(offset(self.rest, self.text))?,
            b'}' | b']' => return None,
            _ => {
                let ends = |it: &u8| it.is_ascii_whitespace() || b",]}".contains(it);
                bytes.iter().position(ends).unwrap_or(bytes.len())
            }
        };
        let (value, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(value)
    }
}

/// All objects and arrays of a text: where each begins, and behind which byte it ends, in the order in
/// which they begin. A document has a million bytes: it is gone through once, and whatever nobody
/// asks for is passed over in one step.
struct Nested(Vec<(usize, usize)>);

impl Nested {
    fn of(bytes: &[u8]) -> Self {
        let (mut found, mut open, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => match end_of_text(&bytes[at..]) {
                    Some(length) => at += length - 1,
                    None => break,
                },
                b'{' | b'[' => {
                    open.push(found.len());
                    // What does not end has no end.
                    found.push((at, 0));
                }
                b'}' | b']' => {
                    if let Some((_, end)) = open.pop().and_then(|last| found.get_mut(last)) {
                        *end = at + 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self(found)
    }

    /// How long the object or array is that begins here; `None` if it does not end.
    fn length(&self, start: usize) -> Option<usize> {
        let place = self.0.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        self.0.get(place)?.1.checked_sub(start)
    }
}

/// Behind the quotation mark that ends the text which begins here.
fn end_of_text(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pointer: &str) -> Option<(usize, usize)> {
        Positions::new(text).of(pointer).map(|found| (found.line, found.column))
    }

    #[test]
    fn a_member_is_where_its_name_is_and_an_element_where_it_begins() {
        let text = "{\n  \"a\": {\"b/c\": [1,\n    {\"~\": 2}]}\n}\n";
        assert_eq!(found(text, ""), Some((1, 1)));
        assert_eq!(found(text, "/a"), Some((2, 3)));
        assert_eq!(found(text, "/a/b~1c"), Some((2, 9)));
        assert_eq!(found(text, "/a/b~1c/0"), Some((2, 17)));
        assert_eq!(found(text, "/a/b~1c/1/~0"), Some((3, 6)));
    }

    #[test]
    fn what_is_not_there_is_at_the_nearest_enclosing_place() {
        let text = "{\n\"a\": [\n0]}";
        assert_eq!(found(text, "/a/7"), Some((2, 1)));
        assert_eq!(found(text, "/a/0/x/y"), Some((3, 1)));
        assert_eq!(found(text, "/b"), Some((1, 1)));
    }

    #[test]
    fn a_text_that_ends_too_early_has_the_places_that_it_has() {
        assert_eq!(found("", "/a"), None);
        assert_eq!(found("]", "/0"), None);
        assert_eq!(found("{\"a\": 1, \"b\": ", "/a"), Some((1, 2)));
        for text in ["{\"a\": ", "{\"", "{\"\\", "[\"\\\"", "{\"a\": [1, {"] {
            assert_eq!(found(text, "/a/0"), Some((1, 1)), "{text}");
        }
    }

    #[test]
    fn what_looks_like_json_within_a_text_is_none() {
        let text = r#"{"a": "\\", "b}": "{\"c\": [", "c":[ "]\\\"", {}, -1.5e3,true],"d" : null}"#;
        let column = |pointer| found(text, pointer).unwrap().1;
        let at = |part: &str| text.find(part).unwrap() + 1;
        assert_eq!(column("/b}"), at(r#""b}""#));
        assert_eq!(column("/c/0"), at(r#""]\\"#));
        assert_eq!(column("/c/1"), at("{}"));
        assert_eq!(column("/c/2"), at("-1"));
        assert_eq!(column("/c/3"), at("true"));
        assert_eq!(column("/d"), at(r#""d""#));
    }

    #[test]
    fn columns_are_characters_and_escapes_are_read() {
        let text = "{\"é\": 1, \"\\u0061\\n\": 2, \"x\": 3}";
        assert_eq!(found(text, "/é"), Some((1, 2)));
        assert_eq!(found(text, "/a\n"), Some((1, 10)));
        assert_eq!(found("\r\n{\r\n\"a\": 1}", "/a"), Some((3, 1)));
    }

    #[test]
    fn the_last_of_two_members_of_one_name_counts() {
        assert_eq!(found("{\"a\": 1,\n\"a\": {\"b\": 2}}", "/a/b"), Some((2, 7)));
    }

    #[test]
    fn whatever_serde_json_reads_has_places() {
        let deepest = format!("{}1{}", "{\"a\":".repeat(127), "}".repeat(127));
        assert!(serde_json::from_str::<serde_json::Value>(&deepest).is_ok());
        assert_eq!(found(&deepest, &"/a".repeat(127)), Some((1, 126 * 5 + 2)));
        let too_deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(found(&too_deep, "/0"), Some((1, 2)));
    }
}
