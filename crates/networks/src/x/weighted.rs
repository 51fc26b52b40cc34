//! The length of a text as X weighs it.
//!
//! X does not count characters: a link counts 23 however long it is, an emoji 2 however many scalar
//! values it is made of, Chinese, Japanese and Korean 2 a character, and what Latin and its
//! neighbours write 1; all of it after NFC. The numbers are those of X's configuration `v3` (scale
//! 100, at most 28,000), and the vectors of the tests were weighed by X's own library `twitter-text`
//! 3.1.0 on 2026-11-27. The crate of that name weighs the same, but brings a parser generator, a C++
//! bridge and 25 more crates with it for what is a page of code.
//!
//! What is a link is approximate in one way: its path ends where whitespace or a character that no
//! address holds comes, and trailing punctuation is left out; the library has longer rules for which
//! alphabet may stand where. The count may then differ by that tail.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// What a link weighs.
const LINK: usize = 23;

/// The names of the root zone of the DNS, by which X tells `example.org` from `end.Then`. IANA's list
/// of 2026-11.
const TOP_LEVEL: &str = include_str!("tlds.txt");

/// The weight of a text.
pub(crate) fn length(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let mut weight = 0;
    let mut plain_from = 0;
    for (from, to) in links(&text) {
        weight += plain(&text[plain_from..from]) + LINK;
        plain_from = to;
    }
    weight + plain(&text[plain_from..])
}

/// Whether there is a link in the text, which makes a post dearer.
pub(crate) fn has_link(text: &str) -> bool {
    !links(text).is_empty()
}

/// The text behind the `@names` it begins with: X puts those of a reply there itself, and they weigh
/// nothing.
pub(crate) fn without_leading_names(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(name) = rest.strip_prefix('@') {
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
        let behind = &name[end..];
        if end == 0 || !(behind.is_empty() || behind.starts_with(char::is_whitespace)) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

/// The weight of a text without links.
fn plain(text: &str) -> usize {
    text.graphemes(true)
        .map(|cluster| if is_emoji_sequence(cluster) { 2 } else { cluster.chars().map(of_char).sum() })
        .sum()
}

/// The ranges that weigh 1; everything else weighs 2.
const fn of_char(c: char) -> usize {
    match c as u32 {
        0..=0x10ff | 0x2000..=0x200d | 0x2010..=0x201f | 0x2032..=0x2037 => 1,
        _ => 2,
    }
}

/// Whether a cluster of several scalar values is one emoji: a keycap, a flag, a modified or joined one.
/// A single one weighs 2 by its range already.
fn is_emoji_sequence(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let (Some(first), true) = (chars.next(), cluster.chars().nth(1).is_some()) else { return false };
    match first {
        '0'..='9' | '#' | '*' => cluster.ends_with('\u{20e3}'),
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' => chars.next() == Some('\u{fe0f}'),
        '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21aa}' | '\u{231a}'..='\u{23ff}' | '\u{24c2}' => true,
        '\u{25aa}'..='\u{27bf}' | '\u{2934}' | '\u{2935}' | '\u{2b05}'..='\u{2b55}' => true,
        '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' => true,
        '\u{1f000}'..='\u{1faff}' => true,
        _ => false,
    }
}

/// Where links stand, from and to, in bytes.
fn links(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut at, mut before) = (0, None);
    while let Some(c) = text[at..].chars().next() {
        let end = link(&text[at..], before).map(|length| at + length);
        let next = end.unwrap_or(at + c.len_utf8());
        if let Some(end) = end {
            found.push((at, end));
        }
        before = text[..next].chars().next_back();
        at = next;
    }
    found
}

/// The length of the link with which the text begins.
fn link(text: &str, before: Option<char>) -> Option<usize> {
    let glued = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '@' | '\u{ff20}' | '$' | '#' | '\u{ff03}' | '\u{202a}'..='\u{202e}')
    };
    if before.is_some_and(glued) {
        return None;
    }
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)));
    if scheme.is_none() && before.is_some_and(|c| matches!(c, '-' | '_' | '.' | '/')) {
        return None;
    }
    let host_from = scheme.map_or(0, str::len);
    let host = host(&text[host_from..], scheme.is_some())?;
    let behind = &text[host_from + host..];
    let port = port(behind);
    Some(host_from + host + port + path(&behind[port..]))
}

