//! Brings a draft into the form that the rules read, and keeps where every character came from.
//!
//! Trivial evasion must not pass: full-width, mathematical and circled letters become plain ones,
//! accents fall, curly quotes straighten, invisible characters vanish. What no honest writer types
//! (control characters, bidirectional overrides, letters of two alphabets in one word, invisible
//! characters inside a word) is reported, and the gate blocks it with U1.

/// The longest draft that is analysed, in Unicode scalar values.
pub const MAX_CHARS: usize = 10_000;

/// A character of the folded text and the index of the original scalar value it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folded {
    /// Folded to lower case and plain Latin where a plain form exists.
    pub ch: char,
    /// Index of the original scalar value.
    pub at: usize,
    /// The original was an upper-case letter.
    pub upper: bool,
}

/// Something in a text that no honest writer types: where, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// First scalar value of the original.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it is, as the end of the sentence "The draft has ...".
    pub what: &'static str,
}

/// Folds a text; also says what in it cannot be trusted.
pub fn fold(text: &str) -> (Vec<Folded>, Vec<Oddity>) {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<Folded> = Vec::with_capacity(chars.len());
    let mut odd = Vec::new();
    if chars.len() > MAX_CHARS {
        odd.push(Oddity { start: MAX_CHARS, end: chars.len(), what: "more than 10,000 characters" });
        return (out, odd);
    }
    let mut marks = 0;
    for (at, &c) in chars.iter().enumerate() {
        if is_override(c) {
            odd.push(Oddity { start: at, end: at + 1, what: "a character that turns the reading direction" });
            continue;
        }
        if c.is_control() && !matches!(c, '\n' | '\r' | '\t') {
            odd.push(Oddity { start: at, end: at + 1, what: "a control character" });
            continue;
        }
        if matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}') {
            odd.push(Oddity { start: at, end: at + 1, what: "a character that has no public meaning" });
            continue;
        }
        if is_invisible(c) {
            let inside = at > 0
                && chars.get(at + 1..).is_some_and(|rest| {
                    rest.iter()
                        .copied()
                        .find(|c| !is_invisible(*c))
                        .is_some_and(|next| is_latin(next) || next.is_ascii_digit())
                })
                && chars[..at]
                    .iter()
                    .rev()
                    .copied()
                    .find(|c| !is_invisible(*c))
                    .is_some_and(|c| is_latin(c) || c.is_ascii_digit());
            if inside {
                odd.push(Oddity { start: at, end: at + 1, what: "an invisible character inside a word" });
            }
            continue;
        }
        if is_mark(c) {
            marks += 1;
            if marks == 3 {
                odd.push(Oddity { start: at - 2, end: at + 1, what: "marks stacked on a letter" });
            }
            continue;
        }
        marks = 0;
        let upper = c.is_uppercase();
        for ch in plain(c) {
            for ch in ch.to_lowercase() {
                out.push(Folded { ch, at, upper });
            }
        }
    }
    mixed_scripts(&mut out, &mut odd);
    odd.sort_by_key(|o| (o.start, o.end));
    (out, odd)
}

fn is_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{00C0}'..='\u{024F}') && c.is_alphabetic()
}

