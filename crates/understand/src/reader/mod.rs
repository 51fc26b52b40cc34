//! The trained reader: two linear models over the words of a text (what it says of the experience, and which risks it
//! holds), and over their scores a second stage that also sees the text's clauses.
//!
//! It knows English, and Spanish for the risks and the intents; what it was trained on and how well it reads stands in
//! `data/models/experience.md` and `messages.md`. Nothing here decides: `sentiment`, `themes`, `intents` and `risks` do.

mod dense;
mod layers;
mod parts;
mod words;

use std::collections::HashMap;
use std::sync::OnceLock;

pub use dense::{COUNTS, FEELINGS, dense, width};
pub use layers::{LayersFile, Output, probability};

use crate::assessment::Span;
use crate::quick::Quick;
use crate::text::Text;
use crate::weights::{BadWeights, Hashes, Linear, Scores, Unit};
use layers::Layers;

/// The names of the classes of sentiment on five points, best first. The first stage has one head for each.
pub const FIVE: [&str; 5] = ["very_positive", "positive", "neutral", "negative", "very_negative"];
/// The outputs of the second stage for sentiment on three points.
pub const THREE: [&str; 3] = ["three_positive", "three_neutral", "three_negative"];

/// The reader.
#[derive(Debug)]
pub struct Reader {
    experience: Linear,
    messages: Linear,
    layers: Layers,
    version: String,
    places: ByName,
    /// Per output: the head of the first stage whose words speak for it.
    evidence: Vec<Option<Head>>,
}

/// Outputs by their names.
type ByName = HashMap<String, usize, Quick>;

/// A head of one of the two models.
#[derive(Debug, Clone, Copy)]
enum Head {
    Experience(usize),
    Messages(usize),
}

/// The files of a reader.
#[derive(Debug, Clone, Copy)]
pub struct Files {
    /// `experience.bin`.
    pub experience: &'static [u8],
    /// `messages.bin`.
    pub messages: &'static [u8],
    /// `layers.json`.
    pub layers: &'static str,
}

const BUILTIN: Files = Files {
    experience: include_bytes!("../../../../data/models/experience.bin"),
    messages: include_bytes!("../../../../data/models/messages.bin"),
    layers: include_str!("../../../../data/models/layers.json"),
};

/// What the reader says of a text: the probability of every output.
#[derive(Debug, Clone)]
pub(crate) struct Opinion<'r> {
    reader: &'r Reader,
    probabilities: Vec<f32>,
}

impl Reader {
    /// The reader that this program carries.
    pub fn builtin() -> &'static Self {
        static READER: OnceLock<Reader> = OnceLock::new();
        READER.get_or_init(|| Self::new(BUILTIN).expect("the models are part of the program and a test reads them"))
    }

    /// A reader from its files.
    pub fn new(files: Files) -> Result<Self, BadWeights> {
        let experience = Linear::read(files.experience)?;
        let messages = Linear::read(files.messages)?;
        let file: LayersFile =
            serde_json::from_str(files.layers).map_err(|error| BadWeights::new(format!("layers.json: {error}")))?;
        let version = file.version.clone();
        let layers = Layers::new(file, width(experience.heads() + messages.heads()))?;
        let places = layers.outputs.iter().enumerate().map(|(at, output)| (output.name.clone(), at)).collect();
        let evidence = layers
            .outputs
            .iter()
            .map(|output| {
                let name = output.name.strip_prefix("three_").unwrap_or(&output.name);
                let of_experience = experience.head(name).map(Head::Experience);
                of_experience.or_else(|| messages.head(name).map(Head::Messages))
            })
            .collect();
        Ok(Self { experience, messages, layers, version, places, evidence })
    }

    /// Which training made it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The share of a text's words that the reader has met.
    pub(crate) fn known(&self, text: &Text) -> f32 {
        let met = text.units.iter().filter(|unit| self.experience.has(unit.hash)).count();
        met as f32 / (text.units.len().max(1)) as f32
    }

    /// The first stage alone.
    fn scores(&self, text: &Text) -> (Scores, usize) {
        let parts = parts::parts(text);
        let hashes = Hashes::new(text);
        let experience = self.experience.score(text, &hashes, &parts);
        let messages = self.messages.score(text, &hashes, &parts);
        (joined(experience, &messages, self.experience.heads()), parts.len())
    }

    /// Reads a text.
    pub(crate) fn read(&self, text: &Text) -> Opinion<'_> {
        let (scores, parts) = self.scores(text);
        let dense = dense(&scores, &dense::counts(text, parts));
        let probabilities = self.layers.logits(&dense).into_iter().map(probability).collect();
        Opinion { reader: self, probabilities }
    }

    /// The stretches of a text that speak most for an output.
    pub(crate) fn evidence(&self, text: &Text, output: &str, most: usize) -> Vec<Span> {
        let Some(head) = self.places.get(output).and_then(|at| self.evidence[*at]) else { return Vec::new() };
        let shares = match head {
            Head::Experience(head) => self.experience.contributions(text, head),
            Head::Messages(head) => self.messages.contributions(text, head),
        };
        strongest(text, &shares, most)
    }
}

