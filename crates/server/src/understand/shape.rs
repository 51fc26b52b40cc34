//! How an assessment stands in the document. The values themselves are those of
//! [`bedside_understand`], as they serialise there; a test holds these shapes to them.

use serde::Serialize;
use utoipa::ToSchema;

/// Sentiment with the words that decided it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sentiment {
    /// `very_positive` … `very_negative`.
    pub label: String,
    /// `positive`, `neutral`, `negative`.
    pub three: String,
    /// Probability of the three-point label.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Vec<usize>>,
}

/// An intent with the words that decided it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntentScore {
    /// Which.
    pub label: String,
    /// Probability.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Vec<usize>>,
}

/// A risk with the words that decided it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Risk {
    /// Which.
    pub label: String,
    /// `C0`-`C3`, `now`, `past`, `possible`.
    pub level: String,
    /// Probability.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Vec<usize>>,
    /// What lowered or raised the level.
    pub because: Option<Vec<String>>,
    /// For an adverse event: which elements of a case report are present.
    #[schema(value_type = Option<Object>)]
    pub icsr: Option<serde_json::Value>,
}

/// A theme with the words that decided it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Theme {
    /// The subcategory.
    pub label: String,
    /// The category.
    pub category: String,
    /// Probability.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Vec<usize>>,
}

/// An identifier found in the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identifier {
    /// Which kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// First scalar value.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The text itself.
    pub text: String,
    /// Probability.
    pub score: f64,
}

/// A word that many readers do not know.
#[derive(Debug, Serialize, ToSchema)]
pub struct HardWord {
    /// Where it stands.
    pub span: Vec<usize>,
    /// The word as written.
    pub word: String,
    /// What to write instead.
    #[schema(required = true)]
    pub plainer: Option<String>,
}

/// How hard a text is to read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readability {
    /// Words.
    pub words: usize,
    /// Sentences.
    pub sentences: usize,
    /// Words per sentence.
    pub words_per_sentence: f64,
    /// Words in the longest sentence.
    pub longest_sentence: usize,
    /// Flesch-Kincaid grade; null for a short text.
    #[schema(required = true)]
    pub fk_grade: Option<f64>,
    /// SMOG grade; null for a short text.
    #[schema(required = true)]
    pub smog: Option<f64>,
    /// Too short for a grade.
    pub short_text: bool,
    /// Hard words.
    pub hard_words: Vec<HardWord>,
}

/// Where a complaint belongs in the Healthcare Complaints Analysis Tool.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hcat {
    /// Of three.
    pub domain: String,
    /// Of seven.
    pub problem: String,
    /// 1 low, 2 medium, 3 high; of what is told.
    pub severity: u8,
    /// Probability of the problem.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Vec<usize>>,
    /// What raised or lowered the severity.
    pub because: Vec<String>,
}

/// A statement of the library of claims that the text is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimMatch {
    /// Its id in the library.
    pub id: String,
    /// `asserts`, `asks`, `denies`.
    pub stance: String,
    /// How well they match.
    pub score: f64,
    /// The words that decided it.
    pub evidence: Vec<Vec<usize>>,
}

/// Everything that is said about one text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assessment {
    /// BCP 47.
    pub language: String,
    /// Probability of the language.
    pub language_score: f64,
    /// Null where there is nothing that could have one.
    #[schema(required = true)]
    pub sentiment: Option<Sentiment>,
    /// Best first.
    pub intents: Vec<IntentScore>,
    /// The first of `risks`.
    #[schema(required = true)]
    pub risk: Option<Risk>,
    /// By precedence.
    pub risks: Vec<Risk>,
    /// Themes of patient experience.
    pub themes: Vec<Theme>,
    /// For a complaint: where it belongs in the Healthcare Complaints Analysis Tool.
    #[schema(required = true)]
    pub hcat: Option<Hcat>,
    /// Statements of the library of claims that the text is about, best first.
    pub claims: Vec<ClaimMatch>,
    /// Identifiers.
    pub identifiers: Vec<Identifier>,
    /// How hard it is to read.
    pub readability: Readability,
    /// Rank, 0 first.
    pub priority: u8,
    /// A person must read it.
    pub needs_reader: bool,
    /// Which models and lists said all this.
    pub made_by: String,
}

