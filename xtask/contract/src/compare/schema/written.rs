//! Values of parameters and headers, which are text on the wire.

use serde_json::Value;

use super::{Difference, Light, SchemaWalk};
use crate::{
    compare::rules,
    schema::{Type, written::Wire},
    verdict::{Direction, Verdict},
};

impl<'d> SchemaWalk<'_, 'd> {
    /// Compares the values of a parameter or a header.
    pub(crate) fn compare_values_of(
        &mut self,
        [base, head]: [&Type<'d>; 2],
        wire: Wire,
        direction: Direction,
        operation: usize,
    ) -> Option<usize> {
        let light = Light { wire, ..Light::default() };
        let node = self.node(base, head, direction, light)?;
        self.roots.push((node, operation));
        Some(node)
    }

    /// The same for a parameter, which may have a default of its own.
    pub(crate) fn compare_parameter(
        &mut self,
        [base, head]: [&Type<'d>; 2],
        wire: Wire,
        optional: bool,
        operation: usize,
    ) {
        let node = self.compare_values_of([base, head], wire, Direction::Request, operation);
        if let Some(node) = node {
            self.compare_defaults(node, base, head, optional);
        }
    }
}

/// Whether it is about which kinds of value there are.
pub(super) fn is_of_kinds(difference: &Difference) -> bool {
    let rules = [
        &rules::TYPE_CHANGED,
        &rules::TYPE_NARROWED,
        &rules::TYPE_WIDENED,
        &rules::VARIANT_ADDED,
        &rules::VARIANT_REMOVED,
    ];
    rules.iter().any(|rule| rule.id == difference.rule.id)
}

/// Why another type of what is written as text breaks nobody, or may do so; `None` where it is as for
/// any value.
pub(super) fn text_reason(about: &str, wire: Verdict, direction: Direction) -> Option<String> {
    let reason = match (wire, direction) {
        (Verdict::Breaking, _) => return None,
        (Verdict::Compatible, Direction::Request) => {
            "it is sent as text, and the server reads all texts that deployed clients write"
        }
        (Verdict::Compatible, Direction::Response) => {
            "it is sent as text, and deployed clients read all texts that the server writes"
        }
        (Verdict::Warning, Direction::Request) => {
            return Some(format!(
                "a deployed client may send {about} as text, and whether the server reads each such text \
                 can't be decided"
            ));
        }
        (Verdict::Warning, Direction::Response) => {
            return Some(format!(
                "the server may send {about} as text, and whether a deployed client reads each such text \
                 can't be decided"
            ));
        }
    };
    Some(reason.to_owned())
}

/// What proves most where all is text: an empty text may be taken for none at all.
pub(super) fn shows_as_text(value: &Value) -> bool {
    value.as_str() != Some("")
}
