//! The model file and what it says of a sentence.

use super::dense::{Dense, HEAD_NAMES, HEADS, Scores};
use super::lists::{Lists, Tag};
use super::looks::{KINDS, Look};
use crate::weights::{BadWeights, Header, Table, WeightsFile};

/// A model, ready.
#[derive(Debug)]
pub struct Model {
    /// What the file says of itself.
    pub header: Header,
    features: Table,
    bias: [f32; HEADS],
    /// Per kind and head, what a step is worth.
    scales: Vec<[f32; HEADS]>,
    /// Second stage: a weight for each number of the row.
    second: Vec<f32>,
    second_bias: f32,
    /// The gate: a weight for each sign, the bias, and from where a sentence is read, in a plain and in a doubtful text.
    gate: Vec<f32>,
    gate_bias: f32,
    gate_from: [f32; 2],
    /// From which logit a sentence tells of a reaction.
    pub threshold: f32,
    /// Logits times this and plus the shift are those of a probability.
    sharpness: f32,
    shift: f32,
}

impl Model {
    /// Reads a model from its file.
    pub fn read(bytes: &'static [u8], dense: &Dense) -> Result<Self, BadWeights> {
        let file = WeightsFile::read(bytes)?;
        let features = file.table("features")?;
        let header = file.header;
        if features.columns() != HEADS || header.heads.len() != HEADS {
            return Err(BadWeights::new("it has another number of heads"));
        }
        if header.heads.iter().map(|head| head.name.as_str()).ne(HEAD_NAMES) {
            return Err(BadWeights::new("its heads have other names"));
        }
        let numbers = |name: &str, length: usize| {
            let found = header.numbers.get(name).filter(|found| found.len() == length);
            found.cloned().ok_or_else(|| BadWeights::new(format!("its numbers {name} are not {length}")))
        };
        let scales = numbers("scales", KINDS * HEADS)?;
        let second = numbers("second", dense.width())?;
        let last = numbers("decision", 4)?;
        let mut gate = numbers("gate", dense.signs_width() + 3)?;
        let from = gate.split_off(dense.signs_width());
        let mut bias = [0.0; HEADS];
        bias.iter_mut().zip(&header.heads).for_each(|(bias, head)| *bias = head.bias);
        Ok(Self {
            features,
            bias,
            scales: scales.chunks_exact(HEADS).map(|four| [four[0], four[1], four[2], four[3]]).collect(),
            second,
            gate,
            gate_bias: from[0],
            gate_from: [from[1], from[2]],
            second_bias: last[0],
            threshold: last[1],
            sharpness: last[2],
            shift: last[3],
            header,
        })
    }

    /// Whether a sentence is worth reading, by its tags alone.
    pub fn gate(&self, dense: &Dense, look: &Look, doubtful: bool) -> bool {
        let sum: f32 = dense.signs(look).iter().zip(&self.gate).map(|(value, weight)| value * weight).sum();
        self.gate_bias + sum >= self.gate_from[usize::from(doubtful)]
    }

    /// First stage: the scores of a sentence.
    pub fn scores(&self, look: &Look) -> Scores {
        let mut whole = self.bias;
        let mut clauses = vec![self.bias; look.clauses];
        let mut kinds = [0.0; KINDS];
        let mut sums = vec![([0_i32; HEADS], 0_u32); look.clauses];
        for (kind, features) in look.features.iter().enumerate() {
            sums.fill(([0; HEADS], 0));
            for feature in features {
                let (sum, count) = &mut sums[usize::from(feature.clause)];
                *count += 1;
                if let Some(row) = self.features.row(feature.hash) {
                    sum.iter_mut().zip(row).for_each(|(sum, step)| *sum += i32::from(*step as i8));
                }
            }
            let of_all = root(features.len());
            let before = whole[0];
            for ((sum, count), clause) in sums.iter().zip(&mut clauses) {
                let of_clause = root(*count as usize);
                for head in 0..HEADS {
                    let value = sum[head] as f32 * self.scales[kind][head];
                    whole[head] += value * of_all;
                    clause[head] += value * of_clause;
                }
            }
            kinds[kind] = whole[0] - before;
        }
        Scores { whole, clauses, kinds }
    }

    /// Both stages: the logit of a reaction in a sentence.
    pub fn logit(&self, dense: &Dense, look: &Look) -> f32 {
        let row = dense.row(look, &self.scores(look));
        self.second_bias + row.iter().zip(&self.second).map(|(value, weight)| value * weight).sum::<f32>()
    }

    /// The probability that a logit stands for.
    pub fn probability(&self, logit: f32) -> f32 {
        1.0 / (1.0 + (-(logit * self.sharpness + self.shift)).exp())
    }
}

/// What each feature of a kind is multiplied by where there are so many.
pub fn root(count: usize) -> f32 {
    1.0 / (count.max(1) as f32).sqrt()
}

/// The tag of the names of medicines.
pub fn drug(lists: &Lists) -> Tag {
    lists.by_name().get("drug_name").copied().unwrap_or(Tag::MAX)
}
