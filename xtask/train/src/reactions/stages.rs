//! The two stages.

use std::collections::HashMap;

use bedside_understand::reactions::Reader;
use bedside_understand::reactions::dense::{HEAD_NAMES, HEADS, Scores};
use bedside_understand::reactions::looks::{KIND_VALUES, KINDS, Look};
use bedside_understand::reactions::model::root;
use bedside_understand::weights::{Header, key, write};

use super::{Case, Knobs};
use crate::datasets::{folded, folds};
use crate::logistic::{Row, Settings, Target, Weights, train};
use crate::vocabulary::head;

/// Passes over the rows in the first stage.
const FIRST_PASSES: usize = 12;
/// In the second.
const SECOND_PASSES: usize = 60;
/// Parts in which the second stage's rows are made.
const PARTS: usize = 5;

/// The first stage: a linear model over the features of a sentence.
pub struct First {
    /// Place and value of each feature.
    index: HashMap<u64, (u32, f32)>,
    /// Hash and kind of each.
    listed: Vec<(u64, usize)>,
    weights: Weights,
}

impl First {
    /// Trains on some cases.
    pub fn new(cases: &[&Case], knobs: &Knobs) -> Self {
        let (index, listed) = features(cases, knobs);
        let empty = Weights { heads: HEADS, rows: Vec::new(), bias: vec![0.0; HEADS] };
        let mut first = Self { index, listed, weights: empty };
        let rows: Vec<Row> = cases.iter().map(|case| first.row(&case.look)).collect();
        let targets: Vec<Target> =
            cases.iter().flat_map(|case| case.truth.map(|truth| target(truth, case.weight))).collect();
        let settings = Settings { cost: knobs.first_cost, passes: FIRST_PASSES };
        first.weights = train(&rows, &targets, first.listed.len(), HEADS, settings);
        first
    }

    fn row(&self, look: &Look) -> Row {
        let mut all: Vec<(u32, f32)> = Vec::new();
        for (kind, features) in look.features.iter().enumerate() {
            let value = KIND_VALUES[kind] * root(features.len());
            let known = features.iter().filter_map(|feature| self.index.get(&feature.hash));
            all.extend(known.map(|&(at, rarity)| (at, value * rarity)));
        }
        all.sort_unstable_by_key(|(at, _)| *at);
        let mut features: Vec<(u32, f32)> = Vec::with_capacity(all.len());
        for (at, value) in all {
            match features.last_mut() {
                Some((last, sum)) if *last == at => *sum += value,
                _ => features.push((at, value)),
            }
        }
        Row { features }
    }

    /// What the program computes from the model file, without its rounding to bytes.
    pub fn scores(&self, look: &Look) -> Scores {
        let mut whole = [0.0; HEADS];
        whole.copy_from_slice(&self.weights.bias);
        let mut scores = Scores { whole, clauses: vec![whole; look.clauses], kinds: [0.0; KINDS] };
        for (kind, features) in look.features.iter().enumerate() {
            let mut sums = vec![([0.0_f32; HEADS], 0_usize); look.clauses];
            for feature in features {
                let (sum, count) = &mut sums[usize::from(feature.clause)];
                *count += 1;
                if let Some(&(at, rarity)) = self.index.get(&feature.hash) {
                    let value = rarity * KIND_VALUES[kind];
                    let row = &self.weights.rows[at as usize * HEADS..][..HEADS];
                    sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += value * weight);
                }
            }
            let of_all = root(features.len());
            let before = scores.whole[0];
            for ((sum, count), clause) in sums.iter().zip(&mut scores.clauses) {
                let of_clause = root(*count);
                for head in 0..HEADS {
                    scores.whole[head] += of_all * sum[head];
                    clause[head] += of_clause * sum[head];
                }
            }
            scores.kinds[kind] = scores.whole[0] - before;
        }
        scores
    }

    /// The model file: each feature's numbers as bytes, the second stage is in the header already.
    pub fn compile(&self, mut header: Header) -> Vec<u8> {
        let numbers = |at: usize, kind: usize, rarity: f32| -> [f32; HEADS] {
            std::array::from_fn(|head| self.weights.rows[at * HEADS + head] * rarity * KIND_VALUES[kind])
        };
        let mut largest = [[0.0_f32; HEADS]; KINDS];
        let mut rows: Vec<(u32, usize, [f32; HEADS])> = Vec::with_capacity(self.listed.len());
        for (at, (hash, kind)) in self.listed.iter().enumerate() {
            let row = numbers(at, *kind, self.index[hash].1);
            largest[*kind].iter_mut().zip(row).for_each(|(most, value)| *most = most.max(value.abs()));
            rows.push((key(*hash), *kind, row));
        }
        let scales = largest.map(|of_kind| of_kind.map(|most| if most > 0.0 { most / 127.0 } else { 1.0 }));
        let (mut keys, mut bytes): (Vec<u32>, Vec<u8>) = (Vec::new(), Vec::new());
        let mut seen = std::collections::HashSet::new();
        for (key, kind, row) in rows {
            let steps: [i8; HEADS] = std::array::from_fn(|head| (row[head] / scales[kind][head]).round() as i8);
            if steps[0] != 0 && seen.insert(key) {
                keys.push(key);
                bytes.extend(steps.map(|step| step as u8));
            }
        }
        header.heads = HEAD_NAMES.map(head).to_vec();
        header.heads.iter_mut().zip(&self.weights.bias).for_each(|(head, bias)| head.bias = *bias);
        header.numbers.insert("scales".to_owned(), scales.concat());
        write(header, &[("features", keys, bytes)])
    }
}

