//! Secrets that the client does not print.
//!
//! Typify derives `Debug` for every type. Whoever logs the answer that has a new token in it would
//! so log the token.

use syn::{Item, Path, parse_quote, punctuated::Punctuated, token::Comma};

/// Gives each type whose name ends in `Secret` a `Debug` that does not show its value.
///
/// # Errors
/// When a list of derived traits can't be read.
pub fn hide(file: &mut syn::File) -> Result<(), syn::Error> {
    hide_in(&mut file.items)
}

fn hide_in(items: &mut Vec<Item>) -> Result<(), syn::Error> {
    let mut hidden = Vec::new();
    for item in items.iter_mut() {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    hide_in(items)?;
                }
            }
            Item::Struct(secret) if secret.ident.to_string().ends_with("Secret") => {
                for attribute in &mut secret.attrs {
                    if attribute.path().is_ident("derive") {
                        let traits: Punctuated<Path, Comma> =
                            attribute.parse_args_with(Punctuated::parse_terminated)?;
                        let kept = traits.into_iter().filter(|path| !path.is_ident("Debug"));
                        let kept: Punctuated<Path, Comma> = kept.collect();
                        *attribute = parse_quote!(#[derive(#kept)]);
                    }
                }
                let (name, shown) = (&secret.ident, format!("{}(hidden)", secret.ident));
                hidden.push(parse_quote! {
                    /// Does not show the value.
                    impl ::std::fmt::Debug for #name {
                        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                            f.write_str(#shown)
                        }
                    }
                });
            }
            _ => {}
        }
    }
    items.append(&mut hidden);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown_and_all_else_stays() {
        let mut file: syn::File = parse_quote! {
            pub mod types {
                #[derive(Clone, Debug, Eq)]
                pub struct TokenSecret(String);
                #[derive(Debug)]
                pub struct Token(TokenSecret);
            }
        };
        hide(&mut file).unwrap();
        let expected: syn::File = parse_quote! {
            pub mod types {
                #[derive(Clone, Eq)]
                pub struct TokenSecret(String);
                #[derive(Debug)]
                pub struct Token(TokenSecret);
                /// Does not show the value.
                impl ::std::fmt::Debug for TokenSecret {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("TokenSecret(hidden)")
                    }
                }
            }
        };
        assert_eq!(prettyplease::unparse(&file), prettyplease::unparse(&expected));
    }
}
