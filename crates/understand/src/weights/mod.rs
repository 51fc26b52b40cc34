//! Trained weights: the file they come in, and how a text is scored with them.
//!
//! A model is linear and additive: the score of a head is its bias plus the sum, over the words and pairs of words of
//! a text, of one small number each, divided by the root of how many words there are. A known word has one row of
//! numbers, one for each head; an unknown word is the sum of the rows of its character n-grams. So a text costs one
//! look-up a word and one a pair, whatever the number of heads, and the words that decided a head are those with the
//! largest numbers.

mod features;
mod file;
mod steps;
mod table;

pub use features::{Gram, Grams, Unit, grams, hash, pair};
pub use file::{BadWeights, HeadInfo, Header, Origin, Section, WeightsFile, write};
use steps::Steps;
pub use table::{Table, key};

use std::ops::Range;

use crate::text::Text;

/// A model ready to score texts.
#[derive(Debug)]
pub struct Linear {
    /// What the file says of itself.
    pub header: Header,
    words: Table,
    pairs: Table,
    grams: Table,
    /// Per head: what a step of a word's or n-gram's number is worth.
    word_scale: Vec<f32>,
    /// Per head: what a step of a pair's number is worth.
    pair_scale: Vec<f32>,
    /// Per head: the logit of a text without a word.
    bias: Vec<f32>,
}

/// The logits of a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    /// One for each head.
    pub whole: Vec<f32>,
    /// For each part, one for each head; empty where the text is one part.
    pub parts: Vec<f32>,
}

/// The hashes of the words of a text, and of the pairs of neighbours.
#[derive(Debug)]
pub(crate) struct Hashes {
    words: Vec<u64>,
    pairs: Vec<u64>,
}

impl Hashes {
    /// Of a text.
    pub fn new(text: &Text) -> Self {
        let words = text.units.iter().map(|unit| unit.hash).collect();
        let pairs = text.units.windows(2).map(|two| pair(two[0].hash, two[1].hash)).collect();
        Self { words, pairs }
    }
}

/// The number that everything is divided by: the root of how many words there are, smoothed for the shortest texts.
pub fn norm(units: usize) -> f32 {
    1.0 / (units as f32 + 1.0).sqrt()
}

impl Linear {
    /// Reads a model from its file.
    pub fn read(bytes: &'static [u8]) -> Result<Self, BadWeights> {
        let file = WeightsFile::read(bytes)?;
        let words = file.table("words")?;
        let pairs = file.table("pairs")?;
        let grams = file.table("grams")?;
        let heads = file.header.heads.len();
        for table in [&words, &pairs, &grams] {
            if table.columns() != heads {
                return Err(BadWeights::new("a table has another number of columns than there are heads"));
            }
        }
        let word_scale = file.header.heads.iter().map(|head| head.word_scale).collect();
        let pair_scale = file.header.heads.iter().map(|head| head.pair_scale).collect();
        let bias = file.header.heads.iter().map(|head| head.bias).collect();
        Ok(Self { header: file.header, words, pairs, grams, word_scale, pair_scale, bias })
    }

    /// How many heads there are.
    pub fn heads(&self) -> usize {
        self.header.heads.len()
    }

    /// A word has a row of its own.
    pub(crate) fn has(&self, word: u64) -> bool {
        self.words.has(word)
    }

    /// The place of a head by its name.
    pub fn head(&self, name: &str) -> Option<usize> {
        self.header.heads.iter().position(|head| head.name == name)
    }

    /// Scores a text and its parts: a logit for each head, in the order of the header. The parts cover the units of the
    /// text; a single part is the whole, and is not scored apart.
    pub(crate) fn score(&self, text: &Text, hashes: &Hashes, parts: &[Range<usize>]) -> Scores {
        let heads = self.heads();
        let (mut words, mut pairs, mut across) = (Steps::new(heads), Steps::new(heads), Steps::new(heads));
        let (mut all_words, mut all_pairs) = (vec![0_i32; heads], vec![0_i32; heads]);
        let mut of_parts = Vec::with_capacity(if parts.len() > 1 { parts.len() * heads } else { 0 });
        let word_rows = self.words.rows(&hashes.words, words.width());
        let pair_rows = self.pairs.rows(&hashes.pairs, words.width());
        for part in parts {
            for at in part.clone() {
                match word_rows[at] {
                    Some(row) => words.add(row),
                    None => self.unknown(text.unit(&text.units[at]), &mut words),
                }
                if at > 0
                    && let Some(row) = pair_rows[at - 1]
                {
                    if at > part.start { pairs.add(row) } else { across.add(row) }
                }
            }
            let (of_words, of_pairs) = (words.sums(), pairs.sums());
            if parts.len() > 1 {
                self.logits(of_words, of_pairs, part.len(), &mut of_parts);
            }
            all_words.iter_mut().zip(of_words).for_each(|(all, more)| *all += more);
            all_pairs.iter_mut().zip(of_pairs).for_each(|(all, more)| *all += more);
            words.clear();
            pairs.clear();
        }
        all_pairs.iter_mut().zip(across.sums()).for_each(|(all, more)| *all += more);
        let mut whole = Vec::with_capacity(heads);
        self.logits(&all_words, &all_pairs, text.units.len(), &mut whole);
        Scores { whole, parts: of_parts }
    }

    /// Adds up the n-grams of a word that has no row of its own.
    fn unknown(&self, letters: &str, words: &mut Steps) {
        for gram in grams(letters) {
            if let Some(row) = self.grams.row_and_more(gram.hash, words.width()) {
                words.add(row);
            }
        }
    }

    fn logits(&self, words: &[i32], pairs: &[i32], units: usize, out: &mut Vec<f32>) {
        let norm = norm(units);
        let of_words = words.iter().zip(&self.word_scale);
        let of_pairs = pairs.iter().zip(&self.pair_scale);
        out.extend(of_words.zip(of_pairs).zip(&self.bias).map(|(((words, word), (pairs, pair)), bias)| {
            let sum = *words as f32 * word + *pairs as f32 * pair;
            bias + norm * sum
        }));
    }

    /// What each word of a text adds to the logit of a head: the words that decided it. A pair's number is shared by
    /// its two words.
    pub(crate) fn contributions(&self, text: &Text, head: usize) -> Vec<f32> {
        let norm = norm(text.units.len());
        let mut out = vec![0.0_f32; text.units.len()];
        for (at, unit) in text.units.iter().enumerate() {
            let steps = match self.words.row(unit.hash) {
                Some(row) => i32::from(row[head] as i8),
                None => grams(text.unit(unit))
                    .filter_map(|gram| self.grams.row(gram.hash))
                    .map(|row| i32::from(row[head] as i8))
                    .sum(),
            };
            out[at] += norm * steps as f32 * self.word_scale[head];
            if at > 0
                && let Some(row) = self.pairs.row(pair(text.units[at - 1].hash, unit.hash))
            {
                let half = norm * f32::from(row[head] as i8) * self.pair_scale[head] / 2.0;
                out[at] += half;
                out[at - 1] += half;
            }
        }
        out
    }
}

/// The words of a text as the models see them: hash and letters of each. For training.
pub fn units(text: &str) -> Vec<(u64, String)> {
    let text = Text::new(text);
    text.units.iter().map(|unit| (unit.hash, text.unit(unit).to_owned())).collect()
}
