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
    /// What the features of each sentence add up to, each counted once, with how many they are; and the same of the draft.
    fn sums(&self, clauses: &[Clause]) -> (Vec<(i32, usize)>, (i32, usize)) {
        let mut seen = Seen::new(clauses.iter().map(|c| c.features.len()).sum());
        let mut whole = (0, 0);
        let of_each = (1..)
            .zip(clauses)
            .map(|(stamp, clause)| {
                let mut sum = (0, 0);
                for feature in &clause.features {
                    let slot = seen.slot(*feature);
                    if slot.stamp == 0 {
                        slot.feature = *feature;
                        slot.steps = self.table.row(*feature).map_or([0, 0], |row| [row[0] as i8, row[1] as i8]);
                        whole = (whole.0 + i32::from(slot.steps[1]), whole.1 + 1);
                    }
                    if slot.stamp != stamp {
                        slot.stamp = stamp;
                        sum = (sum.0 + i32::from(slot.steps[0]), sum.1 + 1);
                    }
                }
                sum
            })
            .collect();
        (of_each, whole)
    }

    fn logit(&self, sum: i32, features: usize, column: usize) -> f32 {
        self.bias[column] + sum as f32 * self.steps[column] * value(features)
    }
}

impl Model {
    /// The rule that a sentence most likely breaks.
    fn rule(&self, clause: &Clause) -> &str {
        let mut features = clause.features.clone();
        features.sort_unstable();
        features.dedup();
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

/// Which features of a draft have been seen, and in which sentence last: open addressing, at most half full.
struct Seen {
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    feature: u64,
    /// Number of the sentence from 1; 0 where empty.
    stamp: u32,
    steps: [i8; 2],
}

impl Seen {
    fn new(features: usize) -> Self {
        Self { slots: vec![Slot::default(); (features * 2).next_power_of_two().max(2)] }
    }

    fn slot(&mut self, feature: u64) -> &mut Slot {
        let mask = self.slots.len() - 1;
        let mut at = (feature >> 20) as usize & mask;
        while self.slots[at].stamp != 0 && self.slots[at].feature != feature {
            at = (at + 1) & mask;
        }
        &mut self.slots[at]
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
    let (sums, whole) = model.sums(clauses);
    let scores: Vec<f32> = sums.iter().map(|(sum, features)| model.logit(*sum, *features, 0)).collect();
    let mut bad: Vec<(usize, usize)> =
        clauses.iter().zip(&scores).filter(|(_, s)| **s > 0.0).map(|(c, _)| (c.start, c.end)).collect();
    let Some(worst) = (0..clauses.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])) else {
        return Judged::default();
    };
    let total = scores[worst] + model.share * model.logit(whole.0, whole.1, 1);
    let [warn, block] = model.limits[tongue as usize];
    let severity = if total >= block { Decision::Block } else { Decision::Warn };
    if total < warn {
        return Judged { worst: None, bad };
    }
    let clause = &clauses[worst];
    bad.push((clause.start, clause.end));
    let rule = model.rule(clause).to_owned();
    let why = explain::why(&rule, &clause.tags, severity);
    Judged { worst: Some(Scored { rule, start: clause.start, end: clause.end, severity, why }), bad }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_that_is_built_in_is_whole() {
        let model = read(FILE).expect("it can be read");
        assert!(model.table.len() > 10_000 && !model.rules.is_empty());
        assert_eq!(model.rules.columns(), model.rule_names.len());
        assert_eq!(model.rule_bias.len(), model.rule_names.len());
        assert!(model.limits.iter().all(|[warn, block]| warn < block));
        assert!(FILE.len() < 1_500_000);
    }

    #[test]
    fn a_feature_counts_once_in_a_sentence_and_once_in_the_draft() {
        let model = model().expect("it can be read");
        let clause = |features: &[u64]| Clause { start: 0, end: 1, features: features.to_vec(), tags: Vec::new() };
        let (of_each, whole) = model.sums(&[clause(&[7 << 40, 9 << 40, 7 << 40]), clause(&[9 << 40])]);
        assert_eq!(of_each.iter().map(|s| s.1).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(whole.1, 2);
    }
}
