//! The controls that hide changes; without the script they would do nothing, and are not shown.

use std::collections::BTreeSet;

use maud::{Markup, html};
use openapi_contract::Verdict;

use crate::report::{
    outline::{Entry, Outline},
    wording,
};

const VERDICTS: [Verdict; 3] = [Verdict::Breaking, Verdict::Warning, Verdict::Compatible];

pub(super) fn form(outline: &Outline<'_>) -> Markup {
    let operations: BTreeSet<_> = outline.entries().flat_map(Entry::operations).collect();
    html! {
        form #filters role="search" aria-label="Filter the changes" hidden {
            (verdicts("wire", "Wire"))
            (verdicts("client", "Client"))
            label {
                "Operation "
                select name="operation" {
                    option value="" { "all" }
                    @for operation in operations {
                        @let name = operation.map(wording::visible);
                        option value=(named(operation)) {
                            (name.as_deref().unwrap_or(wording::WHOLE_DOCUMENT))
                        }
                    }
                }
            }
            label { "Text " input type="search" name="text" autocomplete="off" spellcheck="false"; }
            button type="button" name="all" { "Show all" }
            label .keys {
                input type="checkbox" name="keys" checked;
                " Keys: " kbd { "j" } " next, " kbd { "k" } " previous, " kbd { "/" } " text"
            }
            output name="shown" aria-live="polite" {}
        }
    }
}

/// How the script compares operations: as a JSON value.
pub(super) fn named(operation: Option<&str>) -> String {
    serde_json::Value::from(operation).to_string()
}

fn verdicts(name: &str, title: &str) -> Markup {
    html! {
        fieldset {
            legend { (title) }
            @for verdict in VERDICTS {
                label {
                    input type="checkbox" name=(name) value=(verdict) checked;
                    " " (verdict)
                }
            }
        }
    }
}
