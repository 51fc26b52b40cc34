//! Health information or identifiers where they should not be: posted by the writer, or a breach
//! that the writer tells of.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::{Around, spans};
use crate::assessment::{Identifier, IdentifierType, Risk, Span};
use crate::lexicon::{Hit, Tag};
use crate::text::Text;

/// Finds an exposure: numbers that identify, in the text itself, or a breach told of.
pub(crate) fn privacy(text: &Text, hits: &[Hit], around: &Around<'_>, identifiers: &[Identifier]) -> Option<Risk> {
    let exposed: Vec<Span> = identifiers
        .iter()
        .filter(|found| {
            matches!(
                found.kind,
                IdentifierType::Ssn | IdentifierType::Mrn | IdentifierType::PlanNumber | IdentifierType::AccountNumber
            ) && found.score >= 0.6
        })
        .map(|found| Span { start: found.start, end: found.end })
        .take(12)
        .collect();
    let told: Vec<&Hit> = hits.iter().filter(|hit| hit.tag == Tag::Privacy(true) && !around.negated(hit)).collect();
    let (level, score, evidence, reason) = if !exposed.is_empty() {
        (RiskLevel::Now, 0.9, exposed, "identifiers stand in the text")
    } else if !told.is_empty() {
        (RiskLevel::Past, 0.8, spans(text, told), "a breach is told of")
    } else {
        return None;
    };
    Some(Risk {
        label: RiskLabel::PrivacyExposure,
        level,
        score,
        evidence,
        because: vec![reason.to_string()],
        icsr: None,
    })
}
