//! What was measured, for people and for programs.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Pair, Summary};
use crate::command::bench::summary::Spread;

/// `nexus-2026060400.0.0 → nexus-2026060500.0.0`.
pub(super) fn name(pair: &Pair) -> String {
    let stem = |path: &std::path::Path| {
        path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    };
    format!("{} → {}", stem(&pair.base), stem(&pair.head))
}

pub(super) fn table(pairs: &[Pair]) -> String {
    let mut table = String::new();
    let width = pairs.iter().map(|pair| name(pair).chars().count()).max().unwrap_or_default();
    let heads = ["ours, ms", "oasdiff, ms", "ratio", "ours, MB", "oasdiff, MB", "ratio"];
    let [time, their_time, times, memory, their_memory, sizes] = heads;
    let _ = writeln!(
        table,
        "\n{:width$}  {time:>20}  {their_time:>20}  {times:>6}  {memory:>18}  {their_memory:>18}  \
         {sizes:>6}",
        "median (least to most)"
    );
    for pair in pairs {
        let (ours, theirs) = summaries(pair);
        let _ = writeln!(
            table,
            "{:width$}  {:>20}  {:>20}  {:>6}  {:>18}  {:>18}  {:>6}",
            name(pair),
            spread(Some(ours.time)),
            spread(theirs.map(|theirs| theirs.time)),
            ratio(theirs.map(|theirs| theirs.time.median / ours.time.median)),
            spread(Some(ours.memory)),
            spread(theirs.map(|theirs| theirs.memory)),
            ratio(theirs.map(|theirs| theirs.memory.median / ours.memory.median)),
        );
    }
    table.push_str("\nRatio: how many times as much oasdiff takes.\n");
    table
}

pub(super) fn json(pairs: &[Pair]) -> Value {
    let pairs = pairs.iter().map(|pair| {
        let (ours, theirs) = summaries(pair);
        json!({
            "base": pair.base,
            "head": pair.head,
            "ours": ours.json(),
            "oasdiff": theirs.map(Summary::json),
            "time_ratio": theirs.map(|theirs| theirs.time.median / ours.time.median),
            "memory_ratio": theirs.map(|theirs| theirs.memory.median / ours.memory.median),
        })
    });
    json!({ "pairs": pairs.collect::<Vec<_>>() })
}

fn summaries(pair: &Pair) -> (Summary, Option<Summary>) {
    let theirs = (!pair.theirs.is_empty()).then(|| Summary::of(&pair.theirs));
    (Summary::of(&pair.ours), theirs)
}

fn spread(spread: Option<Spread>) -> String {
    let Some(Spread { least, median, most }) = spread else { return "–".to_owned() };
    format!("{median:.0} ({least:.0} to {most:.0})")
}

fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.1}"))
}
