//! From texts to rows of numbers, and from trained weights to the tables of a model file.

use std::collections::HashMap;

use bedside_understand::weights::{HeadInfo, Header, grams, key, norm, pair, write};

use crate::logistic::{Row, Weights};

/// Which features are kept, and what each kind counts.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// In how many texts a word must occur.
    pub words_from: u32,
    /// In how many a pair of words.
    pub pairs_from: u32,
    /// In how many a character n-gram.
    pub grams_from: u32,
    /// Value of an n-gram beside that of a word, which is 1.
    pub gram_value: f32,
    /// Value of a pair.
    pub pair_value: f32,
}

/// The features of a model.
#[derive(Debug)]
pub struct Vocabulary {
    choice: Choice,
    /// Letters of each word that has a feature of its own.
    words: Vec<String>,
    by_word: HashMap<u64, u32>,
    by_pair: HashMap<u64, u32>,
    by_gram: HashMap<u64, u32>,
    /// Value of each feature: that of its kind times the inverse document frequency.
    values: Vec<f32>,
}

impl Vocabulary {
    /// Counts in how many texts each feature occurs and keeps the frequent ones.
    pub fn new(texts: &[&[(u64, String)]], choice: Choice) -> Self {
        let mut words: HashMap<u64, (u32, String)> = HashMap::new();
        let mut pairs: HashMap<u64, u32> = HashMap::new();
        let mut of_grams: HashMap<u64, u32> = HashMap::new();
        for units in texts {
            let mut seen_words: Vec<u64> = units.iter().map(|(hash, _)| *hash).collect();
            let mut seen_pairs: Vec<u64> = units.windows(2).map(|two| pair(two[0].0, two[1].0)).collect();
            let mut seen_grams: Vec<u64> =
                units.iter().flat_map(|(_, letters)| grams(letters)).map(|gram| gram.hash).collect();
            for seen in [&mut seen_words, &mut seen_pairs, &mut seen_grams] {
                seen.sort_unstable();
                seen.dedup();
            }
            for (hash, letters) in units.iter() {
                words.entry(*hash).or_insert_with(|| (0, letters.clone()));
            }
            for hash in seen_words {
                if let Some((count, _)) = words.get_mut(&hash) {
                    *count += 1;
                }
            }
            seen_pairs.into_iter().for_each(|hash| *pairs.entry(hash).or_default() += 1);
            seen_grams.into_iter().for_each(|hash| *of_grams.entry(hash).or_default() += 1);
        }
        let mut words: Vec<(u64, u32, String)> = words
            .into_iter()
            .filter(|(_, (count, _))| *count >= choice.words_from)
            .map(|(hash, (count, letters))| (hash, count, letters))
            .collect();
        words.sort_unstable();
        let kept = |counts: HashMap<u64, u32>, from: u32| {
            let mut kept: Vec<(u64, u32)> = counts.into_iter().filter(|(_, count)| *count >= from).collect();
            kept.sort_unstable();
            kept
        };
        let pairs = kept(pairs, choice.pairs_from);
        let of_grams = kept(of_grams, choice.grams_from);
        let rarity = |count: u32| ((texts.len() as f32 + 1.0) / (count as f32 + 1.0)).ln() + 1.0;
        let values = words
            .iter()
            .map(|(_, count, _)| rarity(*count))
            .chain(pairs.iter().map(|(_, count)| choice.pair_value * rarity(*count)))
            .chain(of_grams.iter().map(|(_, count)| choice.gram_value * rarity(*count)))
            .collect();
        let index = |hashes: Vec<u64>, from: usize| -> HashMap<u64, u32> {
            hashes.into_iter().enumerate().map(|(at, hash)| (hash, (at + from) as u32)).collect()
        };
        let (of_words, of_pairs) = (words.len(), pairs.len());
        Self {
            choice,
            by_word: index(words.iter().map(|(hash, ..)| *hash).collect(), 0),
            by_pair: index(pairs.iter().map(|(hash, _)| *hash).collect(), of_words),
            by_gram: index(of_grams.iter().map(|(hash, _)| *hash).collect(), of_words + of_pairs),
            words: words.into_iter().map(|(.., letters)| letters).collect(),
            values,
        }
    }

    /// How many features there are.
    pub fn size(&self) -> usize {
        self.values.len()
    }

