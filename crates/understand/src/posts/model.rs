//! The model file and what it says of a post.

use super::looks::{CLASS_NAMES, CLASSES, KINDS, Look, SHARED, Scores, WIDTH, row};
use crate::weights::{BadWeights, Header, Table, WeightsFile};

/// A model, ready.
#[derive(Debug)]
pub struct Model {
    /// What the file says of itself.
    pub header: Header,
    features: Table,
    bias: [f32; CLASSES],
    /// Per kind and class, what a step is worth.
    scales: Vec<[f32; CLASSES]>,
    /// Second stage: by class, a weight for each number of the row.
    second: Vec<Vec<f32>>,
    second_bias: Vec<f32>,
    /// Logits are multiplied by this before they become probabilities.
    sharpness: f32,
}

impl Model {
    /// Reads a model from its file.
    pub fn read(bytes: &'static [u8]) -> Result<Self, BadWeights> {
        let file = WeightsFile::read(bytes)?;
        let features = file.table("features")?;
        let header = file.header;
        if features.columns() != CLASSES || header.heads.iter().map(|head| head.name.as_str()).ne(CLASS_NAMES) {
            return Err(BadWeights::new("it has other classes"));
        }
        let numbers = |name: &str, length: usize| {
            let found = header.numbers.get(name).filter(|found| found.len() == length);
            found.cloned().ok_or_else(|| BadWeights::new(format!("its numbers {name} are not {length}")))
        };
        let scales = numbers("scales", KINDS * CLASSES)?;
        let second = numbers("second", WIDTH * CLASSES)?;
        let second_bias = numbers("second_bias", CLASSES)?;
        let sharpness = numbers("sharpness", 1)?[0];
        Ok(Self {
            features,
            bias: std::array::from_fn(|class| header.heads[class].bias),
            scales: scales.chunks_exact(CLASSES).map(|of| std::array::from_fn(|class| of[class])).collect(),
            second: second.chunks_exact(WIDTH).map(<[f32]>::to_vec).collect(),
            second_bias,
            sharpness,
            header,
        })
    }

    /// First stage.
    pub fn scores(&self, look: &Look) -> Scores {
        let mut scores = Scores { all: self.bias, ..Scores::default() };
        for (kind, features) in look.features.iter().enumerate() {
            let mut sums = [0_i32; CLASSES];
            for steps in features.iter().filter_map(|feature| self.features.row(feature.hash)) {
                sums.iter_mut().zip(steps).for_each(|(sum, step)| *sum += i32::from(*step as i8));
            }
            let root = root(features.len());
            for (class, sum) in sums.into_iter().enumerate() {
                let value = sum as f32 * self.scales[kind][class] * root;
                scores.all[class] += value;
                scores.shared[class] += if SHARED[kind] { value } else { 0.0 };
            }
        }
        scores
    }

    /// Both stages: the probabilities of negative, neutral and positive.
    pub fn probabilities(&self, look: &Look) -> [f32; CLASSES] {
        let row = row(look, &self.scores(look));
        let logits: [f32; CLASSES] = std::array::from_fn(|class| {
            self.second_bias[class]
                + row.iter().zip(&self.second[class]).map(|(value, weight)| value * weight).sum::<f32>()
        });
        softmax(logits.map(|logit| logit * self.sharpness))
    }

    /// What each token adds for a class against the mean of the others, by the first stage.
    pub fn contributions(&self, look: &Look, class: usize) -> Vec<f32> {
        let mut out = vec![0.0; look.tokens.len()];
        for (kind, features) in look.features.iter().enumerate() {
            let root = root(features.len());
            for feature in features {
                let Some(steps) = self.features.row(feature.hash) else { continue };
                for (of, step) in steps.iter().enumerate() {
                    let value = f32::from(*step as i8) * self.scales[kind][of] * root;
                    let share = if of == class { 1.0 } else { -1.0 / (CLASSES as f32 - 1.0) };
                    out[feature.token as usize] += share * value;
                }
            }
        }
        out
    }
}

/// Probabilities of logits.
pub fn softmax(logits: [f32; CLASSES]) -> [f32; CLASSES] {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let exps = logits.map(|logit| (logit - most).exp());
    let sum: f32 = exps.iter().sum();
    exps.map(|exp| exp / sum)
}

/// What each feature of a kind is multiplied by where there are so many.
pub fn root(count: usize) -> f32 {
    1.0 / (count.max(1) as f32).sqrt()
}
