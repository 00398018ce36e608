//! Values that are written as text, as those of parameters and headers are.
//!
//! On the wire, `5` is `5`: whether an integer was written or a text can't be seen. Who reads any text
//! reads what who writes integers sends.

use std::cell::Cell;

use serde_json::Value;

use super::{Schemas, Type, accept::Answer};
use crate::verdict::Direction;

/// How values are on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Wire {
    /// As JSON, which tells all kinds of value apart.
    #[default]
    Json,
    /// As text.
    Text,
    /// As text, and who reads a list takes one text for a list of one: `?tag=a`.
    TextOrItem,
}

impl Wire {
    pub(crate) fn is_text(self) -> bool {
        self != Self::Json
    }

    /// How what is within a value is on the wire: there are no lists in lists.
    pub(crate) fn within(self) -> Self {
        match self {
            Self::Json => Self::Json,
            Self::Text | Self::TextOrItem => Self::Text,
        }
    }
}

/// How what is compared and read at present is on the wire.
#[derive(Debug, Default)]
pub(crate) struct Written {
    compared: Cell<Wire>,
    read: Cell<bool>,
}

impl<'d> Schemas<'d> {
    /// From now on, values are compared as they are on the wire.
    pub(crate) fn compare_on(&self, wire: Wire) {
        self.written.compared.set(wire);
    }

    pub(crate) fn wire(&self) -> Wire {
        self.written.compared.get()
    }

    /// Does work for which values are JSON, whatever is compared.
    pub(crate) fn as_json<T>(&self, work: impl FnOnce() -> T) -> T {
        self.on(Wire::Json, work)
    }

    /// Does work on what is within the values that are compared.
    pub(crate) fn on_parts<T>(&self, work: impl FnOnce() -> T) -> T {
        self.on(self.wire().within(), work)
    }

    fn on<T>(&self, wire: Wire, work: impl FnOnce() -> T) -> T {
        let before = self.written.compared.replace(wire);
        let result = work();
        self.written.compared.set(before);
        result
    }

    /// Whether who has this type reads a value that another sends. Where items stand behind one
    /// another in one text, it can't be told whether the text of one item has more of them in it.
    pub(crate) fn reads(&self, ty: &Type<'d>, value: &Value, direction: Direction) -> Answer {
        let before = self.written.read.replace(self.wire().is_text());
        let accepts = |value: &Value| self.part_accepts(ty, value, direction);
        let as_item = || as_item(value).map_or(Some(false), |list| accepts(&list));
        let answer = match (accepts(value), self.wire()) {
            (Some(false), Wire::Text) => Some(false).filter(|_| as_item() == Some(false)),
            (Some(false), Wire::TextOrItem) => as_item(),
            (answer, _) => answer,
        };
        self.written.read.set(before);
        answer
    }

    /// Whether a part of what is read, or all of it, is accepted: as it is, or as what its text may be
    /// read as. Where only some readers would take the text so, it can't be told.
    pub(super) fn part_accepts(
        &self,
        ty: &Type<'d>,
        value: &Value,
        direction: Direction,
    ) -> Answer {
        if !self.written.read.get() {
            return self.accepts(ty, value, direction);
        }
        let accepts = |reading: &Value| self.accepts(ty, reading, direction);
        let answer = any(readings(value).iter().map(accepts));
        let is_lenient = || lenient_readings(value).iter().any(|it| accepts(it) != Some(false));
        if answer == Some(false) && is_lenient() { None } else { answer }
    }

    /// What a value may be read as.
    pub(super) fn readings(&self, value: &Value) -> Vec<Value> {
        let mut all = match self.wire() {
            Wire::Json => return vec![value.clone()],
            Wire::Text | Wire::TextOrItem => readings(value),
        };
        if self.wire() == Wire::TextOrItem {
            let items: Vec<_> = all.iter().filter_map(as_item).collect();
            all.extend(items);
        }
        all
    }
}

/// True if one is, false if none is.
fn any(answers: impl Iterator<Item = Answer>) -> Answer {
    super::accept::all(answers.map(|answer| answer.map(|it| !it))).map(|none| !none)
}

/// The list of one that is written as this is.
fn as_item(value: &Value) -> Option<Value> {
    let is_scalar = !matches!(value, Value::Array(_) | Value::Object(_) | Value::Null);
    is_scalar.then(|| Value::Array(vec![value.clone()]))
}

/// All values that are written alike.
fn readings(value: &Value) -> Vec<Value> {
    let mut readings = vec![value.clone()];
    match value {
        Value::String(text) => readings.extend(read(text)),
        Value::Number(_) | Value::Bool(_) => readings.push(Value::from(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => {}
    }
    readings
}

/// The number or the boolean that is written so.
fn read(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    let is_plain = matches!(value, Value::Number(_) | Value::Bool(_));
    // JSON allows spaces around it, which are part of the text.
    (is_plain && text.trim() == text).then_some(value)
}

/// What some take a text for that nobody writes so: `05` and `+5` are 5 to many who read numbers, and
/// `yes` is true to some.
fn lenient_readings(value: &Value) -> Vec<Value> {
    const WORDS: [&str; 12] =
        ["true", "false", "t", "f", "1", "0", "yes", "no", "y", "n", "on", "off"];
    let Some(text) = value.as_str().map(str::trim) else { return Vec::new() };
    let mut readings = Vec::new();
    if let Ok(whole) = text.parse::<i64>() {
        readings.push(Value::from(whole));
    } else if let Ok(real) = text.parse::<f64>() {
        // There is no JSON for what is infinite, or no number at all.
        readings.push(Value::from(if real.is_finite() { real } else { 0.5 }));
    }
    if WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        readings.extend([Value::Bool(true), Value::Bool(false)]);
    }
    readings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_alike_is_read_alike() {
        assert_eq!(readings(&json!(5)), [json!(5), json!("5")]);
        assert_eq!(readings(&json!("-5")), [json!("-5"), json!(-5)]);
        assert_eq!(readings(&json!("true")), [json!("true"), json!(true)]);
    }

    #[test]
    fn what_no_writer_of_numbers_writes_is_only_text() {
        for text in ["05", "+5", " 5", "5 ", "0x5", "", "null", "[5]", "TRUE"] {
            assert_eq!(readings(&json!(text)), [json!(text)], "{text}");
        }
    }

    #[test]
    fn what_some_readers_of_numbers_take_is_known() {
        for text in ["05", "+5", " 5", "5 ", "5"] {
            assert_eq!(lenient_readings(&json!(text)), [json!(5)], "{text}");
        }
        assert_eq!(lenient_readings(&json!("5.")), [json!(5.0)]);
        assert_eq!(lenient_readings(&json!("TRUE")), [json!(true), json!(false)]);
        for text in ["", "a", "0x5", "5 5", "null", "[5]"] {
            assert!(lenient_readings(&json!(text)).is_empty(), "{text}");
        }
    }
}
