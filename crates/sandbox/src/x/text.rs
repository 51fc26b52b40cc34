//! How X counts and marks up a text, after the published configuration 3 of twitter-text.

use unicode_normalization::UnicodeNormalization as _;

/// The most that a post may weigh, as [`weight`] counts it.
pub(super) const MAX: usize = 280;
/// What a link counts for, however long it is.
const LINK: usize = 23;

/// Top-level domains that make a link of a name without `https://`: those of our invented people.
const BARE: [&str; 10] = ["com", "org", "net", "edu", "gov", "info", "health", "io", "uk", "example"];

/// What stands at a place of a text, by characters (not bytes), as the entities of a post count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entity {
    pub(super) kind: EntityKind,
    /// Without `@` or `#`.
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntityKind {
    Link,
    Mention,
    Hashtag,
}

/// The links, mentions and hashtags of a text, in order.
pub(super) fn entities(text: &str) -> Vec<Entity> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let begins =
            at == 0 || !(chars[at - 1].is_alphanumeric() || matches!(chars[at - 1], '_' | '@' | '#' | '/' | '.'));
        let entity = if begins { entity_at(&chars, at) } else { None };
        match entity {
            Some(entity) => {
                at = entity.end;
                found.push(entity);
            }
            None => at += 1,
        }
    }
    found
}

fn entity_at(chars: &[char], start: usize) -> Option<Entity> {
    let run = |from: usize, belongs: &dyn Fn(char) -> bool| -> String {
        chars[from..].iter().copied().take_while(|c| belongs(*c)).collect()
    };
    match chars[start] {
        '@' | '\u{ff20}' => {
            let name = run(start + 1, &|c| c.is_ascii_alphanumeric() || c == '_');
            let end = start + 1 + name.len();
            let fits = (1..=15).contains(&name.len()) && chars.get(end) != Some(&'@');
            fits.then_some(Entity { kind: EntityKind::Mention, text: name, start, end })
        }
        '#' | '\u{ff03}' => {
            let tag = run(start + 1, &|c| c.is_alphanumeric() || c == '_');
            let end = start + 1 + tag.chars().count();
            let fits = tag.chars().any(char::is_alphabetic);
            fits.then_some(Entity { kind: EntityKind::Hashtag, text: tag, start, end })
        }
        _ => {
            let word = run(start, &|c| !c.is_whitespace() && !matches!(c, '<' | '>' | '"'));
            let link = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
            is_link(link).then(|| Entity {
                kind: EntityKind::Link,
                text: link.to_owned(),
                start,
                end: start + link.chars().count(),
            })
        }
    }
}

fn is_link(word: &str) -> bool {
    let bare = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"));
    let host = bare.unwrap_or(word).split(['/', '?', '#', ':']).next().unwrap_or_default();
    let Some((name, last)) = host.rsplit_once('.') else { return false };
    let is_host = !name.is_empty() && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    is_host && (bare.is_some() || BARE.contains(&last.to_ascii_lowercase().as_str()))
}

/// The length of a text as X counts it: a link is 23, an emoji 2, most scripts 1, the others 2.
pub(super) fn weight(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let chars: Vec<char> = text.chars().collect();
    let links: Vec<Entity> = entities(&text).into_iter().filter(|entity| entity.kind == EntityKind::Link).collect();
    let (mut at, mut weight) = (0, 0);
    while at < chars.len() {
        if let Some(link) = links.iter().find(|link| link.start == at) {
            weight += LINK;
            at = link.end;
            continue;
        }
        let emoji = emoji(&chars[at..]);
        weight += if emoji == 0 && is_light(chars[at]) { 1 } else { 2 };
        at += emoji.max(1);
    }
    weight
}

fn is_light(c: char) -> bool {
    matches!(u32::from(c), 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247)
}

/// How many characters the emoji at the beginning has; 0 where there is none.
fn emoji(chars: &[char]) -> usize {
    let Some(&first) = chars.first() else { return 0 };
    let is_flag = |c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
    let second = chars.get(1).copied();
    if is_flag(first) {
        return if second.is_some_and(is_flag) { 2 } else { 1 };
    }
    if (first.is_ascii_digit() || matches!(first, '#' | '*'))
        && second == Some('\u{fe0f}')
        && chars.get(2) == Some(&'\u{20e3}')
    {
        return 3;
    }
    let pictures = second == Some('\u{fe0f}') && !first.is_ascii();
    if !is_picture(first) && !pictures {
        return 0;
    }
    let mut length = 1;
    loop {
        match chars.get(length) {
            Some('\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}') => length += 1,
            Some('\u{200d}')
                if chars.get(length + 1).is_some_and(|next| is_picture(*next) || !next.is_alphanumeric()) =>
            {
                length += 2;
            }
            _ => return length,
        }
    }
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b1b}'..='\u{2b55}' | '\u{231a}'..='\u{23ff}')
}

/// A reply without the names at its beginning: these are added by X and count for nothing.
pub(super) fn without_names(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix('@') {
        let name = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
        if name == 0 || !after[name..].starts_with(char::is_whitespace) {
            return rest;
        }
        rest = after[name..].trim_start();
    }
    rest
}

/// The text as the interface gives it: `&`, `<` and `>` are written as in HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_twitter_text() {
        let table = [
            ("hello", 5),
            ("https://example.org/a/long/path?with=a&query=that-counts-nothing", 23),
            ("see example.org.", 4 + 23 + 1),
            ("日本語", 6),
            ("😀", 2),
            ("👩‍👩‍👧‍👦", 2),
            ("👍🏽", 2),
            ("🇫🇷", 2),
            ("1️⃣", 2),
            ("❤️", 2),
            // One character after normalisation.
            ("e\u{301}", 1),
        ];
        for (text, expected) in table {
            assert_eq!(weight(text), expected, "{text}");
        }
    }

    #[test]
    fn names_before_a_reply_count_nothing_and_those_within_do() {
        assert_eq!(without_names("@rosa @elm_street Thank you @all"), "Thank you @all");
        assert_eq!(without_names("@rosa"), "@rosa");
    }

    #[test]
    fn entities_have_their_places_in_characters() {
        let found = entities("é @rosa #Flu https://example.org/x. a@b");
        let places: Vec<_> = found.iter().map(|one| (one.text.as_str(), one.start, one.end)).collect();
        assert_eq!(places, [("rosa", 2, 7), ("Flu", 8, 12), ("https://example.org/x", 13, 34)]);
    }
}
