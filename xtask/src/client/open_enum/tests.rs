use super::*;

/// What typify writes for an enum of two strings, but for doc comments.
const CLOSED: &str = r#"
    pub mod types {
        #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Copy, Debug, Eq)]
        pub enum Colour {
            #[serde(rename = "red")]
            Red,
            #[serde(rename = "green")]
            Green,
        }
        impl ::std::fmt::Display for Colour {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match *self {
                    Self::Red => f.write_str("red"),
                    Self::Green => f.write_str("green"),
                }
            }
        }
        impl ::std::str::FromStr for Colour {
            type Err = self::error::ConversionError;
            fn from_str(value: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
                match value {
                    "red" => Ok(Self::Red),
                    "green" => Ok(Self::Green),
                    _ => Err("invalid value".into()),
                }
            }
        }
    }
"#;

fn opened(source: &str) -> Result<String, OpenEnumError> {
    let mut file = syn::parse_str(source).unwrap();
    open(&mut file)?;
    Ok(prettyplease::unparse(&file))
}

fn unchanged(source: &str) -> String {
    prettyplease::unparse(&syn::parse_str(source).unwrap())
}

#[test]
fn an_enum_of_strings_keeps_unknown_text() {
    let opened = opened(CLOSED).unwrap();
    for part in [
        "#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Eq)]",
        "#[serde(untagged)]\n        Unrecognized(::std::string::String),\n    }",
        "match self {",
        "Self::Green => f.write_str(\"green\"),\n                Self::Unrecognized(value) => f.write_str(value),\n",
        "_ => Ok(Self::Unrecognized(value.to_string())),",
    ] {
        assert!(opened.contains(part), "{part} is not in\n{opened}");
    }
    assert!(!opened.contains("invalid value"), "{opened}");
}

#[test]
fn a_type_that_holds_an_opened_enum_is_not_copy() {
    let held = "#[derive(Clone, Copy)] pub struct Car { pub colour: Option<types::Colour> }
        #[derive(Copy, Clone)] pub struct Garage(Car, u8);
        #[derive(Clone, Copy)] pub struct Wheel(u8);";
    let opened = opened(&format!("{held}{CLOSED}")).unwrap();
    assert!(opened.contains("#[derive(Clone)]\npub struct Car"), "{opened}");
    assert!(opened.contains("#[derive(Clone)]\npub struct Garage"), "{opened}");
    assert!(opened.contains("#[derive(Clone, Copy)]\npub struct Wheel"), "{opened}");
}

#[test]
fn an_enum_that_is_no_list_of_strings_is_left_alone() {
    for other in [
        "#[derive(Clone, Copy)] enum NeverOnTheWire { A, B }",
        "#[derive(Deserialize)] enum WithContent { A(String), B }",
        "#[derive(Deserialize)] #[serde(tag = \"kind\")] enum Tagged { A, B }",
        "#[derive(Deserialize)] #[serde(untagged)] enum Null { A }",
        "#[derive(Deserialize)] enum Never {}",
    ] {
        assert_eq!(opened(other).unwrap(), unchanged(other));
    }
}

#[test]
fn an_enum_that_is_renamed_as_a_whole_is_opened() {
    let derives = "#[derive(::serde::Deserialize, ";
    let renamed = "#[serde(rename = \"a\", deny_unknown_fields)]\n#[derive(::serde::Deserialize, ";
    assert!(opened(&CLOSED.replace(derives, renamed)).unwrap().contains("Unrecognized"));
}

#[test]
fn a_value_with_the_name_of_the_added_variant_is_an_error() {
    let error = opened("#[derive(Deserialize)] enum Word { Unrecognized }").unwrap_err();
    assert_eq!(error, OpenEnumError::NameTaken("Word".to_owned()));
}

#[test]
fn an_implementation_of_another_shape_is_an_error() {
    for (from, to) in [
        ("match *self", "match self.clone()"),
        ("_ => Err(\"invalid value\".into())", "other => Err(other.into())"),
        ("::std::fmt::Display for Colour", "::std::fmt::LowerHex for Colour"),
    ] {
        assert!(CLOSED.contains(from));
        let error = opened(&CLOSED.replace(from, to)).unwrap_err();
        assert!(matches!(error, OpenEnumError::Unexpected { .. }), "{to}: {error}");
    }
}

#[test]
fn an_enum_without_the_implementations_that_are_adapted_is_an_error() {
    let bare = "#[derive(Deserialize)] enum Colour { Red, Green }";
    let implementation = "Display".to_owned();
    let name = "Colour".to_owned();
    assert_eq!(opened(bare), Err(OpenEnumError::Unexpected { name, implementation }));
}
