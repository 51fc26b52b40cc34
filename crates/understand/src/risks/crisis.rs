//! Self-harm: levels C0 to C3.
//!
//! A phrase has a level of its own. The words around it may lower it: a figure of speech to C0, a
//! time long past, a denial or a bereavement to C1, news without a person to C0, lyrics and fiction
//! to C1. Somebody else's crisis ("my son says …") keeps its level. Nothing lowers it to nothing.
//!
//! What no list of phrases foresees is found by parts that stand together ([`super::parts`]): what is
//! at hand, where somebody stands, who is taken leave of, when. They score lower than a phrase.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::parts::{Part, Together};
use super::{Around, spans};
use crate::assessment::Risk;
use crate::lexicon::{Cue, Hit, Tag};
use crate::text::Text;

/// What no phrase foresees: few things, said together. Each stays because it raises almost no
/// ordinary comment.
const TOGETHER: &[Together<RiskLevel>] = {
    use Part::{
        AtHand, Dying, Earnest, Farewell, First, Means, NoFuture, Ongoing, Place, Poised, SelfHarm, Soon, Taken, Third,
        Unreachable,
    };
    const fn c3(parts: &'static [Part], near: bool, because: &'static str) -> Together<RiskLevel> {
        Together { parts, near, says: RiskLevel::C3, because }
    }
    const fn c2(parts: &'static [Part], near: bool, because: &'static str) -> Together<RiskLevel> {
        Together { parts, near, says: RiskLevel::C2, because }
    }
    &[
        c3(&[Means, AtHand], false, "means at hand"),
        c3(&[Place, Poised], false, "a dangerous place"),
        c3(&[Soon, NoFuture], true, "a time is set"),
        c3(&[Unreachable, Third], true, "the person can't be reached"),
        c3(&[Farewell, Unreachable], true, "a farewell, and the person can't be reached"),
        c3(&[Means, Unreachable], true, "means, and the person can't be reached"),
        c3(&[Soon, Taken], false, "it is under way"),
        c3(&[Means, Taken, Dying], false, "it is under way"),
        c3(&[Farewell, Taken, First], true, "a farewell, and it is under way"),
        c3(&[Means, Farewell], true, "means and a farewell"),
        c3(&[AtHand, Farewell], true, "means and a farewell"),
        c3(&[Means, NoFuture], true, "means, and no tomorrow"),
        c3(&[Farewell, Soon, Third], true, "a farewell, and a time is set"),
        c3(&[Poised, Farewell, Soon], true, "a farewell, and a time is set"),
        c3(&[Farewell, NoFuture, Third], true, "a farewell, and no tomorrow"),
        c3(&[Place, NoFuture], true, "a dangerous place, and no tomorrow"),
        c3(&[Place, Farewell, First], true, "a dangerous place and a farewell"),
        c3(&[AtHand, Poised, Soon], true, "means at hand, and a time is set"),
        c3(&[AtHand, NoFuture], true, "means, and no tomorrow"),
        c3(&[Taken, Dying, First], true, "it is under way"),
        c3(&[Place, Soon, Third], true, "a dangerous place, and a time is set"),
        c2(&[AtHand, Dying, Ongoing], true, "a thought that stays, and means at hand"),
        c2(&[Poised, Earnest, Third], true, "said in earnest"),
        c3(&[Means, SelfHarm, Third], true, "means at hand"),
        c2(&[Ongoing, SelfHarm], false, "self-harm that goes on"),
        c2(&[AtHand, SelfHarm, First], false, "self-harm that goes on"),
        c2(&[Ongoing, Earnest], true, "a thought that stays, and is meant"),
        c2(&[Dying, Earnest, First], false, "said in earnest"),
        c2(&[NoFuture, Ongoing], false, "a thought that stays"),
        c2(&[Place, Ongoing, First], false, "a thought that stays"),
        c2(&[Taken, Earnest], true, "on purpose"),
    ]
};

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
    let of_phrases = best;
    for found in around.parts.together(TOGETHER) {
        let rule = &TOGETHER[found.rule];
        let mut level = rule.says;
        let mut because = vec![rule.because];
        for hit in &found.hits {
            let (lower, why) = part_lowered(rule.says, hit, text, around);
            level = level.min(lower);
            because.extend(why);
        }
        if found.hits.iter().all(|hit| around.in_sentence(hit, Cue::Third) && !around.in_sentence(hit, Cue::First)) {
            because.push("third person");
        }
        best = Some(best.map_or(level, |best| best.max(level)));
        kept.extend(found.hits.iter().map(|hit| (level, *hit, because.clone())));
    }
    let level = best?;
    let decisive: Vec<_> = kept.iter().filter(|(of_hit, ..)| *of_hit == level).collect();
    let mut because: Vec<String> = Vec::new();
    for reason in decisive.iter().flat_map(|(_, _, because)| because) {
        if !because.iter().any(|seen| seen == reason) {
            because.push((*reason).to_string());
        }
    }
    // A phrase says it; parts only let it be read.
    let score = match (level, of_phrases == Some(level)) {
        (RiskLevel::C3, true) => 0.95,
        (RiskLevel::C2, true) => 0.9,
        (RiskLevel::C3 | RiskLevel::C2, false) => 0.85,
        (RiskLevel::C1, _) => 0.75,
        _ => 0.6,
    };
    let evidence = spans(text, decisive.iter().map(|(_, hit, _)| hit));
    Some(Risk { label: RiskLabel::CrisisSelfHarm, level, score, evidence, because, icsr: None })
}

/// A phrase inside a longer one ("kill himself" in "tried to kill himself") says nothing of its own,
/// nor does one of the same words that a list knows as a denial or as past ("मरना नहीं चाहती").
fn within_longer(phrases: &[(RiskLevel, Hit)], index: usize) -> bool {
    let hit = phrases[index].1;
    // Phrases come in the order of their ends: one that contains this ends at or soon after it.
    let later = phrases[index + 1..].iter().take_while(|(_, other)| other.from < hit.to + 16);
    let same_end = phrases[..index].iter().rev().take_while(|(_, other)| other.to == hit.to);
    later.chain(same_end).any(|(level, other)| {
        let same = other.from == hit.from && other.to == hit.to;
        let longer = other.from <= hit.from && other.to >= hit.to && !same;
        longer || (same && *level == RiskLevel::C1 && phrases[index].0 > RiskLevel::C1)
    })
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

/// A part is lowered by what would lower a phrase, but for negation: "will not be here" is one.
fn part_lowered(level: RiskLevel, hit: &Hit, text: &Text, around: &Around<'_>) -> (RiskLevel, Option<&'static str>) {
    if around.overlaps(hit, Cue::Idiom) {
        (level.min(RiskLevel::C0), Some("idiom"))
    } else if around.in_sentence(hit, Cue::Fiction) {
        (level.min(RiskLevel::C1), Some("lyrics or fiction"))
    } else if around.in_sentence(hit, Cue::Past) && !around.in_sentence(hit, Cue::Now) && !says_still(text, hit) {
        (level.min(RiskLevel::C1), Some("past"))
    } else {
        (level, None)
    }
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
