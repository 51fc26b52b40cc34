//! How Mastodon counts, reads and shows the text of a status.

/// Characters that a link counts for, however long it is.
pub(super) const LINK: usize = 23;
/// Characters of a status.
pub(super) const MAX: usize = 500;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    Link(&'a str),
    /// `name` or `name@host`, without the first `@`.
    Mention(&'a str),
    Tag(&'a str),
}

/// Cuts a text at its links, mentions and hashtags.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    let mut before: Option<char> = None;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        let starts = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '/');
        let piece = if starts { start_of(rest) } else { None };
        let Some((piece, length)) = piece else {
            before = Some(next);
            at += next.len_utf8();
            continue;
        };
        if plain < at {
            pieces.push(Piece::Plain(&text[plain..at]));
        }
        pieces.push(piece);
        before = rest[..length].chars().next_back();
        at += length;
        plain = at;
    }
    if plain < text.len() {
        pieces.push(Piece::Plain(&text[plain..]));
    }
    pieces
}

fn start_of(rest: &str) -> Option<(Piece<'_>, usize)> {
    if rest.starts_with("https://") || rest.starts_with("http://") {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(rest.len());
        let link = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
        return (link.len() > "https://".len()).then_some((Piece::Link(link), link.len()));
    }
    if let Some(rest) = rest.strip_prefix('@') {
        let name = word(rest, |c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() {
            return None;
        }
        let host = rest[name.len()..].strip_prefix('@').map_or("", |rest| {
            word(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':')).trim_end_matches(['.', ':', '-'])
        });
        let length = if host.is_empty() { name.len() } else { name.len() + 1 + host.len() };
        return Some((Piece::Mention(&rest[..length]), length + 1));
    }
    let rest = rest.strip_prefix('#')?;
    let tag = word(rest, |c| c.is_alphanumeric() || c == '_');
    tag.chars().any(char::is_alphabetic).then_some((Piece::Tag(tag), tag.len() + 1))
}

fn word(rest: &str, belongs: impl Fn(char) -> bool) -> &str {
    &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())]
}

/// The addresses that a text mentions.
pub(super) fn mentioned(text: &str) -> Vec<&str> {
    let mention = |piece| if let Piece::Mention(acct) = piece { Some(acct) } else { None };
    pieces(text).into_iter().filter_map(mention).collect()
}

/// The hashtags of a text, in lower case, each once.
pub(super) fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Tag(tag) = piece {
            let tag = tag.to_lowercase();
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    tags
}

/// Characters as the server counts them: a link is [`LINK`], and the host of a mention is nothing.
pub(super) fn length(text: &str) -> usize {
    let count = |piece| match piece {
        Piece::Plain(text) => text.chars().count(),
        Piece::Link(_) => LINK,
        Piece::Mention(acct) => 1 + acct.split('@').next().unwrap_or(acct).len(),
        Piece::Tag(tag) => 1 + tag.chars().count(),
    };
    pieces(text).into_iter().map(count).sum()
}

/// The text as HTML, as every client gets it.
pub(super) fn html(text: &str, base: &str) -> String {
    let mut html = String::from("<p>");
    for piece in pieces(text) {
        match piece {
            Piece::Plain(text) => {
                html.push_str(&crate::page::escape(text).replace("\n\n", "</p><p>").replace('\n', "<br />"));
            }
            Piece::Link(link) => {
                let link = crate::page::escape(link);
                html.push_str(&format!(
                    "<a href=\"{link}\" target=\"_blank\" rel=\"nofollow noopener noreferrer\" translate=\"no\">{link}</a>"
                ));
            }
            Piece::Mention(acct) => {
                let name = acct.split('@').next().unwrap_or(acct);
                html.push_str(&format!(
                    "<span class=\"h-card\" translate=\"no\"><a href=\"{base}/@{acct}\" class=\"u-url mention\">\
                     @<span>{name}</span></a></span>"
                ));
            }
            Piece::Tag(tag) => {
                let tag = crate::page::escape(tag);
                html.push_str(&format!(
                    "<a href=\"{base}/tags/{}\" class=\"mention hashtag\" rel=\"tag\">#<span>{tag}</span></a>",
                    tag.to_lowercase()
                ));
            }
        }
    }
    html.push_str("</p>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_counts_23_and_the_host_of_a_mention_nothing() {
        assert_eq!(length("héllo"), 5);
        assert_eq!(length("see https://example.org/a/very/long/path/that/goes/on?and=on."), 4 + LINK + 1);
        assert_eq!(length("@rosa@example.social hi"), 5 + 3);
    }

    #[test]
    fn mentions_and_tags_are_found_where_words_begin() {
        assert_eq!(
            mentioned("@elmstreet, ask rosa@example.org or @rosa@example.social."),
            ["elmstreet", "rosa@example.social"]
        );
        assert_eq!(tags("#Flu season #flu #2026 a#b"), ["flu"]);
    }

    #[test]
    fn what_people_write_cannot_become_markup() {
        let shown = html("a <b>\n\nhttps://example.org/?q=\"x", "http://h");
        assert!(shown.starts_with("<p>a &lt;b&gt;</p><p><a href=\"https://example.org/?q=\""), "{shown}");
    }
}
