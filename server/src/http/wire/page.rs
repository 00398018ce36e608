//! What is wrong with a request for a page that is not the first.

use customers_api::request::InvalidInput;

use crate::cursor::NoCursor;

/// Its cursor is none.
pub(super) fn no_cursor(error: &NoCursor) -> InvalidInput {
    InvalidInput { param: "page_token".to_owned(), message: error.to_string() }
}

/// A parameter is not what the listing began with.
pub(super) fn other_list(param: &str) -> InvalidInput {
    InvalidInput {
        param: param.to_owned(),
        message: "is not what the listing began with: leave it out beside page_token".to_owned(),
    }
}
