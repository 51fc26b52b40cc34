//! Self-harm: levels C0 to C3.
//!
//! A phrase has a level of its own. The words around it may lower it: a figure of speech to C0, a
//! time long past, a denial or a bereavement to C1, news without a person to C0, lyrics and fiction
//! to C1. Somebody else's crisis ("my son says …") keeps its level. Nothing lowers it to nothing.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::{Around, spans};
use crate::assessment::Risk;
use crate::lexicon::{Cue, Hit, Tag};
use crate::text::Text;

/// Finds the level of a text, or `None` where no phrase is found.
pub(crate) fn crisis(text: &Text, hits: &[Hit], around: &Around<'_>) -> Option<Risk> {
    let phrases: Vec<(RiskLevel, Hit)> = hits
        .iter()
        .filter_map(|hit| match hit.tag {
            Tag::Crisis(level) => Some((level, *hit)),
            _ => None,
        })
        .collect();
    let mut best: Option<RiskLevel> = None;
    let mut kept: Vec<(RiskLevel, Hit, Vec<&'static str>)> = Vec::new();
    for (index, (level, hit)) in phrases.iter().enumerate() {
        if within_longer(&phrases, index) {
            continue;
        }
        let (level, because) = lowered(*level, hit, text, around);
        best = Some(best.map_or(level, |best| best.max(level)));
        kept.push((level, *hit, because));
    }
    let level = best?;
    let decisive: Vec<_> = kept.iter().filter(|(of_hit, ..)| *of_hit == level).collect();
    let mut because: Vec<String> = Vec::new();
    for reason in decisive.iter().flat_map(|(_, _, because)| because) {
        if !because.iter().any(|seen| seen == reason) {
            because.push((*reason).to_string());
        }
    }
    let score = match level {
        RiskLevel::C3 => 0.95,
        RiskLevel::C2 => 0.9,
        RiskLevel::C1 => 0.75,
        _ => 0.6,
    };
    let evidence = spans(text, decisive.iter().map(|(_, hit, _)| hit));
    Some(Risk { label: RiskLabel::CrisisSelfHarm, level, score, evidence, because, icsr: None })
}

/// A phrase inside a longer one ("kill himself" in "tried to kill himself") says nothing of its own.
fn within_longer(phrases: &[(RiskLevel, Hit)], index: usize) -> bool {
    let hit = phrases[index].1;
    // Phrases come in the order of their ends: one that contains this ends at or soon after it.
    let later = phrases[index + 1..].iter().take_while(|(_, other)| other.from < hit.to + 16);
    let same_end = phrases[..index].iter().rev().take_while(|(_, other)| other.to == hit.to);
    later
        .chain(same_end)
        .any(|(_, other)| other.from <= hit.from && other.to >= hit.to && other.to - other.from > hit.to - hit.from)
}

fn lowered(level: RiskLevel, hit: &Hit, text: &Text, around: &Around<'_>) -> (RiskLevel, Vec<&'static str>) {
    let mut because = Vec::new();
    let mut level = level;
    let mut lower = |to: RiskLevel, reason: &'static str, because: &mut Vec<&'static str>| {
        if level > to {
            level = to;
        }
        because.push(reason);
    };
    if around.overlaps(hit, Cue::Idiom) {
        lower(RiskLevel::C0, "idiom", &mut because);
        return (level, because);
    }
    let first = around.in_sentence(hit, Cue::First);
    let third = around.in_sentence(hit, Cue::Third);
    if around.overlaps(hit, Cue::Bereaved) {
        lower(RiskLevel::C1, "bereavement", &mut because);
    }
    if around.in_sentence(hit, Cue::Fiction) {
        lower(RiskLevel::C1, "lyrics or fiction", &mut because);
    } else if around.in_sentence(hit, Cue::News) && !first && !third {
        lower(RiskLevel::C0, "news or campaign", &mut because);
    }
    if around.negated(hit) {
        lower(RiskLevel::C1, "negation", &mut because);
    }
    let still = around.in_sentence(hit, Cue::Now) || says_still(text, hit);
    if around.in_sentence(hit, Cue::Past) && !still {
        lower(RiskLevel::C1, "past", &mut because);
    } else if told_as_past(text, hit) && around.anywhere(Cue::Resolved) && !still {
        lower(RiskLevel::C1, "past, and since resolved", &mut because);
    }
    if third && !first {
        because.push("third person");
    }
    (level, because)
}

/// "Again", "still", "any more" after or before a phrase: it is not over.
fn says_still(text: &Text, hit: &Hit) -> bool {
    let from = hit.from.saturating_sub(4);
    let to = (hit.to + 4).min(text.len());
    (from..to).any(|at| matches!(text.piece(at), "still" | "again" | "now" | "today" | "tonight"))
}

/// The phrase, or the word before it, is a verb in the past.
fn told_as_past(text: &Text, hit: &Hit) -> bool {
    let from = hit.from.saturating_sub(2);
    (from..hit.to).any(|at| {
        matches!(
            text.piece(at),
            "was"
                | "were"
                | "had"
                | "been"
                | "felt"
                | "wanted"
                | "became"
                | "tried"
                | "attempted"
                | "thought"
                | "took"
                | "harmed"
        )
    })
}
