//! How values of parameters and headers are written as text.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::Part;
use crate::{
    schema::{
        Schemas, Type,
        atom::{Arrays, Body},
        written::Wire,
    },
    verdict::Direction,
};

/// By which style something is written, or in which media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style<'d> {
    /// As RFC 6570 has it, and OpenAPI where that has more.
    By { style: &'d str, explode: bool },
    /// As a body of this media type would be.
    Content(&'d str),
}

/// The unreserved characters of RFC 3986, which stay as they are.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl<'d> Part<'d> {
    /// The media type that it is written in, where it is not written by a style.
    pub(super) fn content(&self) -> Option<(&'d str, Part<'d>)> {
        let (media_type, value) = self.get("content")?.as_object()?.iter().next()?;
        let pointer = self.pointer.join("content").join(media_type);
        Some((media_type, Part { side: self.side, pointer, value }))
    }

    /// The type of its values. Where they are written by a style, there is no way to write null.
    pub(super) fn values(&self) -> Type<'d> {
        match self.content() {
            Some((_, content)) => content.schema(),
            None => self.schema().without_null(),
        }
    }

    /// How its values are written, in this part of a request or an answer.
    pub(super) fn style(&self, location: &str) -> Style<'d> {
        if let Some((media_type, _)) = self.content() {
            return Style::Content(media_type);
        }
        let usual = if matches!(location, "query" | "cookie") { "form" } else { "simple" };
        let style = self.get("style").and_then(Value::as_str).unwrap_or(usual);
        let explode = self.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
        Style::By { style, explode }
    }
}

/// How values are on the wire, where the one style writes and the other reads them.
pub(super) fn wire(styles: [Style<'_>; 2]) -> Wire {
    let exploded = |style| matches!(style, Style::By { style: "form", explode: true });
    match styles {
        [Style::Content(_), _] | [_, Style::Content(_)] => Wire::Json,
        // Where all items are written apart, none is taken apart by mistake.
        [sent, read] if sent.is("form") && exploded(read) => Wire::TextOrItem,
        _ => Wire::Text,
    }
}

impl Style<'_> {
    /// Whether it is this style, whether lists are exploded or not.
    pub(super) fn is(self, name: &str) -> bool {
        matches!(self, Self::By { style, .. } if style == name)
    }

    /// As it is shown.
    pub(super) fn value(self) -> Value {
        match self {
            Self::By { style, explode } => json!({ "style": style, "explode": explode }),
            Self::Content(media_type) => json!({ "content": media_type }),
        }
    }

    /// A value as it is written. In a query or a cookie, the name is part of the text.
    pub(super) fn write(self, name: &str, value: &Value, location: &str) -> String {
        let named = matches!(location, "query" | "cookie");
        // What stands in a header is not encoded.
        let encode = |text: &str| match location {
            "header" => text.to_owned(),
            _ => utf8_percent_encode(text, ENCODED).to_string(),
        };
        match self {
            Self::Content(_) if named => format!("{}={}", encode(name), encode(&value.to_string())),
            Self::Content(_) => encode(&value.to_string()),
            Self::By { style, explode } => {
                let parts = Parts { style, explode, name: &encode(name), encode: &encode };
                parts.write(value)
            }
        }
    }
}

/// Whether two styles show, and by which value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ToldApart {
    /// Both write all values alike.
    Not,
    /// They write this value differently.
    By(Value),
    /// They differ, and no value that shows it was found.
    Somehow,
}

/// What a text is made of.
struct Parts<'a> {
    style: &'a str,
    explode: bool,
    name: &'a str,
    encode: &'a dyn Fn(&str) -> String,
}

impl Parts<'_> {
    fn write(&self, value: &Value) -> String {
        match value {
            Value::Array(items) => self.list(items),
            Value::Object(members) => self.object(members),
            value => self.named(&(self.encode)(&plain(value))),
        }
    }

    /// What stands before a text that is not taken apart.
    fn named(&self, text: &str) -> String {
        match self.style {
            "simple" => text.to_owned(),
            "label" => format!(".{text}"),
            "matrix" => format!(";{}={text}", self.name),
            _ => format!("{}={text}", self.name),
        }
    }

    fn list(&self, items: &[Value]) -> String {
        let items: Vec<String> = items.iter().map(|item| (self.encode)(&plain(item))).collect();
        match (self.style, self.explode) {
            ("simple", _) | (_, false) => self.named(&items.join(self.separator())),
            ("label" | "matrix", true) => items.iter().map(|item| self.named(item)).collect(),
            (_, true) => items.iter().map(|item| self.named(item)).collect::<Vec<_>>().join("&"),
        }
    }

    fn object(&self, members: &Map<String, Value>) -> String {
        let members: Vec<(String, String)> = members
            .iter()
            .map(|(name, value)| ((self.encode)(name), (self.encode)(&plain(value))))
            .collect();
        let pairs = |separator: &str| {
            let pairs = members.iter().map(|(name, value)| format!("{name}={value}"));
            pairs.collect::<Vec<_>>().join(separator)
        };
        match (self.style, self.explode) {
            ("deepObject", _) => {
                let pairs =
                    members.iter().map(|(name, value)| format!("{}[{name}]={value}", self.name));
                pairs.collect::<Vec<_>>().join("&")
            }
            ("simple", true) => pairs(","),
            ("label", true) => format!(".{}", pairs(".")),
            ("matrix", true) => format!(";{}", pairs(";")),
            (_, true) => pairs("&"),
            (_, false) => {
                let flat = members.into_iter().flat_map(|(name, value)| [name, value]);
                self.named(&flat.collect::<Vec<_>>().join(self.separator()))
            }
        }
    }

    fn separator(&self) -> &'static str {
        match self.style {
            "spaceDelimited" => "%20",
            "pipeDelimited" => "%7C",
            _ => ",",
        }
    }
}

