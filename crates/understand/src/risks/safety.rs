//! Threats by the writer, and harm or abuse by others.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::{Around, spans};
use crate::assessment::Risk;
use crate::lexicon::{Cue, Harm, Hit, Tag};
use crate::text::Text;

/// Finds a threat or abuse; a threat always counts as now.
pub(crate) fn safety(text: &Text, hits: &[Hit], around: &Around<'_>) -> Option<Risk> {
    let mut best: Option<(RiskLevel, f64, Vec<&'static str>)> = None;
    let mut evidence = Vec::new();
    for hit in hits {
        let Tag::Safety(harm) = hit.tag else { continue };
        if around.overlaps(hit, Cue::Idiom) {
            continue;
        }
        let mut because = Vec::new();
        let mut level = match harm {
            Harm::Threat => RiskLevel::Now,
            Harm::Abuse if around.in_sentence(hit, Cue::Now) => RiskLevel::Now,
            Harm::Abuse if around.in_sentence(hit, Cue::Past) || around.in_sentence(hit, Cue::Narrative) => {
                RiskLevel::Past
            }
            Harm::Abuse => RiskLevel::Now,
            Harm::Possible => RiskLevel::Possible,
        };
        if level == RiskLevel::Past {
            because.push("past");
        }
        if around.negated(hit) && harm != Harm::Possible {
            because.push("negation");
            level = RiskLevel::Possible;
        } else if around.negated(hit) {
            continue;
        }
        if around.in_sentence(hit, Cue::Fiction)
            || (around.in_sentence(hit, Cue::News) && !around.in_sentence(hit, Cue::First))
        {
            because.push("news or fiction");
            level = RiskLevel::Possible;
        }
        let score = match level {
            RiskLevel::Now => 0.85,
            RiskLevel::Past => 0.8,
            _ => 0.5,
        };
        // A single weak sign says too little to rank above an adverse event.
        if harm == Harm::Possible && !around.in_sentence(hit, Cue::First) {
            continue;
        }
        evidence.push(*hit);
        if best.as_ref().is_none_or(|(_, most, _)| score > *most) {
            best = Some((level, score, because));
        }
    }
    let (level, score, because) = best?;
    Some(Risk {
        label: RiskLabel::SafetyThreatOrAbuse,
        level,
        score,
        evidence: spans(text, &evidence),
        because: because.into_iter().map(String::from).collect(),
        icsr: None,
    })
}
