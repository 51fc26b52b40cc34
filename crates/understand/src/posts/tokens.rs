//! A post cut into words as posts are written: links, names of accounts, hashtags, emoticons, pictures and runs of marks are
//! words too.

use crate::assessment::Span;
use crate::text::{fold, is_alone, is_word};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters or digits.
    Word,
    /// A picture or an emoticon.
    Picture,
    /// A mark, a link, the name of an account.
    Sign,
}

/// A word of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// In lower case, without accents, letters that are drawn out written twice.
    pub letters: String,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
    /// It is all capitals, of more than one letter.
    pub loud: bool,
    /// A letter of it is drawn out.
    pub drawn: bool,
    /// It is a hashtag.
    pub tag: bool,
}

/// Emoticons, in lower case; the longest first where one begins another.
const EMOTICONS: [&str; 16] =
    [":-)", ":-(", ":'(", ";-)", ":)", ":(", ";)", ":d", ":p", ":/", "=)", "=(", "<3", "^^", ":o", ":*"];

/// More tokens than this are not looked at.
const MOST: usize = 400;

/// Cuts a post.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < chars.len() && out.len() < MOST {
        let end = match chars[at] {
            '@' if word_at(&chars, at + 1) => {
                let end = run(&chars, at + 1, |c| is_word(c) || c == '_');
                out.push(sign("@user", at, end));
                end
            }
            '#' if word_at(&chars, at + 1) => {
                let end = run(&chars, at + 1, |c| is_word(c) || c == '_');
                let mut token = word(&chars, at + 1, end);
                token.tag = true;
                out.push(token);
                end
            }
            'h' | 'H' if link(&chars, at) => {
                let end = run(&chars, at, |c| !c.is_whitespace());
                out.push(sign("http", at, end));
                end
            }
            c if is_alone(c) => {
                let letters = c.to_string();
                out.push(Token { kind: Kind::Picture, ..sign(&letters, at, at + 1) });
                at + 1
            }
            c if is_word(c) => {
                let end = run(&chars, at, |c| is_word(c) && !is_alone(c));
                out.push(word(&chars, at, end));
                end
            }
            _ => match emoticon(&chars, at) {
                Some(found) => {
                    let end = at + found.len();
                    out.push(Token { kind: Kind::Picture, ..sign(found, at, end) });
                    end
                }
                None => marks(&chars, at, &mut out),
            },
        };
        at = end.max(at + 1);
    }
    out
}

/// A run of one mark that says something is a token: one, or more than one.
fn marks(chars: &[char], at: usize, out: &mut Vec<Token>) -> usize {
    let plain = |c: char| match c {
        '!' | '！' | '¡' => "!",
        '?' | '？' | '؟' | '¿' => "?",
        '.' | '…' => ".",
        '"' | '“' | '”' | '«' | '»' => "\"",
        _ => "",
    };
    let mark = plain(chars[at]);
    if mark.is_empty() {
        return at + 1;
    }
    let end = run(chars, at, |c| plain(c) == mark);
    let many = end - at > 1 || chars[at] == '…';
    let letters = match (mark, many) {
        (".", false) => return end,
        ("\"", _) => "\"".to_owned(),
        (mark, true) => mark.repeat(2),
        (mark, false) => mark.to_owned(),
    };
    out.push(sign(&letters, at, end));
    end
}

fn sign(letters: &str, start: usize, end: usize) -> Token {
    Token {
        letters: letters.to_owned(),
        kind: Kind::Sign,
        span: Span { start, end },
        loud: false,
        drawn: false,
        tag: false,
    }
}

fn word(chars: &[char], start: usize, end: usize) -> Token {
    let mut letters = String::new();
    let (mut last, mut count, mut drawn) = ('\0', 0, false);
    let (mut capitals, mut length) = (0, 0);
    for &c in &chars[start..end] {
        length += 1;
        capitals += usize::from(c.is_uppercase());
        let Some(folded) = fold(c) else { continue };
        count = if folded == last { count + 1 } else { 1 };
        last = folded;
        if count > 2 && folded.is_alphabetic() {
            drawn = true;
        } else {
            letters.push(if folded.is_ascii_digit() { '0' } else { folded });
        }
    }
    let loud = length > 1 && capitals == length;
    Token { letters, kind: Kind::Word, span: Span { start, end }, loud, drawn, tag: false }
}

fn word_at(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(|c| is_word(*c) || *c == '_')
}

/// The end of the run of characters that fit.
fn run(chars: &[char], from: usize, fits: impl Fn(char) -> bool) -> usize {
    from + chars[from..].iter().take_while(|c| fits(**c)).count()
}

/// `http` alone, or the beginning of an address.
fn link(chars: &[char], at: usize) -> bool {
    let starts = |with: &str| {
        with.chars()
            .enumerate()
            .all(|(place, c)| chars.get(at + place).is_some_and(|have| have.eq_ignore_ascii_case(&c)))
    };
    let ends = |length: usize| chars.get(at + length).is_none_or(|c| !is_word(*c));
    let begins = at == 0 || !is_word(chars[at - 1]);
    begins && (starts("http://") || starts("https://") || (starts("http") && ends(4)))
}

fn emoticon(chars: &[char], at: usize) -> Option<&'static str> {
    EMOTICONS.into_iter().find(|emoticon| {
        emoticon
            .chars()
            .enumerate()
            .all(|(place, c)| chars.get(at + place).is_some_and(|have| have.eq_ignore_ascii_case(&c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_cut_as_posts_are_written() {
        let found: Vec<String> = tokens("RT @anna_b: Sooooo schön!!! 😍😍 #Glück http://t.co/x1 :-) …")
            .into_iter()
            .map(|t| t.letters)
            .collect();
        assert_eq!(found, ["rt", "@user", "soo", "schon", "!!", "😍", "😍", "gluck", "http", ":-)", ".."]);
    }

    #[test]
    fn a_token_knows_where_it_stands() {
        let raw = "é 😀 NEIN!";
        for token in tokens(raw) {
            let found: String = raw.chars().skip(token.span.start).take(token.span.end - token.span.start).collect();
            assert!(!found.is_empty() && !found.starts_with(' '), "{found}");
        }
        assert!(tokens(raw)[2].loud);
    }
}
