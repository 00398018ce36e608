//! One change on the page.

use maud::{Markup, html};
use openapi_contract::Change;
use serde_json::Value;

use super::{filter, operation, side_by_side, verdict};
use crate::{
    acceptance,
    report::{outline::Entry, place, wording},
};

/// Of more operations than these, the rest is folded away.
const OPERATIONS: usize = 8;
const POINTER: usize = 1_000;
const LONGEST: usize = 20_000;

/// Something that breaks, or may break.
pub(super) fn cause(entry: &Entry<'_>) -> Markup {
    let change = entry.change;
    article(
        entry,
        &html! {
            dl {
                dt { "Affected" } dd { (wording::affected(change)) }
                dt { "Operations" } dd { (operations(change)) }
                dt { "Where" } dd { (position(entry)) }
                dt { "Instead" } dd { (change.remedy()) }
                @if let Some(reason) = entry.accepted {
                    dt { "Accepted" } dd { (wording::visible(reason)) }
                }
            }
            (side_by_side::json("Document", &change.before, &change.after))
            @if let Some(signature) = &change.signature {
                (side_by_side::rust(signature))
            }
            @if let Some(witness) = &change.witness {
                h4 { "Witness" }
                p { (wording::proof(witness.accepted_by, witness.refused_by)) ":" }
                pre { code { (pretty(&witness.value)) } }
            }
            @if let Some(lines) = wording::acceptance(entry) {
                details {
                    summary { "How to accept it, in " code { (acceptance::FILE) } }
                    pre { code { (lines) } }
                }
            }
        },
    )
}

/// Something that breaks nobody.
pub(super) fn addition(entry: &Entry<'_>) -> Markup {
    let change = entry.change;
    article(
        entry,
        &html! {
            dl {
                dt { "Operations" } dd { (operations(change)) }
                dt { "Where" } dd { (position(entry)) }
            }
            details {
                summary { "Before and after" }
                (side_by_side::json("Document", &change.before, &change.after))
                @if let Some(signature) = &change.signature {
                    (side_by_side::rust(signature))
                }
            }
        },
    )
}

/// Something that only people read.
pub(super) fn documentation(entry: &Entry<'_>) -> Markup {
    let change = entry.change;
    html! {
        li data-wire=(change.wire) data-client=(change.client) data-operations=(reached(entry)) {
            (wording::capital(change.rule.title)) ": " (position(entry))
        }
    }
}

fn article(entry: &Entry<'_>, inside: &Markup) -> Markup {
    let change = entry.change;
    let id = anchor(&change.id);
    let title = format!("{id}-title");
    html! {
        article #(id) tabindex="-1" aria-labelledby=(title) data-wire=(change.wire)
            data-client=(change.client) data-operations=(reached(entry)) .(change.worst()) {
            h3 #(title) { (wording::capital(change.rule.title)) }
            p .labels {
                "wire " (verdict(change.wire)) " client " (verdict(change.client))
                @if entry.accepted.is_some() { " " span .label .accepted { "accepted" } }
                " " code { (change.rule.id) } " "
                a href={ "#" (id) } aria-label={ "Link to change " (change.id) } {
                    (wording::visible(&change.id))
                }
            }
            @if !change.reason.is_empty() { p { (wording::sentence(&change.reason)) } }
            (inside)
        }
    }
}

/// Any text as the target of a link.
fn anchor(id: &str) -> String {
    let kept = |character: char| {
        if character.is_ascii_alphanumeric() { character } else { '-' }
    };
    format!("change-{}", id.chars().map(kept).collect::<String>())
}

/// The operations as the script reads them: a JSON list.
fn reached(entry: &Entry<'_>) -> String {
    let named: Vec<_> = entry.operations().into_iter().map(filter::named).collect();
    format!("[{}]", named.join(","))
}

fn operations(change: &Change) -> Markup {
    let names = || change.operations.iter().map(|name| Some(name.as_str()));
    html! {
        @if change.operations.is_empty() { (operation(None)) }
        @for (place, name) in names().take(OPERATIONS).enumerate() {
            @if place > 0 { ", " }
            (operation(name))
        }
        @if change.operations.len() > OPERATIONS {
            details {
                summary { (change.operations.len() - OPERATIONS) " more" }
                @for name in names().skip(OPERATIONS) { (operation(name)) " " }
            }
        }
    }
}

fn position(entry: &Entry<'_>) -> Markup {
    let lines = wording::lines(entry);
    html! {
        code { (wording::pointer(place(entry.change), POINTER)) }
        @if !lines.is_empty() { ", " (lines) }
    }
}

fn pretty(value: &Value) -> String {
    let text = format!("{value:#}");
    if text.len() > LONGEST { wording::clipped(&value.to_string(), LONGEST) } else { text }
}
