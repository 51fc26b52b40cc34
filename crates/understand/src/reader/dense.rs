//! What the second stage sees of a text: the scores of the first stage for the whole and for its parts, and a few counts.
//!
//! The order, with `E` heads of experience (the first [`FEELINGS`] of them of sentiment) and `R` heads of risks: whole
//! `E + R`, highest part `E + R`, lowest part and mean of the parts for the heads of sentiment, then what says that praise and
//! blame stand side by side ([`BOTH`] numbers), then [`COUNTS`] counts.

use super::Scores;
use super::layers::probability;
use super::words::{LISTS, ThemeWords};
use crate::text::Text;
use crate::valence::Valence;

/// The heads of sentiment, which come first.
pub const FEELINGS: usize = 5;
/// How many counts there are.
pub const COUNTS: usize = OWN + LISTS;
/// Those that are not of lists.
const OWN: usize = 16;

/// How many numbers say that praise and blame stand side by side.
pub const BOTH: usize = 8;

/// How many numbers the second stage sees.
pub const fn width(heads: usize) -> usize {
    2 * heads + 2 * FEELINGS + BOTH + COUNTS
}

/// Logits beyond this say no more.
const MOST: f32 = 8.0;

/// Puts the numbers together.
pub fn dense(scores: &Scores, counts: &[f32; COUNTS]) -> Vec<f32> {
    let heads = scores.whole.len();
    let mut out = Vec::with_capacity(width(heads));
    let held = |value: &f32| value.clamp(-MOST, MOST);
    out.extend(scores.whole.iter().map(held));
    if scores.parts.len() <= heads {
        out.extend_from_within(..heads);
        out.extend_from_within(..FEELINGS);
        out.extend_from_within(..FEELINGS);
    } else {
        let mut most = vec![-MOST; heads];
        let mut least = [MOST; FEELINGS];
        let mut sums = [0.0_f32; FEELINGS];
        let parts = scores.parts.chunks_exact(heads);
        let number = parts.len() as f32;
        for part in parts {
            for (most, value) in most.iter_mut().zip(part) {
                *most = most.max(held(value));
            }
            for feeling in 0..FEELINGS {
                let value = held(&part[feeling]);
                least[feeling] = least[feeling].min(value);
                sums[feeling] += value;
            }
        }
        out.extend(most);
        out.extend(least);
        out.extend(sums.map(|sum| sum / number));
    }
    let both = both(&out, heads);
    out.extend(both);
    out.extend_from_slice(counts);
    out
}

/// Praise and blame in the whole and in the parts that say most of each, as probabilities and as products of them: a
/// mixed text has both, and no single score says so.
fn both(so_far: &[f32], heads: usize) -> [f32; BOTH] {
    let sides = |from: usize| {
        let praise = probability(so_far[from].max(so_far[from + 1]));
        let blame = probability(so_far[from + 3].max(so_far[from + 4]));
        (praise, probability(so_far[from + 2]), blame)
    };
    let (praise, neutral, blame) = sides(0);
    let (praise_most, neutral_most, blame_most) = sides(heads);
    [
        praise,
        blame,
        praise * blame,
        praise_most * blame_most,
        praise_most.min(blame_most),
        (1.0 - praise) * (1.0 - blame),
        neutral,
        neutral_most * (1.0 - praise_most) * (1.0 - blame_most),
    ]
}

/// The counts of a text that is cut into so many parts.
pub(crate) fn counts(text: &Text, parts: usize) -> [f32; COUNTS] {
    let felt = Valence::get().felt(text);
    let words = text.words.len() as f32;
    let root = (words + 1.0).sqrt();
    let total = felt.positive - felt.negative;
    let flag = |holds: bool| f32::from(u8::from(holds));
    let own: [f32; OWN] = [
        squashed(felt.positive),
        squashed(-felt.negative),
        total / (total * total + 15.0).sqrt(),
        squashed(felt.positive.min(-felt.negative)),
        2.0 * felt.positive / root,
        -2.0 * felt.negative / root,
        squashed(felt.strongest_positive),
        squashed(-felt.strongest_negative),
        squashed(felt.after_turn.max(0.0)),
        squashed(-felt.after_turn.min(0.0)),
        flag(felt.turned),
        log2(words + 1.0) / 4.0,
        log2(parts as f32 + 1.0) / 3.0,
        (text.question_marks.min(3)) as f32,
        (text.exclamations.min(3)) as f32,
        flag(text.shouting),
    ];
    let mut out = [0.0; COUNTS];
    out[..OWN].copy_from_slice(&own);
    out[OWN..].copy_from_slice(&ThemeWords::get().counts(text));
    out
}

fn squashed(value: f32) -> f32 {
    4.0 * value / (4.0 + value.abs())
}

/// The logarithm to base 2, straight between powers of two: near enough for a count, and the same on every machine.
fn log2(value: f32) -> f32 {
    let whole = (value.max(1.0) as u32).ilog2();
    whole as f32 + value / (1_u32 << whole) as f32 - 1.0
}
