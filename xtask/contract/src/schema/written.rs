//! Values that are written as text, as those of parameters and headers are.
//!
//! On the wire, `5` is `5`: whether an integer was written or a text can't be seen. Who reads any text
//! reads what who writes integers sends.

use std::cell::Cell;

use serde_json::Value;

use super::{Schemas, Type, accept::Answer};
use crate::verdict::Direction;

/// Whether what is compared and read at present is text.
#[derive(Debug, Default)]
pub(crate) struct Written {
    compared: Cell<bool>,
    read: Cell<bool>,
}

impl<'d> Schemas<'d> {
    /// From now on, values are compared as text where they are `written` so, and else as JSON.
    pub(crate) fn compare_as_written(&self, written: bool) {
        self.written.compared.set(written);
    }

    pub(crate) fn compares_as_written(&self) -> bool {
        self.written.compared.get()
    }

    /// Does work for which values are JSON, whatever is compared.
    pub(crate) fn as_json<T>(&self, work: impl FnOnce() -> T) -> T {
        let written = self.written.compared.replace(false);
        let result = work();
        self.written.compared.set(written);
        result
    }

    /// Whether who has this type reads a value that another sends.
    pub(crate) fn reads(&self, ty: &Type<'d>, value: &Value, direction: Direction) -> Answer {
        let before = self.written.read.replace(self.written.compared.get());
        let answer = self.part_accepts(ty, value, direction);
        self.written.read.set(before);
        answer
    }

    /// Whether a part of what is read, or all of it, is accepted: as it is, or as what its text may be
    /// read as.
    pub(super) fn part_accepts(
        &self,
        ty: &Type<'d>,
        value: &Value,
        direction: Direction,
    ) -> Answer {
        if !self.written.read.get() {
            return self.accepts(ty, value, direction);
        }
        let refused = readings(value)
            .into_iter()
            .map(|reading| self.accepts(ty, &reading, direction).map(|accepted| !accepted));
        super::accept::all(refused).map(|refused| !refused)
    }

    /// What a value may be read as.
    pub(super) fn readings(&self, value: &Value) -> Vec<Value> {
        if self.compares_as_written() { readings(value) } else { vec![value.clone()] }
    }
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
}
