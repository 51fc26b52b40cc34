#![doc = include_str!("../README.md")]

pub mod assessment;
pub mod claims;
mod engine;
mod hcat;
pub mod identifiers;
mod intents;
#[doc(hidden)]
pub mod language;
mod lexicon;
#[doc(hidden)]
pub mod posts;
mod quick;
#[doc(hidden)]
pub mod reactions;
mod readability;
#[doc(hidden)]
pub mod reader;
mod risks;
mod sentiment;
mod text;
mod themes;
mod valence;
pub mod weights;

pub use assessment::*;
pub use claims::{Claim, Claims, claims};
#[doc(hidden)]
pub use engine::steps;
pub use engine::{Engine, STAGES, Stage, Watch};
pub use identifiers::identifiers;
pub use language::{Language, WITH_RISK_RULES, language};
pub use readability::{SHORT_TEXT_WORDS, SMOG_SENTENCES, readability};
#[doc(hidden)]
pub use risks::{adverse_by_lists, by_rules};
pub use themes::{ADDITIONS, ThemeName, theme_names};

use bedside_model::label::{RiskLabel, RiskLevel};

/// Says what a message is: language, sentiment, intents, risks, themes, claims, identifiers, readability and its rank in
/// the queue, each with a score and the words that decided it.
///
/// It never fails and never looks anything up: the same text and context give the same assessment.
pub fn assess(text: &str, context: &Context) -> Assessment {
    Engine::default().assess(text, context)
}

/// The level of the crisis in a text, if any; what an alert goes by.
pub fn crisis_level(assessment: &Assessment) -> Option<RiskLevel> {
    assessment.risks.iter().find(|risk| risk.label == RiskLabel::CrisisSelfHarm).map(|risk| risk.level)
}