/// The scores of both models side by side.
pub fn joined(mut left: Scores, right: &Scores, heads: usize) -> Scores {
    left.whole.extend_from_slice(&right.whole);
    if !left.parts.is_empty() {
        let others = right.whole.len();
        let both = left.parts.chunks_exact(heads).zip(right.parts.chunks_exact(others));
        left.parts = both.flat_map(|(left, right)| left.iter().chain(right)).copied().collect();
    }
    left
}

/// The units with the largest shares, neighbours joined.
fn strongest(text: &Text, shares: &[f32], most: usize) -> Vec<Span> {
    let mut order: Vec<usize> = (0..shares.len()).filter(|&at| shares[at] > 0.0).collect();
    order.sort_by(|&left, &right| shares[right].total_cmp(&shares[left]).then(left.cmp(&right)));
    let Some(&first) = order.first() else { return Vec::new() };
    let mut kept: Vec<usize> =
        order.into_iter().take(most).take_while(|&at| shares[at] >= 0.3 * shares[first]).collect();
    kept.sort_unstable();
    let mut out: Vec<(usize, Span)> = Vec::new();
    for at in kept {
        let span = text.unit_span(at);
        match out.last_mut() {
            Some((last, joined)) if *last + 1 == at || span.start <= joined.end => {
                (*last, joined.end) = (at, joined.end.max(span.end));
            }
            _ => out.push((at, span)),
        }
    }
    out.into_iter().map(|(_, span)| span).collect()
}

impl Opinion<'_> {
    fn place(&self, output: &str) -> Option<usize> {
        self.reader.places.get(output).copied()
    }

    /// The probability of an output; 0 of one that the reader does not have.
    pub fn probability(&self, output: &str) -> f32 {
        self.place(output).map_or(0.0, |at| self.probabilities[at])
    }

    /// The output is given: its probability reaches its threshold.
    pub fn given(&self, output: &str) -> bool {
        self.place(output).is_some_and(|at| self.probabilities[at] >= self.reader.layers.outputs[at].threshold)
    }

    /// The probabilities of classes of which exactly one holds, and the place of the one that is chosen.
    pub fn one_of<const N: usize>(&self, classes: [&str; N]) -> ([f32; N], usize) {
        let places = classes.map(|class| self.place(class));
        let mut shares = places.map(|at| at.map_or(0.0, |at| self.probabilities[at]));
        let sum: f32 = shares.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        shares.iter_mut().for_each(|share| *share /= sum);
        let weighed =
            |class: usize| shares[class] * places[class].map_or(0.0, |at| self.reader.layers.outputs[at].threshold);
        let best = (0..N).max_by(|&left, &right| weighed(left).total_cmp(&weighed(right)).then(right.cmp(&left)));
        (shares, best.unwrap_or_default())
    }

    /// The stretches of the text that speak for an output.
    pub fn evidence(&self, text: &Text, output: &str) -> Vec<Span> {
        self.reader.evidence(text, output, 6)
    }
}

/// A text cut up for training: its units with their letters, the places where its parts begin and end, and its counts.
#[derive(Debug, Clone)]
pub struct Cut {
    /// Hash and letters of each unit.
    pub units: Vec<(u64, String)>,
    /// Stretches of the units.
    pub parts: Vec<std::ops::Range<usize>>,
    /// As the second stage sees them.
    pub counts: [f32; COUNTS],
}

/// Cuts up a text as the reader would.
pub fn cut(text: &str) -> Cut {
    let text = Text::new(text);
    let parts = parts::parts(&text);
    let units = text.units.iter().map(|unit: &Unit| (unit.hash, text.unit(unit).to_owned())).collect();
    Cut { units, counts: dense::counts(&text, parts.len()), parts }
}
