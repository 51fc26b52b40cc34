//! Adverse events: a reaction tied to a product, and which of the four elements of a valid case
//! (ICH E2D: patient, reporter, product, event) the text holds. The tool never asks for the missing
//! ones in public and never submits.
//!
//! English is read by a trained model ([`crate::reactions`]); other languages, and texts whose words the model does not
//! know, by the lists: a reaction and a product, tied together by words between them.

use bedside_model::label::{RiskLabel, RiskLevel};

use super::{Around, spans};
use crate::assessment::{Context, Icsr, Risk};
use crate::lexicon::{Cue, Hit, Tag};
use crate::reactions::{Found, Reactions, Told};
use crate::text::Text;

/// Finds a reaction to a product.
pub(crate) fn adverse(text: &Text, hits: &[Hit], around: &Around<'_>, context: &Context) -> Option<Risk> {
    let reactions = Reactions::builtin();
    if reactions.reads(text) {
        return match reactions.probability(text) {
            Told::Reaction(found) => Some(by_model(text, hits, around, context, found)),
            // The model has learnt from medicines of one field. The lists know others, and are heard where it is not sure.
            Told::Unsure => by_lists(text, hits, around, context),
            Told::Nothing => None,
        };
    }
    by_lists(text, hits, around, context)
}

/// What the model found, with the elements of a case that the text holds.
fn by_model(text: &Text, hits: &[Hit], around: &Around<'_>, context: &Context, found: Found) -> Risk {
    let first = around.anywhere(Cue::First);
    let patient = first || around.anywhere(Cue::Third);
    let product = found.product || hits.iter().any(|hit| hit.tag == Tag::Product);
    let asked = text.question_marks > 0 && around.anywhere(Cue::General);
    let level = if asked || !patient {
        RiskLevel::Possible
    } else if around.anywhere(Cue::Past) {
        RiskLevel::Past
    } else {
        RiskLevel::Now
    };
    let mut because = Vec::new();
    if asked {
        because.push("asked in general".to_string());
    }
    if !product {
        because.push("no medicine is named".to_string());
    }
    Risk {
        label: RiskLabel::AdverseEvent,
        level,
        score: found.score,
        evidence: found.evidence,
        because,
        icsr: Some(Icsr { patient, reporter: first || context.network.is_some(), product, event: true }),
    }
}

/// Finds a reaction that the text ties to a product by words of the lists.
pub(super) fn by_lists(text: &Text, hits: &[Hit], around: &Around<'_>, context: &Context) -> Option<Risk> {
    let sentence = |hit: &Hit| text.word(hit.from).sentence;
    let mut products: Vec<Hit> = Vec::new();
    let mut reactions: Vec<Hit> = Vec::new();
    let mut links: Vec<Hit> = Vec::new();
    for hit in hits {
        match hit.tag {
            Tag::Product => products.push(*hit),
            Tag::Reaction if !around.negated(hit) => reactions.push(*hit),
            Tag::Link if !around.negated(hit) => links.push(*hit),
            _ => {}
        }
    }
    if reactions.is_empty() || products.is_empty() {
        return None;
    }
    let near = |left: &Hit, right: &Hit| sentence(left).abs_diff(sentence(right)) <= 1;
    // The sentence with the link decides; reactions and products may stand in the one next to it.
    let mut evidence = Vec::new();
    for link in &links {
        let reaction = nearest(&reactions, link, |hit| near(hit, link));
        let product = nearest(&products, link, |hit| near(hit, link));
        if let (Some(reaction), Some(product)) = (reaction, product)
            && (reaction.from != product.from)
        {
            evidence.extend([*link, reaction, product]);
        }
    }
    if evidence.is_empty() {
        return None;
    }
    let first = around.anywhere(Cue::First);
    let patient = first || around.anywhere(Cue::Third);
    let general = around.in_sentence(&evidence[0], Cue::General) || !patient;
    let level = if general {
        RiskLevel::Possible
    } else if around.in_sentence(&evidence[0], Cue::Past) {
        RiskLevel::Past
    } else {
        RiskLevel::Now
    };
    if general && text.question_marks > 0 {
        return None;
    }
    let icsr = Icsr { patient, reporter: first || context.network.is_some(), product: true, event: true };
    let score = if general { 0.5 } else { 0.8 };
    let because = if general { vec!["said in general".to_string()] } else { vec![] };
    Some(Risk {
        label: RiskLabel::AdverseEvent,
        level,
        score,
        evidence: spans(text, &evidence),
        because,
        icsr: Some(icsr),
    })
}

/// The hit next to `to` among those that `fits`.
fn nearest(hits: &[Hit], to: &Hit, fits: impl Fn(&Hit) -> bool) -> Option<Hit> {
    let at = hits.partition_point(|hit| hit.to <= to.from);
    let from = at.saturating_sub(8);
    hits[from..hits.len().min(at + 8)]
        .iter()
        .filter(|hit| fits(hit))
        .min_by_key(|hit| hit.from.abs_diff(to.from))
        .copied()
}
