//! The tagger: a linear chain of conditional probabilities over few labels, with quantised weights.

use crate::weights::{BadWeights, Table, WeightsFile};

/// How many labels there are.
pub const TAGS: usize = 5;

/// What a word is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    /// Nothing.
    Outside,
    /// The name of a person.
    Name,
    /// An address, or a place smaller than a state.
    Place,
    /// A facility.
    Facility,
    /// Another organisation; known so that it is not taken for one of the others.
    Organisation,
}

impl Tag {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; TAGS] = [Self::Outside, Self::Name, Self::Place, Self::Facility, Self::Organisation];
}

/// Scores of labels of one word.
pub type Scores = [f32; TAGS];
/// From a label (or the outside before a chain) to the next.
pub type Steps = [Scores; TAGS];

/// Weights of features and of steps.
#[derive(Debug)]
pub struct Crf {
    table: Table,
    scale: f32,
    steps: Steps,
    /// Taken from the score of the outside: above 0 finds more and is wrong more often.
    lean: f32,
    /// By label: what a raw probability was worth on texts that were not learnt from, at a few places.
    believed: [Vec<(f32, f32)>; TAGS],
}

impl Crf {
    /// Reads it from a model file.
    pub fn read(file: &WeightsFile) -> Result<Self, BadWeights> {
        let table = file.table("tagger")?;
        let numbers = |name: &str| file.header.numbers.get(name).cloned().unwrap_or_default();
        let (scale, flat, lean) = (numbers("tagger_scale"), numbers("tagger_steps"), numbers("tagger_lean"));
        if table.columns() != TAGS || scale.len() != 1 || flat.len() != TAGS * TAGS || lean.len() != 1 {
            return Err(BadWeights::new("the tagger has another number of labels than the program"));
        }
        let mut steps = [[0.0; TAGS]; TAGS];
        for (at, value) in flat.iter().enumerate() {
            steps[at / TAGS][at % TAGS] = *value;
        }
        let believed = std::array::from_fn(|tag| {
            let flat = numbers(&format!("tagger_believed_{tag}"));
            flat.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
        });
        Ok(Self { table, scale: scale[0], steps, lean: lean[0], believed })
    }

    /// The calibrated probability of a label: a line between the two measured places around it.
    pub fn believed(&self, tag: Tag, sure: f32) -> f32 {
        let places = &self.believed[tag as usize];
        let next = places.partition_point(|(raw, _)| *raw < sure);
        match (next.checked_sub(1).and_then(|at| places.get(at)), places.get(next)) {
            (Some(left), Some(right)) if right.0 > left.0 => {
                left.1 + (right.1 - left.1) * (sure - left.0) / (right.0 - left.0)
            }
            (_, Some(one)) | (Some(one), None) => one.1,
            (None, None) => sure,
        }
    }

    /// The scores of a word by its features.
    pub fn scores(&self, features: &[u64]) -> Scores {
        let mut sums = [0_i32; TAGS];
        for &feature in features {
            if let Some(row) = self.table.row(feature) {
                for (sum, &step) in sums.iter_mut().zip(row) {
                    *sum += i32::from(step as i8);
                }
            }
        }
        let mut out = sums.map(|sum| sum as f32 * self.scale);
        out[0] -= self.lean;
        out
    }

    /// The likeliest label of each word of a chain, and how likely it is that the word is none of the outside.
    pub fn decode(&self, words: &[Scores]) -> Vec<(Tag, f32)> {
        let best = viterbi(words, &self.steps);
        // Most chains are nothing: what is not reported needs no probability.
        if best.iter().all(|tag| *tag == 0) {
            return vec![(Tag::Outside, 0.0); words.len()];
        }
        let (forward, backward, all) = sums(words, &self.steps);
        let outside = |at: usize| (forward[at][0] + backward[at][0] - all).exp();
        // The lean is for finding, not for believing: the probability is told without it by calibration.
        best.into_iter().enumerate().map(|(at, tag)| (Tag::ALL[tag], (1.0 - outside(at)).clamp(0.0, 1.0))).collect()
    }
}

/// The best labels of a chain. Before and behind it lies the outside.
pub fn viterbi(words: &[Scores], steps: &Steps) -> Vec<usize> {
    let mut back: Vec<[u8; TAGS]> = Vec::with_capacity(words.len());
    let mut last: Scores = [0.0; TAGS];
    for (at, word) in words.iter().enumerate() {
        let mut now = [f32::NEG_INFINITY; TAGS];
        let mut from = [0_u8; TAGS];
        for tag in 0..TAGS {
            if at == 0 {
                now[tag] = steps[0][tag] + word[tag];
                continue;
            }
            for before in 0..TAGS {
                let score = last[before] + steps[before][tag] + word[tag];
                if score > now[tag] {
                    now[tag] = score;
                    from[tag] = before as u8;
                }
            }
        }
        back.push(from);
        last = now;
    }
    let end = |tag: usize| last[tag] + steps[tag][0];
    let mut tag = (0..TAGS).max_by(|&left, &right| end(left).total_cmp(&end(right))).unwrap_or(0);
    let mut out = vec![0; words.len()];
    for at in (0..words.len()).rev() {
        out[at] = tag;
        tag = usize::from(back[at][tag]);
    }
    out
}

/// Logarithms of the sums over all labellings: up to each word, from each word on, and of all.
pub fn sums(words: &[Scores], steps: &Steps) -> (Vec<Scores>, Vec<Scores>, f32) {
    let count = words.len();
    let mut forward = vec![[0.0; TAGS]; count];
    let mut backward = vec![[0.0; TAGS]; count];
    for at in 0..count {
        for tag in 0..TAGS {
            forward[at][tag] = words[at][tag]
                + if at == 0 {
                    steps[0][tag]
                } else {
                    log_sum(std::array::from_fn(|before| forward[at - 1][before] + steps[before][tag]))
                };
        }
    }
    for at in (0..count).rev() {
        for tag in 0..TAGS {
            backward[at][tag] = if at + 1 == count {
                steps[tag][0]
            } else {
                log_sum(std::array::from_fn(|next| steps[tag][next] + words[at + 1][next] + backward[at + 1][next]))
            };
        }
    }
    let all = if count == 0 { 0.0 } else { log_sum(std::array::from_fn(|tag| forward[0][tag] + backward[0][tag])) };
    (forward, backward, all)
}

fn log_sum(values: [f32; TAGS]) -> f32 {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + values.iter().map(|value| (value - most).exp()).sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_labels_are_found_and_all_labellings_sum_to_one() {
        let steps = [[0.5, 0.0, 0.0, 0.0, 0.0], [0.0, 1.0, -1.0, 0.0, 0.0], [0.0; 5], [0.0; 5], [0.0; 5]];
        let words = [[0.0, 2.0, 0.1, 0.0, 0.0], [0.3, 0.2, 0.4, 0.0, 0.0]];
        assert_eq!(viterbi(&words, &steps), [1, 1]);
        let (forward, backward, all) = sums(&words, &steps);
        for at in 0..2 {
            let sum: f32 = (0..TAGS).map(|tag| (forward[at][tag] + backward[at][tag] - all).exp()).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }
}
