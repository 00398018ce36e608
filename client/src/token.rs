//! A client that shows a token with every request.

use std::{error::Error as StdError, time::Duration};

use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};

use crate::Client;

/// After this time a connection, or a request with its answer, is given up; the same as in a
/// client without a token.
const TIMEOUT: Duration = Duration::from_secs(15);

const USER_AGENT: &str = concat!("customers-client/", env!("CARGO_PKG_VERSION"));

/// Why there is no client. It never repeats what it was made of: a token may be in either.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WithTokenError {
    /// The base URL can't be parsed.
    #[error("the base URL is no URL, such as `https://customers.example.com`")]
    Url(#[source] Box<dyn StdError + Send + Sync>),
    /// The base URL is one that no path can be appended to, or has a name or password.
    #[error(
        "the base URL has to begin with `https://` or `http://`, to have no name or password and to \
             end with its path"
    )]
    BaseUrl,
    /// The token has a character that no token has.
    #[error("the token is empty or has a character other than visible ASCII ones")]
    Token,
    /// The HTTP client can't be made.
    #[error("the HTTP client can't be set up")]
    Http(#[from] reqwest::Error),
}

impl Client {
    /// A client that sends `Authorization: Bearer <token>` with every request.
    ///
    /// `url` is where the service is; a path in it comes before the path of each operation. The
    /// token shows neither in the client's `Debug` output nor in errors.
    ///
    /// # Errors
    /// When the URL can't be a base, or the token can't be sent in a header.
    pub fn with_token(url: &str, token: &str) -> Result<Self, WithTokenError> {
        let base = base_url(url)?;
        let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer(token)?)]);
        let client = reqwest::Client::builder()
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .user_agent(USER_AGENT)
            .default_headers(headers)
            .build()?;
        Ok(Self::new_with_client(&base, client))
    }
}

/// The URL as the operations append their paths to it, which begin with a slash.
fn base_url(url: &str) -> Result<String, WithTokenError> {
    let url: Url = url.parse().map_err(|error| WithTokenError::Url(Box::new(error)))?;
    let is_base = matches!(url.scheme(), "https" | "http")
        && url.query().is_none()
        // A name or password in the URL would be sent in the place of the token.
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none();
    if !is_base {
        return Err(WithTokenError::BaseUrl);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn bearer(token: &str) -> Result<HeaderValue, WithTokenError> {
    // Stricter than a header: `HeaderValue` takes spaces, and a space ends a token (RFC 6750).
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(WithTokenError::Token);
    }
    let mut value =
        HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| WithTokenError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "sk_secret";

    #[test]
    fn the_token_does_not_show() {
        let client = Client::with_token("https://customers.example.com", TOKEN).unwrap();
        let shown = format!("{client:?} {:#?} {:?}", client, client.get_customer());
        assert!(!shown.contains("secret"), "{shown}");
        // The header is there: what is shown of it is that it is sensitive.
        assert!(shown.contains("\"authorization\": Sensitive"), "{shown}");
    }

    #[test]
    fn no_error_repeats_the_token_or_the_url() {
        let unusable = [
            ("https://customers.example.com", "sk_secret\n"),
            ("https://customers.example.com", "sk_secret one"),
            ("https://customers.example.com", "sk_secr\u{e9}t_secret"),
            ("https://customers.example.com", ""),
            ("sk_secret", "https://customers.example.com"),
            ("https://secret@", TOKEN),
            ("https://customers.example.com?token=sk_secret", TOKEN),
            ("https://customers.example.com#sk_secret", TOKEN),
            ("mailto:sk_secret", TOKEN),
            ("https://name:secret@customers.example.com", TOKEN),
            ("https://secret@customers.example.com", TOKEN),
        ];
        for (url, token) in unusable {
            let error = Client::with_token(url, token).unwrap_err();
            let mut shown = format!("{error:?}");
            let mut cause: Option<&dyn StdError> = Some(&error);
            while let Some(error) = cause {
                shown = format!("{shown} {error}");
                cause = error.source();
            }
            assert!(!shown.contains("secret"), "{shown}");
        }
    }

    #[test]
    fn a_path_is_appended_to_a_url_with_and_without_a_slash() {
        for (url, base) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("https://example.com/customers/", "https://example.com/customers"),
        ] {
            assert_eq!(base_url(url).unwrap(), base);
        }
    }
}
