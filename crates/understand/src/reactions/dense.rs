//! The row of numbers that the second stage sees of a sentence.

use super::lists::Lists;
use super::looks::{KINDS, Look};

/// The heads of the first stage.
pub const HEADS: usize = 4;
/// Their names: a reaction, a withdrawal, a benefit, a medicine that does not work.
pub const HEAD_NAMES: [&str; HEADS] = ["reaction", "withdrawal", "benefit", "failed"];

/// Scores of the first stage: of the whole sentence, and of each clause.
#[derive(Debug, Clone, Default)]
pub struct Scores {
    /// Of the whole.
    pub whole: [f32; HEADS],
    /// Of each clause.
    pub clauses: Vec<[f32; HEADS]>,
    /// What each kind of features says for the first head.
    pub kinds: [f32; KINDS],
}

/// How many numbers come from the first stage.
const SCORED: usize = HEADS * 5 + KINDS;

/// Tags whose neighbourhood of a symptom counts.
const NEAR: [&str; 12] = [
    "negation",
    "benefit",
    "gone",
    "condition",
    "treat",
    "cause",
    "less",
    "more",
    "withdrawal",
    "hearsay",
    "modal",
    "failed",
];

/// How many places away is near.
const REACH: u16 = 3;

/// Turns looks into rows.
#[derive(Debug)]
pub struct Dense {
    /// Place of each tag of [`NEAR`] by tag.
    near: Vec<Option<u8>>,
    tags: usize,
    symptoms: usize,
}

impl Dense {
    /// Prepares the tags.
    pub fn new(lists: &Lists) -> Self {
        let near =
            lists.names.iter().map(|name| NEAR.iter().position(|near| near == name).map(|at| at as u8)).collect();
        Self { near, tags: lists.names.len(), symptoms: lists.symptoms }
    }

    /// How many numbers a row has.
    pub fn width(&self) -> usize {
        SCORED + self.tags + 2 * NEAR.len() + 13
    }

    /// How many numbers do not depend on the first stage.
    pub fn signs_width(&self) -> usize {
        self.width() - SCORED
    }

    /// The numbers of a sentence.
    pub fn row(&self, look: &Look, scores: &Scores) -> Vec<f32> {
        let mut row = Vec::with_capacity(self.width());
        scored(&mut row, scores);
        self.put_signs(&mut row, look);
        row
    }

    /// The numbers that do not depend on the first stage: what the tags say.
    pub fn signs(&self, look: &Look) -> Vec<f32> {
        let mut row = Vec::with_capacity(self.signs_width());
        self.put_signs(&mut row, look);
        row
    }

    fn put_signs(&self, row: &mut Vec<f32>, look: &Look) {
        let mut counts = vec![0_u32; self.tags];
        for tagged in &look.tags {
            counts[usize::from(tagged.tag)] += 1;
        }
        row.extend(counts.iter().map(|count| damped(*count as usize)));
        self.near(row, look);
        let is_symptom = |tag: u8| usize::from(tag) < self.symptoms;
        let symptoms = look.tags.iter().filter(|tagged| is_symptom(tagged.tag)).count();
        let groups = counts[..self.symptoms].iter().filter(|count| **count > 0).count();
        let covered: u32 = look.tags.iter().filter(|tagged| is_symptom(tagged.tag)).map(|t| t.to - t.from).sum();
        let first = look.tags.iter().find(|tagged| is_symptom(tagged.tag)).map(|tagged| tagged.place);
        row.extend([
            damped(symptoms),
            damped(groups),
            f32::from(u8::from(symptoms == 0)),
            f32::from(u8::from(symptoms > 2)),
            covered as f32 / look.units.max(1) as f32,
            first.map_or(0.0, |place| 1.0 / (1.0 + f32::from(place))),
            damped(look.units),
            f32::from(u8::from(look.units < 6)),
            damped(look.clauses),
            f32::from(u8::from(look.asks)),
            f32::from(u8::from(look.first)),
            damped(look.loud),
            1.0,
        ]);
    }

    /// For each tag of [`NEAR`]: a symptom has it near before it; near after it.
    fn near(&self, row: &mut Vec<f32>, look: &Look) {
        let mut before = [0_usize; NEAR.len()];
        let mut after = [0_usize; NEAR.len()];
        for (at, tagged) in look.tags.iter().enumerate() {
            if usize::from(tagged.tag) >= self.symptoms {
                continue;
            }
            for other in look.tags[..at].iter().rev().take_while(|other| tagged.place - other.place <= REACH) {
                if let Some(near) = self.near[usize::from(other.tag)] {
                    before[usize::from(near)] += 1;
                }
            }
            for other in look.tags[at + 1..].iter().take_while(|other| other.place - tagged.place <= REACH) {
                if let Some(near) = self.near[usize::from(other.tag)] {
                    after[usize::from(near)] += 1;
                }
            }
        }
        row.extend(before.into_iter().chain(after).map(damped));
    }
}

/// The whole, and the largest, smallest and mean of the clauses; the whole, squeezed.
fn scored(row: &mut Vec<f32>, scores: &Scores) {
    let clamp = |score: f32| score.clamp(-8.0, 8.0);
    row.extend(scores.whole.map(clamp));
    row.extend(scores.kinds);
    for head in 0..HEADS {
        let of = || scores.clauses.iter().map(|clause| clamp(clause[head]));
        let count = scores.clauses.len().max(1) as f32;
        row.push(of().fold(-8.0, f32::max));
        row.push(of().fold(8.0, f32::min));
        row.push(of().sum::<f32>() / count);
        row.push(scores.whole[head] / (1.0 + scores.whole[head].abs()));
    }
}

/// A count, the larger the less each one more says.
fn damped(count: usize) -> f32 {
    (count as f32).sqrt()
}