/// The length of the host name with which the text begins: labels up to the last that is a name of
/// the root zone. Without a scheme only ASCII counts.
fn host(text: &str, any_script: bool) -> Option<usize> {
    let in_label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || (any_script && c.is_alphabetic());
    let (mut from, mut good) = (0, None);
    loop {
        let rest = &text[from..];
        let label = &rest[..rest.find(|c: char| !in_label(c)).unwrap_or(rest.len())];
        if label.is_empty() || label.starts_with(['-', '_']) || label.ends_with(['-', '_']) {
            break;
        }
        let behind = &rest[label.len()..];
        if from > 0 && !behind.starts_with('@') && is_top_level(label) {
            good = Some(from + label.len());
        }
        if !behind.starts_with('.') {
            break;
        }
        from += label.len() + 1;
    }
    good
}

fn is_top_level(label: &str) -> bool {
    let label = label.to_lowercase();
    label.starts_with("xn--") || TOP_LEVEL.split_whitespace().any(|name| name == label)
}

fn port(text: &str) -> usize {
    let Some(digits) = text.strip_prefix(':') else { return 0 };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 { 0 } else { 1 + length }
}

/// The length of path and query, less the punctuation of the sentence around it.
fn path(text: &str) -> usize {
    if !text.starts_with(['/', '?']) {
        return 0;
    }
    let in_address = |c: char| match c {
        '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}' => false,
        c if c.is_ascii() => c.is_ascii_graphic(),
        c => c.is_alphabetic() && of_char(c) == 1,
    };
    let mut path = &text[..text.find(|c: char| !in_address(c)).unwrap_or(text.len())];
    while let Some(last) = path.chars().next_back() {
        let balanced = last == ')' && path.matches(')').count() <= path.matches('(').count();
        if last.is_alphanumeric() || matches!(last, '=' | '_' | '#' | '/' | '+' | '-' | '&') || balanced {
            break;
        }
        path = &path[..path.len() - last.len_utf8()];
    }
    path.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Weighed by `twitter-text` 3.1.0.
    const VECTORS: [(&str, usize); 49] = [
        ("a", 1),
        ("©", 1),
        ("©️", 2),
        ("❤", 2),
        ("❤️", 2),
        ("👩‍⚕️", 2),
        ("👩🏽‍⚕️", 2),
        ("🇩🇪", 2),
        ("1️⃣", 2),
        ("中文", 4),
        ("क्षि", 4),
        ("กำ", 2),
        ("e\u{301}", 1),
        ("\u{1100}\u{1161}", 2),
        ("か\u{3099}", 2),
        ("ភាសា", 8),
        ("see https://example.org/a/very/long/path?x=1 now", 31),
        ("example.org", 23),
        ("example.com.", 24),
        ("foo.de", 23),
        ("foo.de/x", 23),
        ("end.Next one", 27),
        ("a@example.org", 13),
        ("clinic.health", 23),
        ("http://localhost", 16),
        ("https://münchen.example.org/ü", 23),
        ("(https://example.org/a)", 25),
        ("https://example.org/a.", 24),
        ("https://example.org/a(b)", 23),
        ("“quoted”—dash…", 15),
        ("‼️", 2),
        ("⁉", 2),
        ("\u{200d}", 1),
        ("x\u{200d}y", 3),
        ("@ann @bob thanks", 16),
        ("http://1.2.3.4/", 15),
        ("https://example.invalidtld/x", 28),
        ("user@clinic.health", 18),
        ("👍🏽👍", 4),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("™", 2),
        ("ℹ️", 2),
        ("example.org/ä", 23),
        ("HTTPS://EXAMPLE.ORG", 23),
        ("a.b.example.com:8080/x", 23),
        ("$example.org", 12),
        ("#example.org", 12),
        ("@example.org", 12),
        ("-example.org", 12),
    ];

    #[test]
    fn texts_weigh_what_the_library_of_x_says() {
        for (text, weight) in VECTORS {
            assert_eq!(length(text), weight, "{text}");
        }
    }

    #[test]
    fn the_names_before_a_reply_weigh_nothing() {
        assert_eq!(length(without_leading_names("@ann @bob_1 thanks")), 6);
        assert_eq!(length(without_leading_names("@ann, thanks")), 12);
        assert_eq!(without_leading_names("thanks @ann"), "thanks @ann");
        assert_eq!(without_leading_names("@"), "@");
    }

    proptest! {
        #[test]
        fn any_text_has_a_weight(text in "\\PC*|[a-z./:@#()é中👍🏽 -]*") {
            prop_assert!(length(&text) <= 2 * text.chars().count() + LINK * text.matches('.').count());
            prop_assert_eq!(length(&format!("{text} \u{4e2d}")), length(&format!("{text} ")) + 2);
        }
    }
}
