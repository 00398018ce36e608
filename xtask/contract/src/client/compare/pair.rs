//! Which type of the base is which of the head.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write,
};

use super::{Comparison, Spot, around, is_component, moved};
use crate::{
    Verdict,
    client::{
        Difference,
        place::nearest,
        rules,
        surface::{Reach, Surface},
        types::{Data, Entry, Id, Named, Plain, Shape},
    },
};

/// Types by name. A document that the generator refuses may have several of one name.
type ByName<'c, 'a> = BTreeMap<(&'c str, usize), (Id, &'c Named<'a>)>;

impl<'c, 'a> Comparison<'c, 'a> {
    /// Pairs by name first; what has lost its name is then looked for by place and by shape.
    pub(super) fn pair_types(&mut self) {
        let base: ByName<'c, 'a> = by_name(self.base);
        let head: ByName<'c, 'a> = by_name(self.head);
        for (name, (id, _)) in &base {
            if let Some((other, _)) = head.get(name) {
                self.pairs.insert(*id, *other);
            }
        }
        self.swapped(&base, &head);
        let gone: Vec<_> =
            base.iter().filter(|(name, _)| !head.contains_key(*name)).map(|(_, it)| *it).collect();
        let new: Vec<_> =
            head.iter().filter(|(name, _)| !base.contains_key(*name)).map(|(_, it)| *it).collect();
        let left = self.renamed(&gone, &new);
        for named in left {
            self.removed(named);
        }
        let paired: HashSet<Id> = self.pairs.values().copied().collect();
        for (id, named) in new.into_iter().filter(|(id, _)| !paired.contains(id)) {
            self.unused(id, named);
        }
    }

    /// Two types whose names have changed places, as numbered twins do.
    fn swapped(&mut self, base: &ByName<'c, 'a>, head: &ByName<'c, 'a>) {
        let mut twins: HashMap<&str, usize> = HashMap::new();
        for (name, _) in base.keys().filter(|it| head.contains_key(*it)) {
            *twins.entry(stem(name)).or_default() += 1;
        }
        let has_twin = |(name, _): &(&str, usize)| twins.get(stem(name)).is_some_and(|it| *it > 1);
        let mut by_shape = HashMap::new();
        for (key, (_, named)) in head.iter().filter(|(key, _)| has_twin(key)) {
            by_shape.entry((stem(key.0), outline(self.head, named))).or_insert(*key);
        }
        for (key, (id, named)) in base.iter().filter(|(key, _)| has_twin(key)) {
            let Some((_, head_named)) = head.get(key) else { continue };
            let shape = (stem(key.0), outline(self.base, named));
            let head_shape = outline(self.head, head_named);
            let Some(other) = by_shape.get(&shape).filter(|_| shape.1 != head_shape) else {
                continue;
            };
            if let (Some((_, base_twin)), Some((head_other, head_twin))) =
                (base.get(other), head.get(other))
                && outline(self.base, base_twin) == head_shape
            {
                self.pairs.insert(*id, *head_other);
                self.report_renamed(named, head_twin);
            }
        }
    }

    /// Pairs what has another name; returns what is gone.
    fn renamed(
        &mut self,
        gone: &[(Id, &'c Named<'a>)],
        new: &[(Id, &'c Named<'a>)],
    ) -> Vec<&'c Named<'a>> {
        let mut by_place: HashMap<String, (Id, &'c Named<'a>)> = HashMap::new();
        let mut by_shape: HashMap<String, Vec<(Id, &'c Named<'a>)>> = HashMap::new();
        for (id, named) in new.iter().rev() {
            by_place.insert(named.place.pointer(), (*id, named));
            by_shape.entry(outline(self.head, named)).or_default().push((*id, named));
        }
        let mut taken = HashSet::new();
        let mut moves: HashMap<String, String> = HashMap::new();
        let mut left = Vec::new();
        // What encloses others comes before them, so that they are known to have moved with it.
        let mut gone: Vec<_> = gone.iter().map(|(id, it)| (it.place.pointer(), *id, *it)).collect();
        gone.sort_by(|one, other| one.0.cmp(&other.0));
        for (pointer, id, named) in gone {
            let enclosing = around(&pointer).find_map(|it| moves.get_key_value(it));
            let with = enclosing.map(|(from, to)| moved(&pointer, from, to));
            let at = with.as_ref().unwrap_or(&pointer);
            let mut found = by_place.get(at).copied().filter(|it| !taken.contains(&it.0));
            let alike = by_shape.get_mut(&outline(self.base, named));
            if let Some(alike) = alike {
                while found.is_none()
                    && let Some(next) = alike.pop()
                {
                    found = Some(next).filter(|it| !taken.contains(&it.0));
                }
            }
            let Some((other, other_named)) = found else {
                left.push(named);
                continue;
            };
            taken.insert(other);
            self.pairs.insert(id, other);
            let other_pointer = other_named.place.pointer();
            let follows = with.as_ref() == Some(&other_pointer);
            if !follows {
                self.report_renamed(named, other_named);
                moves.insert(pointer, other_pointer);
            }
        }
        left
    }

    fn report_renamed(&mut self, named: &Named<'a>, other_named: &Named<'a>) {
        let spot = self.both(&named.place, &other_named.place);
        let signature =
            (Some(format!("types::{}", named.name)), Some(format!("types::{}", other_named.name)));
        let verdict = Verdict::Breaking;
        let reason = format!(
            "Code that names `types::{}` means another type or does not compile.",
            named.name
        );
        self.report(&rules::TYPE_RENAMED, verdict, spot, signature, &reason);
    }

    fn removed(&mut self, named: &Named<'a>) {
        let base = named.place.pointer();
        let spot = Spot {
            head: nearest(self.head.document, &base),
            base: nearest(self.base.document, &base),
        };
        let verdict = Verdict::Breaking;
        let reason = format!("Code that names `types::{}` does not compile.", named.name);
        let before = self.base.types.declaration(named);
        self.report(&rules::TYPE_REMOVED, verdict, spot, (Some(before), None), &reason);
    }

    /// A new type that no operation uses. One that is used is a part of what uses it.
    fn unused(&mut self, id: Id, named: &Named<'a>) {
        let head = named.place.pointer();
        if self.head.reach(id) == Reach::default() && is_component(&head) {
            let spot = Spot { base: nearest(self.base.document, &head), head };
            self.found.push(Difference {
                rule: &rules::TYPE_ADDED,
                verdict: Verdict::Compatible,
                base: spot.base,
                head: spot.head,
                operations: Vec::new(),
                before: None,
                after: Some(self.head.types.declaration(named)),
                reason: "There is one more type; nothing that was there is another.".to_owned(),
            });
        }
    }
}

/// How bad it is when a type is not the same: what no operation uses, nobody has to name.
pub(super) fn used(reach: Reach) -> Verdict {
    if reach == Reach::default() { Verdict::Warning } else { Verdict::Breaking }
}

fn by_name<'c, 'a>(surface: &'c Surface<'a>) -> ByName<'c, 'a> {
    let mut all = ByName::new();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (id, named) in surface.types.named() {
        let count = counts.entry(&named.name).or_default();
        all.insert((&named.name, *count), (id, named));
        *count += 1;
    }
    all
}

/// The name without a number at its end; twins have one in common.
fn stem(name: &str) -> &str {
    name.trim_end_matches(|it: char| it.is_ascii_digit())
}

/// What a type looks like whatever it and others are called; equal for renamed types. Writing to a
/// text can't fail.
fn outline(surface: &Surface<'_>, named: &Named<'_>) -> String {
    let mut text = String::new();
    let fields = |text: &mut String, fields: &[crate::client::types::Field<'_>]| {
        for field in fields {
            let _ = write!(text, "{}:{:?}:", field.name, field.state);
            plainly(surface, field.of, text, 50);
            text.push(',');
        }
    };
    match &named.shape {
        Shape::Struct(all) => {
            text.push_str("struct ");
            fields(&mut text, all);
        }
        Shape::Enum { variants, .. } => {
            text.push_str("enum ");
            for variant in variants {
                text.push_str(&variant.name);
                match &variant.data {
                    Data::None => {}
                    Data::One(of) => plainly(surface, *of, &mut text, 50),
                    Data::Fields(all) => fields(&mut text, all),
                }
                text.push('|');
            }
        }
        Shape::Newtype { of, limit } => {
            let _ = write!(text, "newtype {limit:?} ");
            plainly(surface, *of, &mut text, 50);
        }
        Shape::Opaque(schema) => text.push_str(schema),
    }
    text
}

/// A type without names.
fn plainly(surface: &Surface<'_>, id: Id, text: &mut String, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match surface.types.get(id) {
        Some(Entry::Plain(plain)) => match plain {
            Plain::Option(of) => within("Option", surface, *of, text, depth),
            Plain::Box(of) => within("Box", surface, *of, text, depth),
            Plain::Vec(of) | Plain::Set(of) => within("Vec", surface, *of, text, depth),
            Plain::Array(of, length) => {
                within(&format!("Array{length}"), surface, *of, text, depth);
            }
            Plain::Map(_, of) => within("Map", surface, *of, text, depth),
            scalar => {
                let _ = write!(text, "{scalar:?}");
            }
        },
        Some(Entry::Named(_)) => text.push('T'),
        _ => text.push('?'),
    }
}

fn within(kind: &str, surface: &Surface<'_>, of: Id, text: &mut String, depth: u32) {
    text.push_str(kind);
    text.push('<');
    plainly(surface, of, text, depth);
    text.push('>');
}
