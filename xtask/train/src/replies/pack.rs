//! From trained weights to the file.

use std::collections::BTreeMap;

use bedside_understand::weights::{Header, Origin, key, write};

use super::fit::RULES;
use super::{SHARE, Scorer};
use crate::logistic::Weights;

/// Writes the file. Weights become signed bytes; a feature whose bytes are both zero is left out, and so is the second of
/// two features that share the 32 bits that are kept of a hash.
pub(super) fn pack(scorer: &Scorer, limits: [[f32; 2]; 2], rules: &(Vec<u64>, Weights), origin: &Origin) -> Vec<u8> {
    let columns = [scorer.sentence.weights(), scorer.whole.weights()];
    let steps = columns.clone().map(|column| step(column.iter().map(|(_, w)| *w)));
    let mut rows: BTreeMap<u64, [i8; 2]> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        for (hash, weight) in column {
            rows.entry(*hash).or_default()[at] = (weight / steps[at]).round().clamp(-127.0, 127.0) as i8;
        }
    }
    let mut kept: BTreeMap<u32, [i8; 2]> = BTreeMap::new();
    for (hash, row) in rows.into_iter().filter(|(_, row)| *row != [0, 0]) {
        kept.entry(key(hash)).or_insert(row);
    }
    let bytes = kept.values().flatten().map(|step| *step as u8).collect();
    let mut header = Header { name: "replies".into(), made_from: vec![origin.clone()], ..Header::default() };
    let numbers = [
        ("steps", steps.to_vec()),
        ("bias", vec![scorer.sentence.bias(), scorer.whole.bias()]),
        ("share", vec![SHARE]),
        ("limits en", limits[0].to_vec()),
        ("limits es", limits[1].to_vec()),
    ];
    header.numbers = numbers.into_iter().map(|(name, values)| (name.to_owned(), values)).collect();
    let (hashes, of_rules) = rules;
    let step = step(of_rules.rows.iter().copied());
    header.numbers.insert("rule step".to_owned(), vec![step]);
    header.numbers.insert("rule bias".to_owned(), of_rules.bias.clone());
    header.words.insert("rules".to_owned(), RULES.map(str::to_owned).to_vec());
    let mut told: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    for (hash, row) in hashes.iter().zip(of_rules.rows.chunks_exact(RULES.len())) {
        told.entry(key(*hash))
            .or_insert_with(|| row.iter().map(|w| (w / step).round().clamp(-127.0, 127.0) as i8 as u8).collect());
    }
    let told_bytes = told.values().flatten().copied().collect();
    write(
        header,
        &[("features", kept.keys().copied().collect(), bytes), ("rules", told.keys().copied().collect(), told_bytes)],
    )
}

/// What a step is worth: the largest weights are cut a little, so that the many small ones are not lost.
fn step(weights: impl Iterator<Item = f32>) -> f32 {
    let mut sizes: Vec<f32> = weights.map(f32::abs).collect();
    sizes.sort_by(f32::total_cmp);
    let large = sizes.get((sizes.len() as f64 * 0.9995) as usize).copied().unwrap_or(1.0);
    (large / 127.0).max(f32::MIN_POSITIVE)
}
