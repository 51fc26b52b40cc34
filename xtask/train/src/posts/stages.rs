//! The two stages.

use std::collections::{HashMap, HashSet};

use bedside_understand::posts::lists::LANGUAGES;
use bedside_understand::posts::looks::{CLASS_NAMES, CLASSES, KINDS, Look, SHARED, Scores, WIDTH, row};
use bedside_understand::posts::model::root;
use bedside_understand::weights::{Header, key, write};

use super::{Case, Knobs};
use crate::datasets::folds;
use crate::logistic::{Row, Settings, Target, Weights, train};
use crate::vocabulary::head;

/// Passes over the rows in the first stage.
const FIRST_PASSES: usize = 10;
/// In the second.
const SECOND_PASSES: usize = 40;
/// Parts in which the second stage's rows are made.
const PARTS: usize = 5;

/// The first stage: a linear model over hashed features.
pub struct First {
    /// Place and value of each feature.
    index: HashMap<u64, (u32, f32)>,
    /// Hash and kind of each.
    listed: Vec<(u64, usize)>,
    weights: Weights,
}

impl First {
    /// Trains on some posts.
    pub fn new(cases: &[&Case], knobs: &Knobs) -> Self {
        let mut first = Self {
            index: HashMap::new(),
            listed: Vec::new(),
            weights: Weights { heads: CLASSES, rows: Vec::new(), bias: vec![0.0; CLASSES] },
        };
        first.count(cases, knobs);
        let rows: Vec<Row> = cases.iter().map(|case| first.row(&case.look)).collect();
        let settings = Settings { cost: knobs.first_cost, passes: FIRST_PASSES };
        first.weights = train(&rows, &targets(cases), first.listed.len(), CLASSES, settings);
        first
    }

    /// The features that occur often enough. Rarity is counted within the language, for shared features over all.
    fn count(&mut self, cases: &[&Case], knobs: &Knobs) {
        let mut totals = [0_u32; LANGUAGES.len()];
        cases.iter().for_each(|case| totals[case.look.language] += 1);
        for (kind, shared) in SHARED.into_iter().enumerate() {
            let mut counts: HashMap<u64, (u32, usize)> = HashMap::new();
            for case in cases {
                let mut hashes: Vec<u64> = case.look.features[kind].iter().map(|feature| feature.hash).collect();
                hashes.sort_unstable();
                hashes.dedup();
                for hash in hashes {
                    counts.entry(hash).or_insert((0, case.look.language)).0 += 1;
                }
            }
            let mut kept: Vec<(u64, u32, usize)> = counts
                .into_iter()
                .filter(|(_, (count, _))| *count >= knobs.from[kind])
                .map(|(hash, (count, language))| (hash, count, language))
                .collect();
            kept.sort_unstable();
            for (hash, count, language) in kept {
                let total = if shared { cases.len() as u32 } else { totals[language] };
                let rarity = libm::logf((total as f32 + 1.0) / (count as f32 + 1.0));
                let value = knobs.values[kind] * (1.0 + knobs.rarity * rarity);
                self.index.insert(hash, (self.listed.len() as u32, value));
                self.listed.push((hash, kind));
            }
        }
    }

