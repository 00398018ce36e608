//! Where in a JSON text a JSON pointer leads.

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{ObjectProp, Value},
    common::Ranged,
    parse_to_ast,
};

/// A place in a text as editors count: both from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from one.
    pub line: usize,
    /// The character in the line, from one.
    pub column: usize,
}

/// A JSON text in which places are looked up.
pub struct Positions<'a> {
    text: &'a str,
    root: Option<Value<'a>>,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
}

impl<'a> Positions<'a> {
    /// Reads a text; one that is no JSON has no positions.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            text,
            root: parsed.ok().and_then(|parsed| parsed.value),
            lines: std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect(),
        }
    }

    /// The place that the pointer leads to, or the nearest enclosing one that is there: the name of
    /// a member, the beginning of an element.
    #[must_use]
    pub fn of(&self, pointer: &str) -> Option<Position> {
        let mut value = self.root.as_ref()?;
        let mut offset = value.start();
        for token in pointer.split('/').skip(1) {
            let Some((inner, start)) = step(value, token) else { break };
            (value, offset) = (inner, start);
        }
        Some(self.at(offset))
    }

    fn at(&self, offset: usize) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }
}

/// One step of a pointer: what is found, and where it begins.
fn step<'a, 'b>(value: &'b Value<'a>, token: &str) -> Option<(&'b Value<'a>, usize)> {
    match value {
        Value::Object(object) => {
            let name = token.replace("~1", "/").replace("~0", "~");
            // As for `serde_json`, the last of several members of one name counts.
            let named = |member: &&ObjectProp<'_>| member.name.as_str() == name;
            let member = object.properties.iter().rev().find(named)?;
            Some((&member.value, member.start()))
        }
        Value::Array(array) => {
            let element = array.elements.get(token.parse::<usize>().ok()?)?;
            Some((element, element.start()))
        }
        _ => None,
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
    fn a_text_that_is_no_json_has_no_places() {
        assert_eq!(found("", "/a"), None);
        assert_eq!(found("{\"a\": ", "/a"), None);
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
        assert_eq!(found(&too_deep, "/0"), None);
    }
}
