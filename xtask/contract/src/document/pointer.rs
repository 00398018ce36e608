//! JSON pointers (RFC 6901).

use std::{
    borrow::Cow,
    cell::RefCell,
    fmt::{self, Write},
    rc::Rc,
};

thread_local! {
    /// Pointers are put together here, because each has no more room than it needs. There are tens of
    /// thousands of them.
    static WRITTEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Where something stands in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pointer(Rc<str>);

impl Pointer {
    /// The whole document.
    pub(crate) fn root() -> Self {
        Self(Rc::from(""))
    }

    /// A member of what stands here, or an item.
    pub(crate) fn join(&self, token: impl fmt::Display) -> Self {
        WRITTEN.with_borrow_mut(|pointer| {
            pointer.clear();
            pointer.push_str(&self.0);
            pointer.push('/');
            // Writing to a text does not fail.
            let _ = write!(Escaped(pointer), "{token}");
            Self(Rc::from(pointer.as_str()))
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Adds what is written to a pointer, as a part of one token.
pub(crate) struct Escaped<'a>(pub(crate) &'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, token: &str) -> fmt::Result {
        let mut rest = token;
        while let Some(at) = rest.find(['~', '/']) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(if rest[at..].starts_with('~') { "~0" } else { "~1" });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        Ok(())
    }
}

/// The name that a token stands for.
pub(crate) fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~").into()
    } else {
        token.into()
    }
}

impl From<String> for Pointer {
    fn from(pointer: String) -> Self {
        Self(Rc::from(pointer))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The pointer in a reference within the document: `#/components/schemas/Customer`.
pub(crate) fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.contains('%') {
        return Some(fragment.to_owned());
    }
    percent_decoded(fragment)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        let pointer = Pointer::root().join("paths").join("/v1/~me").join(0);
        assert_eq!(pointer.as_str(), "/paths/~1v1~1~0me/0");
    }

    #[test]
    fn tokens_are_read_as_they_were_escaped() {
        assert_eq!(["~1v1", "~01", "v1"].map(|it| unescaped(it).into_owned()), ["/v1", "~1", "v1"]);
    }

    #[test]
    fn references_are_percent_decoded() {
        assert_eq!(of_reference("#/a/b%20c").as_deref(), Some("/a/b c"));
        assert_eq!(of_reference("other.json#/a"), None);
        assert_eq!(of_reference("#/%f"), None);
    }
}
