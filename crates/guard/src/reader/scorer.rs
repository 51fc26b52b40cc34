//! The trained scorer: weights of `data/models/replies.bin` over the features of the worst sentence and of the whole draft.

use std::sync::OnceLock;

use bedside_understand::weights::{Table, WeightsFile};

use super::explain;
use super::features::Clause;
use super::lexicon::Tongue;
use crate::verdict::Decision;

static FILE: &[u8] = include_bytes!("../../../../data/models/replies.bin");

struct Model {
    table: Table,
    /// What a step of the number for the sentence and of that for the draft is worth.
    steps: [f32; 2],
    bias: [f32; 2],
    /// How much the draft counts beside its worst sentence.
    share: f32,
    /// From which sum a draft warns and blocks, in English and in Spanish.
    limits: [[f32; 2]; 2],
    /// Which rule a bad sentence breaks.
    rules: Table,
    rule_names: Vec<String>,
    rule_bias: Vec<f32>,
    rule_step: f32,
}

/// What a feature counts in a sentence or draft that has so many.
pub fn value(features: usize) -> f32 {
    1.0 / (features as f32 + 1.0).sqrt().sqrt()
}

fn model() -> Option<&'static Model> {
    static MODEL: OnceLock<Option<Model>> = OnceLock::new();
    MODEL.get_or_init(|| read(FILE)).as_ref()
}

fn read(file: &'static [u8]) -> Option<Model> {
    let file = WeightsFile::read(file).ok()?;
    let numbers = |name: &str| file.header.numbers.get(name).cloned().unwrap_or_default();
    let two = |name: &str| <[f32; 2]>::try_from(numbers(name)).ok();
    Some(Model {
        table: file.table("features").ok().filter(|t| t.columns() == 2)?,
        steps: two("steps")?,
        bias: two("bias")?,
        share: *numbers("share").first()?,
        limits: [two("limits en")?, two("limits es")?],
        rules: file.table("rules").ok()?,
        rule_names: file.header.words.get("rules").cloned()?,
        rule_bias: numbers("rule bias"),
        rule_step: *numbers("rule step").first()?,
    })
}

impl Model {
    fn sum(&self, features: &[u64], column: usize) -> f32 {
        let steps: i32 =
            features.iter().filter_map(|f| self.table.row(*f)).map(|row| i32::from(row[column] as i8)).sum();
        self.bias[column] + steps as f32 * self.steps[column] * value(features.len())
    }
}

impl Model {
    /// The rule that a sentence most likely breaks.
    fn rule(&self, features: &[u64]) -> &str {
        let mut sums = self.rule_bias.clone();
        let worth = self.rule_step * value(features.len());
        for row in features.iter().filter_map(|f| self.rules.row(*f)) {
            for (sum, step) in sums.iter_mut().zip(row) {
                *sum += f32::from(*step as i8) * worth;
            }
        }
        let best = (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b]));
        best.and_then(|at| self.rule_names.get(at)).map_or("B1", String::as_str)
    }
}

/// What the scorer found: a sentence, how bad it is, and why.
pub struct Scored {
    /// The rule that it most likely breaks.
    pub rule: String,
    pub start: usize,
    pub end: usize,
    pub severity: Decision,
    pub why: String,
}

/// What the scorer says of a draft.
#[derive(Default)]
pub(crate) struct Judged {
    /// What speaks most against it, where enough does.
    pub worst: Option<Scored>,
    /// Sentences that are more likely bad than not: hints in them count once the draft is stopped.
    pub bad: Vec<(usize, usize)>,
}

/// Judges a draft by its sentences.
pub(crate) fn judge(tongue: Tongue, clauses: &[Clause]) -> Judged {
    let Some(model) = model() else { return Judged::default() };
    let scores: Vec<f32> = clauses.iter().map(|c| model.sum(&c.features, 0)).collect();
    let mut bad: Vec<(usize, usize)> =
        clauses.iter().zip(&scores).filter(|(_, s)| **s > 0.0).map(|(c, _)| (c.start, c.end)).collect();
    let Some(worst) = (0..clauses.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])) else {
        return Judged::default();
    };
    let total = scores[worst] + model.share * model.sum(&whole(clauses), 1);
    let [warn, block] = model.limits[tongue as usize];
    let severity = if total >= block { Decision::Block } else { Decision::Warn };
    if total < warn {
        return Judged { worst: None, bad };
    }
    let clause = &clauses[worst];
    bad.push((clause.start, clause.end));
    let rule = model.rule(&clause.features).to_owned();
    let why = explain::why(&rule, &clause.tags, severity);
    Judged { worst: Some(Scored { rule, start: clause.start, end: clause.end, severity, why }), bad }
}

/// The features of all sentences, each once.
pub fn whole(clauses: &[Clause]) -> Vec<u64> {
    let mut features: Vec<u64> = clauses.iter().flat_map(|c| c.features.iter().copied()).collect();
    features.sort_unstable();
    features.dedup();
    features
}
