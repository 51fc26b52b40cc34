//! Sentiment in languages that no model reads: from words with a feeling, in `feelings.toml`.
//!
//! Praise and blame are summed apart, so that a text with both is found to be mixed. Stars, where given, are a weak
//! prior. The three classes come out of a small multinomial model over these sums; its coefficients were fitted on
//! English feedback, so that in other languages its score is an estimate.

use crate::assessment::{Context, Sentiment, SentimentLabel, SentimentThree};
use crate::lexicon::{Cue, Hit, Tag};
use crate::risks::{Around, spans};
use crate::text::Text;

/// What the model sees.
const FEATURES: usize = 10;

/// Coefficients per class (positive, neutral, negative) and feature, fitted on NHS England feedback.
const MODEL: [[f64; FEATURES]; 3] = [
    [0.739, 0.721, -0.482, -0.159, -0.141, -0.349, -1.367, -0.328, -1.773, 0.000],
    [0.090, -0.060, -0.244, -0.171, 0.534, 0.514, 0.099, 0.355, -0.448, 0.000],
    [-0.829, -0.661, 0.727, 0.330, -0.393, -0.165, 1.267, -0.027, 2.221, 0.000],
];

/// Sums over a text.
#[derive(Debug, Clone)]
struct Sums {
    positive: f64,
    negative: f64,
    strongest_negative: f64,
    strongest_positive: f64,
    turned: bool,
}

/// Adds up the feelings of a text, negations and amplifiers applied.
fn sums(text: &Text, hits: &[Hit], around: &Around<'_>) -> (Sums, Vec<(f64, Hit)>) {
    let mut out =
        Sums { positive: 0.0, negative: 0.0, strongest_negative: 0.0, strongest_positive: 0.0, turned: false };
    let feelings: Vec<Hit> = hits.iter().filter(|hit| hit.tag == Tag::Feeling).copied().collect();
    let mut felt = Vec::new();
    for (index, hit) in feelings.iter().enumerate() {
        // A word inside a longer phrase has its say there ("good" in "not good enough").
        let later = feelings[index + 1..].iter().take_while(|other| other.from < hit.to + 10);
        let earlier = feelings[..index].iter().rev().take_while(|other| other.to == hit.to);
        let inside = later
            .chain(earlier)
            .any(|other| other.from <= hit.from && other.to >= hit.to && other.to - other.from > hit.to - hit.from);
        if inside {
            continue;
        }
        let mut value = f64::from(hit.weight);
        if hit.from > 0 {
            let before = text.piece(hit.from - 1);
            if matches!(
                before,
                "very"
                    | "so"
                    | "extremely"
                    | "such"
                    | "too"
                    | "incredibly"
                    | "absolutely"
                    | "muy"
                    | "sehr"
                    | "tres"
                    | "molto"
                    | "muito"
            ) {
                value *= 1.3;
            } else if matches!(before, "bit" | "slightly" | "fairly" | "rather" | "little" | "quite") {
                value *= 0.7;
            }
        }
        if around.negated(hit) {
            value = if value > 0.0 { -value * 0.8 } else { -value * 0.4 };
        }
        if value > 0.0 {
            out.positive += value;
            out.strongest_positive = out.strongest_positive.max(value);
        } else {
            out.negative -= value;
            out.strongest_negative = out.strongest_negative.max(-value);
        }
        felt.push((value, *hit));
    }
    // "Lovely staff but the wait was long": both sides of the turn count, and the turn itself.
    out.turned = felt.windows(2).any(|pair| {
        pair[0].0 * pair[1].0 < 0.0 && text.word(pair[0].1.to - 1).clause != text.word(pair[1].1.from).clause
    });
    (out, felt)
}

/// The sums as numbers of like size.
fn features(sums: &Sums, text: &Text, context: &Context) -> [f64; FEATURES] {
    let squash = |value: f64| value / (1.0 + value.abs() / 6.0);
    let total = sums.positive + sums.negative;
    [
        1.0,
        squash(sums.positive),
        squash(sums.negative),
        if total > 0.0 { (sums.positive - sums.negative) / total } else { 0.0 },
        squash(sums.positive.min(sums.negative)),
        f64::from(u8::from(sums.turned)),
        (text.words.len() as f64 + 1.0).ln() / 5.0,
        f64::from(u8::from(total == 0.0)),
        f64::from(text.question_marks.min(3)) / 3.0,
        context.rating.map_or(0.0, |stars| (stars.clamp(1.0, 5.0) - 3.0) / 2.0),
    ]
}

/// Tells the sentiment, or `None` for a text without a word.
pub(crate) fn sentiment(text: &Text, hits: &[Hit], around: &Around<'_>, context: &Context) -> Option<Sentiment> {
    if text.words.is_empty() {
        return None;
    }
    let (sums, felt) = sums(text, hits, around);
    let features = features(&sums, text, context);
    let said = !felt.is_empty();
    if !said && context.rating.is_none() {
        // A question or a fact without any feeling: nothing to have a sentiment about.
        let known = hits
            .iter()
            .any(|hit| matches!(hit.tag, Tag::Intent(_) | Tag::Theme(_) | Tag::Crisis(_) | Tag::Emergency(_)));
        if !known {
            return None;
        }
    }
    let mut logits: [f64; 3] =
        std::array::from_fn(|class| features.iter().zip(MODEL[class]).map(|(value, weight)| value * weight).sum());
    // Stars are not in the training set; their weight is set by hand.
    logits[0] += 1.5 * features[9];
    logits[2] -= 1.5 * features[9];
    // Despair is no neutral matter, whatever else is said.
    if hits.iter().any(|hit| matches!(hit.tag, Tag::Crisis(level) if level > bedside_model::label::RiskLevel::C0))
        && !around.anywhere(Cue::Idiom)
    {
        logits[2] += 2.0;
    }
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let exps = logits.map(|logit| (logit - most).exp());
    let sum: f64 = exps.iter().sum();
    let probabilities = exps.map(|exp| exp / sum);
    let best = (0..3).max_by(|&left, &right| probabilities[left].total_cmp(&probabilities[right])).unwrap_or(1);
    let (three, label) = match best {
        0 if probabilities[0] > 0.9 && sums.strongest_positive >= 2.0 && sums.negative < 1.0 => {
            (SentimentThree::Positive, SentimentLabel::VeryPositive)
        }
        0 => (SentimentThree::Positive, SentimentLabel::Positive),
        1 => (SentimentThree::Neutral, SentimentLabel::Neutral),
        _ if sums.strongest_negative >= 2.9 || (sums.negative >= 8.0 && sums.positive < 2.0) => {
            (SentimentThree::Negative, SentimentLabel::VeryNegative)
        }
        _ => (SentimentThree::Negative, SentimentLabel::Negative),
    };
    let wanted = |value: f64| match three {
        SentimentThree::Positive => value > 0.0,
        SentimentThree::Negative => value < 0.0,
        SentimentThree::Neutral => true,
    };
    let evidence = spans(text, felt.iter().filter(|(value, _)| wanted(*value)).map(|(_, hit)| hit));
    Some(Sentiment { label, three, score: probabilities[best], evidence })
}
