//! Opens the enums of a generated client: a value that is newer than the client is a value that
//! the caller can see, not a failure to read the whole answer.
//!
//! typify makes a closed enum of a list of strings. This pass adds one variant to each,
//!
//! ```text
//! /// A value newer than this client, kept as it came.
//! #[serde(untagged)]
//! Unrecognized(String),
//! ```
//!
//! and adapts what typify wrote beside it: `Copy` goes, from the enum and from every type that
//! holds it; `Display` writes the text as it came; `FromStr`, and with it `TryFrom`, take any
//! text. Known text always becomes its own variant.
//!
//! The pass knows the shape of typify's output and says so when it no longer finds it: it is
//! better to generate nothing than a client that is closed in one place.

mod copy;

use std::collections::BTreeSet;

use syn::{
    Arm, Expr, ExprMatch, Fields, File, Item, ItemEnum, ItemImpl, Pat, Type, UnOp, Variant,
    parse_quote,
    visit_mut::{self, VisitMut},
};

/// The name of the variant that is added.
const VARIANT: &str = "Unrecognized";

/// Why an enum can't be opened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenEnumError {
    /// The document has a value whose Rust name is that of the added variant.
    #[error("{0} has a value of its own called {VARIANT}: rename one of the two")]
    NameTaken(String),
    /// An implementation is not there, or does not look as typify used to write it.
    #[error(
        "the implementation of {implementation} for {name} is missing or has an unexpected shape: adapt \
         xtask/src/client/open_enum.rs to what typify writes now"
    )]
    Unexpected {
        /// The enum.
        name: String,
        /// The trait, or `Self`.
        implementation: String,
    },
}

/// Opens every enum of strings in the file.
///
/// # Errors
/// See [`OpenEnumError`].
pub fn open(file: &mut File) -> Result<(), OpenEnumError> {
    let mut opened = BTreeSet::new();
    open_items(&mut file.items, &mut opened)?;
    copy::remove(file, opened);
    Ok(())
}

/// An enum and its implementations are in one module; names are unique there.
fn open_items(items: &mut [Item], opened: &mut BTreeSet<String>) -> Result<(), OpenEnumError> {
    let mut here = BTreeSet::new();
    for item in items.iter_mut() {
        match item {
            Item::Enum(item) if is_of_strings(item) => {
                add_variant(item)?;
                here.insert(item.ident.to_string());
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    open_items(items, opened)?;
                }
            }
            _ => {}
        }
    }
    let mut adapted = BTreeSet::new();
    for item in items {
        if let Item::Impl(item) = item
            && let Some(name) = name_of(&item.self_ty).filter(|name| here.contains(name))
        {
            adapted.insert((name.clone(), adapt(item, name)?));
        }
    }
    for name in &here {
        for (kind, implementation) in [(Kind::Display, "Display"), (Kind::FromStr, "FromStr")] {
            if !adapted.contains(&(name.clone(), kind)) {
                let (name, implementation) = (name.clone(), implementation.to_owned());
                return Err(OpenEnumError::Unexpected { name, implementation });
            }
        }
    }
    opened.extend(here);
    Ok(())
}

/// On the wire, an enum with unit variants is a string, unless an attribute says otherwise.
fn is_of_strings(item: &ItemEnum) -> bool {
    let is_unit = |variant: &Variant| matches!(variant.fields, Fields::Unit);
    let is_read = copy::derives(&item.attrs).any(|path| copy::last_segment(&path) == "Deserialize");
    !item.variants.is_empty()
        && item.variants.iter().all(is_unit)
        && is_read
        && !has_other_representation(item)
}

fn has_other_representation(item: &ItemEnum) -> bool {
    let mut other = false;
    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let visited = attribute.parse_nested_meta(|meta| {
            other |= ["tag", "untagged", "from", "try_from", "into"]
                .iter()
                .any(|name| meta.path.is_ident(name));
            if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Lit>()?;
            }
            Ok(())
        });
        other |= visited.is_err();
    }
    other
}

fn add_variant(item: &mut ItemEnum) -> Result<(), OpenEnumError> {
    if item.variants.iter().any(|variant| variant.ident == VARIANT) {
        return Err(OpenEnumError::NameTaken(item.ident.to_string()));
    }
    // Serde wants untagged variants last.
    item.variants.push(parse_quote! {
        /// A value newer than this client, kept as it came.
        #[serde(untagged)]
        Unrecognized(::std::string::String)
    });
    Ok(())
}

fn name_of(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(ty) => ty.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

/// Adapts one implementation of an opened enum, and says what it is.
fn adapt(item: &mut ItemImpl, name: String) -> Result<Kind, OpenEnumError> {
    let implementation = item
        .trait_
        .as_ref()
        .map_or_else(|| "Self".to_owned(), |(path, _)| copy::last_segment(path));
    let mut matches = Matches { kind: Kind::of(&implementation), adapted: 0, unexpected: 0 };
    matches.visit_item_impl_mut(item);
    let wanted = usize::from(matches.kind != Kind::Other);
    if matches.adapted == wanted && matches.unexpected == 0 {
        Ok(matches.kind)
    } else {
        Err(OpenEnumError::Unexpected { name, implementation })
    }
}

/// What an implementation does with the variants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Display,
    FromStr,
    Other,
}

impl Kind {
    fn of(implementation: &str) -> Self {
        match implementation {
            "Display" => Self::Display,
            "FromStr" => Self::FromStr,
            _ => Self::Other,
        }
    }
}

/// Adapts the `match`es of one implementation, and counts those that it does not understand.
struct Matches {
    kind: Kind,
    adapted: usize,
    unexpected: usize,
}

impl VisitMut for Matches {
    fn visit_expr_match_mut(&mut self, node: &mut ExprMatch) {
        let adapted = match self.kind {
            Kind::Display => write_as_it_came(node),
            Kind::FromStr => take_any_text(node),
            Kind::Other => false,
        };
        if adapted {
            self.adapted += 1;
        } else {
            self.unexpected += 1;
        }
        visit_mut::visit_expr_match_mut(self, node);
    }
}

/// `match *self { Self::A => f.write_str("a") }`: by reference, and with one arm more.
fn write_as_it_came(node: &mut ExprMatch) -> bool {
    let Expr::Unary(scrutinee) = node.expr.as_ref() else { return false };
    if !matches!(scrutinee.op, UnOp::Deref(_)) {
        return false;
    }
    *node.expr = scrutinee.expr.as_ref().clone();
    node.arms.push(parse_quote!(Self::Unrecognized(value) => f.write_str(value),));
    true
}

/// `match value { "a" => Ok(Self::A), _ => Err(…) }`: what matches nothing else is kept.
fn take_any_text(node: &mut ExprMatch) -> bool {
    let text = node.expr.clone();
    match node.arms.last_mut() {
        Some(Arm { pat: Pat::Wild(_), body, .. }) => {
            **body = parse_quote!(Ok(Self::Unrecognized(#text.to_string())));
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
