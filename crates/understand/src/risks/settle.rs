//! What rules and the trained reader say, put together. A rule that found a phrase is never overruled: only what stands
//! around the phrase lowers its level. The reader adds what no phrase lists, and raises a level where it is sure.

use bedside_model::label::{RiskLabel, RiskLevel};

use crate::assessment::Risk;
use crate::reader::Opinion;
use crate::text::Text;

/// Said where the reader alone found a risk.
const UNLISTED: &str = "by its words together; no listed phrase";
/// Where a rule saw a reason for a lower level ("negation", "past", "idiom"), or a figure of speech stands in the text,
/// the reader raises it from this probability only.
const SURE: f64 = 0.9;
/// Said where the reader raised a level.
const RAISED: &str = "a listed phrase, and the rest of the text reads graver";

/// One level of a risk and the output of the reader that speaks for it, the gravest first.
type Steps = &'static [(RiskLevel, &'static str)];

const CRISIS: Steps = &[
    (RiskLevel::C3, "crisis_c3"),
    (RiskLevel::C2, "crisis_c2"),
    (RiskLevel::C1, "crisis_c1"),
    (RiskLevel::C0, "crisis_topic"),
];
const EMERGENCY: Steps = &[(RiskLevel::Now, "emergency_now"), (RiskLevel::Possible, "emergency_any")];

/// The crisis of a text.
pub(crate) fn crisis(rule: Option<Risk>, seen: &Reading<'_>) -> Option<Risk> {
    let read = seen.by_reader(RiskLabel::CrisisSelfHarm, CRISIS, &rule);
    graver(rule, read, |level| level)
}

/// The emergency of a text.
pub(crate) fn emergency(rule: Option<Risk>, seen: &Reading<'_>) -> Option<Risk> {
    let read = seen.by_reader(RiskLabel::MedicalEmergency, EMERGENCY, &rule);
    graver(rule, read, nearness)
}

/// The threat or abuse in a text.
pub(crate) fn safety(rule: Option<Risk>, seen: &Reading<'_>, past: bool) -> Option<Risk> {
    let label = RiskLabel::SafetyThreatOrAbuse;
    let told = if past { RiskLevel::Past } else { RiskLevel::Now };
    let threat = seen.by_reader(label, &[(RiskLevel::Now, "safety_threat")], &rule);
    let read = threat.or_else(|| {
        let mut abuse = seen.by_reader(label, &[(RiskLevel::Now, "safety_abuse")], &rule)?;
        abuse.level = told;
        Some(abuse)
    });
    graver(rule, read, nearness)
}

/// The exposure in a text.
pub(crate) fn privacy(rule: Option<Risk>, seen: &Reading<'_>) -> Option<Risk> {
    let read = seen.by_reader(RiskLabel::PrivacyExposure, &[(RiskLevel::Past, "privacy_exposure")], &rule);
    graver(rule, read, nearness)
}

/// How near a level of an event is.
fn nearness(level: RiskLevel) -> u8 {
    match level {
        RiskLevel::Now => 3,
        RiskLevel::Past => 2,
        RiskLevel::Possible => 1,
        _ => 0,
    }
}

/// A text with what the reader says of it.
pub(crate) struct Reading<'a> {
    /// The text.
    pub text: &'a Text,
    /// What the reader says.
    pub opinion: &'a Opinion<'a>,
    /// The words that decided it are wanted.
    pub explain: bool,
    /// A figure of speech stands in the text.
    pub idiom: bool,
}

impl Reading<'_> {
    /// The gravest step that the reader gives.
    fn by_reader(&self, label: RiskLabel, steps: &[(RiskLevel, &'static str)], rule: &Option<Risk>) -> Option<Risk> {
        let careful = self.idiom || rule.as_ref().is_some_and(|rule| !rule.because.is_empty());
        let least = if careful { SURE } else { 0.0 };
        let given = |output: &str| self.opinion.given(output) && f64::from(self.opinion.probability(output)) >= least;
        let &(level, output) = steps.iter().find(|(_, output)| given(output))?;
        let evidence = if self.explain { self.opinion.evidence(self.text, output) } else { Vec::new() };
        let score = f64::from(self.opinion.probability(output));
        Some(Risk { label, level, score, evidence, because: vec![UNLISTED.to_owned()], icsr: None })
    }
}

/// The graver of both; where they agree, the rule, whose evidence is a phrase, with the higher score.
fn graver<K: Ord>(rule: Option<Risk>, read: Option<Risk>, gravity: impl Fn(RiskLevel) -> K) -> Option<Risk> {
    match (rule, read) {
        (Some(mut rule), Some(read)) => {
            if gravity(read.level) > gravity(rule.level) {
                let mut read = read;
                read.evidence = super::merged(rule.evidence.into_iter().chain(read.evidence).collect());
                read.because = rule.because;
                read.because.push(RAISED.to_owned());
                return Some(read);
            }
            if read.level == rule.level {
                rule.score = rule.score.max(read.score);
            }
            Some(rule)
        }
        (rule, read) => rule.or(read),
    }
}
