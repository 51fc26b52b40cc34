//! The labels of a message and their order: the worst comes first.
//!
//! The precedence is law in this house: a message may carry many labels, its [`Priority`] is that
//! of the first of them in the order below, and a crisis or an emergency is never ranked under a
//! complaint.

use serde::{Deserialize, Serialize};

/// Rank in the queue, 0 first. See [`priority`].
pub type Priority = u8;

/// What a message is about to do or ask. A message may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Somebody may harm themselves.
    CrisisSelfHarm,
    /// Somebody may be in danger of life right now.
    MedicalEmergency,
    /// A threat, or abuse of a person.
    SafetyThreatOrAbuse,
    /// A harmful reaction to a medicine or device.
    AdverseEvent,
    /// Health information or identifiers stand where they should not.
    PrivacyExposure,
    /// Something went wrong for somebody.
    Complaint,
    /// A question about the service: hours, appointments, parking.
    QuestionService,
    /// A question about health.
    QuestionHealth,
    /// A claim that contradicts what is known.
    Misinformation,
    /// An idea for doing better.
    Suggestion,
    /// Thanks and praise.
    Praise,
    /// Jobs, media, legal.
    JobMediaLegal,
    /// Advertising or nothing to do with the organisation.
    SpamOfftopic,
}

impl Intent {
    /// All intents, in the order of the domain's list.
    pub const ALL: [Self; 13] = [
        Self::CrisisSelfHarm,
        Self::MedicalEmergency,
        Self::SafetyThreatOrAbuse,
        Self::AdverseEvent,
        Self::PrivacyExposure,
        Self::Complaint,
        Self::QuestionService,
        Self::QuestionHealth,
        Self::Misinformation,
        Self::Suggestion,
        Self::Praise,
        Self::JobMediaLegal,
        Self::SpamOfftopic,
    ];
}

/// A risk: the five labels that outrank every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskLabel {
    /// Self-harm, with a level C0 to C3.
    CrisisSelfHarm,
    /// A medical emergency.
    MedicalEmergency,
    /// A threat to somebody's safety, or abuse.
    SafetyThreatOrAbuse,
    /// An adverse event.
    AdverseEvent,
    /// An exposure of private information.
    PrivacyExposure,
}

/// How near a risk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RiskLevel {
    /// Crisis: topic only. Adds a mark, no rank.
    C0,
    /// Crisis: distress, hopelessness, a past attempt, bereavement.
    C1,
    /// Crisis: active thoughts.
    C2,
    /// Crisis: imminent.
    C3,
    /// Other risks: happening now.
    #[serde(rename = "now")]
    Now,
    /// Other risks: in the past.
    #[serde(rename = "past")]
    Past,
    /// Other risks: cannot be excluded.
    #[serde(rename = "possible")]
    Possible,
}

/// The rank of one risk, or `None` where it adds only a mark (C0).
///
/// An emergency that is past or only possible ranks with the question about health that it is
/// (8): it is answered the same day, and its label stays visible.
pub fn risk_priority(label: RiskLabel, level: RiskLevel) -> Option<Priority> {
    match (label, level) {
        (RiskLabel::CrisisSelfHarm, RiskLevel::C3) => Some(0),
        (RiskLabel::CrisisSelfHarm, RiskLevel::C2) => Some(2),
        (RiskLabel::CrisisSelfHarm, RiskLevel::C0) => None,
        (RiskLabel::CrisisSelfHarm, _) => Some(6),
        (RiskLabel::MedicalEmergency, RiskLevel::Past | RiskLevel::Possible) => Some(8),
        (RiskLabel::MedicalEmergency, _) => Some(1),
        (RiskLabel::SafetyThreatOrAbuse, _) => Some(3),
        (RiskLabel::AdverseEvent, _) => Some(4),
        (RiskLabel::PrivacyExposure, _) => Some(5),
    }
}

/// The rank of one intent that is not a risk, or `None` for the intents that mirror a risk (their
/// rank depends on the level and comes from [`risk_priority`]).
pub fn intent_priority(intent: Intent) -> Option<Priority> {
    match intent {
        Intent::CrisisSelfHarm
        | Intent::MedicalEmergency
        | Intent::SafetyThreatOrAbuse
        | Intent::AdverseEvent
        | Intent::PrivacyExposure => None,
        Intent::Complaint => Some(7),
        Intent::QuestionHealth | Intent::QuestionService => Some(8),
        Intent::Misinformation => Some(9),
        Intent::Suggestion | Intent::JobMediaLegal => Some(10),
        Intent::Praise => Some(11),
        Intent::SpamOfftopic => Some(12),
    }
}

/// The rank of a message: the first of its labels in the order of precedence; 10 where there is
/// none, so that a message without a label is looked at before praise.
pub fn priority(
    risks: impl IntoIterator<Item = (RiskLabel, RiskLevel)>,
    intents: impl IntoIterator<Item = Intent>,
) -> Priority {
    let risk = risks.into_iter().filter_map(|(label, level)| risk_priority(label, level)).min();
    let intent = intents.into_iter().filter_map(intent_priority).min();
    risk.into_iter().chain(intent).min().unwrap_or(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_label_decides() {
        let crisis_in_a_complaint = priority([(RiskLabel::CrisisSelfHarm, RiskLevel::C2)], [Intent::Complaint]);
        assert_eq!(crisis_in_a_complaint, 2);
        let topic_only = priority([(RiskLabel::CrisisSelfHarm, RiskLevel::C0)], [Intent::Praise]);
        assert_eq!(topic_only, 11);
        assert_eq!(priority([], []), 10);
    }
}
