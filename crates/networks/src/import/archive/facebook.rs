//! Posts and comments as "Download your information" of Facebook writes them: a list of
//! `{"timestamp", "title", "data": [{"post": "…"} | {"comment": {"comment", "author", "timestamp"}}]}`.
//!
//! The texts are UTF-8 whose single bytes were written as characters; that is undone.

use serde_json::Value;

use super::{Stored, address, text};
use crate::MessageKind;
use crate::import::Reason;
use crate::raw::short_hash;

pub(super) fn read(element: &Value) -> Result<Vec<Stored>, Reason> {
    let stamp = element.get("timestamp").and_then(Value::as_i64);
    let data = element.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut rows = Vec::new();
    for part in data {
        let (kind, words, author, stamp) = match (text(part, "/post"), part.get("comment"), part.get("review")) {
            (Some(post), ..) => (MessageKind::Post, post, None, stamp),
            (None, Some(comment), _) => {
                let Some(words) = text(comment, "/comment") else { continue };
                let own_stamp = comment.get("timestamp").and_then(Value::as_i64);
                (MessageKind::Comment, words, text(comment, "/author"), own_stamp.or(stamp))
            }
            // Reviews that the owner wrote of others are nobody's feedback to the owner.
            _ => continue,
        };
        let words = mended(words);
        let published = stamp.map(|seconds| seconds.checked_mul(1_000_000).ok_or(Reason::BadDate)).transpose()?;
        let at = published.map(|at| at.to_string()).unwrap_or_default();
        rows.push(Stored {
            id: Some(format!("facebook:{}", short_hash(&[&at, &words]))),
            kind,
            text: words,
            author: author.map(mended),
            published,
            rating: None,
            url: address(text(element, "/attachments/0/data/0/external_context/url")),
            title: None,
            parent: None,
            own: true,
        });
    }
    // Photos, likes and joined groups have no words: nothing is missing.
    Ok(rows)
}

/// Makes characters of bytes that were written as characters.
fn mended(text: String) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(text)
}