/// The plain letters that a character stands for.
fn plain(c: char) -> impl Iterator<Item = char> {
    let code = u32::from(c);
    let letter = |offset: u32, base: u8| char::from_u32(u32::from(base) + offset).unwrap_or(c);
    let one = match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{02BC}' | '\u{02B9}' | '\u{00B4}' | '`' | '\u{2032}'
        | '\u{FF07}' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        '\u{00A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{2028}' | '\u{2029}' => '\n',
        '\u{2024}' | '\u{3002}' | '\u{FF61}' => '.',
        '\u{FF01}'..='\u{FF5E}' => letter(code - 0xFF01, b'!'),
        '\u{24B6}'..='\u{24CF}' => letter(code - 0x24B6, b'a'),
        '\u{24D0}'..='\u{24E9}' => letter(code - 0x24D0, b'a'),
        '\u{1F110}'..='\u{1F129}' => letter(code - 0x1F110, b'a'),
        '\u{1F130}'..='\u{1F149}' => letter(code - 0x1F130, b'a'),
        '\u{1F150}'..='\u{1F169}' => letter(code - 0x1F150, b'a'),
        '\u{1F170}'..='\u{1F189}' => letter(code - 0x1F170, b'a'),
        '\u{1D400}'..='\u{1D6A3}' => letter((code - 0x1D400) % 26, b'a'),
        '\u{1D7CE}'..='\u{1D7FF}' => letter((code - 0x1D7CE) % 10, b'0'),
        '\u{0660}'..='\u{0669}' => letter(code - 0x0660, b'0'),
        '\u{06F0}'..='\u{06F9}' => letter(code - 0x06F0, b'0'),
        '\u{2070}' | '\u{2074}'..='\u{2079}' => letter(code - 0x2070, b'0'),
        '\u{2080}'..='\u{2089}' => letter(code - 0x2080, b'0'),
        'À'..='Å' | 'à'..='å' | 'Ā' | 'ā' | 'Ă' | 'ă' | 'Ą' | 'ą' | 'ª' | 'ᴀ' => 'a',
        'Ç' | 'ç' | 'Ć'..='č' | 'ᴄ' => 'c',
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'ᴇ' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'ɪ' => 'i',
        'Ñ' | 'ñ' | 'Ń'..='ň' | 'ɴ' => 'n',
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'º' | 'ᴏ' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'ᴜ' => 'u',
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'ʏ' => 'y',
        'Ď'..='đ' | 'ᴅ' => 'd',
        'Ĝ'..='ģ' | 'ɢ' => 'g',
        'Ł' | 'ł' | 'Ĺ'..='ľ' | 'ʟ' => 'l',
        'Ŕ'..='ř' | 'ʀ' => 'r',
        'Ś'..='š' | 'ꜱ' => 's',
        'Ţ'..='ŧ' | 'ᴛ' => 't',
        'Ź'..='ž' | 'ᴢ' => 'z',
        'ʙ' => 'b',
        'ʜ' => 'h',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ᴍ' => 'm',
        'ᴘ' => 'p',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        _ => c,
    };
    let pair = match c {
        'ﬁ' => Some(['f', 'i']),
        'ﬂ' => Some(['f', 'l']),
        'ﬀ' => Some(['f', 'f']),
        'ß' => Some(['s', 's']),
        'Æ' | 'æ' => Some(['a', 'e']),
        'Œ' | 'œ' => Some(['o', 'e']),
        _ => None,
    };
    let (first, second) = pair.map_or((one, None), |[a, b]| (a, Some(b)));
    std::iter::once(first).chain(second)
}

/// Latin letters that Cyrillic and Greek ones look like.
fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' | 'є' => 'e',
        'һ' | 'н' | 'η' => 'h',
        'і' | 'ι' | 'ї' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' | 'μ' => 'm',
        'п' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ц' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' | 'ш' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'ʐ' | 'ζ' => 'z',
        _ => return None,
    })
}

/// A word with Latin and Cyrillic or Greek letters is a disguise: it is read as Latin, and reported.
fn mixed_scripts(out: &mut [Folded], odd: &mut Vec<Oddity>) {
    let mut start = 0;
    while start < out.len() {
        let len = out[start..].iter().take_while(|f| f.ch.is_alphanumeric()).count();
        let word = &mut out[start..start + len];
        let latin = word.iter().any(|f| f.ch.is_ascii_lowercase());
        let other = word.iter().any(|f| matches!(f.ch, '\u{0370}'..='\u{052F}') && f.ch != 'µ');
        if latin && other {
            odd.push(Oddity {
                start: word[0].at,
                end: word[len - 1].at + 1,
                what: "a word with letters of two alphabets that look alike",
            });
            for f in word.iter_mut() {
                f.ch = lookalike(f.ch).unwrap_or(f.ch);
            }
        }
        start += len.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        fold(text).0.iter().map(|f| f.ch).collect()
    }

    #[test]
    fn disguised_letters_become_plain_ones() {
        assert_eq!(folded("Ｙｏｕｒ ｖｉｓｉｔ"), "your visit");
        assert_eq!(folded("𝐘𝐨𝐮𝐫 𝓿𝓲𝓼𝓲𝓽"), "your visit");
        assert_eq!(folded("yo\u{200b}ur vi\u{00ad}sit"), "your visit");
        assert_eq!(folded("We’re sorry — señora"), "we're sorry - senora");
    }

    #[test]
    fn what_no_honest_writer_types_is_reported() {
        for text in ["yo\u{200b}ur", "y\u{043e}ur", "a\u{202e}b", "a\u{7}b", "v\u{301}\u{302}\u{303}isit"] {
            assert_eq!(fold(text).1.len(), 1, "{text:?}");
        }
        for text in ["Señora, ¿qué tal?", "👩\u{200d}⚕️ ❤️", "привет", "naïve café", "می‌خواهم"]
        {
            assert_eq!(fold(text).1, [], "{text:?}");
        }
    }

    #[test]
    fn every_folded_character_knows_where_it_came_from() {
        let (out, _) = fold("ﬁne\u{200b} é");
        assert_eq!(out.iter().map(|f| f.at).collect::<Vec<_>>(), [0, 0, 1, 2, 4, 5]);
    }
}
