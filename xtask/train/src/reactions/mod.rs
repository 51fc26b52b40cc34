//! Trains the model of reactions (adverse events) on PsyTAR, with ordinary patient feedback as what is none, and
//! measures it.
//!
//! Two stages, see `bedside_understand::reactions`. What the second stage learns from are scores that the first gave to
//! sentences of posts it had not seen.

mod data;
mod report;
mod stages;

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use bedside_understand::reactions::looks::Look;
use bedside_understand::reactions::{DOUBT, Passage, Reader, UNSURE};
use bedside_understand::weights::Header;

use crate::datasets::Datasets;
use crate::logistic::Target;
use crate::metrics;
pub use data::{Case, Sets, load};
pub use report::{Figures, figures, report};
use stages::{First, Second, out_of_fold};

/// How the stages are trained; chosen by cross-validation on the development sets.
#[derive(Debug, Clone, Copy)]
pub struct Knobs {
    /// Cost of a mistake in the first stage.
    pub first_cost: f32,
    /// In the second.
    pub second_cost: f32,
    /// How much rarity counts.
    pub rarity: f32,
    /// In how many sentences a feature of each kind must occur.
    pub from: [u32; bedside_understand::reactions::looks::KINDS],
    /// What a mistake on a sentence of ordinary feedback costs, beside one of PsyTAR.
    pub ordinary: f32,
}

/// As the model that is carried was trained.
pub const KNOBS: Knobs =
    Knobs { first_cost: 2.0, second_cost: 0.02, rarity: 0.15, from: [1, 1, 2, 2, 2], ordinary: 0.2 };

/// Both stages, and from which logit a reaction is told.
pub struct Trained {
    first: First,
    second: Second,
    threshold: f32,
    gate: Gate,
    /// Slope and shift from logits to those of a probability.
    calibration: (f32, f32),
}

impl Trained {
    /// Trains on the cases given.
    pub fn new(cases: &[&Case], reader: &Reader, knobs: &Knobs) -> Self {
        let rows = out_of_fold(cases, reader, knobs);
        let second = Second::new(&rows, cases, knobs);
        let logits: Vec<f32> = rows.iter().map(|row| second.logit(row)).collect();
        let scored: Vec<(f32, bool)> = logits
            .iter()
            .zip(cases)
            .filter(|(_, case)| !case.ordinary)
            .map(|(logit, case)| (if case.seen() { *logit } else { f32::MIN }, case.truth[0]))
            .collect();
        let threshold = broad_threshold(&scored);
        let calibration = calibrate(&logits, cases);
        let gate = Gate::new(cases, &logits, threshold, reader, knobs);
        Self { first: First::new(cases, knobs), second, threshold, gate, calibration }
    }

    /// How far a text lies above the threshold, read as the program reads it; nothing where it is not looked at.
    pub fn margin(&self, reader: &Reader, case: &Case) -> Option<f32> {
        let doubtful = case.passage.doubtful;
        let looks = case.passage.looks.iter().filter(|look| self.gate.lets(reader, look, doubtful)).cloned().collect();
        let passage = Passage { looks, doubtful };
        let best = passage.best(|look| self.second.logit(&reader.dense.row(look, &self.first.scores(look))));
        best.map(|(logit, _)| logit - self.threshold)
    }

    /// The model file.
    fn compile(&self, sets: &Sets) -> Vec<u8> {
        let mut numbers = BTreeMap::new();
        numbers.insert("second".to_owned(), self.second.weights.clone());
        numbers.insert("gate".to_owned(), self.gate.numbers());
        let (sharpness, shift) = self.calibration;
        numbers.insert("decision".to_owned(), vec![self.second.bias, self.threshold, sharpness, shift]);
        let header =
            Header { name: "reactions".to_owned(), made_from: sets.origins.clone(), numbers, ..Header::default() };
        self.first.compile(header)
    }
}

/// What turns most sentences away by their tags alone.
struct Gate {
    weights: Second,
    /// From where a sentence is read, in a plain and in a doubtful text.
    from: [f32; 2],
}

/// So small a share of what the stages would tell as a reaction, or be unsure of, is turned away.
const TURNED_AWAY: f32 = 0.01;

impl Gate {
    /// A logistic regression over the signs, let through from where nearly all that counts passes.
    fn new(cases: &[&Case], logits: &[f32], threshold: f32, reader: &Reader, knobs: &Knobs) -> Self {
        let rows: Vec<Vec<f32>> = cases.iter().map(|case| reader.dense.signs(&case.look)).collect();
        let weights = Second::new(&rows, cases, knobs);
        let from = [threshold - UNSURE / 2.0, threshold + DOUBT].map(|least| {
            let mut told: Vec<f32> = (0..cases.len())
                .filter(|&at| logits[at] >= least && !cases[at].ordinary)
                .map(|at| weights.logit(&rows[at]))
                .collect();
            told.sort_by(f32::total_cmp);
            told.get((told.len() as f32 * TURNED_AWAY) as usize).copied().unwrap_or(f32::MIN)
        });
        Self { weights, from }
    }

    fn lets(&self, reader: &Reader, look: &Look, doubtful: bool) -> bool {
        self.weights.logit(&reader.dense.signs(look)) >= self.from[usize::from(doubtful)]
    }

    fn numbers(&self) -> Vec<f32> {
        let mut out = self.weights.weights.clone();
        out.extend([self.weights.bias, self.from[0], self.from[1]]);
        out
    }
}

/// The middle of the thresholds around the best whose F1 is within three thousandths of it: the best one alone is where
/// a few cases happen to lie.
fn broad_threshold(scored: &[(f32, bool)]) -> f32 {
    let (best, most) = metrics::best_threshold(scored);
    let f1 = |threshold: f32| {
        let mut counts = metrics::Counts::default();
        scored.iter().for_each(|(score, truth)| counts.add(*truth, *score >= threshold));
        counts.f1()
    };
    let good: Vec<f32> =
        (-100..=100).map(|step| best + step as f32 * 0.01).filter(|at| f1(*at) >= most - 0.003).collect();
    good.iter().sum::<f32>() / good.len().max(1) as f32
}

/// A logistic regression on the logit alone.
fn calibrate(logits: &[f32], cases: &[&Case]) -> (f32, f32) {
    let rows: Vec<Vec<f32>> = logits.iter().map(|logit| vec![*logit]).collect();
    let targets: Vec<Target> = cases
        .iter()
        .map(|case| if case.truth[0] { Target::Yes(case.weight) } else { Target::No(case.weight) })
        .collect();
    let fitted = stages::dense(&rows, &targets, 10.0);
    (fitted.weights[0], fitted.bias)
}

/// Trains on all that there is: the model file.
pub fn train(datasets: &Datasets) -> Result<Vec<u8>> {
    let reader = Reader::new().map_err(|error| anyhow!(error))?;
    let sets = load(datasets, &reader, &KNOBS)?;
    let cases: Vec<&Case> = sets.cases.iter().collect();
    Ok(Trained::new(&cases, &reader, &KNOBS).compile(&sets))
}
