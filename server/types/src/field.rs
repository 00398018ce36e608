//! The fields of a customer, by name and without their values.

use std::{fmt, str::FromStr};

use strum::{IntoStaticStr, VariantArray};

use crate::scalar::{Unexpected, one_of};

/// A field of a customer, or of its user, that an update or a directory record can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "camelCase")]
pub enum CustomerField {
    /// The user's first name.
    FirstName,
    /// The user's last name.
    LastName,
    /// The telephone number.
    Phone,
    /// First line of the address.
    Address1,
    /// Second line of the address.
    Address2,
    /// City.
    City,
    /// State or province code.
    State,
    /// ZIP or postal code.
    Zip,
    /// Country.
    Country,
    /// The user's e-mail address.
    Email,
    /// The user behind the customer.
    UserId,
    /// Where the credit check stands.
    CreditStatus,
    /// Where the verification of the identity stands.
    IdentityVerificationStatus,
    /// From where the credit check was made.
    CreditIpAddress,
    /// When the credit check was made.
    CreditTimestamp,
    /// Stripe customer id, production.
    StripeId,
    /// Stripe customer id, sandbox.
    StripeSandboxId,
    /// Stripe Identity verification session id.
    StripeVerificationSessionId,
    /// When the customer was created.
    CreatedAt,
}

impl CustomerField {
    /// The name, as on the wire: `firstName`. Stores keep it: it never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for CustomerField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CustomerField {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        one_of(Self::VARIANTS, Self::name, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_on_the_wire() {
        let names: Vec<_> = CustomerField::VARIANTS.iter().map(|field| field.name()).collect();
        assert_eq!(
            names.join(" "),
            "firstName lastName phone address1 address2 city state zip country email userId \
             creditStatus identityVerificationStatus creditIpAddress creditTimestamp stripeId \
             stripeSandboxId stripeVerificationSessionId createdAt"
        );
    }
}