/// A label of a queue item.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelScore {
    /// Which.
    pub label: String,
    /// Probability.
    pub score: f64,
}

/// The first risk of a queue item.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelRisk {
    /// Which.
    pub label: String,
    /// How near.
    pub level: String,
}

/// The labels of a queue item.
#[derive(Debug, Serialize, ToSchema)]
pub struct Labels {
    /// Best first.
    pub intents: Vec<LabelScore>,
    /// The first by precedence.
    #[schema(required = true)]
    pub risk: Option<LabelRisk>,
    /// On five points.
    #[schema(required = true)]
    pub sentiment: Option<String>,
    /// Subcategories.
    pub themes: Vec<String>,
}

/// The labels as the API shows them; what is stored and cannot be read shows as none.
pub fn labels(stored: &str) -> serde_json::Value {
    let mut shown = serde_json::json!({ "intents": [], "risk": null, "sentiment": null, "themes": [] });
    if let Ok(serde_json::Value::Object(stored)) = serde_json::from_str(stored) {
        for (name, value) in stored {
            if let Some(slot) = shown.get_mut(&name) {
                *slot = value;
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bedside_model::label::{Intent, RiskLabel, RiskLevel};
    use bedside_understand as real;
    use utoipa::PartialSchema;

    use super::*;

    fn fields<T: PartialSchema>() -> BTreeSet<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    }

    fn keys(value: &serde_json::Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_document_names_the_fields_that_an_assessment_has() {
        let span = real::Span { start: 0, end: 1 };
        let icsr = real::Icsr { patient: true, reporter: true, product: true, event: true };
        let risk = real::Risk {
            label: RiskLabel::AdverseEvent,
            level: RiskLevel::Now,
            score: 0.5,
            evidence: vec![span],
            because: vec!["past".into()],
            icsr: Some(icsr),
        };
        let assessment = real::Assessment {
            sentiment: Some(real::Sentiment {
                label: real::SentimentLabel::Neutral,
                three: real::SentimentThree::Neutral,
                score: 0.5,
                evidence: vec![span],
            }),
            intents: vec![real::IntentScore { label: Intent::Praise, score: 0.5, evidence: vec![span] }],
            risk: Some(risk.clone()),
            risks: vec![risk],
            themes: vec![real::Theme { label: "a".into(), category: "b".into(), score: 0.5, evidence: vec![span] }],
            identifiers: vec![real::Identifier {
                kind: real::IdentifierType::Name,
                start: 0,
                end: 1,
                text: "x".into(),
                score: 0.5,
            }],
            hcat: Some(real::Hcat {
                domain: real::HcatDomain::Clinical,
                problem: real::HcatProblem::Safety,
                severity: 2,
                score: 0.5,
                evidence: vec![span],
                because: vec![],
            }),
            claims: vec![real::ClaimMatch {
                id: "x".into(),
                stance: real::Stance::Asks,
                score: 0.5,
                evidence: vec![span],
            }],
            ..real::assess("Thank you.", &real::Context::default())
        };
        let mut value = serde_json::to_value(&assessment).unwrap();
        value["readability"]["hard_words"] = serde_json::json!([{ "span": [0, 1], "word": "x", "plainer": null }]);
        assert_eq!(keys(&value), fields::<Assessment>());
        assert_eq!(keys(&value["sentiment"]), fields::<Sentiment>());
        assert_eq!(keys(&value["intents"][0]), fields::<IntentScore>());
        assert_eq!(keys(&value["risk"]), fields::<Risk>());
        assert_eq!(keys(&value["themes"][0]), fields::<Theme>());
        assert_eq!(keys(&value["identifiers"][0]), fields::<Identifier>());
        assert_eq!(keys(&value["hcat"]), fields::<Hcat>());
        assert_eq!(keys(&value["claims"][0]), fields::<ClaimMatch>());
        assert_eq!(keys(&value["readability"]), fields::<Readability>());
        assert_eq!(keys(&value["readability"]["hard_words"][0]), fields::<HardWord>());
    }

    #[test]
    fn labels_that_cannot_be_read_show_as_none() {
        let none = serde_json::json!({ "intents": [], "risk": null, "sentiment": null, "themes": [] });
        assert_eq!(labels("not json"), none);
        assert_eq!(labels("{\"other\": 1}"), none);
        assert_eq!(keys(&none), fields::<Labels>());
    }
}
