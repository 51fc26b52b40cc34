//! The one place that asks `bedside-understand`: what the message is, and what identifiers, language
//! and readability the draft has.

use bedside_model::label::{Intent, RiskLabel, RiskLevel};
use bedside_understand::{Context, Engine, Identifier, Readability};

use crate::verdict::InReplyTo;

/// What matters about the message that is answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct MessageClass {
    /// C2 or C3: somebody may harm themselves.
    pub crisis: bool,
    /// C1: distress without thoughts of death. A help number is good there, and its absence only warns.
    pub distress: bool,
    /// Somebody may be in danger of life right now.
    pub emergency: bool,
    /// A complaint.
    pub complaint: bool,
    /// A complaint, a risk or few stars: not the place for promotion.
    pub concern: bool,
}

pub(crate) fn class(message: &InReplyTo) -> MessageClass {
    let context = Context { network: None, kind: None, rating: message.rating };
    let assessment = Engine::default().read(&message.text, &context);
    let mut class = MessageClass::default();
    for risk in &assessment.risks {
        match risk.label {
            RiskLabel::CrisisSelfHarm if matches!(risk.level, RiskLevel::C2 | RiskLevel::C3) => class.crisis = true,
            RiskLabel::CrisisSelfHarm if risk.level == RiskLevel::C1 => class.distress = true,
            RiskLabel::MedicalEmergency if risk.level == RiskLevel::Now => class.emergency = true,
            _ => {}
        }
    }
    class.complaint = assessment.intents.iter().any(|i| i.label == Intent::Complaint && i.score >= 0.5);
    let few_stars = message.rating.is_some_and(|r| r <= 2.0);
    class.concern = class.complaint || class.crisis || class.distress || class.emergency || few_stars;
    class
}

pub(crate) fn identifiers(text: &str) -> Vec<Identifier> {
    bedside_understand::identifiers(text)
}

pub(crate) fn readability(text: &str) -> Readability {
    bedside_understand::readability(text)
}

/// The language of a text as a BCP 47 tag and how sure that is.
pub(crate) fn language(text: &str) -> (&'static str, f64) {
    let found = bedside_understand::language(text);
    (found.tag, found.score)
}
