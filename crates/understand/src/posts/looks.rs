//! What the model sees of a post: hashed features, those of its language and those that all languages share, and a row of
//! numbers for the second stage.

use super::lists::{LANGUAGES, Lists, Says};
use super::tokens::{Kind, Token, tokens};
use crate::weights::{grams, hash, pair};

/// The kinds of features: words, pairs, character n-grams and turned-around words of the language; words and n-grams that all
/// languages share.
pub const KINDS: usize = 6;
const WORD: usize = 0;
const PAIR: usize = 1;
const GRAM: usize = 2;
const TURNED: usize = 3;
const SHARED_WORD: usize = 4;
const SHARED_GRAM: usize = 5;

/// Kinds whose rarity is counted over all languages together.
pub const SHARED: [bool; KINDS] = [false, false, false, false, true, true];

/// The classes.
pub const CLASSES: usize = 3;
/// Their names.
pub const CLASS_NAMES: [&str; CLASSES] = ["negative", "neutral", "positive"];

/// So many words after a negation are turned around.
const REACH: usize = 3;

/// A feature and the token it ends at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// What it is, with its kind and, where it is not shared, the language.
    pub hash: u64,
    /// Place of the token.
    pub token: u32,
}

/// What is seen of a post.
#[derive(Debug, Clone)]
pub struct Look {
    /// Place of its language.
    pub language: usize,
    /// Features by kind.
    pub features: [Vec<Feature>; KINDS],
    /// The numbers that do not depend on the first stage.
    pub numbers: Vec<f32>,
    /// Its words.
    pub tokens: Vec<Token>,
}

impl Look {
    /// Looks at a post.
    pub fn new(lists: &Lists, language: usize, text: &str) -> Self {
        let tokens = tokens(text);
        let says: Vec<Option<Says>> = tokens
            .iter()
            .map(|token| match token.kind {
                Kind::Word => lists.word(language, token),
                Kind::Picture => lists.picture(token),
                Kind::Sign => None,
            })
            .collect();
        let numbers = numbers(&tokens, &says, language);
        let mut look = Self { language, features: Default::default(), numbers, tokens: Vec::new() };
        let mut before = None;
        let mut turned = 0;
        for (at, token) in tokens.iter().enumerate() {
            let word = hash(&token.letters);
            look.put(WORD, word, at);
            look.put(SHARED_WORD, word, at);
            if let Some(before) = before {
                look.put(PAIR, pair(before, word), at);
            }
            before = Some(word);
            if token.kind != Kind::Word {
                turned = 0;
                continue;
            }
            for gram in grams(&token.letters) {
                look.put(GRAM, gram.hash, at);
                look.put(SHARED_GRAM, gram.hash, at);
            }
            if turned > 0 {
                look.put(TURNED, word, at);
                turned -= 1;
            }
            if says[at] == Some(Says::Negation) {
                turned = REACH;
            }
        }
        look.tokens = tokens;
        look
    }

    fn put(&mut self, kind: usize, hash: u64, token: usize) {
        let salt = if SHARED[kind] { 0 } else { 1 + self.language as u64 };
        let hash = pair(((kind as u64) << 8 | salt) + 101, hash);
        self.features[kind].push(Feature { hash, token: token as u32 });
    }
}

/// How many numbers do not depend on the first stage.
pub const NUMBERS: usize = 25 + LANGUAGES.len();

fn numbers(tokens: &[Token], says: &[Option<Says>], language: usize) -> Vec<f32> {
    let is = |kind: Kind| move |token: &&Token| token.kind == kind;
    let count = |kind: Kind, what: Says| {
        tokens.iter().zip(says).filter(|(token, says)| token.kind == kind && **says == Some(what)).count()
    };
    let letters = |letters: &str| tokens.iter().filter(|token| token.letters == letters).count();
    let (mut turned_good, mut turned_bad, mut left) = (0, 0, 0);
    for says in says {
        match says {
            Some(Says::Negation) => left = REACH + 1,
            Some(Says::Positive) if left > 0 => turned_good += 1,
            Some(Says::Negative) if left > 0 => turned_bad += 1,
            _ => {}
        }
        left = left.saturating_sub(1);
    }
    let (good, bad) = (count(Kind::Word, Says::Positive), count(Kind::Word, Says::Negative));
    let (smiles, frowns) = (count(Kind::Picture, Says::Positive), count(Kind::Picture, Says::Negative));
    let last = says.iter().rev().find_map(|says| match says {
        Some(Says::Positive) => Some(1.0),
        Some(Says::Negative) => Some(-1.0),
        _ => None,
    });
    let words = tokens.iter().filter(is(Kind::Word)).count();
    let counts = [
        good,
        bad,
        smiles,
        frowns,
        count(Kind::Picture, Says::Neutral),
        count(Kind::Word, Says::Negation),
        turned_good,
        turned_bad,
        letters("!") + 2 * letters("!!"),
        letters("?") + 2 * letters("??"),
        letters(".."),
        letters("\""),
        letters("http"),
        letters("@user"),
        letters("rt"),
        tokens.iter().filter(|token| token.tag).count(),
        tokens.iter().filter(|token| token.loud).count(),
        tokens.iter().filter(|token| token.drawn).count(),
        tokens.iter().filter(|token| token.letters.starts_with('0')).count(),
        words,
    ];
    let mut out: Vec<f32> = counts.into_iter().map(|count| (count as f32).sqrt()).collect();
    let sign = |left: usize, right: usize| (left as f32 - right as f32) / ((left + right) as f32 + 1.0);
    out.extend([
        sign(good, bad),
        sign(smiles, frowns),
        last.unwrap_or(0.0),
        f32::from(u8::from(good + bad + smiles + frowns == 0)),
        1.0,
    ]);
    out.extend((0..LANGUAGES.len()).map(|at| f32::from(u8::from(at == language))));
    out
}

/// How many numbers the second stage sees.
pub const WIDTH: usize = NUMBERS + 3 * CLASSES;

/// The row of the second stage: the scores of the first, of its own features and of the shared ones, and the numbers.
pub fn row(look: &Look, scores: &Scores) -> Vec<f32> {
    let squeeze = |score: f32| score / (1.0 + score.abs());
    let mut row = Vec::with_capacity(WIDTH);
    row.extend(scores.all);
    row.extend(scores.all.map(squeeze));
    row.extend(scores.shared);
    row.extend(&look.numbers);
    row
}

/// What the first stage says of a post.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scores {
    /// By class.
    pub all: [f32; CLASSES],
    /// The part of the features that all languages share.
    pub shared: [f32; CLASSES],
}
