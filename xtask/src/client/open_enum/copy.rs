//! A type that holds a `String` is not `Copy`, and nor is a type that holds it.

use std::collections::BTreeSet;

use syn::{
    Attribute, Fields, File, Ident, ItemEnum, ItemStruct, Path, Token, parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// Removes `Copy` from these types and from all that hold them, however deep.
///
/// Types are told apart by name alone: of two with one name, both lose `Copy`.
pub(super) fn remove(file: &mut File, names: BTreeSet<String>) {
    let mut pass = Pass { names, grown: true };
    while pass.grown {
        pass.grown = false;
        pass.visit_file_mut(file);
    }
}

/// What the attributes derive.
pub(super) fn derives(attributes: &[Attribute]) -> impl Iterator<Item = Path> {
    attributes.iter().filter_map(paths).flatten()
}

pub(super) fn last_segment(path: &Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

fn paths(attribute: &Attribute) -> Option<Punctuated<Path, Token![,]>> {
    let is_derive = attribute.path().is_ident("derive");
    is_derive.then(|| attribute.parse_args_with(Punctuated::parse_terminated).ok()).flatten()
}

struct Pass {
    names: BTreeSet<String>,
    grown: bool,
}

impl Pass {
    fn visit_type<'f>(
        &mut self,
        name: &Ident,
        attributes: &mut [Attribute],
        fields: impl Iterator<Item = &'f mut Fields>,
    ) {
        let mut mention = Mention { names: &self.names, found: false };
        fields.for_each(|fields| mention.visit_fields_mut(fields));
        let found = mention.found;
        let name = name.to_string();
        if (found || self.names.contains(&name)) && remove_from(attributes) {
            self.grown |= self.names.insert(name);
        }
    }
}

impl VisitMut for Pass {
    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        let fields = item.variants.iter_mut().map(|variant| &mut variant.fields);
        self.visit_type(&item.ident, &mut item.attrs, fields);
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        let fields = std::iter::once(&mut item.fields);
        self.visit_type(&item.ident, &mut item.attrs, fields);
    }
}

/// Whether a type's fields name one of these types.
struct Mention<'n> {
    names: &'n BTreeSet<String>,
    found: bool,
}

impl VisitMut for Mention<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        self.found |= self.names.contains(&last_segment(path));
        visit_mut::visit_path_mut(self, path);
    }
}

fn remove_from(attributes: &mut [Attribute]) -> bool {
    let mut removed = false;
    for attribute in attributes {
        let Some(all) = paths(attribute) else { continue };
        let kept: Punctuated<Path, Token![,]> =
            all.iter().filter(|path| last_segment(path) != "Copy").cloned().collect();
        if kept.len() < all.len() {
            *attribute = parse_quote!(#[derive(#kept)]);
            removed = true;
        }
    }
    removed
}
