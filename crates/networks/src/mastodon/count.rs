//! How long a status is.
//!
//! Mastodon counts what a reader sees as one character, each address as 23 whatever its length, and
//! of a handle on another server only the part before the host (`@rosa@example.org` counts as
//! `@rosa`), so that nobody pays for a long host.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::address;

/// What an address counts where the server says nothing else.
pub(crate) const PER_ADDRESS: usize = 23;

/// The length of a text; each address counts `per_address`.
pub(crate) fn length(text: &str, per_address: usize) -> usize {
    // A character of its own keeps the neighbours of an address apart, and counts one.
    let mut addresses = 0;
    let counted = rewritten(text, |_| {
        addresses += 1;
        "\u{fffc}"
    });
    counted.graphemes(true).count() + addresses * per_address - addresses
}

/// The text as a server shows it: handles without their hosts.
pub(super) fn without_hosts(text: &str) -> String {
    rewritten(text, |address| address)
}

fn rewritten<'a>(text: &'a str, mut shown: impl FnMut(&'a str) -> &'a str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, found)) = next(rest, out.chars().next_back()) {
        out.push_str(&rest[..at]);
        let bytes = match found {
            Found::Address(bytes) => {
                out.push_str(shown(&rest[at..at + bytes]));
                bytes
            }
            Found::Handle { local, bytes } => {
                out.push_str(&rest[at..at + local]);
                bytes
            }
        };
        rest = &rest[at + bytes..];
    }
    out.push_str(rest);
    out
}

enum Found {
    /// An address of so many bytes.
    Address(usize),
    /// A handle: so many bytes with the host, and so many without.
    Handle { local: usize, bytes: usize },
}

/// The first address or handle of another server in a text that follows `before`.
fn next(text: &str, before: Option<char>) -> Option<(usize, Found)> {
    let mut last = before;
    for (at, c) in text.char_indices() {
        let after_a_word = last.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/'));
        last = Some(c);
        match c {
            'h' | 'H' if !after_a_word => {
                if let Some(bytes) = address(&text[at..]) {
                    return Some((at, Found::Address(bytes)));
                }
            }
            '@' if !after_a_word => {
                if let Some((local, bytes)) = handle(&text[at..]) {
                    return Some((at, Found::Handle { local, bytes }));
                }
            }
            _ => {}
        }
    }
    None
}

/// The bytes of the handle `@name@host` at the beginning of a text: of `@name`, and of all.
pub(crate) fn handle(text: &str) -> Option<(usize, usize)> {
    let name = text.strip_prefix('@')?;
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let local = name.find(|c| !word(c)).unwrap_or(name.len());
    let host = name[local..].strip_prefix('@')?;
    let end = host.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | ':'))).unwrap_or(host.len());
    let host = host[..end].trim_end_matches(['.', '-', ':']);
    (local > 0 && !host.is_empty()).then(|| (1 + local, 1 + local + 1 + host.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_count_23_and_handles_without_their_host() {
        for (text, counts) in [
            ("", 0),
            ("Grüße 👩‍⚕️", 7),
            ("https://example.org/a/very/long/path?with=a&query=too#and-more", 23),
            ("See https://example.org/x. Or (http://example.org/y)!", 4 + 23 + 6 + 23 + 2),
            ("https://example.org/a_(b)", 23),
            ("@rosa@social.example.org, thank you", 5 + 11),
            ("@rosa thank you", 15),
            ("mail rosa@example.org", 21),
            ("nohttps://example.org", 21),
            ("https://", 8),
            ("@@ @ @rosa@ @rosa@-", 19),
        ] {
            assert_eq!(length(text, PER_ADDRESS), counts, "{text}");
        }
        assert_eq!(length("https://example.org/", 30), 30, "a server may count otherwise");
    }

    proptest! {
        #[test]
        fn any_text_has_a_length(text in "\\PC*|[@a-z./:()h ]*") {
            prop_assert!(length(&text, 0) <= text.graphemes(true).count().max(1));
            let _ = length(&text, 23);
        }
    }
}
