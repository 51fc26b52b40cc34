//! Threats by the writer, and harm or abuse by others.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::parts::{Found, Part, Together};
use super::{Around, spans};
use crate::assessment::Risk;
use crate::lexicon::{Cue, Harm, Hit, Tag};
use crate::text::Text;

/// What no phrase foresees: few things, said together.
const TOGETHER: &[Together<Harm>] = {
    use Part::{Act, First, Harm as Hurt, Intend, Perpetrator, Target, Third, Veiled, Victim, Weapon, Wound};
    const fn threat(parts: &'static [Part], near: bool, because: &'static str) -> Together<Harm> {
        Together { parts, near, says: Harm::Threat, because }
    }
    const fn abuse(parts: &'static [Part], near: bool, because: &'static str) -> Together<Harm> {
        Together { parts, near, says: Harm::Abuse, because }
    }
    &[
        threat(&[Intend, Weapon], true, "a weapon is announced"),
        threat(&[Hurt, Weapon, First], true, "a weapon is announced"),
        threat(&[Target, Weapon], true, "a weapon, and whom it is meant for"),
        threat(&[Weapon, Victim], false, "a weapon, and whom it is meant for"),
        threat(&[Intend, Hurt, Target, First], false, "harm is announced"),
        threat(&[Intend, Hurt, Target, Third], false, "harm is announced"),
        threat(&[Hurt, Veiled], true, "a veiled threat"),
        threat(&[Target, Veiled, Perpetrator], false, "a veiled threat"),
        threat(&[Veiled, Victim], false, "a veiled threat"),
        threat(&[Intend, Veiled], true, "a veiled threat"),
        abuse(&[Act, Wound, Third], true, "harm, and what it left"),
        abuse(&[Hurt, Victim, Wound], false, "harm, and what it left"),
        abuse(&[Perpetrator, Victim, Wound], false, "harm, and what it left"),
    ]
};

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
    for found in around.parts.together(TOGETHER).iter().filter(|found| found.several()) {
        let Some((level, score, because)) = judge_together(found, around) else { continue };
        evidence.extend(&found.hits);
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

/// Parts that stand together; `None` for a figure of speech.
fn judge_together(found: &Found, around: &Around<'_>) -> Option<(RiskLevel, f64, Vec<&'static str>)> {
    let rule = &TOGETHER[found.rule];
    let any = |cue: Cue| found.hits.iter().any(|hit| around.in_sentence(hit, cue));
    if found.hits.iter().any(|hit| around.overlaps(hit, Cue::Idiom)) {
        return None;
    }
    let mut because = vec![rule.because];
    if any(Cue::Fiction) || (any(Cue::News) && !any(Cue::First)) {
        because.push("news or fiction");
        return Some((RiskLevel::Possible, 0.5, because));
    }
    if rule.says == Harm::Abuse && !any(Cue::Now) && (any(Cue::Past) || any(Cue::Narrative)) {
        because.push("past");
        return Some((RiskLevel::Past, 0.75, because));
    }
    Some((RiskLevel::Now, 0.8, because))
}
