//! Health information or identifiers where they should not be: posted by the writer, or a breach
//! that the writer tells of.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::parts::{Found, Part, Together};
use super::{Around, spans};
use crate::assessment::{Identifier, IdentifierType, Risk, Span};
use crate::lexicon::{Cue, Hit, Tag};
use crate::text::Text;

/// What no phrase foresees: few things, said together. What they say is the level.
const TOGETHER: &[Together<RiskLevel>] = {
    use Part::{Condition, Delicate, Elsewhere, Keeper, Record, Third, Told, Whose};
    const TOLD: &str = "private health information was told or shown";
    const fn of(parts: &'static [Part], near: bool, says: RiskLevel, because: &'static str) -> Together<RiskLevel> {
        Together { parts, near, says, because }
    }
    &[
        of(&[Delicate, Told, Elsewhere], true, RiskLevel::Past, TOLD),
        of(&[Delicate, Told, Third], false, RiskLevel::Past, TOLD),
        of(&[Delicate, Condition, Elsewhere], true, RiskLevel::Past, TOLD),
        of(&[Condition, Told, Elsewhere], false, RiskLevel::Past, TOLD),
        of(&[Delicate, Elsewhere, Whose, Keeper], false, RiskLevel::Past, TOLD),
        of(&[Delicate, Record], true, RiskLevel::Now, "a record number or birth date beside a condition"),
        of(&[Condition, Record, Keeper], true, RiskLevel::Now, "a record number or birth date beside a condition"),
    ]
};

/// An identifier below this is not shown to be one.
const SURE: f64 = 0.6;

/// Finds an exposure: numbers that identify, in the text itself, or a breach told of.
pub(crate) fn privacy(text: &Text, hits: &[Hit], around: &Around<'_>, identifiers: &[Identifier]) -> Option<Risk> {
    let exposed = exposed(hits, identifiers);
    let told: Vec<&Hit> = hits.iter().filter(|hit| hit.tag == Tag::Privacy(true) && !around.negated(hit)).collect();
    let named = named(text, hits, around, identifiers);
    let parts = around.parts.together(TOGETHER);
    let found = parts.iter().find(|found| stands(found, around));
    let (level, score, evidence, reason) = if !exposed.is_empty() {
        (RiskLevel::Now, 0.9, exposed, "identifiers stand in the text")
    } else if !told.is_empty() {
        (RiskLevel::Past, 0.8, spans(text, told), "a breach is told of")
    } else if !named.is_empty() {
        (RiskLevel::Now, 0.7, named, "a name stands beside a condition")
    } else if let Some(found) = found {
        let rule = &TOGETHER[found.rule];
        (rule.says, 0.65, spans(text, &found.hits), rule.because)
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

/// Numbers that identify by themselves; a name with a birth date, where health is spoken of.
fn exposed(hits: &[Hit], identifiers: &[Identifier]) -> Vec<Span> {
    use IdentifierType::{AccountNumber, Date, Mrn, Name, OtherId, Phone, PlanNumber, Ssn};
    let sure = |kinds: &[IdentifierType]| -> Vec<Span> {
        identifiers
            .iter()
            .filter(|found| kinds.contains(&found.kind) && found.score >= SURE)
            .map(|found| Span { start: found.start, end: found.end })
            .take(12)
            .collect()
    };
    let numbers = sure(&[Ssn, Mrn, PlanNumber, AccountNumber]);
    if !numbers.is_empty() {
        return numbers;
    }
    let health = |hit: &Hit| matches!(hit.tag, Tag::Part(Part::Delicate | Part::Condition));
    let names = sure(&[Name]);
    let mut beside = sure(&[Date, Phone, OtherId]);
    if names.is_empty() || beside.is_empty() || !hits.iter().any(health) {
        return Vec::new();
    }
    beside.extend(names);
    beside.sort_unstable();
    beside.truncate(12);
    beside
}

/// Names of people, other than of staff, beside what people keep to themselves.
fn named(text: &Text, hits: &[Hit], around: &Around<'_>, identifiers: &[Identifier]) -> Vec<Span> {
    if around.anywhere(Cue::Resolved) {
        return Vec::new();
    }
    let of_part = |part: Part| hits.iter().filter(move |hit| hit.tag == Tag::Part(part));
    // In the order of their places, so that each name looks once.
    let delicate: Vec<(u32, Span)> = of_part(Part::Delicate)
        .filter(|hit| !around.in_sentence(hit, Cue::News))
        .map(|hit| (text.word(hit.from).sentence, hit.span(text)))
        .collect();
    let mut keepers: Vec<Span> = of_part(Part::Keeper).map(|hit| hit.span(text)).collect();
    keepers.sort_unstable_by_key(|span| span.end);
    let mut out = Vec::new();
    for name in identifiers.iter().filter(|found| found.kind == IdentifierType::Name && found.score >= SURE) {
        let at = text.words.partition_point(|word| (word.start as usize) < name.start);
        let Some(sentence) = text.words.get(at).map(|word| word.sentence) else { continue };
        let from = delicate.partition_point(|(of, _)| of + 1 < sentence);
        let near = delicate[from..]
            .iter()
            .take_while(|(of, _)| *of <= sentence + 1)
            .take(8)
            .find(|(_, span)| span.end <= name.start || span.start >= name.end);
        if let Some((_, span)) = near
            && !is_staff(name, &keepers)
        {
            out.push(Span { start: name.start, end: name.end });
            out.push(*span);
        }
    }
    out.sort_unstable();
    out.dedup();
    out.truncate(12);
    out
}

/// "Dr. Green", "our nurse Ann": a word for staff stands in the name or right before it.
fn is_staff(name: &Identifier, keepers: &[Span]) -> bool {
    let from = keepers.partition_point(|span| span.end + 3 < name.start);
    keepers[from..].iter().take(4).any(|span| span.start < name.end)
}

/// Not denied, not asked in general, not in a song.
fn stands(found: &Found, around: &Around<'_>) -> bool {
    found.several()
        && !found.hits.iter().any(|hit| {
            around.negated(hit)
                || around.overlaps(hit, Cue::Idiom)
                || around.in_sentence(hit, Cue::General)
                || around.in_sentence(hit, Cue::Fiction)
        })
}
