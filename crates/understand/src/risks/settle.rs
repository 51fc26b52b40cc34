//! What rules and the trained reader say, put together. A rule that found a phrase of a crisis or an emergency is never
//! overruled: where the reader holds the opposite for all but certain, the level goes down one step, and that is said.
//! The reader adds what no phrase lists.

use bedside_model::label::{RiskLabel, RiskLevel};

use crate::assessment::Risk;
use crate::reader::Opinion;
use crate::text::Text;

/// Said where the reader alone found a risk.
const UNLISTED: &str = "by its words together; no listed phrase";
/// Said where the reader lowered a level.
const DOUBTED: &str = "a listed phrase, but the rest of the text reads otherwise";

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
pub(crate) fn crisis(rule: Option<Risk>, text: &Text, opinion: &Opinion<'_>, explain: bool) -> Option<Risk> {
    let read = by_reader(RiskLabel::CrisisSelfHarm, CRISIS, text, opinion, explain);
    let rule = rule.map(|rule| match rule.level {
        RiskLevel::C3 if opinion.doubts("crisis_c3") => lowered(rule, RiskLevel::C2, opinion, "crisis_c2"),
        _ => rule,
    });
    let rule = rule.map(|rule| match rule.level {
        RiskLevel::C2 if opinion.doubts("crisis_c2") => lowered(rule, RiskLevel::C1, opinion, "crisis_c1"),
        _ => rule,
    });
    graver(rule, read, |level| level)
}

/// The emergency of a text.
pub(crate) fn emergency(rule: Option<Risk>, text: &Text, opinion: &Opinion<'_>, explain: bool) -> Option<Risk> {
    let read = by_reader(RiskLabel::MedicalEmergency, EMERGENCY, text, opinion, explain);
    let rule = rule.map(|rule| match rule.level {
        RiskLevel::Now if opinion.doubts("emergency_now") => {
            lowered(rule, RiskLevel::Possible, opinion, "emergency_any")
        }
        _ => rule,
    });
    graver(rule, read, nearness)
}

/// The threat or abuse in a text.
pub(crate) fn safety(
    rule: Option<Risk>,
    text: &Text,
    opinion: &Opinion<'_>,
    explain: bool,
    past: bool,
) -> Option<Risk> {
    let told = if past { RiskLevel::Past } else { RiskLevel::Now };
    let read = if opinion.given("safety_threat") {
        Some(found(RiskLabel::SafetyThreatOrAbuse, RiskLevel::Now, "safety_threat", text, opinion, explain))
    } else if opinion.given("safety_abuse") {
        Some(found(RiskLabel::SafetyThreatOrAbuse, told, "safety_abuse", text, opinion, explain))
    } else {
        None
    };
    graver(rule, read, nearness)
}

/// The exposure in a text.
pub(crate) fn privacy(rule: Option<Risk>, text: &Text, opinion: &Opinion<'_>, explain: bool) -> Option<Risk> {
    const OUTPUT: &str = "privacy_exposure";
    let read = opinion
        .given(OUTPUT)
        .then(|| found(RiskLabel::PrivacyExposure, RiskLevel::Past, OUTPUT, text, opinion, explain));
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

fn by_reader(label: RiskLabel, steps: Steps, text: &Text, opinion: &Opinion<'_>, explain: bool) -> Option<Risk> {
    let (level, output) = steps.iter().find(|(_, output)| opinion.given(output))?;
    Some(found(label, *level, output, text, opinion, explain))
}

fn found(label: RiskLabel, level: RiskLevel, output: &str, text: &Text, opinion: &Opinion<'_>, explain: bool) -> Risk {
    let evidence = if explain { opinion.evidence(text, output) } else { Vec::new() };
    let score = f64::from(opinion.probability(output));
    Risk { label, level, score, evidence, because: vec![UNLISTED.to_owned()], icsr: None }
}

fn lowered(mut rule: Risk, to: RiskLevel, opinion: &Opinion<'_>, output: &str) -> Risk {
    rule.level = to;
    rule.score = f64::from(opinion.probability(output)).max(0.5);
    rule.because.push(DOUBTED.to_owned());
    rule
}

/// The graver of both; where they agree, the rule, whose evidence is a phrase, with the higher score.
fn graver<K: Ord>(rule: Option<Risk>, read: Option<Risk>, gravity: impl Fn(RiskLevel) -> K) -> Option<Risk> {
    match (rule, read) {
        (Some(mut rule), Some(read)) => {
            if gravity(read.level) > gravity(rule.level) {
                let mut read = read;
                read.evidence = super::merged(rule.evidence.into_iter().chain(read.evidence).collect());
                read.because.retain(|reason| reason != UNLISTED);
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
