//! Cursors: where the next page of a list begins, in a form that says nothing to its holder and
//! that nobody else can make.
//!
//! A cursor has the place of the last customer that was looked at, who may be hidden from the
//! caller, and the filters, which may be parts of names. So it is encrypted and authenticated
//! (XChaCha20-Poly1305, <https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-xchacha-03>), under
//! a key that the store keeps for all instances.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::RngExt;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

/// A nonce that is drawn at random is this long, so that none is ever drawn twice.
const NONCE: usize = 24;

/// Seals and opens cursors.
pub struct Cursors {
    cipher: XChaCha20Poly1305,
}

/// A text that is no cursor of ours, or one of another operation.
#[derive(Debug, thiserror::Error)]
#[error(
    "is not the `next_page` of an earlier answer of this operation: leave it out to begin again"
)]
pub struct NoCursor;

impl Cursors {
    /// Under this key.
    #[must_use]
    pub fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        Self { cipher: XChaCha20Poly1305::new((&**key).into()) }
    }

    /// A cursor of the operation; `None` if its content can't be written, which never is.
    pub(crate) fn seal(&self, operation: &str, content: &impl Serialize) -> Option<String> {
        let nonce: [u8; NONCE] = rand::rng().random();
        let content = serde_json::to_vec(content).ok()?;
        let payload = Payload { msg: &content, aad: operation.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// The content of a cursor of the operation.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        operation: &str,
        cursor: &str,
    ) -> Result<T, NoCursor> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| NoCursor)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(NoCursor)?;
        let payload = Payload { msg: sealed, aad: operation.as_bytes() };
        let content = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| NoCursor)?;
        serde_json::from_slice(&content).map_err(|_| NoCursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_for_its_operation_and_under_its_key_only() {
        let cursors = Cursors::new(&Zeroizing::new([1; 32]));
        let cursor = cursors.seal("list_customers", &("jane", 7)).unwrap();
        let opened: (String, i64) = cursors.open("list_customers", &cursor).unwrap();
        assert_eq!(opened, ("jane".to_owned(), 7));
        assert!(cursors.open::<(String, i64)>("list_tokens", &cursor).is_err());
        let other = Cursors::new(&Zeroizing::new([2; 32]));
        assert!(other.open::<(String, i64)>("list_customers", &cursor).is_err());
    }

    #[test]
    fn a_cursor_that_was_touched_does_not_open() {
        let cursors = Cursors::new(&Zeroizing::new([1; 32]));
        let cursor = cursors.seal("list_customers", &7).unwrap();
        for index in 0..cursor.len() {
            let mut touched = cursor.clone().into_bytes();
            touched[index] = if touched[index] == b'A' { b'B' } else { b'A' };
            let touched = String::from_utf8(touched).unwrap();
            assert!(cursors.open::<i64>("list_customers", &touched).is_err(), "{index}");
        }
        for text in ["", "A", "!", &cursor[1..], &format!("{cursor}A")] {
            assert!(cursors.open::<i64>("list_customers", text).is_err(), "{text}");
        }
        assert_ne!(cursors.seal("list_customers", &7), cursors.seal("list_customers", &7));
    }
}