    fn row(&self, look: &Look) -> Row {
        let mut all: Vec<(u32, f32)> = Vec::new();
        for features in &look.features {
            let root = root(features.len());
            let known = features.iter().filter_map(|feature| self.index.get(&feature.hash));
            all.extend(known.map(|&(at, value)| (at, value * root)));
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
        let mut scores = Scores::default();
        scores.all.copy_from_slice(&self.weights.bias);
        for (kind, features) in look.features.iter().enumerate() {
            let root = root(features.len());
            for (at, value) in features.iter().filter_map(|feature| self.index.get(&feature.hash)) {
                for class in 0..CLASSES {
                    let adds = self.weights.rows[*at as usize * CLASSES + class] * value * root;
                    scores.all[class] += adds;
                    scores.shared[class] += if SHARED[kind] { adds } else { 0.0 };
                }
            }
        }
        scores
    }

    /// The model file: each feature's numbers as bytes; those that would say next to nothing are left out.
    pub fn compile(&self, mut header: Header, knobs: &Knobs) -> Vec<u8> {
        let mut largest = [[0.0_f32; CLASSES]; KINDS];
        let rows: Vec<(u64, usize, [f32; CLASSES])> = self
            .listed
            .iter()
            .enumerate()
            .map(|(at, (hash, kind))| {
                let value = self.index[hash].1;
                let row: [f32; CLASSES] = std::array::from_fn(|class| self.weights.rows[at * CLASSES + class] * value);
                largest[*kind].iter_mut().zip(row).for_each(|(most, value)| *most = most.max(value.abs()));
                (*hash, *kind, row)
            })
            .collect();
        let scales = largest.map(|of| of.map(|most| if most > 0.0 { most / 127.0 } else { 1.0 }));
        let (mut keys, mut bytes): (Vec<u32>, Vec<u8>) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for (hash, kind, row) in rows {
            let steps: [i8; CLASSES] = std::array::from_fn(|class| (row[class] / scales[kind][class]).round() as i8);
            let said: i32 = steps.iter().map(|step| i32::from(*step).abs()).sum();
            if said >= knobs.least_steps && seen.insert(key(hash)) {
                keys.push(key(hash));
                bytes.extend(steps.map(|step| step as u8));
            }
        }
        header.heads = CLASS_NAMES.map(head).to_vec();
        header.heads.iter_mut().zip(&self.weights.bias).for_each(|(head, bias)| head.bias = *bias);
        header.numbers.insert("scales".to_owned(), scales.concat());
        write(header, &[("features", keys, bytes)])
    }
}

fn targets(cases: &[&Case]) -> Vec<Target> {
    let of = |case: &Case, class: usize| {
        if case.class == class { Target::Yes(case.weight) } else { Target::No(case.weight) }
    };
    cases.iter().flat_map(|case| (0..CLASSES).map(|class| of(case, class))).collect()
}

/// The rows of the second stage, each made by a first stage that has not seen its post.
pub fn out_of_fold(cases: &[&Case], knobs: &Knobs) -> Vec<Vec<f32>> {
    let keys: Vec<(String, String)> =
        cases.iter().map(|case| (format!("inner {}", case.key), case.key.clone())).collect();
    let fold = folds(&keys, PARTS);
    let mut out = vec![Vec::new(); cases.len()];
    for part in 0..PARTS {
        let rest: Vec<&Case> = (0..cases.len()).filter(|&at| fold[at] != part).map(|at| cases[at]).collect();
        let first = First::new(&rest, knobs);
        for at in (0..cases.len()).filter(|&at| fold[at] == part) {
            out[at] = row(&cases[at].look, &first.scores(&cases[at].look));
        }
    }
    out
}

/// The second stage: by class, a weight for each number of a row.
pub struct Second {
    /// By class.
    pub weights: Vec<Vec<f32>>,
    /// By class.
    pub bias: Vec<f32>,
}

impl Second {
    /// Trains on rows and the classes of their posts.
    pub fn new(rows: &[Vec<f32>], cases: &[&Case], knobs: &Knobs) -> Self {
        let sparse: Vec<Row> = rows
            .iter()
            .map(|row| Row { features: row.iter().enumerate().map(|(at, value)| (at as u32, *value)).collect() })
            .collect();
        let settings = Settings { cost: knobs.second_cost, passes: SECOND_PASSES };
        let weights = train(&sparse, &targets(cases), WIDTH, CLASSES, settings);
        let of = |class: usize| (0..WIDTH).map(|at| weights.rows[at * CLASSES + class]).collect();
        Self { weights: (0..CLASSES).map(of).collect(), bias: weights.bias }
    }

    /// The logits of the classes.
    pub fn logits(&self, row: &[f32]) -> [f32; CLASSES] {
        std::array::from_fn(|class| {
            self.bias[class] + row.iter().zip(&self.weights[class]).map(|(value, weight)| value * weight).sum::<f32>()
        })
    }
}
