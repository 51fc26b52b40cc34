//! The first stage of the reader: a linear model over words, pairs and n-grams.

use bedside_understand::weights::{HeadInfo, Header, Origin, Scores};

use crate::logistic::{Row, Settings, Target, Weights, train};
use crate::samples::Sample;
use crate::vocabulary::{Choice, Vocabulary, head};

/// What a model scores, and how it is trained.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name.
    pub name: &'static str,
    /// Its heads.
    pub heads: Vec<&'static str>,
    /// Its features.
    pub choice: Choice,
    /// The cost of a mistake, and the passes.
    pub settings: Settings,
}

/// A model, trained.
#[derive(Debug)]
pub struct Trained {
    vocabulary: Vocabulary,
    weights: Weights,
}

impl Plan {
    /// Trains on the samples that say something about one of the heads.
    pub fn train(&self, samples: &[&Sample]) -> Trained {
        let of_use = |one: &&&Sample| self.heads.iter().any(|head| one.known.contains_key(head));
        let samples: Vec<&Sample> = samples.iter().filter(of_use).copied().collect();
        let texts: Vec<&[(u64, String)]> = samples.iter().map(|one| one.cut.units.as_slice()).collect();
        let vocabulary = Vocabulary::new(&texts, self.choice);
        let rows: Vec<Row> = texts.iter().map(|units| vocabulary.row(units)).collect();
        let targets: Vec<Target> =
            samples.iter().flat_map(|one| self.heads.iter().map(|head| one.target(head))).collect();
        let weights = train(&rows, &targets, vocabulary.size(), self.heads.len(), self.settings);
        Trained { vocabulary, weights }
    }

    /// The file of a trained model.
    pub fn compile(&self, trained: &Trained, made_from: &[Origin]) -> Vec<u8> {
        let heads: Vec<HeadInfo> = self.heads.iter().map(|name| head(*name)).collect();
        let header = Header { name: self.name.into(), made_from: made_from.to_vec(), heads, ..Header::default() };
        trained.vocabulary.compile(header, &trained.weights)
    }
}

impl Trained {
    /// The logits of a sample and its parts, as the reader would score it.
    pub fn score(&self, sample: &Sample) -> Scores {
        let units = &sample.cut.units;
        let whole = self.weights.score(&self.vocabulary.row(units));
        let parts = match sample.cut.parts.as_slice() {
            [] | [_] => Vec::new(),
            parts => {
                parts.iter().flat_map(|part| self.weights.score(&self.vocabulary.row(&units[part.clone()]))).collect()
            }
        };
        Scores { whole, parts }
    }

    /// What was kept, in words.
    pub fn sizes(&self) -> String {
        self.vocabulary.sizes()
    }
}
