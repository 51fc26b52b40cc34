//! How many words of each list of `data/themes/words_en.toml` stand in a text.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::quick::ByHash;
use crate::text::Text;
use crate::weights::{hash, pair};

const FILE: &str = include_str!("../../../../data/themes/words_en.toml");
/// How many lists there are.
pub const LISTS: usize = 41;
/// A star in a list is tried on words of at least so many letters.
const STEM_FROM: usize = 4;

#[derive(Deserialize)]
struct File {
    lists: BTreeMap<String, String>,
}

/// The lists: which word, pair of words or beginning of a word is on which of them, as bits.
pub(crate) struct ThemeWords {
    words: ByHash<u64>,
    pairs: ByHash<u64>,
    stems: Vec<(String, u64)>,
    /// For each letter that a stem begins with and the next: a bit, so that most words need no further look.
    beginnings: [u32; 32],
}

impl ThemeWords {
    /// The lists that this program carries.
    pub fn get() -> &'static Self {
        static WORDS: OnceLock<ThemeWords> = OnceLock::new();
        WORDS.get_or_init(|| Self::compile().expect("the lists are part of the program and a test compiles them"))
    }

    fn compile() -> Result<Self, String> {
        let file: File = toml::from_str(FILE).map_err(|error| format!("words_en.toml: {error}"))?;
        if file.lists.len() != LISTS {
            return Err(format!("words_en.toml has {} lists instead of {LISTS}", file.lists.len()));
        }
        let mut out =
            Self { words: ByHash::default(), pairs: ByHash::default(), stems: Vec::new(), beginnings: [0; 32] };
        for (list, entries) in file.lists.values().enumerate() {
            for entry in entries.split_whitespace() {
                let bit = 1_u64 << list;
                if let Some(stem) = entry.strip_suffix('*') {
                    let Some([first, second]) = stem.as_bytes().first_chunk() else {
                        return Err(format!("words_en.toml: {entry} is too short"));
                    };
                    out.beginnings[usize::from(first % 32)] |= 1 << (second % 32);
                    out.stems.push((stem.to_owned(), bit));
                    *out.words.entry(hash(stem)).or_default() |= bit;
                    continue;
                }
                let parts: Vec<u64> = entry.split('_').map(hash).collect();
                match parts.as_slice() {
                    [word] => *out.words.entry(*word).or_default() |= bit,
                    // Of a longer phrase its first two words are compared.
                    [first, second, ..] => *out.pairs.entry(pair(*first, *second)).or_default() |= bit,
                    [] => {}
                }
            }
        }
        out.stems.sort();
        Ok(out)
    }

    /// How many entries of each list a text holds, squashed: 0, 1, 1.5, 1.75, …
    pub fn counts(&self, text: &Text) -> [f32; LISTS] {
        let mut left = [1.0_f32; LISTS];
        let mut count = |mut bits: u64| {
            while bits != 0 {
                left[bits.trailing_zeros() as usize] /= 2.0;
                bits &= bits - 1;
            }
        };
        let mut before: Option<u64> = None;
        for unit in &text.units {
            match self.words.get(&unit.hash) {
                Some(bits) => count(*bits),
                None => count(self.by_stem(text.unit(unit))),
            }
            if let Some(before) = before {
                count(self.pairs.get(&pair(before, unit.hash)).copied().unwrap_or_default());
            }
            before = Some(unit.hash);
        }
        left.map(|left| 2.0 - 2.0 * left)
    }

    fn by_stem(&self, word: &str) -> u64 {
        let bytes = word.as_bytes();
        if word.len() < STEM_FROM || self.beginnings[usize::from(bytes[0] % 32)] >> (bytes[1] % 32) & 1 == 0 {
            return 0;
        }
        // Stems that begin the word sort right before it.
        let at = self.stems.partition_point(|(stem, _)| stem.as_str() <= word);
        self.stems[at.saturating_sub(4)..at]
            .iter()
            .filter(|(stem, _)| word.starts_with(stem.as_str()))
            .fold(0, |bits, (_, bit)| bits | bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_pairs_and_stems_are_counted_once_each() {
        let words = ThemeWords::get();
        let said = words.counts(&Text::new("Compassionate staff, lovely food, car park full"));
        assert!(said.iter().filter(|count| **count > 0.0).count() >= 4);
        assert_eq!(words.counts(&Text::new("xyzzy")), [0.0; LISTS]);
    }
}
