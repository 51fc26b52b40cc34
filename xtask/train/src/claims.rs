//! Claims: the rows of the own set, the signs of their candidates, the fit of the model, and what is measured.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use bedside_understand::claims::{ClaimCandidate, Claims};
use bedside_understand::{Stance, claims};
use serde::Deserialize;

use crate::datasets::{Datasets, Loaded, folded, folds};
use crate::logistic::{self, Row, Settings, Target};
use crate::metrics::Counts;
use crate::nhs;

/// A row of the own set.
#[derive(Debug, Clone, Deserialize)]
pub struct ClaimRow {
    /// `claims-train-0001`.
    pub id: String,
    /// What was written.
    pub text: String,
    /// The claim that it is about, if any.
    pub claim: Option<String>,
    /// `asserts`, `asks`, `denies`, `none`.
    pub stance: String,
    /// `en` or `es`.
    pub lang: String,
    /// What sort of example it is.
    pub kind: String,
}

impl ClaimRow {
    /// The stance as the crate has it.
    pub fn stance(&self) -> Option<Stance> {
        STANCES.into_iter().find(|(_, name)| *name == self.stance).map(|(stance, _)| stance)
    }
}

/// The stances and their names in the files.
pub const STANCES: [(Stance, &str); 3] =
    [(Stance::Asserts, "asserts"), (Stance::Asks, "asks"), (Stance::Denies, "denies")];

/// From which score a match is given.
pub const THRESHOLD: f64 = 0.6;
/// How the model is fitted. Found on the training half by cross-validation.
pub const SETTINGS: Settings = Settings { cost: 3.0, passes: 200 };
/// What a candidate of a claim that the row is not about costs, beside a row about no claim.
const OTHER_CLAIM: f32 = 0.5;
/// What a wording of the library counts beside a row.
const OF_SAYS: f32 = 0.3;
/// What a sentence on what is known counts.
const OF_KNOWN: f32 = 0.5;

/// Rows of one half.
pub fn rows(datasets: &Datasets, half: &str) -> Result<Loaded<ClaimRow>> {
    datasets.annotated("claims", half)
}

/// Fits the model on the training half and on ordinary comments: the text of its file.
pub fn train(datasets: &Datasets) -> Result<String> {
    let rows = rows(datasets, "train")?.rows;
    let ordinary = ordinary(datasets)?;
    let samples = samples(&rows, &ordinary);
    let fitted = fit(&samples.iter().collect::<Vec<_>>(), SETTINGS);
    let source = format!(
        "data/annotated/claims/train.jsonl ({} rows) and {} comments of NHS England patient feedback (pxtextmining, MIT)",
        rows.len(),
        ordinary.len()
    );
    Ok(fitted.write(&source, THRESHOLD))
}

/// Texts about no claim: patients' comments.
pub fn ordinary(datasets: &Datasets) -> Result<Vec<String>> {
    let newer = nhs::comments(datasets)?.rows.into_iter().map(|row| row.text);
    let older = nhs::older(datasets)?.rows.into_iter().map(|row| row.text);
    let mut all: Vec<String> = newer.chain(older).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|text| seen.insert(folded(text)));
    Ok(all)
}

/// One candidate, with what is true of it.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Which row of the set it came from; none for an ordinary comment.
    pub row: Option<usize>,
    /// The claim it is a candidate of.
    pub claim: String,
    /// Its numbers.
    pub signs: Vec<f64>,
    /// The row is about this claim.
    pub right: bool,
    /// What the row does with it.
    pub stance: Option<Stance>,
    /// The row is about another claim.
    pub other: bool,
    /// How much it counts in a fit.
    pub weight: f32,
}

/// All candidates of the rows and of the ordinary comments.
pub fn samples(rows: &[ClaimRow], ordinary: &[String]) -> Vec<Sample> {
    let library = Claims::get();
    let of_rows = rows.iter().enumerate().flat_map(|(at, row)| {
        library.candidates(&row.text, None).into_iter().map(move |ClaimCandidate { id, signs }| {
            let right = row.claim.as_ref() == Some(&id);
            let stance = if right { row.stance() } else { None };
            Sample { row: Some(at), claim: id, signs, right, stance, other: row.claim.is_some() && !right, weight: 1.0 }
        })
    });
    let of_ordinary = ordinary.iter().flat_map(|text| {
        library.candidates(text, None).into_iter().map(|ClaimCandidate { id, signs }| Sample {
            row: None,
            claim: id,
            signs,
            right: false,
            stance: None,
            other: false,
            weight: 1.0,
        })
    });
    of_rows.chain(of_ordinary).chain(samples_of_library()).collect()
}

