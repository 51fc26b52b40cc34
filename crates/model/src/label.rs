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

macro_rules! label_names {
    ($($name:ident { $($variant:ident = $text:literal,)+ })+) => {$(
        impl $name {
            /// The name in SQL text columns and in the API; the same as in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::names::BadName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(crate::names::BadName { what: stringify!($name) }),
                }
            }
        }

        #[cfg(test)]
        impl $name {
            const NAMED: &'static [Self] = &[$(Self::$variant,)+];
        }
    )+};
}

label_names! {
    Intent {
        CrisisSelfHarm = "crisis_self_harm",
        MedicalEmergency = "medical_emergency",
        SafetyThreatOrAbuse = "safety_threat_or_abuse",
        AdverseEvent = "adverse_event",
        PrivacyExposure = "privacy_exposure",
        Complaint = "complaint",
        QuestionService = "question_service",
        QuestionHealth = "question_health",
        Misinformation = "misinformation",
        Suggestion = "suggestion",
        Praise = "praise",
        JobMediaLegal = "job_media_legal",
        SpamOfftopic = "spam_offtopic",
    }
    RiskLabel {
        CrisisSelfHarm = "crisis_self_harm",
        MedicalEmergency = "medical_emergency",
        SafetyThreatOrAbuse = "safety_threat_or_abuse",
        AdverseEvent = "adverse_event",
        PrivacyExposure = "privacy_exposure",
    }
    RiskLevel {
        C0 = "C0",
        C1 = "C1",
        C2 = "C2",
        C3 = "C3",
        Now = "now",
        Past = "past",
        Possible = "possible",
    }
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

    #[test]
    fn a_label_has_one_name_everywhere() {
        fn check<T>(all: &[T])
        where
            T: Copy + std::fmt::Display + std::fmt::Debug + PartialEq + Serialize,
            T: std::str::FromStr<Err = crate::names::BadName>,
        {
            for &label in all {
                let name = label.to_string();
                assert_eq!(name.parse(), Ok(label));
                assert_eq!(serde_json::to_string(&label).unwrap(), format!("\"{name}\""));
            }
        }
        check(Intent::NAMED);
        check(RiskLabel::NAMED);
        check(RiskLevel::NAMED);
        assert_eq!(Intent::NAMED, Intent::ALL);
    }

    #[test]
    fn every_risk_stands_where_the_precedence_puts_it() {
        use RiskLabel as L;
        use RiskLevel as V;
        let in_order = [
            (L::CrisisSelfHarm, V::C3),
            (L::MedicalEmergency, V::Now),
            (L::CrisisSelfHarm, V::C2),
            (L::SafetyThreatOrAbuse, V::Possible),
            (L::AdverseEvent, V::Past),
            (L::PrivacyExposure, V::Now),
            (L::CrisisSelfHarm, V::C1),
        ];
        for (rank, (label, level)) in in_order.into_iter().enumerate() {
            assert_eq!(risk_priority(label, level).map(usize::from), Some(rank), "{label} {level}");
            assert!(
                priority([(label, level)], [Intent::Complaint, Intent::Praise]) < 7,
                "a complaint never outranks it"
            );
        }
    }
}
