//! A text as characters and words, each word with what the lists know of it.

use super::lists::{Lists, flag};

/// A text as characters and words.
#[derive(Debug)]
pub struct Page {
    /// Its characters.
    pub chars: Vec<char>,
    /// Runs of letters and digits, with inner apostrophes.
    pub tokens: Vec<Token>,
    /// Most letters are capitals: they say nothing.
    pub shouted: bool,
    /// All words in lower case and without accents, one behind the other.
    folded: String,
}

/// A run of letters and digits.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    from: u32,
    to: u32,
    /// What the lists know of it: see [`flag`].
    pub flags: u32,
    /// Hash of its folded letters, a possessive left out.
    pub hash: u64,
    /// Begins with a capital.
    pub capital: bool,
    /// All of it capitals.
    pub upper: bool,
    /// Holds a digit.
    pub digit: bool,
    /// Holds nothing but digits.
    pub number: bool,
    /// Begins a sentence or a line.
    pub opens: bool,
}

/// The signs of ordinals ("2.º") are letters to Unicode, and to nobody else.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, 'º' | 'ª')
}

impl Token {
    /// Some of these flags are set.
    pub fn is(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}

impl Page {
    /// Takes a text apart.
    pub fn new(text: &str, lists: &Lists) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut page = Self {
            shouted: false,
            tokens: Vec::with_capacity(chars.len() / 4),
            folded: String::with_capacity(text.len()),
            chars,
        };
        let mut at = 0;
        while at < page.chars.len() {
            if !in_word(page.chars[at]) {
                at += 1;
                continue;
            }
            at = page.word(at, lists);
        }
        page.shouted = page.mostly_capitals();
        page
    }

    fn mostly_capitals(&self) -> bool {
        let long = self.tokens.iter().filter(|token| token.end - token.start > 1 && !token.digit);
        let (mut all, mut upper) = (0, 0);
        for token in long {
            all += 1;
            upper += usize::from(token.upper);
        }
        all >= 3 && upper * 10 > all * 6
    }

    /// Reads the word that begins at a character; its end.
    fn word(&mut self, start: usize, lists: &Lists) -> usize {
        let chars = &self.chars;
        let mut at = start;
        let from = self.folded.len();
        let (mut letters, mut capitals, mut digits) = (0, 0, 0);
        while at < chars.len() {
            let c = chars[at];
            let joins = matches!(c, '\u{300}'..='\u{36f}')
                || matches!(c, '\'' | '’') && chars.get(at + 1).is_some_and(|next| next.is_alphabetic());
            if !joins && !in_word(c) {
                break;
            }
            letters += usize::from(c.is_alphabetic());
            capitals += usize::from(c.is_uppercase());
            digits += usize::from(c.is_ascii_digit());
            if let Some(plain) = if c == '’' { Some('\'') } else { crate::text::fold(c) } {
                self.folded.push(plain);
            }
            at += 1;
        }
        let lower = &self.folded[from..];
        let bare = lower.strip_suffix("'s").unwrap_or(lower);
        let hash = crate::weights::hash(bare);
        let flags = lists.flags(lower, bare, hash);
        let opens = self.opened(start);
        self.tokens.push(Token {
            start,
            end: at,
            from: from as u32,
            to: self.folded.len() as u32,
            flags,
            hash,
            capital: self.chars[start].is_uppercase(),
            upper: letters > 1 && capitals == letters,
            digit: digits > 0,
            number: digits > 0 && digits == at - start,
            opens,
        });
        at
    }

    /// A word at this place begins a sentence or a line.
    fn opened(&self, start: usize) -> bool {
        let Some(last) = self.tokens.last() else { return true };
        let gap = &self.chars[last.end..start];
        gap.iter().any(|c| matches!(c, '.' | '!' | '?' | '\n' | ':' | '"' | '“' | '•' | '…'))
            && !(matches!(gap, ['.', ' ']) && (last.is(flag::TITLE) || last.end - last.start == 1 && last.capital))
    }

    /// A word in lower case and without accents; nothing where there is no such word.
    pub fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &self.folded[token.from as usize..token.to as usize])
    }

    /// The word before another.
    pub fn low_before(&self, at: usize, steps: usize) -> &str {
        at.checked_sub(steps).map_or("", |at| self.low(at))
    }

    /// The characters between two words.
    pub fn between(&self, left: usize, right: usize) -> &[char] {
        &self.chars[self.tokens[left].end..self.tokens[right].start]
    }

    /// Two words stand side by side, with one space at most, or a dot and a space.
    pub fn adjacent(&self, left: usize) -> bool {
        left + 1 < self.tokens.len()
            && matches!(self.between(left, left + 1), [' ' | '\u{a0}'] | ['-'] | ['.', ' '] | ['.'])
    }

    /// One space only lies between two words.
    pub fn spaced(&self, left: usize) -> bool {
        left + 1 < self.tokens.len() && matches!(self.between(left, left + 1), [' ' | '\u{a0}'])
    }

    /// The places of the up to `count` words that end before a character, nearest first.
    pub fn before(&self, at: usize, count: usize) -> impl Iterator<Item = usize> + use<> {
        let end = self.tokens.partition_point(|token| token.end <= at);
        (end.saturating_sub(count)..end).rev()
    }

    /// The first word that begins at or behind a character.
    pub fn token_from(&self, at: usize) -> usize {
        self.tokens.partition_point(|token| token.start < at)
    }

    /// One capital letter, as in "J. Smith".
    pub fn initial(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.capital && token.end - token.start == 1) && self.low(at) != "i"
    }
}