    /// A text as the features that are known.
    pub fn row(&self, units: &[(u64, String)]) -> Row {
        let norm = norm(units.len());
        let mut features: Vec<u32> = Vec::with_capacity(units.len() * 12);
        for (hash, letters) in units {
            features.extend(self.by_word.get(hash));
            features.extend(grams(letters).filter_map(|gram| self.by_gram.get(&gram.hash)));
        }
        features.extend(units.windows(2).filter_map(|two| self.by_pair.get(&pair(two[0].0, two[1].0))));
        features.sort_unstable();
        let mut out: Vec<(u32, f32)> = Vec::with_capacity(features.len());
        for feature in features {
            let value = norm * self.values[feature as usize];
            match out.last_mut() {
                Some((last, sum)) if *last == feature => *sum += value,
                _ => out.push((feature, value)),
            }
        }
        Row { features: out }
    }

    /// A model file: rows of words (with their n-grams added in), pairs and n-grams, each number as one byte.
    pub fn compile(&self, mut header: Header, weights: &Weights) -> Vec<u8> {
        let heads = weights.heads;
        let weighted = |feature: u32| -> Vec<f32> {
            let value = self.values[feature as usize];
            weights.rows[feature as usize * heads..][..heads].iter().map(|weight| weight * value).collect()
        };
        let mut words: Vec<(u64, Vec<f32>)> = Vec::with_capacity(self.words.len());
        for letters in &self.words {
            let hash = bedside_understand::weights::hash(letters);
            let mut sum = weighted(self.by_word[&hash]);
            for feature in grams(letters).filter_map(|gram| self.by_gram.get(&gram.hash)) {
                sum.iter_mut().zip(weighted(*feature)).for_each(|(sum, more)| *sum += more);
            }
            words.push((hash, sum));
        }
        let listed = |by: &HashMap<u64, u32>| -> Vec<(u64, Vec<f32>)> {
            let mut listed: Vec<(u64, u32)> = by.iter().map(|(hash, feature)| (*hash, *feature)).collect();
            listed.sort_unstable();
            listed.into_iter().map(|(hash, feature)| (hash, weighted(feature))).collect()
        };
        let pairs = listed(&self.by_pair);
        let of_grams = listed(&self.by_gram);
        let word_scale = scales(words.iter().chain(&of_grams), heads);
        let pair_scale = scales(pairs.iter(), heads);
        for (head, info) in header.heads.iter_mut().enumerate() {
            info.bias = weights.bias[head];
            info.word_scale = word_scale[head];
            info.pair_scale = pair_scale[head];
        }
        let tables = [("words", words, &word_scale), ("pairs", pairs, &pair_scale), ("grams", of_grams, &word_scale)]
            .map(|(name, rows, scale)| {
                let (keys, rows) = bytes(&rows, scale);
                (name, keys, rows)
            });
        write(header, &tables)
    }

    /// What was kept, in words.
    pub fn sizes(&self) -> String {
        let Choice { words_from, pairs_from, grams_from, .. } = self.choice;
        format!(
            "{} words (in {words_from} texts or more), {} pairs ({pairs_from}), {} n-grams ({grams_from})",
            self.by_word.len(),
            self.by_pair.len(),
            self.by_gram.len()
        )
    }
}

/// Per head, the value of one step, so that all but one number in ten thousand fit into 127 steps.
fn scales<'r>(rows: impl Iterator<Item = &'r (u64, Vec<f32>)> + Clone, heads: usize) -> Vec<f32> {
    (0..heads)
        .map(|head| {
            let mut sizes: Vec<f32> = rows.clone().map(|(_, row)| row[head].abs()).collect();
            sizes.sort_by(f32::total_cmp);
            let last = sizes.len().saturating_sub(1);
            let largest = sizes.get(last - last / 10_000).copied().unwrap_or(0.0);
            if largest > 0.0 { largest / 127.0 } else { 1.0 }
        })
        .collect()
}

/// Keys and bytes of the rows that say anything.
fn bytes(rows: &[(u64, Vec<f32>)], scale: &[f32]) -> (Vec<u32>, Vec<u8>) {
    let mut keys: Vec<u32> = Vec::new();
    let mut out: Vec<u8> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (hash, row) in rows {
        let steps: Vec<i8> =
            row.iter().zip(scale).map(|(value, scale)| (value / scale).round().clamp(-127.0, 127.0) as i8).collect();
        if steps.iter().any(|step| *step != 0) && seen.insert(key(*hash)) {
            keys.push(key(*hash));
            out.extend(steps.iter().map(|step| *step as u8));
        }
    }
    (keys, out)
}

/// A head before it is trained.
pub fn head(name: impl Into<String>) -> HeadInfo {
    HeadInfo { name: name.into(), sharpness: 1.0, threshold: 0.5, ..HeadInfo::default() }
}
