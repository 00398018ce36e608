//! What may be changed of a customer.
//!
//! One type is read from the wire and given to the store, for the two do not differ: each of its
//! fields was checked when it was read.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    given::Given,
    scalar::{Country, Line, Phone},
};

/// What to change of a customer and of the user behind it.
///
/// Only the fields that are there change. `null` clears a field; an empty text is refused.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerUpdate {
    /// First name of the user behind the customer.
    #[serde(default)]
    pub first_name: Given<Line<100>>,
    /// Last name of the user behind the customer.
    #[serde(default)]
    pub last_name: Given<Line<100>>,
    /// Telephone number in E.164.
    #[serde(default)]
    pub phone: Given<Phone>,
    /// First line of the postal address.
    #[serde(default)]
    pub address1: Given<Line<200>>,
    /// Second line of the postal address.
    #[serde(default)]
    pub address2: Given<Line<200>>,
    /// City of the postal address.
    #[serde(default)]
    pub city: Given<Line<100>>,
    /// State or province code of the postal address.
    #[serde(default)]
    pub state: Given<Line<100>>,
    /// ZIP or postal code of the postal address.
    #[serde(default)]
    pub zip: Given<Line<20>>,
    /// Country of the postal address.
    #[serde(default)]
    pub country: Given<Country>,
}
