//! Cuts a folded text into words, with the contractions opened and the disguises undone.

use crate::normal::Folded;

/// One word or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Folded text; `.` ends a sentence, `,` a clause.
    pub text: String,
    /// First scalar value of the original.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Begins with an upper-case letter in the original.
    pub upper: bool,
    /// Letters or digits.
    pub word: bool,
}

const ABBREVIATIONS: [&str; 16] =
    ["dr", "dra", "mr", "mrs", "ms", "prof", "sr", "sra", "srta", "st", "vs", "no", "ext", "dept", "approx", "lic"];

/// Cuts a text into tokens.
pub fn tokens(text: &[Folded]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(text.len() / 5 + 4);
    let mut i = 0;
    while i < text.len() {
        let c = text[i].ch;
        if c.is_alphanumeric() {
            let mut j = i + 1;
            while j < text.len() && (text[j].ch.is_alphanumeric() || joins(text, j)) {
                j += 1;
            }
            word(&text[i..j], &mut out);
            i = j;
        } else {
            let sign = match c {
                '.' | '!' | '?' | ';' => Some("."),
                // A line may break inside a sentence; an empty line ends it.
                '\n' => blank_line(text, i).then_some("."),
                ',' | ':' | '(' | ')' | '-' | '/' => Some(","),
                '\'' | '"' | ' ' | '\t' | '\r' => None,
                '#' => Some("#"),
                '@' => Some("@"),
                '%' => Some("%"),
                _ => Some("\u{1}"),
            };
            // Between two letters a hyphen joins words ("follow-up") and a point ends nothing ("p.m.").
            let inside = i > 0
                && i + 1 < text.len()
                && text[i - 1].ch.is_alphanumeric()
                && text[i + 1].ch.is_alphanumeric()
                && matches!(c, '-' | '.' | '/');
            let short = c == '.' && out.last().is_some_and(|t| ABBREVIATIONS.contains(&t.text.as_str()));
            if let Some(sign) = sign
                && !inside
                && !short
            {
                out.push(Token {
                    text: sign.into(),
                    start: text[i].at,
                    end: text[i].at + 1,
                    upper: false,
                    word: false,
                });
            }
            i += 1;
        }
    }
    join_spelled(out)
}

fn blank_line(text: &[Folded], at: usize) -> bool {
    text[..at].iter().rev().find(|f| !matches!(f.ch, ' ' | '\t' | '\r')).is_some_and(|f| f.ch == '\n')
}

/// An apostrophe between letters belongs to the word; `@`, `$` and digits between letters disguise one.
fn joins(text: &[Folded], j: usize) -> bool {
    let letter = |k: usize| text.get(k).is_some_and(|f| f.ch.is_alphanumeric());
    j > 0 && letter(j - 1) && letter(j + 1) && matches!(text[j].ch, '\'' | '$' | '*' | '_')
}

fn word(part: &[Folded], out: &mut Vec<Token>) {
    let mut text: String = part.iter().map(|f| f.ch).collect();
    let upper = part[0].upper;
    let (start, end) = (part[0].at, part[part.len() - 1].at + 1);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters >= 2 && text.chars().any(|c| c.is_ascii_digit() || c == '$') {
        text = unleet(&text);
    }
    text.retain(|c| !matches!(c, '_' | '*'));
    let mut push = |text: &str, start: usize, end: usize, upper: bool| {
        out.push(Token { text: text.into(), start, end, upper, word: true });
    };
    let Some(cut) = text.find('\'') else {
        push(&text, start, end, upper);
        return;
    };
    let (head, tail) = (&text[..cut], &text[cut + 1..]);
    let middle = part.iter().find(|f| f.ch == '\'').map_or(end, |f| f.at);
    let opened: Option<(&str, &str)> = match (head, tail) {
        ("can", "t") => Some(("can", "not")),
        ("won", "t") => Some(("will", "not")),
        ("shan", "t") => Some(("shall", "not")),
        ("let", "s") => Some(("let", "us")),
        ("y", "all") => Some(("you", "all")),
        (h, "t") if h.ends_with('n') => Some((&h[..h.len() - 1], "not")),
        (h, "ve") => Some((h, "have")),
        (h, "re") => Some((h, "are")),
        (h, "ll") => Some((h, "will")),
        (h, "m") => Some((h, "am")),
        (h, "d") => Some((h, "would")),
        (h @ ("it" | "that" | "he" | "she" | "what" | "who" | "there" | "here" | "where" | "how"), "s") => {
            Some((h, "is"))
        }
        (h, "s") => Some((h, "'s")),
        _ => None,
    };
    if let Some((a, b)) = opened {
        push(a, start, middle, upper);
        push(b, middle, end, false);
    } else {
        push(&text.replace('\'', ""), start, end, upper);
    }
}

/// Contractions typed without their apostrophe.
fn bare(text: &str) -> &str {
    match text {
        "ur" | "yr" | "youre" => "your",
        "u" => "you",
        "dont" => "not",
        other => other,
    }
}

/// `v1s1t` is `visit`: digits between letters stand for the letters they look like.
fn unleet(text: &str) -> String {
    // "2nd", "10mg" and "h1n1" begin or end with a digit in the ordinary way: only digits that have a
    // letter on both sides, or a letter before and the end behind a word of letters, are read so.
    let chars: Vec<char> = text.chars().collect();
    let inner = (1..chars.len().saturating_sub(1)).any(|i| {
        (chars[i].is_ascii_digit() || chars[i] == '$') && chars[i - 1].is_alphabetic() && chars[i + 1].is_alphabetic()
    });
    if !inner {
        return text.into();
    }
    chars
        .iter()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => *other,
        })
        .collect()
}

/// `y o u r   v i s i t` and `y.o.u.r`: three or more single letters in a row are one word.
fn join_spelled(tokens: Vec<Token>) -> Vec<Token> {
    let single = |t: &Token| t.word && t.text.chars().count() == 1 && t.text.chars().all(char::is_alphabetic);
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        // A wider gap than one sign between two letters begins the next word.
        let mut j = i;
        while j < tokens.len() && single(&tokens[j]) && (j == i || tokens[j].start <= tokens[j - 1].end + 1) {
            j += 1;
        }
        if j - i >= 3 {
            out.push(Token {
                text: tokens[i..j].iter().map(|t| t.text.as_str()).collect(),
                start: tokens[i].start,
                end: tokens[j - 1].end,
                upper: tokens[i].upper,
                word: true,
            });
            i = j;
        } else {
            let mut token = tokens[i].clone();
            token.text = bare(&token.text).into();
            out.push(token);
            i += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::fold;

    fn words(text: &str) -> Vec<String> {
        tokens(&fold(text).0).into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn contractions_open_and_disguises_fall() {
        assert_eq!(words("We've seen you, didn't we?"), ["we", "have", "seen", "you", ",", "did", "not", "we", "."]);
        assert_eq!(words("Dr. Lee's follow-up"), ["dr", "lee", "'s", "follow", "up"]);
        assert_eq!(words("y0ur v1sit"), ["your", "visit"]);
        assert_eq!(words("y o u r  v.i.s.i.t"), ["your", "visit"]);
        assert_eq!(words("10mg at 5pm"), ["10mg", "at", "5pm"]);
    }
}
