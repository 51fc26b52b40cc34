//! The second stage: for each label a small logistic regression over what the first stage says of a text and its parts.

use serde::{Deserialize, Serialize};

use crate::weights::BadWeights;

/// The file of the second stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LayersFile {
    /// Which training made it, and the first stage with it.
    pub version: String,
    /// What is scored.
    pub outputs: Vec<Output>,
}

/// One label.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// From which probability it is given; for the classes of a sentiment, what its probability is multiplied by
    /// before the largest is chosen.
    pub threshold: f32,
    /// The logit where everything is zero.
    pub bias: f32,
    /// One for each number of [`super::dense`].
    pub weights: Vec<f32>,
}

/// The second stage, ready.
#[derive(Debug)]
pub(crate) struct Layers {
    /// What stands in the file, the weights taken out.
    pub outputs: Vec<Output>,
    /// `by_number[number * outputs + output]`.
    by_number: Vec<f32>,
    biases: Vec<f32>,
}

impl Layers {
    /// Checks that the file fits the width of what it is to read.
    pub fn new(mut file: LayersFile, width: usize) -> Result<Self, BadWeights> {
        let outputs = file.outputs.len();
        let mut by_number = vec![0.0; width * outputs];
        for (at, output) in file.outputs.iter_mut().enumerate() {
            let weights = std::mem::take(&mut output.weights);
            if weights.len() != width {
                let said = format!("the layer {} has {} weights instead of {width}", output.name, weights.len());
                return Err(BadWeights::new(said));
            }
            for (number, weight) in weights.into_iter().enumerate() {
                by_number[number * outputs + at] = weight;
            }
        }
        let biases = file.outputs.iter().map(|output| output.bias).collect();
        Ok(Self { outputs: file.outputs, by_number, biases })
    }

    /// The logit of every output.
    pub fn logits(&self, dense: &[f32]) -> Vec<f32> {
        let mut out = self.biases.clone();
        let outputs = out.len();
        for (value, weights) in dense.iter().zip(self.by_number.chunks_exact(outputs)) {
            if *value != 0.0 {
                for (sum, weight) in out.iter_mut().zip(weights) {
                    *sum += value * weight;
                }
            }
        }
        out
    }
}

/// A logit as a probability.
pub(crate) fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-logit))
}
