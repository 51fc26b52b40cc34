//! The 18 identifiers of 45 CFR 164.514(b)(2)(i), each with its place and its right type.
//!
//! Numbers are told apart by their shape, by the word before them and by their check digits;
//! names by lists of given names and surnames, by capitals and by what stands around them. Ages up
//! to 89, years alone, states and countries are not identifiers and are not reported.

mod codes;
mod dates;
mod names;
mod places;
mod validators;
mod web;

use crate::assessment::{Identifier, IdentifierType};

/// Finds the identifiers in a text, in order; no two of them overlap.
///
/// ```
/// let found = bedside_understand::identifiers("Call Mary Green at 202-555-0142.");
/// assert_eq!(found[0].text, "Mary Green");
/// assert_eq!(found[1].kind, bedside_understand::IdentifierType::Phone);
/// ```
pub fn identifiers(text: &str) -> Vec<Identifier> {
    let page = Page::new(text);
    let mut found: Vec<Found> = Vec::new();
    web::find(&page, &mut found);
    dates::find(&page, &mut found);
    codes::find(&page, &mut found);
    places::find(&page, &mut found);
    names::find(&page, &mut found);
    settle(&page, found)
}

/// A candidate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub kind: IdentifierType,
    pub start: usize,
    pub end: usize,
    pub score: f64,
}

/// A text as characters and words.
pub(crate) struct Page {
    pub chars: Vec<char>,
    /// Runs of letters and digits, with inner apostrophes.
    pub tokens: Vec<Token>,
}

/// A run of letters and digits.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub start: usize,
    pub end: usize,
    /// In lower case, without accents.
    pub lower: String,
    /// Begins with a capital.
    pub capital: bool,
    /// All of it capitals.
    pub upper: bool,
    /// Holds a digit.
    pub digit: bool,
}

impl Page {
    fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::with_capacity(chars.len() / 5);
        let mut at = 0;
        while at < chars.len() {
            if !chars[at].is_alphanumeric() {
                at += 1;
                continue;
            }
            let start = at;
            while at < chars.len()
                && (chars[at].is_alphanumeric()
                    || (matches!(chars[at], '\'' | '’') && chars.get(at + 1).is_some_and(|next| next.is_alphabetic()))
                    || matches!(chars[at], '\u{300}'..='\u{36f}'))
            {
                at += 1;
            }
            let raw = &chars[start..at];
            let letters = raw.iter().filter(|c| c.is_alphabetic()).count();
            let capitals = raw.iter().filter(|c| c.is_uppercase()).count();
            tokens.push(Token {
                start,
                end: at,
                lower: raw.iter().filter_map(|&c| if c == '’' { Some('\'') } else { crate::text::fold(c) }).collect(),
                capital: raw[0].is_uppercase(),
                upper: letters > 1 && capitals == letters,
                digit: raw.iter().any(char::is_ascii_digit),
            });
        }
        Self { chars, tokens }
    }

    /// The characters between two tokens.
    pub fn between(&self, left: usize, right: usize) -> &[char] {
        &self.chars[self.tokens[left].end..self.tokens[right].start]
    }

    /// Two tokens stand side by side, with one space or line end at most, or a dot and a space.
    pub fn adjacent(&self, left: usize) -> bool {
        left + 1 < self.tokens.len()
            && matches!(self.between(left, left + 1), [' ' | '\u{a0}'] | ['-'] | ['.', ' '] | ['.'])
    }

    /// One space only lies between two tokens.
    pub fn spaced(&self, left: usize) -> bool {
        left + 1 < self.tokens.len() && matches!(self.between(left, left + 1), [' ' | '\u{a0}'])
    }

    /// A token begins a sentence or a line.
    pub fn opens(&self, token: usize) -> bool {
        if token == 0 {
            return true;
        }
        self.between(token - 1, token).iter().any(|c| matches!(c, '.' | '!' | '?' | '\n' | ':' | '"' | '“' | '•' | '…'))
            && !(matches!(self.between(token - 1, token), ['.', ' ']) && is_title(&self.tokens[token - 1].lower))
    }

    /// The up to `count` tokens that end before a character, nearest first.
    pub fn before(&self, at: usize, count: usize) -> impl Iterator<Item = &Token> {
        let end = self.tokens.partition_point(|token| token.end <= at);
        self.tokens[end.saturating_sub(count)..end].iter().rev()
    }
}

/// Titles that stand before a name.
pub(crate) fn is_title(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "dr"
            | "doctor"
            | "prof"
            | "professor"
            | "sir"
            | "dame"
            | "lady"
            | "rev"
            | "sister"
            | "nurse"
            | "sr"
            | "sra"
            | "srta"
            | "dra"
            | "senor"
            | "senora"
            | "doctora"
            | "don"
            | "dona"
            | "herr"
            | "frau"
            | "madame"
            | "monsieur"
            | "mme"
            | "officer"
            | "captain"
            | "judge"
            | "fr"
            | "father"
    )
}

/// Keeps of overlapping candidates the surer one, then the longer one.
fn settle(page: &Page, mut found: Vec<Found>) -> Vec<Identifier> {
    found.retain(|one| one.start < one.end && one.end <= page.chars.len());
    found.sort_by(|left, right| {
        right
            .score
            .total_cmp(&left.score)
            .then((right.end - right.start).cmp(&(left.end - left.start)))
            .then(left.start.cmp(&right.start))
    });
    // By start: what is kept never overlaps, so its neighbours decide.
    let mut kept: std::collections::BTreeMap<usize, Found> = std::collections::BTreeMap::new();
    for one in found {
        let clear_left = kept.range(..one.end).next_back().is_none_or(|(_, other)| other.end <= one.start);
        if clear_left {
            kept.insert(one.start, one);
        }
    }
    kept.into_values()
        .map(|one| Identifier {
            kind: one.kind,
            start: one.start,
            end: one.end,
            text: page.chars[one.start..one.end].iter().collect(),
            score: one.score,
        })
        .collect()
}
