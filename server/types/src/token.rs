//! The bearer token: made once, shown once, kept only as a hash.
//!
//! A token is `sk_`, 43 random base62 characters (43 · log₂ 62 = 256.03 bits) and a checksum of
//! six more, the CRC-32 of all before it in base62. The checksum turns a mistyped or shortened
//! token away before any look-up, and lets secret scanners tell a real token from a look-alike.

use rand::{CryptoRng, RngExt, distr::Alphanumeric};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::scalar::Timestamp;

const PREFIX: &str = "sk_";
const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
const LENGTH: usize = PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A token's secret text.
///
/// It can't reach a log or a terminal by accident: there is no `Display`, no `Debug` and no
/// `Serialize`, and its memory is wiped on drop. The one way to the text is
/// [`reveal`](Self::reveal).
///
/// ```compile_fail,E0277
/// # use customers_types::token::TokenSecret;
/// fn print(secret: TokenSecret) { println!("{secret}"); }
/// ```
///
/// ```compile_fail,E0277
/// # use customers_types::token::TokenSecret;
/// fn debug(secret: TokenSecret) { println!("{secret:?}"); }
/// ```
pub struct TokenSecret(Zeroizing<String>);

/// A text that can't be a token: it has another form, or its checksum doesn't match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `sk_`, 43 base62 characters and a matching checksum of 6")]
pub struct MalformedToken;

/// The SHA-256 of a token's text: all that is ever stored of it.
///
/// A fast hash is enough: the token is 256 random bits, so there is nothing to guess.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenSecret {
    /// A new token from this source of randomness.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        text.push_str(PREFIX);
        text.extend(rng.sample_iter(Alphanumeric).take(RANDOM_LENGTH).map(char::from));
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Self(text)
    }

    /// Reads a token and verifies its checksum.
    ///
    /// # Errors
    /// [`MalformedToken`], which does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, MalformedToken> {
        let well_formed = text.len() == LENGTH
            && text.starts_with(PREFIX)
            && text[PREFIX.len()..].bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !well_formed {
            return Err(MalformedToken);
        }
        let (body, given) = text.split_at(LENGTH - CHECKSUM_LENGTH);
        if checksum(body) == given {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(MalformedToken)
        }
    }

    /// What is stored of this token, and looked up.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The text itself, to be shown to its owner once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TokenHash {
    /// The 32 bytes that are stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Until when a token counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// It no longer counts at this moment; `None` means that it does not expire.
    pub expires_at: Option<Timestamp>,
    /// It was revoked at this moment.
    pub revoked_at: Option<Timestamp>,
}

/// Why a token that was issued no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Its time is over.
    Expired,
    /// It was revoked; this is said even of one that has expired since.
    Revoked,
}

impl Validity {
    /// Why the token does not count at this moment, if it doesn't.
    #[must_use]
    pub fn lapse(self, now: Timestamp) -> Option<Lapse> {
        // Even if the clock was set back since: a revocation is never undone.
        if self.revoked_at.is_some() {
            Some(Lapse::Revoked)
        } else if self.expires_at.is_some_and(|at| at <= now) {
            Some(Lapse::Expired)
        } else {
            None
        }
    }
}

fn checksum(body: &str) -> String {
    let mut rest = u64::from(crc32fast::hash(body.as_bytes()));
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = usize::try_from(rest % 62).map_or(b'0', |index| BASE62[index]);
        rest /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn secret(seed: u64) -> TokenSecret {
        TokenSecret::generate(&mut StdRng::seed_from_u64(seed))
    }

    #[test]
    fn the_checksum_is_fixed_for_ever() {
        let body = format!("sk_{}", "0".repeat(43));
        assert_eq!(checksum(&body), "4LPos6");
    }

    #[test]
    fn a_token_counts_until_it_expires_or_is_revoked() {
        let at = |millis| Some(Timestamp::from_millis(millis));
        let now = Timestamp::from_millis(1_000);
        let lapse = |expires_at, revoked_at| Validity { expires_at, revoked_at }.lapse(now);
        assert_eq!(lapse(None, None), None);
        assert_eq!(lapse(at(1_001), None), None);
        assert_eq!(lapse(at(1_000), None), Some(Lapse::Expired));
        assert_eq!(lapse(None, at(1_000)), Some(Lapse::Revoked));
        assert_eq!(lapse(None, at(1_001)), Some(Lapse::Revoked));
        assert_eq!(lapse(at(900), at(950)), Some(Lapse::Revoked));
    }

    #[test]
    fn a_text_that_is_not_ascii_is_refused() {
        assert!(TokenSecret::parse(&format!("sk_{}", "é".repeat(26))).is_err());
        assert!(TokenSecret::parse(&format!("s\u{17f}_{}", "0".repeat(48))).is_err());
    }

    proptest! {
        #[test]
        fn a_new_token_reads_back_as_the_same(seed: u64) {
            let token = secret(seed);
            let read = TokenSecret::parse(token.reveal()).unwrap();
            prop_assert!(read.hash() == token.hash());
            prop_assert_eq!(token.reveal().len(), 52);
        }

        #[test]
        fn one_changed_character_is_noticed(seed: u64, at in 3..52_usize, by in 1..62_usize) {
            let token = secret(seed);
            let mut bytes = token.reveal().as_bytes().to_vec();
            let was = BASE62.iter().position(|byte| *byte == bytes[at]).unwrap();
            bytes[at] = BASE62[(was + by) % 62];
            let changed = String::from_utf8(bytes).unwrap();
            prop_assert!(TokenSecret::parse(&changed).is_err());
        }

        #[test]
        fn reading_never_panics(text in "(sk_)?\\PC{0,60}") {
            let _ = TokenSecret::parse(&text);
        }
    }
}
