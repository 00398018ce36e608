//! A caller of a client, which uses all that it has: calls each method with all arguments, makes
//! each type that is sent, reads each that is received, and matches every variant.
//!
//! It names the types of everything, so that it does not compile against a client in which one of
//! them is another.

mod methods;
mod types;

use std::collections::{BTreeMap, HashMap, HashSet};

use openapi_contract::ClientStyle;
use quote::ToTokens;
use syn::{Item, ItemMod};

/// The items of a client, as a caller sees them.
struct Surface<'a> {
    style: ClientStyle,
    /// The declared types by name.
    types: BTreeMap<String, &'a Item>,
    sent: HashSet<String>,
    received: HashSet<String>,
}

/// The source of a caller, which expects the client in a module `client` beside it.
#[must_use]
pub fn source(client: &syn::File, style: ClientStyle) -> String {
    let calls = methods::calls(client, style);
    let types = declared(client);
    let parts: HashMap<&str, Vec<String>> =
        types.iter().map(|(name, item)| (name.as_str(), words(&text(*item)))).collect();
    let sent = follow(calls.iter().flat_map(methods::Call::sent), &parts);
    let received = follow(calls.iter().flat_map(methods::Call::received), &parts);
    let surface = Surface { style, types, sent, received };
    let of_methods: Vec<_> = calls.iter().flat_map(methods::Call::functions).collect();
    let of_types: Vec<_> =
        surface.types.iter().flat_map(|(name, item)| surface.functions(name, item)).collect();
    format!(
        "use super::client::{{self, types, ByteStream, Client, Error, ResponseValue}};\n{}\n\
         pub mod of_types {{\nuse super::super::client::types::{{self, *}};\n{}\n}}\n",
        of_methods.concat(),
        of_types.concat(),
    )
}

/// The items of a module of this name.
fn module<'a>(items: &'a [Item], name: &str) -> &'a [Item] {
    let module = items.iter().find_map(|item| match item {
        Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == name => Some(items),
        _ => None,
    });
    module.map_or(&[], Vec::as_slice)
}

fn declared(client: &syn::File) -> BTreeMap<String, &Item> {
    let types = module(&client.items, "types").iter();
    types
        .filter_map(|item| match item {
            Item::Struct(it) => Some((it.ident.to_string(), item)),
            Item::Enum(it) => Some((it.ident.to_string(), item)),
            _ => None,
        })
        .collect()
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The types that these texts lead to, directly or not.
fn follow<'a>(
    texts: impl Iterator<Item = &'a str>,
    parts: &HashMap<&str, Vec<String>>,
) -> HashSet<String> {
    let mut open: Vec<String> = texts.flat_map(words).collect();
    let mut found = HashSet::new();
    while let Some(word) = open.pop() {
        if let Some(parts) = parts.get(&*word)
            && found.insert(word)
        {
            open.extend(parts.iter().cloned());
        }
    }
    found
}