/// Place and value of each feature by its hash; hash and kind of each by its place.
type Listed = (HashMap<u64, (u32, f32)>, Vec<(u64, usize)>);

/// The features that occur often enough, with how much their rarity counts.
fn features(cases: &[&Case], knobs: &Knobs) -> Listed {
    let mut index = HashMap::new();
    let mut listed = Vec::new();
    for kind in 0..KINDS {
        let mut counts: HashMap<u64, u32> = HashMap::new();
        for case in cases {
            let mut hashes: Vec<u64> = case.look.features[kind].iter().map(|feature| feature.hash).collect();
            hashes.sort_unstable();
            hashes.dedup();
            hashes.into_iter().for_each(|hash| *counts.entry(hash).or_default() += 1);
        }
        let mut kept: Vec<(u64, u32)> = counts.into_iter().filter(|(_, count)| *count >= knobs.from[kind]).collect();
        kept.sort_unstable();
        for (hash, count) in kept {
            let rarity = libm::logf((cases.len() as f32 + 1.0) / (count as f32 + 1.0));
            index.insert(hash, (listed.len() as u32, 1.0 + knobs.rarity * rarity));
            listed.push((hash, kind));
        }
    }
    (index, listed)
}

fn target(truth: bool, weight: f32) -> Target {
    if truth { Target::Yes(weight) } else { Target::No(weight) }
}

/// The rows of the second stage, each made by a first stage that has not seen its post.
pub fn out_of_fold(cases: &[&Case], reader: &Reader, knobs: &Knobs) -> Vec<Vec<f32>> {
    let keys: Vec<(String, String)> =
        cases.iter().map(|case| (format!("inner {}", case.group), folded(&case.text))).collect();
    let fold = folds(&keys, PARTS);
    let mut out = vec![Vec::new(); cases.len()];
    for part in 0..PARTS {
        let rest: Vec<&Case> = (0..cases.len()).filter(|&at| fold[at] != part).map(|at| cases[at]).collect();
        let first = First::new(&rest, knobs);
        for at in (0..cases.len()).filter(|&at| fold[at] == part) {
            out[at] = reader.dense.row(&cases[at].look, &first.scores(&cases[at].look));
        }
    }
    out
}

/// The second stage: a weight for each number of a row.
pub struct Second {
    /// One for each number.
    pub weights: Vec<f32>,
    /// Where all are zero.
    pub bias: f32,
}

impl Second {
    /// Trains on rows and what is true of their cases.
    pub fn new(rows: &[Vec<f32>], cases: &[&Case], knobs: &Knobs) -> Self {
        let targets: Vec<Target> = cases.iter().map(|case| target(case.truth[0], case.weight)).collect();
        dense(rows, &targets, knobs.second_cost)
    }

    /// The logit of a reaction.
    pub fn logit(&self, row: &[f32]) -> f32 {
        self.bias + row.iter().zip(&self.weights).map(|(value, weight)| value * weight).sum::<f32>()
    }
}

/// A logistic regression over rows of numbers.
pub fn dense(rows: &[Vec<f32>], targets: &[Target], cost: f32) -> Second {
    let length = rows.first().map_or(0, Vec::len);
    let rows: Vec<Row> = rows
        .iter()
        .map(|row| Row { features: row.iter().enumerate().map(|(at, value)| (at as u32, *value)).collect() })
        .collect();
    let weights = train(&rows, targets, length, 1, Settings { cost, passes: SECOND_PASSES });
    Second { bias: weights.bias[0], weights: weights.rows }
}
