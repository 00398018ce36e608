//! What Progenitor makes of a document, with nothing of ours around it.

use std::panic::{self, AssertUnwindSafe};

use openapi_contract::ClientStyle;
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::Value;

/// The source of a client, or why there is none.
///
/// # Errors
/// When the generator refuses the document, in words or by a panic.
pub fn client(document: &Value, style: ClientStyle) -> Result<syn::File, String> {
    let interface = match style {
        ClientStyle::Builder => InterfaceStyle::Builder,
        ClientStyle::Positional => InterfaceStyle::Positional,
    };
    let make = || -> Result<syn::File, String> {
        let document: OpenAPI =
            serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
        let mut settings = GenerationSettings::new();
        settings.with_interface(interface).with_tag(TagStyle::Merged);
        let tokens = Generator::new(&settings)
            .generate_tokens(&document)
            .map_err(|error| error.to_string())?;
        syn::parse2(tokens).map_err(|error| error.to_string())
    };
    // The generator panics where it does not know what to do.
    panic::catch_unwind(AssertUnwindSafe(make))
        .unwrap_or_else(|_| Err("the generator panics".to_owned()))
}
