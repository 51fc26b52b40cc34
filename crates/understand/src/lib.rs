#![doc = include_str!("../README.md")]

pub mod assessment;
pub mod claims;
pub mod identifiers;
mod intents;
#[doc(hidden)]
pub mod language;
mod lexicon;
#[doc(hidden)]
pub mod posts;
#[doc(hidden)]
pub mod reactions;
mod readability;
mod risks;
mod sentiment;
mod text;
mod themes;
pub mod weights;

use bedside_model::label::{self, RiskLabel, RiskLevel};

pub use assessment::*;
pub use claims::{Claim, Claims, claims};
pub use identifiers::identifiers;
pub use language::{Language, WITH_RISK_RULES, language};
pub use readability::{SHORT_TEXT_WORDS, SMOG_SENTENCES, readability};
#[doc(hidden)]
pub use risks::{adverse_by_lists, by_rules};

use lexicon::Lexicon;
use risks::Around;
use text::Text;

/// The rank that a message keeps at least where no rules exist for its language.
const UNREAD_RANK: label::Priority = 7;

/// Says what a message is: language, sentiment, intents, risks, themes, identifiers, readability
/// and its rank in the queue, each with a score and the words that decided it.
///
/// It never fails and never looks anything up: the same text and context give the same assessment.
pub fn assess(text: &str, context: &Context) -> Assessment {
    let read = Text::new(text);
    let hits = Lexicon::get().hits(&read);
    let around = Around::new(&read, &hits);
    let language = language(text);
    let identifiers = identifiers(text);
    let mut risks: Vec<Risk> = [
        risks::crisis::crisis(&read, &hits, &around),
        risks::emergency::emergency(&read, &hits, &around),
        risks::safety::safety(&read, &hits, &around),
        risks::adverse::adverse(&read, &hits, &around, context),
        risks::privacy::privacy(&read, &hits, &around, &identifiers),
    ]
    .into_iter()
    .flatten()
    .collect();
    // C0 has no rank of its own: it stands last.
    risks.sort_by_key(|risk| label::risk_priority(risk.label, risk.level).unwrap_or(u8::MAX));
    let sentiment = sentiment::sentiment(&read, &hits, &around, context);
    let claims = Claims::get().find(&read, || language.clone());
    let intents = intents::intents(&read, &hits, &around, sentiment.as_ref(), &risks, &claims, &identifiers);
    let themes = themes::themes(&read, &hits, &around);
    let needs_reader = needs_reader(&language, &read);
    let labels = risks.iter().map(|risk| (risk.label, risk.level));
    let mut priority = label::priority(labels, intents.iter().map(|intent| intent.label));
    if needs_reader {
        priority = priority.min(UNREAD_RANK);
    }
    Assessment {
        language: language.tag.to_string(),
        language_score: language.score,
        sentiment,
        intents,
        risk: risks.first().cloned(),
        themes,
        hcat: None,
        claims,
        identifiers,
        readability: readability::of(text, &read),
        priority,
        needs_reader,
        made_by: String::new(),
        risks,
    }
}

/// The normalised line of a text and the numbers that the sentiment model sees, for fitting it.
#[doc(hidden)]
pub fn features_for_fitting(text: &str, context: &Context) -> (String, Vec<f64>) {
    let read = Text::new(text);
    let hits = Lexicon::get().hits(&read);
    let around = Around::new(&read, &hits);
    let (sums, _) = sentiment::sums(&read, &hits, &around);
    let features = sentiment::features(&sums, &read, context);
    (read.line, features.to_vec())
}

/// The text has words, in a language without rules for crises and emergencies.
fn needs_reader(language: &Language, text: &Text) -> bool {
    // Pictures and numbers alone are words to nobody.
    let words = (0..text.len()).any(|at| text.piece(at).chars().any(char::is_alphabetic));
    words && !WITH_RISK_RULES.contains(&language.tag)
}

/// The level of the crisis in a text, if any; what an alert goes by.
pub fn crisis_level(assessment: &Assessment) -> Option<RiskLevel> {
    assessment.risks.iter().find(|risk| risk.label == RiskLabel::CrisisSelfHarm).map(|risk| risk.level)
}
