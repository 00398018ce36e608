//! One page for a reviewer, which needs no network and no server.
//!
//! It can be read without its script, which adds the filters. Maud escapes whatever comes from the
//! documents; should something slip through, the page's policy runs no script and loads nothing
//! but the two texts that are named in it by their hash.

mod change;
mod filter;
mod side_by_side;

use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use openapi_contract::Verdict;
use sha2::{Digest, Sha256};

use super::{
    outline::{Outline, Row},
    wording,
};

/// A longer table is folded away.
const ROWS: usize = 20;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

pub(super) fn render(outline: &Outline<'_>) -> String {
    let title = format!("API contract: {}", outline.verdict_line());
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a .skip href="#changes" { "Skip to the changes" }
                (heading(outline))
                (filter::form(outline))
                main #changes tabindex="-1" {
                    (sections(outline))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// Nothing but our own style and script.
fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; \
         base-uri 'none'; form-action 'none'"
    )
}

fn heading(outline: &Outline<'_>) -> Markup {
    let subject = outline.subject;
    html! {
        header {
            h1 { "API contract" }
            p .verdict .(outline.comparison.wire.max(outline.comparison.client)) {
                (outline.verdict_line())
            }
            p {
                code { (wording::visible(subject.base.name)) } " → "
                code { (wording::visible(subject.head.name)) }
                @if let Some(versions) = outline.versions() {
                    ", version " (wording::visible(&versions))
                }
            }
        }
    }
}

fn sections(outline: &Outline<'_>) -> Markup {
    let rows = outline.rows();
    html! {
        @if outline.entries().next().is_none() {
            p { "The two documents say the same." }
        }
        @if !rows.is_empty() {
            section aria-labelledby="operations" {
                h2 #operations { "By operation" }
                @if rows.len() <= ROWS { (table(&rows)) }
                @else {
                    details {
                        summary { (rows.len()) " operations" }
                        (table(&rows))
                    }
                }
            }
        }
        @if !outline.causes.is_empty() {
            section aria-labelledby="causes" data-section {
                h2 #causes { "What breaks, or may break" }
                @for entry in &outline.causes { (change::cause(entry)) }
            }
        }
        @if !outline.additions.is_empty() {
            section aria-labelledby="additions" data-section {
                h2 #additions { "Compatible changes" }
                @for entry in &outline.additions { (change::addition(entry)) }
            }
        }
        @if !outline.documentation.is_empty() {
            section aria-labelledby="documentation" data-section {
                h2 #documentation { "Documentation only" }
                ul { @for entry in &outline.documentation { (change::documentation(entry)) } }
            }
        }
    }
}

fn table(rows: &[Row<'_>]) -> Markup {
    html! {
        table .operations {
            thead {
                tr {
                    th scope="col" { "Operation" }
                    th scope="col" { "Wire" }
                    th scope="col" { "Client" }
                    th scope="col" .number { "Changes" }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { (operation(row.operation)) }
                        td { (verdict(row.wire)) }
                        td { (verdict(row.client)) }
                        td .number { (row.changes) }
                    }
                }
            }
        }
    }
}

fn operation(name: Option<&str>) -> Markup {
    html! {
        @if let Some(name) = name { code { (wording::visible(name)) } }
        @else { (wording::WHOLE_DOCUMENT) }
    }
}

fn verdict(verdict: Verdict) -> Markup {
    html! { span .label .(verdict) { (verdict) } }
}
