//! What the items of two clients say about the change from the one to the other.

use std::collections::{BTreeSet, HashMap, HashSet};

use openapi_contract::{ClientStyle, Verdict};

/// Which way values of a type travel.
#[derive(Default)]
struct Reach {
    sent: HashSet<String>,
    received: HashSet<String>,
}

/// The verdicts that are right. There may be several: whether what callers pass to a setter
/// converts to another type is not to be seen in the items.
pub(crate) fn verdict(base: &[String], head: &[String], style: ClientStyle) -> Vec<Verdict> {
    let before: BTreeSet<_> = base.iter().map(String::as_str).collect();
    let after: BTreeSet<_> = head.iter().map(String::as_str).collect();
    let reach = Reach::of(base);
    let mut worst = vec![Verdict::Compatible, Verdict::Warning];
    for lost in before.difference(&after) {
        if lost.contains(" needs ") {
            continue;
        }
        let setter = lost.split_once(": ").map(|(setter, _)| format!("{setter}: "));
        let converts = style == ClientStyle::Builder
            && lost.starts_with("method ")
            && setter.is_some_and(|it| after.iter().any(|line| line.starts_with(&it)));
        match subject(lost) {
            _ if converts => worst = vec![Verdict::Compatible, Verdict::Warning, Verdict::Breaking],
            Some(name) if !reach.is_used(name) && has(&after, name) => {
                worst.retain(|it| *it != Verdict::Compatible);
            }
            _ => return vec![Verdict::Breaking],
        }
    }
    let breaks = |gained: &str| {
        gain_breaks(gained, &reach, &before, style) || is_needed_body(gained, &before, &after)
    };
    if after.difference(&before).any(|gained| breaks(gained)) {
        return vec![Verdict::Breaking];
    }
    worst
}

/// Whether there is still a type of this name.
fn has(lines: &BTreeSet<&str>, name: &str) -> bool {
    lines.iter().any(|line| subject(line) == Some(name))
}

/// Whether what is new breaks code that does not know it.
fn gain_breaks(line: &str, reach: &Reach, before: &BTreeSet<&str>, style: ClientStyle) -> bool {
    let Some(name) = subject(line) else { return line.contains(" needs ") };
    if !has(before, name) {
        return false;
    }
    match line.split(' ').next() {
        Some("enum") => reach.received.contains(name),
        Some("struct") if line.contains(" needs ") => reach.sent.contains(name),
        Some("struct") if line.contains(": ") => {
            style == ClientStyle::Positional && reach.sent.contains(name)
        }
        _ => false,
    }
}

/// Whether it is a body that a method did not take, and that has fields which have to be set. Its
/// builder starts as a part of the method's, which so does not say that it is needed.
fn is_needed_body(line: &str, before: &BTreeSet<&str>, after: &BTreeSet<&str>) -> bool {
    let Some((method, of)) = line.split_once(".body: ") else { return false };
    let is_new = !before.iter().any(|line| line.starts_with(&format!("{method}.body: ")));
    is_new && after.iter().any(|line| line.starts_with(&format!("struct {of} needs ")))
}

/// The type that a line is about, where it is about one.
fn subject(line: &str) -> Option<&str> {
    let mut words = line.split([' ', ':', '(']);
    let kind = words.next()?;
    matches!(kind, "struct" | "enum" | "newtype").then(|| words.next()).flatten()
}

impl Reach {
    fn of(lines: &[String]) -> Self {
        let mut parts: HashMap<&str, Vec<&str>> = HashMap::new();
        for line in lines {
            if let Some(name) = subject(line) {
                parts.entry(name).or_default().extend(words(line));
            }
        }
        let is = |line: &&String, marks: &[&str]| marks.iter().any(|mark| line.contains(mark));
        let methods = || lines.iter().filter(|line| line.starts_with("method "));
        let answers = [" -> ", " ! ", " streams "];
        Self {
            sent: follow(methods().filter(|line| !is(line, &answers)), &parts),
            received: follow(methods().filter(|line| is(line, &answers)), &parts),
        }
    }

    fn is_used(&self, name: &str) -> bool {
        self.sent.contains(name) || self.received.contains(name)
    }
}

/// All types that these lines lead to.
fn follow<'a>(
    lines: impl Iterator<Item = &'a String>,
    parts: &HashMap<&'a str, Vec<&'a str>>,
) -> HashSet<String> {
    let mut open: Vec<&str> = lines.flat_map(|line| words(line)).collect();
    let mut found = HashSet::new();
    while let Some(word) = open.pop() {
        if let Some(parts) = parts.get(word)
            && found.insert(word.to_owned())
        {
            open.extend(parts);
        }
    }
    found
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|it: char| !it.is_alphanumeric() && it != '_')
}
