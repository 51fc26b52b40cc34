//! Where a message goes in the queue, until when, and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::{self, Basis, Clocks};
use crate::hours::OrgHours;
use crate::label::{self, Intent, Priority, RiskLabel, RiskLevel};

/// What routing needs to know of an assessment: labels only, no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    /// The rank that the assessment gave.
    pub priority: Priority,
    /// Crisis is the topic, without a sign of danger: a mark, no rank.
    pub c0: bool,
    /// The language has no crisis and emergency rules: a person must read it.
    pub needs_reader: bool,
    /// Intents, best first.
    pub intents: Vec<Intent>,
    /// The first risk by precedence.
    pub risk: Option<(RiskLabel, RiskLevel)>,
    /// BCP 47 tag; `und` where it cannot be told.
    pub language: String,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Rank in the queue, 0 first.
    pub priority: Priority,
    /// When the answer is due.
    pub due: Option<Timestamp>,
    /// Why it stands where it stands, the strongest reason first.
    pub why: Vec<Why>,
}

/// One reason for a place in the queue: labels and numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Why {
    /// A risk.
    Risk {
        /// Which.
        label: RiskLabel,
        /// How near.
        level: RiskLevel,
    },
    /// Suicide is the topic.
    TopicMark,
    /// Nobody but a person can read it.
    NeedsReader {
        /// The language.
        language: String,
    },
    /// An intent.
    Intent {
        /// Which.
        intent: Intent,
    },
    /// No label at all.
    Unlabelled,
    /// The clock that runs.
    Clock {
        /// Minutes from arrival.
        minutes: u32,
        /// Which minutes.
        basis: Basis,
    },
    /// Somebody changed the place by hand.
    ChangedByHand,
}

/// A message whose language has no crisis rules ranks no lower than a complaint.
const NEEDS_READER_PRIORITY: Priority = 7;

/// Decides where a message goes.
///
/// The rank is the worst of what the assessment says and what its labels say, so that a mistake in
/// one of them can pull a message up and never push it down.
pub fn route(triage: &Triage, at: Timestamp, clocks: &Clocks, hours: &OrgHours) -> Route {
    let by_labels = label::priority(triage.risk, triage.intents.iter().copied());
    let unlabelled = triage.risk.is_none() && triage.intents.is_empty();
    let mut priority = if unlabelled { triage.priority } else { triage.priority.min(by_labels) };
    if triage.needs_reader {
        priority = priority.min(NEEDS_READER_PRIORITY);
    }
    let mut why = vec![];
    if let Some((label, level)) = triage.risk
        && label::risk_priority(label, level).is_some()
    {
        why.push(Why::Risk { label, level });
    }
    if triage.needs_reader {
        why.push(Why::NeedsReader { language: triage.language.clone() });
    }
    if triage.c0 {
        why.push(Why::TopicMark);
    }
    let mut intents: Vec<_> =
        triage.intents.iter().filter_map(|&intent| Some((label::intent_priority(intent)?, intent))).collect();
    intents.sort_by_key(|&(rank, _)| rank);
    why.extend(intents.into_iter().map(|(_, intent)| Why::Intent { intent }));
    if why.is_empty() {
        why.push(Why::Unlabelled);
    }
    let rule = clocks.rule(priority);
    if let Some(minutes) = rule.minutes {
        why.push(Why::Clock { minutes, basis: rule.basis });
    }
    Route { priority, due: clock::due(priority, at, clocks, hours), why }
}

impl Why {
    /// The name of the kind, as it serialises.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Risk { .. } => "risk",
            Self::TopicMark => "topic_mark",
            Self::NeedsReader { .. } => "needs_reader",
            Self::Intent { .. } => "intent",
            Self::Unlabelled => "unlabelled",
            Self::Clock { .. } => "clock",
            Self::ChangedByHand => "changed_by_hand",
        }
    }

    /// The reason in words that a nurse would use.
    pub fn sentence(&self) -> String {
        match self {
            Self::Risk { label, level } => risk_sentence(*label, *level).to_owned(),
            Self::TopicMark => "Suicide is mentioned, without a sign of danger.".to_owned(),
            Self::NeedsReader { language } if language == "und" => {
                "The language could not be recognised: a person must read it.".to_owned()
            }
            Self::NeedsReader { language } => {
                format!("There are no crisis rules for this language ({language}): a person must read it.")
            }
            Self::Intent { intent } => intent_sentence(*intent).to_owned(),
            Self::Unlabelled => "Nothing in it was recognised: somebody should look.".to_owned(),
            Self::Clock { minutes, basis } => {
                let time = match minutes {
                    1 => "1 minute".to_owned(),
                    60 => "1 hour".to_owned(),
                    m if m % 60 == 0 => format!("{} hours", m / 60),
                    m => format!("{m} minutes"),
                };
                match basis {
                    Basis::Wall => format!("An answer is due within {time}."),
                    Basis::Organisation => format!("An answer is due within {time} of opening time."),
                }
            }
            Self::ChangedByHand => "A colleague changed its place.".to_owned(),
        }
    }
}

/// All reasons in one text, for "why is it first".
pub fn sentence(why: &[Why]) -> String {
    why.iter().map(Why::sentence).collect::<Vec<_>>().join(" ")
}

