//! What a writer is about to do or ask: thirteen intents, of which five mirror a risk and one a claim. The other seven
//! are read by the trained reader in English and Spanish, and from cues in other languages.

mod by_words;

use bedside_model::label::{Intent, RiskLabel, RiskLevel};

use crate::assessment::{ClaimMatch, IntentScore, Risk, SentimentThree, Stance};
use crate::reader::Opinion;
use crate::text::Text;

pub(crate) use by_words::intents as by_words;

/// The intents that the reader knows, by the names of its outputs.
const READ: [(Intent, &str); 7] = [
    (Intent::Complaint, "complaint"),
    (Intent::QuestionService, "question_service"),
    (Intent::QuestionHealth, "question_health"),
    (Intent::Suggestion, "suggestion"),
    (Intent::Praise, "praise"),
    (Intent::JobMediaLegal, "job_media_legal"),
    (Intent::SpamOfftopic, "spam_offtopic"),
];

/// From which probability a text may complain though it is positive, or praise though it is negative.
const AGAINST_THE_MOOD: f32 = 0.6;

/// What the trained reader says.
pub(crate) fn by_reader(
    text: &Text,
    opinion: &Opinion<'_>,
    mood: Option<SentimentThree>,
    explain: bool,
) -> Vec<IntentScore> {
    let least = |intent: Intent| match (intent, mood) {
        (Intent::Complaint, Some(SentimentThree::Positive)) | (Intent::Praise, Some(SentimentThree::Negative)) => {
            AGAINST_THE_MOOD
        }
        _ => 0.0,
    };
    let given = READ
        .into_iter()
        .filter(|(label, output)| opinion.given(output) && opinion.probability(output) >= least(*label));
    given
        .map(|(label, output)| IntentScore {
            label,
            score: f64::from(opinion.probability(output)),
            evidence: if explain { opinion.evidence(text, output) } else { Vec::new() },
        })
        .collect()
}

/// Adds what the risks and claims say, and puts the best first.
pub(crate) fn with_mirrors(mut intents: Vec<IntentScore>, risks: &[Risk], claims: &[ClaimMatch]) -> Vec<IntentScore> {
    for risk in risks {
        if let Some(label) = mirror(risk) {
            intents.push(IntentScore { label, score: risk.score, evidence: risk.evidence.clone() });
        }
    }
    // Misinformation is a statement of the library that the text makes, and nothing else.
    if let Some(made) = claims.iter().find(|claim| claim.stance == Stance::Asserts) {
        intents.push(IntentScore { label: Intent::Misinformation, score: made.score, evidence: made.evidence.clone() });
    }
    intents.sort_by(|left, right| right.score.total_cmp(&left.score).then(left.label.cmp(&right.label)));
    intents
}

/// The intent that a risk is; a crisis as a mere topic is none.
fn mirror(risk: &Risk) -> Option<Intent> {
    match risk.label {
        RiskLabel::CrisisSelfHarm if risk.level == RiskLevel::C0 => None,
        RiskLabel::CrisisSelfHarm => Some(Intent::CrisisSelfHarm),
        RiskLabel::MedicalEmergency => Some(Intent::MedicalEmergency),
        RiskLabel::SafetyThreatOrAbuse => Some(Intent::SafetyThreatOrAbuse),
        RiskLabel::AdverseEvent => Some(Intent::AdverseEvent),
        RiskLabel::PrivacyExposure => Some(Intent::PrivacyExposure),
    }
}
