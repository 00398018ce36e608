//! How the generator makes Rust names of the names in a document.
//!
//! Progenitor (operations and parameters) and typify (types, fields, variants) do it nearly alike;
//! they differ in what they put before a name that starts with a digit.

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// Words that Rust keeps to itself; a name that is one gets an underscore behind it.
const KEYWORDS: [&str; 53] = [
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "Self", "self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The name of a type or a variant: `UpperCamel`.
pub(super) fn of_type(name: &str) -> String {
    typify(name, pascal_case, "X")
}

/// The name of a field: `lower_snake`.
pub(super) fn of_field(name: &str) -> String {
    typify(name, snake_case, "x")
}

/// The name of a method, or of what is passed to one: `lower_snake`.
pub(super) fn of_method(name: &str) -> String {
    progenitor(name, snake_case, "x")
}

/// The name that an inline type is given from the operation that it is in: `UpperCamel`.
pub(super) fn of_inline(name: &str) -> String {
    progenitor(name, pascal_case, "X")
}

/// What typify falls back to where two variants would have one name: what it would leave out
/// becomes an `X`.
pub(super) fn of_variant_in_full(name: &str) -> String {
    of_type(&name.replace(|it: char| it == '_' || !is_xid_continue(it), "X"))
}

fn typify(name: &str, case: fn(&str) -> String, prefix: &str) -> String {
    let name = cased(name, case);
    let name = match name.chars().next() {
        None => prefix.to_owned(),
        Some(first) if is_xid_start(first) => name,
        Some(_) => format!("{prefix}{name}"),
    };
    unlike_a_keyword(name)
}

fn progenitor(name: &str, case: fn(&str) -> String, empty: &str) -> String {
    let name = cased(name, case);
    let name = match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if is_xid_start(first) => name,
        Some(_) => format!("_{name}"),
    };
    unlike_a_keyword(name)
}

fn cased(name: &str, case: fn(&str) -> String) -> String {
    match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        name if name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-') => {
            case(name)
        }
        name => {
            let characters = name.chars().filter(|it| *it != '\'');
            let plain = |it: char| if is_xid_continue(it) { it } else { '-' };
            case(&characters.map(plain).collect::<String>())
        }
    }
}

/// Most names of a document are in this form already, and to find their words takes long.
fn snake_case(name: &str) -> String {
    let is_plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let mut words = name.split('_');
    if words.all(|word| !word.is_empty() && word.bytes().all(is_plain)) {
        return name.to_owned();
    }
    name.to_snake_case()
}

/// Likewise: the words of most names are plain to see.
fn pascal_case(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    for word in name.split('_') {
        let Some(first) = word.chars().next().filter(|_| has_plain_words(word)) else {
            return name.to_pascal_case();
        };
        pascal.push(first.to_ascii_uppercase());
        pascal.push_str(&word[1..]);
    }
    pascal
}

/// Whether each upper-case letter begins a word, and no other letter does but the first.
fn has_plain_words(name: &str) -> bool {
    let begins = |pair: &[u8]| pair[0].is_ascii_uppercase() && !pair[1].is_ascii_lowercase();
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with(|last: char| last.is_ascii_uppercase())
        && name.bytes().all(|it| it.is_ascii_alphanumeric())
        && !name.as_bytes().windows(2).any(begins)
}

fn unlike_a_keyword(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_as_the_generator_makes_them() {
        assert_eq!(of_type("customer_pub-id"), "CustomerPubId");
        assert_eq!(of_type("IPv4 block's"), "IPv4Blocks");
        assert_eq!(of_type("2fa"), "X2fa");
        assert_eq!(of_type("+1"), "plus1");
        assert_eq!(of_field("type"), "type_");
        assert_eq!(of_field("nextPage"), "next_page");
        assert_eq!(of_method("2fa"), "_2fa");
        assert_eq!(of_method("Customers.getOne"), "customers_get_one");
        assert_eq!(of_inline("getCustomer-response"), "GetCustomerResponse");
    }

    /// All texts of these characters up to this length.
    fn texts(characters: &str, length: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        for _ in 0..length {
            let longer = texts.iter().flat_map(|text| {
                characters.chars().map(move |character| format!("{text}{character}"))
            });
            texts = longer.chain([String::new()]).collect();
        }
        texts
    }

    #[test]
    fn plain_words_are_found_as_any_others() {
        for name in texts("aBc1_D-", 6) {
            assert_eq!(pascal_case(&name), name.to_pascal_case(), "{name}");
            assert_eq!(snake_case(&name), name.to_snake_case(), "{name}");
        }
    }
}
