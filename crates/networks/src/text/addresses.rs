//! Web addresses in plain text.

/// The bytes of the web address at the beginning of a text. What ends a sentence does not belong to it.
pub(crate) fn address(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)))?;
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(text.len());
    let mut address = &text[..end];
    loop {
        let shorter = address.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '…']);
        // A bracket belongs to it if it was opened in it.
        let shorter = match shorter.strip_suffix(')') {
            Some(open) if shorter.matches(')').count() > shorter.matches('(').count() => open,
            _ => shorter,
        };
        if shorter.len() == address.len() {
            break;
        }
        address = shorter;
    }
    let host = &address[scheme.len().min(address.len())..];
    host.starts_with(|c: char| c.is_alphanumeric()).then_some(address.len())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn what_ends_a_sentence_is_not_part_of_an_address() {
        for (text, found) in [
            ("https://example.org/flu.", Some("https://example.org/flu")),
            ("HTTP://example.org, and", Some("HTTP://example.org")),
            ("https://example.org/a_(b))", Some("https://example.org/a_(b)")),
            ("https://example.org/\u{e9}?q=1#x\u{2026}", Some("https://example.org/\u{e9}?q=1#x")),
            ("https://", None),
            ("https://.", None),
            ("example.org", None),
        ] {
            assert_eq!(address(text).map(|end| &text[..end]), found, "{text}");
        }
    }
}