/// The wordings of the library, each compared with the others of its claim only, assert; what is known denies. They are
/// plainer than what people write, so they count less.
fn samples_of_library() -> Vec<Sample> {
    let library = Claims::get();
    let mut out = Vec::new();
    for claim in library.all() {
        let says = claim.says.en.iter().chain(&claim.says.es).enumerate();
        let says = says.map(|(at, text)| (text, Some((claim.id.as_str(), at)), Stance::Asserts, OF_SAYS));
        for (text, without, stance, weight) in says.chain([(&claim.known, None, Stance::Denies, OF_KNOWN)]) {
            let there = library.candidates(text, without).into_iter().find(|one| one.id == claim.id);
            out.extend(there.map(|one| Sample {
                row: None,
                claim: one.id,
                signs: one.signs,
                right: true,
                stance: Some(stance),
                other: false,
                weight,
            }));
        }
    }
    out
}

/// Four heads: the row is about the claim, and which of the three stances it takes if so.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// `heads[head]`: bias and weights.
    pub heads: [(f64, Vec<f64>); 4],
}

/// Fits the four heads.
pub fn fit(samples: &[&Sample], settings: Settings) -> Fitted {
    let rows: Vec<Row> = samples
        .iter()
        .map(|sample| Row {
            features: sample.signs.iter().enumerate().map(|(at, value)| (at as u32, *value as f32)).collect(),
        })
        .collect();
    let targets: Vec<Target> = samples
        .iter()
        .flat_map(|sample| {
            let matches = match (sample.right, sample.other) {
                (true, _) => Target::Yes(sample.weight),
                (false, true) => Target::No(OTHER_CLAIM),
                (false, false) => Target::No(sample.weight),
            };
            let stances = STANCES.map(|(stance, _)| match sample.stance {
                None => Target::Missing,
                Some(taken) if taken == stance => Target::Yes(sample.weight),
                Some(_) => Target::No(sample.weight),
            });
            [matches, stances[0], stances[1], stances[2]]
        })
        .collect();
    let signs = Claims::signs().len();
    let weights = logistic::train(&rows, &targets, signs, 4, settings);
    let heads = [0, 1, 2, 3].map(|head| {
        let of_head = (0..signs).map(|sign| f64::from(weights.rows[sign * 4 + head])).collect();
        (f64::from(weights.bias[head]), of_head)
    });
    Fitted { heads }
}

impl Fitted {
    /// The likeliest stance and its score, as the crate computes them.
    pub fn decide(&self, signs: &[f64]) -> (Stance, f64) {
        let probability = |head: usize| {
            let (bias, weights) = &self.heads[head];
            let sum: f64 = weights.iter().zip(signs).map(|(weight, sign)| weight * sign).sum();
            1.0 / (1.0 + libm::exp(-(bias + sum)))
        };
        let stances = [probability(1), probability(2), probability(3)];
        let best = (0..3).fold(0, |best, next| if stances[next] > stances[best] { next } else { best });
        let whole: f64 = stances.iter().sum();
        (STANCES[best].0, probability(0) * stances[best] / whole)
    }

    /// The model file.
    pub fn write(&self, source: &str, threshold: f64) -> String {
        let mut out =
            format!("# Fitted by xtask/train (src/claims.rs); do not edit. See claims.md.\nsource = {source:?}\n");
        let _ = writeln!(out, "threshold = {threshold}\nsigns = {:?}", Claims::signs());
        for (name, (bias, weights)) in ["matches", "asserts", "asks", "denies"].iter().zip(&self.heads) {
            let rounded: Vec<String> = weights.iter().map(|weight| format!("{weight:.4}")).collect();
            let _ = writeln!(out, "\n[{name}]\nbias = {bias:.4}\nweights = [{}]", rounded.join(", "));
        }
        out
    }
}

