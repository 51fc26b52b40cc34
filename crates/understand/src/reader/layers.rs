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
    /// Blocks of outputs that are summed up side by side: for each block, for each number the weights of its outputs.
    blocks: Vec<[f32; BLOCK]>,
    /// How many numbers there are.
    width: usize,
}

/// Outputs in a block.
const BLOCK: usize = 16;

impl Layers {
    /// Checks that the file fits the width of what it is to read.
    pub fn new(mut file: LayersFile, width: usize) -> Result<Self, BadWeights> {
        let outputs = file.outputs.len();
        let mut blocks = vec![[0.0; BLOCK]; width * outputs.div_ceil(BLOCK)];
        for (at, output) in file.outputs.iter_mut().enumerate() {
            let weights = std::mem::take(&mut output.weights);
            if weights.len() != width {
                let said = format!("the layer {} has {} weights instead of {width}", output.name, weights.len());
                return Err(BadWeights::new(said));
            }
            for (number, weight) in weights.into_iter().enumerate() {
                blocks[at / BLOCK * width + number][at % BLOCK] = weight;
            }
        }
        Ok(Self { outputs: file.outputs, blocks, width })
    }

    /// The logit of every output.
    pub fn logits(&self, dense: &[f32]) -> Vec<f32> {
        let mut out = Vec::with_capacity(self.outputs.len() + BLOCK);
        let telling: Vec<(usize, f32)> = dense.iter().copied().enumerate().filter(|(_, value)| *value != 0.0).collect();
        for (outputs, weights) in self.outputs.chunks(BLOCK).zip(self.blocks.chunks_exact(self.width)) {
            let mut sums = [0.0; BLOCK];
            sums.iter_mut().zip(outputs).for_each(|(sum, output)| *sum = output.bias);
            for &(number, value) in &telling {
                let weights = &weights[number];
                for at in 0..BLOCK {
                    sums[at] += value * weights[at];
                }
            }
            out.extend_from_slice(&sums);
        }
        out.truncate(self.outputs.len());
        out
    }
}

/// A logit as a probability.
pub fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-logit))
}