fn risk_sentence(label: RiskLabel, level: RiskLevel) -> &'static str {
    match (label, level) {
        (RiskLabel::CrisisSelfHarm, RiskLevel::C3) => "Somebody may be about to harm themselves.",
        (RiskLabel::CrisisSelfHarm, RiskLevel::C2) => "Somebody has thoughts of harming themselves.",
        (RiskLabel::CrisisSelfHarm, RiskLevel::C0) => "Suicide is mentioned, without a sign of danger.",
        (RiskLabel::CrisisSelfHarm, RiskLevel::C1 | RiskLevel::Now | RiskLevel::Past | RiskLevel::Possible) => {
            "Somebody is in distress."
        }
        (RiskLabel::MedicalEmergency, RiskLevel::Past) => "A medical emergency that is over is described.",
        (RiskLabel::MedicalEmergency, RiskLevel::Possible) => "It could be a medical emergency.",
        (
            RiskLabel::MedicalEmergency,
            RiskLevel::Now | RiskLevel::C0 | RiskLevel::C1 | RiskLevel::C2 | RiskLevel::C3,
        ) => "It may be a medical emergency right now.",
        (RiskLabel::SafetyThreatOrAbuse, _) => "It speaks of a threat or of abuse.",
        (RiskLabel::AdverseEvent, _) => "It may describe harm by a medicine or device.",
        (RiskLabel::PrivacyExposure, _) => "Private information stands in public.",
    }
}

fn intent_sentence(intent: Intent) -> &'static str {
    match intent {
        Intent::CrisisSelfHarm => "Somebody may harm themselves.",
        Intent::MedicalEmergency => "It may be a medical emergency.",
        Intent::SafetyThreatOrAbuse => "It speaks of a threat or of abuse.",
        Intent::AdverseEvent => "It may describe harm by a medicine or device.",
        Intent::PrivacyExposure => "Private information stands in public.",
        Intent::Complaint => "It is a complaint.",
        Intent::QuestionService => "It asks about the service.",
        Intent::QuestionHealth => "It asks about health.",
        Intent::Misinformation => "It makes a claim that contradicts what is known.",
        Intent::Suggestion => "It makes a suggestion.",
        Intent::Praise => "It says thank you.",
        Intent::JobMediaLegal => "It is about a job, the media or the law.",
        Intent::SpamOfftopic => "It looks like advertising or something else.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::Hours;

    fn triage(priority: Priority, intents: &[Intent], risk: Option<(RiskLabel, RiskLevel)>) -> Triage {
        Triage { priority, c0: false, needs_reader: false, intents: intents.to_vec(), risk, language: "en".into() }
    }

    fn routed(triage: &Triage) -> Route {
        let hours = OrgHours::new(&Hours::default(), "UTC").unwrap();
        route(triage, "2026-11-24T10:00:00Z".parse().unwrap(), &Clocks::default(), &hours)
    }

    #[test]
    fn a_crisis_within_a_complaint_is_a_crisis_and_says_why() {
        let crisis = Some((RiskLabel::CrisisSelfHarm, RiskLevel::C2));
        let route = routed(&triage(2, &[Intent::Complaint], crisis));
        assert_eq!((route.priority, route.due), (2, "2026-11-24T10:10:00Z".parse().ok()));
        assert_eq!(
            sentence(&route.why),
            "Somebody has thoughts of harming themselves. It is a complaint. An answer is due within 10 minutes."
        );
    }

    #[test]
    fn a_mistake_in_one_place_can_only_pull_a_message_up() {
        let crisis = Some((RiskLabel::CrisisSelfHarm, RiskLevel::C3));
        assert_eq!(routed(&triage(11, &[Intent::Praise], crisis)).priority, 0);
        assert_eq!(routed(&triage(1, &[Intent::Praise], None)).priority, 1);
    }

    #[test]
    fn what_nobody_can_read_ranks_no_lower_than_a_complaint() {
        let foreign = Triage { needs_reader: true, language: "tl".into(), ..triage(11, &[Intent::Praise], None) };
        let route = routed(&foreign);
        assert_eq!(route.priority, 7);
        assert!(sentence(&route.why).contains("(tl)"));
        let worse = Triage { needs_reader: true, ..triage(2, &[], Some((RiskLabel::CrisisSelfHarm, RiskLevel::C2))) };
        assert_eq!(routed(&worse).priority, 2);
    }

    #[test]
    fn a_topic_is_a_mark_and_no_rank() {
        let topic = Some((RiskLabel::CrisisSelfHarm, RiskLevel::C0));
        let route = routed(&Triage { c0: true, ..triage(11, &[Intent::Praise], topic) });
        assert_eq!((route.priority, route.due), (11, None));
        assert_eq!(route.why, [Why::TopicMark, Why::Intent { intent: Intent::Praise }]);
    }

    #[test]
    fn without_a_label_somebody_looks_before_praise() {
        let route = routed(&triage(10, &[], None));
        assert_eq!((route.priority, route.why), (10, vec![Why::Unlabelled]));
    }

    #[test]
    fn every_risk_at_every_level_has_a_sentence() {
        use RiskLevel::{C0, C1, C2, C3, Now, Past, Possible};
        for intent in Intent::ALL {
            assert!(Why::Intent { intent }.sentence().ends_with('.'));
        }
        for label in [
            RiskLabel::CrisisSelfHarm,
            RiskLabel::MedicalEmergency,
            RiskLabel::SafetyThreatOrAbuse,
            RiskLabel::AdverseEvent,
            RiskLabel::PrivacyExposure,
        ] {
            for level in [C0, C1, C2, C3, Now, Past, Possible] {
                let why = Why::Risk { label, level };
                let json = serde_json::to_value(&why).unwrap();
                assert_eq!(json["kind"], why.kind());
                assert!(why.sentence().ends_with('.'));
            }
        }
    }
}
