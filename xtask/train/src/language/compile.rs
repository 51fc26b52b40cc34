//! From fitted weights to the table of the model file.

use bedside_understand::language::model::{LARGEST, LONGER};
use bedside_understand::language::table::layout;

use super::learn::{STRIDE, Weights};

/// A script's part of the model file.
#[derive(Debug)]
pub struct Part {
    /// Tags of the columns.
    pub tags: Vec<String>,
    /// The logit of each before anything is read.
    pub bias: Vec<f32>,
    /// What a step is worth.
    pub step: f32,
    /// The table as it lies in the file.
    pub bytes: Vec<u8>,
}

/// Share of the rows whose numbers may be cut off at the ends of the scale.
const CUT: f64 = 0.0005;

/// Each row is the sum of its n-gram's weights and those of the shorter ones that end at the same place, above the least
/// of them, in sixteenths of its own range.
pub fn compile(weights: &Weights, tags: &[&str]) -> Part {
    let half = if tags.len() > 8 { STRIDE / 2 } else { 4 };
    let mut sums = weights.rows.clone();
    for (at, gram) in weights.grams.iter().enumerate() {
        if let Some(parent) = gram.parent {
            let (before, here) = sums.split_at_mut(at * STRIDE);
            let parent = &before[parent as usize * STRIDE..][..STRIDE];
            here[..STRIDE].iter_mut().zip(parent).for_each(|(sum, weight)| *sum += weight);
        }
    }
    let ranges: Vec<f32> = sums
        .chunks_exact_mut(STRIDE)
        .map(|row| {
            let least = row[..tags.len()].iter().copied().fold(f32::MAX, f32::min);
            row.iter_mut().for_each(|weight| *weight = (*weight - least).max(0.0));
            row[tags.len()..].fill(0.0);
            row.iter().copied().fold(0.0, f32::max)
        })
        .collect();
    let mut sorted = ranges.clone();
    sorted.sort_by(f32::total_cmp);
    let largest = sorted[((sorted.len() - 1) as f64 * (1.0 - CUT)) as usize];
    let step = largest / (15.0 * f32::from(LARGEST));
    let mut longer = vec![0; weights.grams.len()];
    for parent in weights.grams.iter().filter_map(|gram| gram.parent) {
        longer[parent as usize] = LONGER;
    }
    let packed = |row: &[f32], range: f32, longer: u8| {
        let by = (range / (15.0 * step)).ceil().clamp(1.0, f32::from(LARGEST));
        let number = |weight: f32| (weight / (by * step)).round().min(15.0) as u8;
        let mut out = vec![by as u8 | longer];
        out.extend((0..half).map(|at| number(row[at]) | number(row[half + at]) << 4));
        out
    };
    let rows: Vec<(u64, Vec<u8>)> = (0..weights.grams.len())
        .map(|at| (weights.grams[at].hash, packed(&sums[at * STRIDE..][..STRIDE], ranges[at], longer[at])))
        .collect();
    Part {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        bias: weights.bias[..tags.len()].to_vec(),
        step,
        bytes: layout(half + 1, &rows),
    }
}
