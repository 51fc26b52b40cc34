//! Trained weights: the file they come in, and how a text is scored with them.
//!
//! A model is linear and additive: the score of a head is its bias plus the sum, over the words and pairs of words of
//! a text, of one small number each, divided by the root of how many words there are. A known word has one row of
//! numbers, one for each head; an unknown word is the sum of the rows of its character n-grams. So a text costs one
//! look-up a word and one a pair, whatever the number of heads, and the words that decided a head are those with the
//! largest numbers.

mod features;
mod file;
mod table;

pub use features::{Gram, Grams, Unit, grams, hash, pair};
pub use file::{BadWeights, HeadInfo, Header, Origin, Section, WeightsFile, write};
pub use table::{Table, key};

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
        Ok(Self { header: file.header, words, pairs, grams, word_scale, pair_scale })
    }

    /// How many heads there are.
    pub fn heads(&self) -> usize {
        self.header.heads.len()
    }

    /// The place of a head by its name.
    pub fn head(&self, name: &str) -> Option<usize> {
        self.header.heads.iter().position(|head| head.name == name)
    }

    /// Scores a text: a logit for each head, in the order of the header.
    pub(crate) fn score(&self, text: &Text) -> Vec<f32> {
        let mut words = vec![0_i32; self.heads()];
        let mut pairs = vec![0_i32; self.heads()];
        let mut last: Option<u64> = None;
        for unit in &text.units {
            match self.words.row(unit.hash) {
                Some(row) => add(&mut words, row),
                None => {
                    for gram in grams(text.unit(unit)) {
                        if let Some(row) = self.grams.row(gram.hash) {
                            add(&mut words, row);
                        }
                    }
                }
            }
            if let Some(before) = last
                && let Some(row) = self.pairs.row(pair(before, unit.hash))
            {
                add(&mut pairs, row);
            }
            last = Some(unit.hash);
        }
        let norm = norm(text.units.len());
        (0..self.heads())
            .map(|head| {
                let sum = words[head] as f32 * self.word_scale[head] + pairs[head] as f32 * self.pair_scale[head];
                self.header.heads[head].bias + norm * sum
            })
            .collect()
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

/// Adds a row of steps.
fn add(sums: &mut [i32], row: &[u8]) {
    for (sum, &step) in sums.iter_mut().zip(row) {
        *sum += i32::from(step as i8);
    }
}

/// The words of a text as the models see them: hash and letters of each. For training.
pub fn units(text: &str) -> Vec<(u64, String)> {
    let text = Text::new(text);
    text.units.iter().map(|unit| (unit.hash, text.unit(unit).to_owned())).collect()
}