/// A value that is no list and no object; what is nested deeper, no style knows.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl<'d> Schemas<'d> {
    /// A value of which there is something to see once it is written.
    pub(super) fn sample_that_shows(&self, ty: &Type<'d>, direction: Direction) -> Option<Value> {
        let expansion = self.expand(ty, direction);
        let mut values = expansion.atoms.iter().flat_map(|atom| match &atom.body {
            Body::Array(arrays) if atom.values.is_none() => {
                let of_arrays = self.samples_of(atom, direction);
                self.list_that_shows(arrays, 1, direction).into_iter().chain(of_arrays).collect()
            }
            _ => self.samples_of(atom, direction),
        });
        let shows = |value: &Value| match value {
            Value::Array(items) => items.iter().any(|item| !plain(item).is_empty()),
            Value::Object(members) => !members.is_empty(),
            value => !plain(value).is_empty(),
        };
        values.find(|value| shows(value) && self.accepts(ty, value, direction) == Some(true))
    }

    /// A list of so many items, or as many as it has to have.
    fn list_that_shows(
        &self,
        arrays: &Arrays<'d>,
        few: u64,
        direction: Direction,
    ) -> Option<Value> {
        let count = usize::try_from(arrays.count.min.max(few)).ok().filter(|count| *count < 100)?;
        let item = self.deeper(|| self.sample_that_shows(&arrays.items, direction)).flatten()?;
        Some(Value::Array(vec![item; count]))
    }

    /// Whether two styles write some value of those that are sent differently, and which.
    pub(super) fn told_apart(
        &self,
        [sent, read]: [Style<'_>; 2],
        ty: &Type<'d>,
        location: &str,
        direction: Direction,
    ) -> ToldApart {
        // How a list or an object with nothing in it is written, no style says; and a path in which
        // nothing is written is another path.
        let is_empty = |value: &Value| {
            [json!([]), json!({}), json!("")].contains(value)
                || sent.write("name", value, location).is_empty()
        };
        let differ = |value: &Value| {
            !is_empty(value)
                && sent.write("name", value, location) != read.write("name", value, location)
        };
        let mut told = ToldApart::Not;
        for atom in &self.expand(ty, direction).atoms {
            let mut values = self.samples_of(atom, direction);
            // Where no value is found, one that is much like it shows the difference.
            let like = match &atom.body {
                Body::Array(arrays) => {
                    values.extend(self.list_that_shows(arrays, 2, direction));
                    let several = self.items(arrays, arrays.count.min.max(2), direction);
                    values.extend(several.map(Value::Array));
                    if arrays.count.has(2) { json!(["a", "b"]) } else { json!(["a"]) }
                }
                Body::Object(objects) => {
                    values.extend(self.sample_of_size(objects, 1, direction));
                    json!({ "a": "b" })
                }
                Body::Text(_) => json!("a"),
                Body::Number(_) => json!(1),
                Body::Boolean => json!(true),
                Body::Null => continue,
            };
            let found = values
                .into_iter()
                .find(|value| differ(value) && self.accepts(ty, value, direction) == Some(true));
            if let Some(value) = found {
                return ToldApart::By(value);
            }
            if differ(&like) && atom.values.is_none() {
                told = ToldApart::Somehow;
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of <https://spec.openapis.org/oas/v3.0.4.html#style-examples>.
    #[test]
    fn values_are_written_as_the_table_of_the_standard_has_them() {
        let (list, object) = (json!(["blue", "black", "brown"]), json!({ "R": 100, "G": 200 }));
        let rows = [
            ("path", "matrix", false, ";color=blue,black,brown", ";color=G,200,R,100"),
            ("path", "matrix", true, ";color=blue;color=black;color=brown", ";G=200;R=100"),
            ("path", "label", false, ".blue,black,brown", ".G,200,R,100"),
            ("path", "label", true, ".blue.black.brown", ".G=200.R=100"),
            ("path", "simple", false, "blue,black,brown", "G,200,R,100"),
            ("header", "simple", true, "blue,black,brown", "G=200,R=100"),
            ("query", "form", false, "color=blue,black,brown", "color=G,200,R,100"),
            ("query", "form", true, "color=blue&color=black&color=brown", "G=200&R=100"),
            (
                "query",
                "spaceDelimited",
                false,
                "color=blue%20black%20brown",
                "color=G%20200%20R%20100",
            ),
            (
                "query",
                "pipeDelimited",
                false,
                "color=blue%7Cblack%7Cbrown",
                "color=G%7C200%7CR%7C100",
            ),
            (
                "query",
                "deepObject",
                true,
                "color=blue&color=black&color=brown",
                "color[G]=200&color[R]=100",
            ),
        ];
        for (location, style, explode, of_list, of_object) in rows {
            let style = Style::By { style, explode };
            assert_eq!(style.write("color", &list, location), of_list, "{style:?}");
            // The members of an object are sorted where they are read.
            let mut object = object.clone();
            object.sort_all_objects();
            assert_eq!(style.write("color", &object, location), of_object, "{style:?}");
        }
    }

    #[test]
    fn what_has_a_meaning_in_an_address_is_encoded_there_and_not_in_a_header() {
        let style = Style::By { style: "simple", explode: false };
        assert_eq!(style.write("x", &json!("a/b ü"), "path"), "a%2Fb%20%C3%BC");
        assert_eq!(style.write("x", &json!("a/b"), "header"), "a/b");
        let content = Style::Content("application/json");
        assert_eq!(content.write("x", &json!("a"), "query"), "x=%22a%22");
    }
}
