//! LinkedIn's `little` text format, in which the text of a post is written and read.
//!
//! Certain characters make mentions and templates of a text; each of them stands behind a backslash
//! where it is meant as itself. A comment is plain text and knows none of this.
//! Source: learn.microsoft.com, Community Management, "little Text Format".

/// The characters that mean something.
const RESERVED: [char; 14] = ['|', '{', '}', '@', '[', ']', '(', ')', '<', '>', '\\', '*', '_', '~'];

/// A plain text as `little`. Hashtags remain hashtags; nobody is mentioned by accident.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let opens_hashtag = c == '#'
            && before.is_none_or(|before: char| !before.is_alphanumeric() && before != '#')
            && chars.peek().is_some_and(|next| next.is_alphanumeric());
        if RESERVED.contains(&c) || (c == '#' && !opens_hashtag) {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// A `little` text as a reader sees it. Total: any text gives a text.
pub(super) fn to_plain(little: &str) -> String {
    let mut out = String::with_capacity(little.len());
    let mut rest = little;
    while let Some(at) = rest.find(['\\', '@', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((shown, behind)) = mention(rest).or_else(|| hashtag(rest)) {
            out.push_str(&shown);
            rest = behind;
            continue;
        }
        match rest.strip_prefix('\\').and_then(|behind| behind.chars().next()) {
            Some(meant) if RESERVED.contains(&meant) || meant == '#' => {
                out.push(meant);
                rest = &rest[1 + meant.len_utf8()..];
            }
            _ => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// `@[Name](urn:li:person:1)` is shown as the name.
fn mention(text: &str) -> Option<(String, &str)> {
    let (name, behind) = text.strip_prefix("@[")?.split_once(']')?;
    let (urn, behind) = behind.strip_prefix('(')?.split_once(')')?;
    urn.starts_with("urn:li:").then(|| (to_plain(name), behind))
}

/// `{hashtag|\#|tag}` is shown as `#tag`.
fn hashtag(text: &str) -> Option<(String, &str)> {
    let (inner, behind) = text.strip_prefix("{hashtag")?.split_once('}')?;
    let mut parts = inner.split('|').map(|part| part.trim_matches('\\')).filter(|part| !part.is_empty());
    let (sign, tag) = (parts.next()?, parts.next()?);
    matches!(sign, "#" | "\u{ff03}").then(|| (format!("#{tag}"), behind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_means_something_is_escaped() {
        assert_eq!(escape("Open (8-5) @ Elm St. #1 *new*"), r"Open \(8-5\) \@ Elm St. #1 \*new\*");
        assert_eq!(escape("#flu C# a#b ## #"), r"#flu C\# a\#b \#\# \#");
    }

    #[test]
    fn a_post_is_shown_as_readers_see_it() {
        let little = r"Thanks @[Elm Street Clinic](urn:li:organization:5)\! {hashtag|\#|FluShots} \(free\) C\\D";
        assert_eq!(to_plain(little), r"Thanks Elm Street Clinic\! #FluShots (free) C\D");
    }

    proptest! {
        #[test]
        fn what_was_escaped_comes_back(text in "\\PC*|[@#{}()|a-z \\\\\\[\\]*_~<>]*") {
            prop_assert_eq!(to_plain(&escape(&text)), text);
        }

        #[test]
        fn any_text_is_read(text in "\\PC*|[@#{}()|a-z:\\\\\\[\\]]*") {
            let _ = to_plain(&text);
        }
    }
}
