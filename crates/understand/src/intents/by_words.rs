//! Intents from cues, for languages that the reader does not know. Every intent starts from a bias and adds up the weights of its cues (log-odds); a few facts of
//! the text add theirs: a question mark, the sentiment, links.

use bedside_model::label::Intent;

use crate::assessment::{Identifier, IdentifierType, IntentScore, Sentiment, SentimentThree};
use crate::lexicon::{Hit, Tag};
use crate::risks::{Around, spans};
use crate::text::Text;

/// Where a message has no cue.
const BIAS: f64 = -3.0;
/// From which probability an intent is given.
const GIVEN_FROM: f64 = 0.5;

/// Scores the intents of a text, best first.
pub(crate) fn intents(
    text: &Text,
    hits: &[Hit],
    around: &Around<'_>,
    sentiment: Option<&Sentiment>,
    identifiers: &[Identifier],
) -> Vec<IntentScore> {
    let mut out = Vec::new();
    let three = sentiment.map(|sentiment| sentiment.three);
    let (negative, positive) = (three == Some(SentimentThree::Negative), three == Some(SentimentThree::Positive));
    let question = text.question_marks > 0;
    for label in Intent::ALL.into_iter().skip(5).filter(|label| *label != Intent::Misinformation) {
        let cues: Vec<&Hit> = hits
            .iter()
            .filter(|hit| hit.tag == Tag::Intent(label))
            .filter(|hit| !around.negated(hit) || label == Intent::Complaint)
            .collect();
        let mut strongest = 0.0_f64;
        let mut sum = 0.0_f64;
        let mut end = 0;
        for hit in &cues {
            if hit.from >= end {
                sum += f64::from(hit.weight);
                end = hit.to;
            }
            strongest = strongest.max(f64::from(hit.weight));
        }
        // More cues than two add little.
        let mut points = BIAS + strongest + (sum - strongest).clamp(0.0, 2.5) * 0.6;
        points += match label {
            Intent::Complaint if negative => 2.2,
            Intent::Complaint if positive => -1.5,
            Intent::Praise if positive => 2.6,
            Intent::Praise if negative => -2.0,
            Intent::QuestionService | Intent::QuestionHealth if question && !cues.is_empty() => 1.3,
            Intent::QuestionService | Intent::QuestionHealth if asks(text) && !cues.is_empty() => 0.8,
            Intent::QuestionService | Intent::QuestionHealth => -0.6,
            Intent::SpamOfftopic
                if identifiers.iter().any(|found| found.kind == IdentifierType::Url) && !cues.is_empty() =>
            {
                1.2
            }
            _ => 0.0,
        };
        let score = 1.0 / (1.0 + (-points).exp());
        let bare = matches!(label, Intent::Complaint | Intent::Praise);
        if score >= GIVEN_FROM && (!cues.is_empty() || bare) {
            let mut evidence = spans(text, cues);
            if evidence.is_empty() {
                evidence = sentiment.map(|sentiment| sentiment.evidence.clone()).unwrap_or_default();
            }
            out.push(IntentScore { label, score, evidence });
        }
    }
    // A question that no list knows is still a question.
    if question && out.is_empty() && asks(text) {
        out.push(IntentScore { label: Intent::QuestionService, score: 0.5, evidence: vec![] });
    }
    // A complaint without a word for it: a negative text is one, unless it is one of the others.
    if negative && out.is_empty() {
        let sentiment = sentiment.map(|sentiment| (sentiment.score, sentiment.evidence.clone())).unwrap_or_default();
        out.push(IntentScore { label: Intent::Complaint, score: sentiment.0.clamp(0.5, 0.8), evidence: sentiment.1 });
    }
    out
}

/// The text, or a sentence of it, begins like a question.
fn asks(text: &Text) -> bool {
    let mut sentence = u32::MAX;
    (0..text.len()).any(|at| {
        let word = text.word(at);
        let begins = word.sentence != sentence;
        sentence = word.sentence;
        begins
            && matches!(
                text.piece(at),
                "what"
                    | "when"
                    | "where"
                    | "who"
                    | "why"
                    | "how"
                    | "which"
                    | "is"
                    | "are"
                    | "do"
                    | "does"
                    | "did"
                    | "can"
                    | "could"
                    | "should"
                    | "will"
                    | "would"
                    | "may"
                    | "has"
                    | "have"
                    | "que"
                    | "cual"
                    | "cuando"
                    | "donde"
                    | "como"
                    | "quien"
                    | "puedo"
                    | "hay"
            )
    })
}
