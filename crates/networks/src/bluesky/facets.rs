//! What in a text is a link, a mention or a tag (`app.bsky.richtext.facet`).
//!
//! A post is plain text; facets say which of its bytes mean more. Offsets count bytes of UTF-8, not
//! characters: an emoji before a link moves it by four.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::address;

/// What a part of a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Feature {
    /// A web address.
    Link(String),
    /// The handle of an account, without `@`.
    Mention(String),
    /// A tag, without `#`.
    Tag(String),
}

/// A tag has at most so many characters.
const TAG_MAX: usize = 64;

/// The parts of a text that mean more, in their order.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, Feature)> {
    let mut found = Vec::new();
    let mut skip_to = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let last = before.replace(c);
        if at < skip_to {
            continue;
        }
        let rest = &text[at..];
        let begins = last.is_none_or(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '\''));
        let hit = match c {
            'h' | 'H' if last.is_none_or(|c| !c.is_alphanumeric()) => {
                address(rest).map(|end| (end, Feature::Link(rest[..end].to_owned())))
            }
            '@' if begins => handle(&rest[1..]).map(|end| (1 + end, Feature::Mention(rest[1..=end].to_lowercase()))),
            '#' | '＃' if begins => {
                let name = &rest[c.len_utf8()..];
                tag(name).map(|end| (c.len_utf8() + end, Feature::Tag(name[..end].to_owned())))
            }
            _ => None,
        };
        if let Some((end, feature)) = hit {
            skip_to = at + end;
            found.push((at..at + end, feature));
        }
    }
    found
}

/// The bytes of a handle, which is a host name with at least one dot.
fn handle(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))).unwrap_or(text.len());
    let handle = text[..end].trim_end_matches(['.', '-']);
    let is_label =
        |label: &str| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-');
    let letter_first = |label: &str| label.starts_with(|c: char| c.is_ascii_alphabetic());
    let top = handle.rsplit('.').next().unwrap_or_default();
    let valid = handle.contains('.') && handle.len() <= 253 && handle.split('.').all(is_label) && letter_first(top);
    valid.then_some(handle.len())
}

/// The bytes of a tag: up to the next blank, without what ends a sentence, and not digits alone.
fn tag(text: &str) -> Option<usize> {
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '\u{ad}' | '\u{2060}' | '\u{200a}'..='\u{200d}' | '\u{20e2}' | '#');
    let end = text.find(ends).unwrap_or(text.len());
    let tag = text[..end].trim_end_matches(|c: char| c.is_ascii_punctuation() || matches!(c, '…' | '’' | '”' | '»'));
    let says_something = tag.chars().any(|c| !c.is_ascii_digit() && !c.is_ascii_punctuation() && c != '\u{fe0f}');
    (says_something && !tag.starts_with('\u{fe0f}') && tag.graphemes(true).count() <= TAG_MAX).then_some(tag.len())
}

/// The facets of a text as they stand in a post. Handles that name nobody are not among `dids`, and
/// stay text.
pub(super) fn facets(text: &str, dids: &BTreeMap<String, Option<String>>) -> Vec<Value> {
    let facet = |(bytes, feature): (Range<usize>, Feature)| {
        let feature = match feature {
            Feature::Link(uri) => json!({"$type": "app.bsky.richtext.facet#link", "uri": uri}),
            Feature::Tag(tag) => json!({"$type": "app.bsky.richtext.facet#tag", "tag": tag}),
            Feature::Mention(handle) => {
                json!({"$type": "app.bsky.richtext.facet#mention", "did": dids.get(&handle)?.as_ref()?})
            }
        };
        Some(json!({"index": {"byteStart": bytes.start, "byteEnd": bytes.end}, "features": [feature]}))
    };
    find(text).into_iter().filter_map(facet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> Vec<(&str, Feature)> {
        find(text).into_iter().map(|(range, feature)| (&text[range], feature)).collect()
    }

    #[test]
    fn links_mentions_and_tags_are_found_at_their_bytes() {
        let link = |uri: &str| Feature::Link(uri.to_owned());
        let mention = |handle: &str| Feature::Mention(handle.to_owned());
        let tag = |tag: &str| Feature::Tag(tag.to_owned());
        assert_eq!(
            parts("👩‍⚕️ Grüße @Rosa.example.org! See (https://example.org/flu). #Grippe-Schutz, #2026 #♥"),
            [
                ("@Rosa.example.org", mention("rosa.example.org")),
                ("https://example.org/flu", link("https://example.org/flu")),
                ("#Grippe-Schutz", tag("Grippe-Schutz")),
                ("#♥", tag("♥")),
            ]
        );
        assert_eq!(find("👩‍⚕️ https://example.org")[0].0, 14..33, "the emoji has 13 bytes");
        assert_eq!(parts("mail rosa@example.org or a#b or @rosa or @-x.org or https://"), []);
        assert_eq!(parts("#a#b"), [("#a", tag("a"))]);
        assert_eq!(parts(&format!("#{}", "x".repeat(65))), []);
        assert_eq!(
            parts("https://example.org/#part @a.b"),
            [("https://example.org/#part", link("https://example.org/#part")), ("@a.b", mention("a.b")),]
        );
    }

    #[test]
    fn a_handle_that_names_nobody_stays_text() {
        let dids = BTreeMap::from([
            ("rosa.example.org".to_owned(), Some("did:plc:rosa".to_owned())),
            ("no.example.org".to_owned(), None),
        ]);
        let found = facets("@rosa.example.org @no.example.org @new.example.org", &dids);
        let expected = json!([{"index": {"byteStart": 0, "byteEnd": 17},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:rosa"}]}]);
        assert_eq!(Value::from(found), expected);
    }

    proptest! {
        #[test]
        fn facets_lie_within_the_text_in_order_and_never_overlap(text in "\\PC*|([@#]|https://|[a-z.é😀 (]|👩‍⚕️)*") {
            let mut end = 0;
            for (range, _) in find(&text) {
                prop_assert!(range.start >= end && range.end > range.start);
                prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
                end = range.end;
            }
        }
    }
}
