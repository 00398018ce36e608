//! The token of a request (RFC 6750, 2.1).

use customers_types::token::{TokenHash, TokenSecret};
use http::{HeaderMap, header::AUTHORIZATION};

use crate::error::Unauthenticated;

/// The hash of the token in the header `Authorization`, whose form and checksum are right.
pub(super) fn token(headers: &HeaderMap) -> Result<TokenHash, Unauthenticated> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Err(Unauthenticated::Missing),
        (Some(_), Some(_)) => return Err(Unauthenticated::Malformed),
        (Some(value), None) => value.to_str().map_err(|_| Unauthenticated::Malformed)?,
    };
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("Bearer") => {
            TokenSecret::parse(token.trim_start_matches(' '))
                .map(|secret| secret.hash())
                .map_err(|_| Unauthenticated::Malformed)
        }
        _ => Err(Unauthenticated::Missing),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn read(values: &[&str]) -> Result<TokenHash, Unauthenticated> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        token(&headers)
    }

    #[test]
    fn the_scheme_has_no_case_and_the_token_is_checked() {
        let secret = TokenSecret::generate(&mut StdRng::seed_from_u64(1));
        let text = secret.reveal();
        for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
            assert!(read(&[&format!("{scheme} {text}")]).is_ok_and(|hash| hash == secret.hash()));
        }
        for (values, refused) in [
            (vec![], Unauthenticated::Missing),
            (vec!["Basic YTpi"], Unauthenticated::Missing),
            (vec![text], Unauthenticated::Missing),
            (vec!["Bearer "], Unauthenticated::Malformed),
            (vec!["Bearer sk_short"], Unauthenticated::Malformed),
            (vec!["Bearer a", "Bearer b"], Unauthenticated::Malformed),
        ] {
            assert_eq!(read(&values).err(), Some(refused), "{} values", values.len());
        }
    }
}
