//! LinkedIn's names of things, and how they stand in addresses.
//!
//! `urn:li:organization:5`, `urn:li:share:7`, and for a comment the post it stands under and its number:
//! `urn:li:comment:(urn:li:activity:7,9)`. In an address all of it is percent-encoded, but not the
//! brackets and commas of a Rest.li 2.0 list around it.

use std::borrow::Cow;

use crate::NetError;

/// Whether it is a name of LinkedIn's, and nothing that could lead a request elsewhere.
pub(super) fn is_urn(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'(' | b')' | b',' | b'_' | b'-');
    text.starts_with("urn:li:") && text.len() <= 256 && text.bytes().all(plain)
}

/// Whether it is the name of a post, in one of the three forms that LinkedIn uses.
pub(super) fn is_post(urn: &str) -> bool {
    let number =
        ["urn:li:share:", "urn:li:ugcPost:", "urn:li:activity:"].iter().find_map(|kind| urn.strip_prefix(kind));
    number.is_some_and(is_number)
}

/// The name of a post, for the path of a request.
pub(super) fn post(native_id: &str) -> Result<&str, NetError> {
    if is_post(native_id) {
        Ok(native_id)
    } else {
        Err(NetError::Config { what: "the id is not that of a post on LinkedIn" })
    }
}

fn is_number(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A comment: the post it stands under, and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comment<'a> {
    /// The post.
    pub object: &'a str,
    /// The number.
    pub id: &'a str,
}

impl<'a> Comment<'a> {
    /// Reads the name of a comment.
    pub(super) fn parse(urn: &'a str) -> Option<Self> {
        let (object, id) = urn.strip_prefix("urn:li:comment:(")?.strip_suffix(')')?.split_once(',')?;
        (is_post(object) && is_number(id)).then_some(Self { object, id })
    }

    /// The name of a comment, for the path of a request.
    pub(super) fn named(native_id: &'a str) -> Result<Self, NetError> {
        Self::parse(native_id).ok_or(NetError::Config { what: "the id is not that of a comment on LinkedIn" })
    }

    /// Its name.
    pub(super) fn urn(self) -> String {
        format!("urn:li:comment:({},{})", self.object, self.id)
    }
}

/// The name of a comment in its one form: notifications leave out the inner `urn:li:`.
pub(super) fn whole(urn: &str) -> Cow<'_, str> {
    match urn.strip_prefix("urn:li:comment:(") {
        Some(inner) if !inner.starts_with("urn:li:") => Cow::Owned(format!("urn:li:comment:(urn:li:{inner}")),
        _ => Cow::Borrowed(urn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_its_post_and_its_number() {
        let urn = "urn:li:comment:(urn:li:activity:7,9)";
        let comment = Comment::parse(urn).unwrap();
        assert_eq!((comment.object, comment.id, comment.urn().as_str()), ("urn:li:activity:7", "9", urn));
        assert_eq!(whole("urn:li:comment:(activity:7,9)"), urn);
        for odd in ["urn:li:comment:(urn:li:activity:7,9", "urn:li:comment:(urn:li:person:7,9)", "urn:li:share:7", "7"]
        {
            assert_eq!(Comment::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn nothing_but_a_name_gets_into_a_path() {
        assert_eq!(
            crate::http::percent_encode("urn:li:comment:(urn:li:share:7,9)"),
            "urn%3Ali%3Acomment%3A%28urn%3Ali%3Ashare%3A7%2C9%29"
        );
        for odd in ["urn:li:share:7/../x", "urn:li:share:", "urn:li:share:a", "urn:li:organization:5"] {
            assert!(post(odd).is_err(), "{odd}");
        }
        assert!(is_urn("urn:li:organization:5") && !is_urn("urn:li:x?y") && !is_urn("https://example.org"));
    }
}