/// Scores of every sample by models that have not seen its row: five folds, all rows of a claim in one of them, so that
/// each claim is judged by what was learnt of others.
pub fn cross_validated(rows: &[ClaimRow], samples: &[Sample], settings: Settings) -> Vec<(Stance, f64)> {
    const FOLDS: usize = 5;
    let keys: Vec<(String, String)> =
        rows.iter().map(|row| (row.claim.clone().unwrap_or_else(|| row.id.clone()), folded(&row.text))).collect();
    let of_rows = folds(&keys, FOLDS);
    let fold = |index: usize, sample: &Sample| sample.row.map_or(index % FOLDS, |row| of_rows[row]);
    let mut out = vec![(Stance::Asserts, 0.0); samples.len()];
    for held_out in 0..FOLDS {
        let seen: Vec<&Sample> = samples
            .iter()
            .enumerate()
            .filter(|(at, sample)| fold(*at, sample) != held_out)
            .map(|(_, one)| one)
            .collect();
        let fitted = fit(&seen, settings);
        for (at, sample) in samples.iter().enumerate().filter(|(at, sample)| fold(*at, sample) == held_out) {
            out[at] = fitted.decide(&sample.signs);
        }
    }
    out
}

/// Counts by stance; a row counts as hit where the right claim is found with the right stance.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// By name of the stance.
    pub stances: BTreeMap<&'static str, Counts>,
    /// The right claim, whatever the stance.
    pub claim: Counts,
    /// Rows about no claim, and how many of them were given one.
    pub none: (usize, usize),
    /// Found and true stance, where the claim is right: `confusion[true][given]`, as in [`STANCES`].
    pub confusion: [[usize; 3]; 3],
    /// Rows that were got wrong: id, and what was given.
    pub wrong: Vec<(String, String)>,
}

/// Measures the crate as it is.
pub fn measure(rows: &[ClaimRow]) -> Measured {
    let mut out = Measured::default();
    let place = |stance: Stance| STANCES.iter().position(|(other, _)| *other == stance).unwrap_or_default();
    for row in rows {
        let found = claims(&row.text);
        let truth = row.claim.as_deref();
        out.claim.hits += usize::from(truth.is_some_and(|id| found.iter().any(|one| one.id == id)));
        out.claim.misses += usize::from(truth.is_some_and(|id| found.iter().all(|one| one.id != id)));
        out.claim.false_alarms += found.iter().filter(|one| truth != Some(one.id.as_str())).count();
        for (stance, name) in STANCES {
            let counts = out.stances.entry(name).or_default();
            let given = found.iter().filter(|one| one.stance == stance);
            let (right, wrong): (Vec<_>, Vec<_>) =
                given.partition(|one| truth == Some(one.id.as_str()) && row.stance() == Some(stance));
            counts.hits += right.len().min(1);
            counts.false_alarms += wrong.len();
            counts.misses += usize::from(row.stance() == Some(stance) && right.is_empty());
        }
        let right = found.iter().find(|one| truth == Some(one.id.as_str()));
        if let (Some(stance), Some(right)) = (row.stance(), right) {
            out.confusion[place(stance)][place(right.stance)] += 1;
        }
        if truth.is_none() {
            out.none.0 += 1;
            out.none.1 += usize::from(!found.is_empty());
        }
        let good = right.map_or(truth.is_none(), |one| Some(one.stance) == row.stance())
            && found.iter().all(|one| truth == Some(one.id.as_str()));
        if !good {
            let given: Vec<String> =
                found.iter().map(|one| format!("{} {:?} {:.2}", one.id, one.stance, one.score)).collect();
            out.wrong.push((row.id.clone(), given.join("; ")));
        }
    }
    out
}

/// How good the scores are as probabilities: for each tenth of the scale the number of scores, their mean, and the share
/// that was right.
pub fn reliability(scored: &[(f64, bool)]) -> Vec<(usize, f64, f64)> {
    (0..10)
        .map(|tenth| {
            let (low, high) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
            let here: Vec<_> =
                scored.iter().filter(|(score, _)| *score >= low && (*score < high || tenth == 9)).collect();
            let mean = |sum: f64| if here.is_empty() { 0.0 } else { sum / here.len() as f64 };
            (
                here.len(),
                mean(here.iter().map(|(score, _)| score).sum()),
                mean(here.iter().map(|(_, right)| f64::from(u8::from(*right))).sum()),
            )
        })
        .collect()
}
