//! Sentiment on five points and three. English is read by the trained reader; a language that only the model of short
//! posts knows by that; every other from words with a feeling.

mod by_words;

use crate::assessment::{Context, Sentiment, SentimentLabel, SentimentThree};
use crate::posts::Mood;
use crate::reader::{FIVE, Opinion, THREE};
use crate::text::Text;

pub(crate) use by_words::sentiment as by_words;

/// In the order of [`FIVE`].
const LABELS: [SentimentLabel; 5] = [
    SentimentLabel::VeryPositive,
    SentimentLabel::Positive,
    SentimentLabel::Neutral,
    SentimentLabel::Negative,
    SentimentLabel::VeryNegative,
];
/// In the order of [`THREE`].
const SIDES: [SentimentThree; 3] = [SentimentThree::Positive, SentimentThree::Neutral, SentimentThree::Negative];
/// How much a star more or less than three multiplies the odds of praise. Stars are not in the training set: by hand.
const STAR: f32 = 1.1;

/// What the trained reader says.
pub(crate) fn by_reader(
    text: &Text,
    opinion: &Opinion<'_>,
    context: &Context,
    distress: bool,
    explain: bool,
) -> Sentiment {
    let (shares, chosen) = opinion.one_of(THREE);
    let (shares, side) = match prior(context, distress) {
        Some(prior) => weighed(shares, prior),
        None => (shares, chosen),
    };
    let (five, most) = opinion.one_of(FIVE);
    // The five points follow the three: within a side the likelier of its two.
    let label = match side {
        0 if most == 0 || (most > 1 && five[0] > five[1]) => 0,
        0 => 1,
        1 => 2,
        _ if most == 4 || (most < 3 && five[4] > five[3]) => 4,
        _ => 3,
    };
    let evidence = match side {
        _ if !explain => Vec::new(),
        1 => {
            let mut both = opinion.evidence(text, FIVE[2]);
            both.extend(opinion.evidence(text, FIVE[1]));
            both.extend(opinion.evidence(text, FIVE[3]));
            super::risks::merged(both)
        }
        _ => opinion.evidence(text, FIVE[label]),
    };
    Sentiment { label: LABELS[label], three: SIDES[side], score: f64::from(shares[side]), evidence }
}

/// What is known beside the words, as factors of the three shares.
fn prior(context: &Context, distress: bool) -> Option<[f32; 3]> {
    let stars = context.rating.map(|stars| (stars.clamp(1.0, 5.0) - 3.0) as f32);
    if stars.is_none() && !distress {
        return None;
    }
    let lift = libm::expf(STAR * stars.unwrap_or(0.0));
    // Despair is no neutral matter, whatever else is said.
    let pain = if distress { 8.0 } else { 1.0 };
    Some([lift, 1.0, pain / lift])
}

fn weighed(mut shares: [f32; 3], prior: [f32; 3]) -> ([f32; 3], usize) {
    shares.iter_mut().zip(prior).for_each(|(share, factor)| *share *= factor);
    let sum: f32 = shares.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    shares.iter_mut().for_each(|share| *share /= sum);
    let best = (0..3).max_by(|&left, &right| shares[left].total_cmp(&shares[right])).unwrap_or(1);
    (shares, best)
}

/// From which probability a post is very positive or very negative: its model knows three points only.
const VERY: f32 = 0.85;

/// What the model of short posts says.
pub(crate) fn by_posts(mood: Mood, context: &Context, distress: bool, explain: bool) -> Sentiment {
    let [negative, neutral, positive] = mood.probabilities;
    let shares = [positive, neutral, negative];
    let (shares, side) = weighed(shares, prior(context, distress).unwrap_or([1.0; 3]));
    let label = match side {
        0 if shares[0] >= VERY => 0,
        0 => 1,
        1 => 2,
        _ if shares[2] >= VERY => 4,
        _ => 3,
    };
    let evidence = if explain { mood.evidence } else { Vec::new() };
    Sentiment { label: LABELS[label], three: SIDES[side], score: f64::from(shares[side]), evidence }
}
