//! The two statuses that a customer always has.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::scalar::{Unexpected, one_of};

/// Where the customer's credit check stands.
///
/// More values may be added: treat one that you don't know as you treat `unknown`.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    JsonSchema,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum CreditStatus {
    /// No credit check has been made, or its result is not in yet.
    #[default]
    Unknown,
    /// The customer passed the credit check.
    Passed,
    /// The customer failed the credit check.
    Failed,
}

/// Where the verification of the customer's identity stands.
///
/// More values may be added: treat one that you don't know as not verified.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    JsonSchema,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum IdentityVerificationStatus {
    /// No verification was ever started.
    #[default]
    None,
    /// A verification was started; the customer has something left to submit.
    Pending,
    /// Everything was submitted; the provider is deciding.
    Processing,
    /// The identity is verified.
    Verified,
    /// The verification failed.
    Failed,
}

impl FromStr for CreditStatus {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        one_of(Self::VARIANTS, Into::into, text)
    }
}

impl FromStr for IdentityVerificationStatus {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        one_of(Self::VARIANTS, Into::into, text)
    }
}
