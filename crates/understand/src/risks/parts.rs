//! Parts of a risk: words that say nothing by themselves, and together say a lot ("pills" and "lined
//! up", "goodbye" and "does not pick up").
//!
//! People say the worst in ways that no list of phrases foresees, yet they speak of few things: what
//! they hold, where they stand, whom they leave, when. A list names each of these things widely; a
//! [`Together`] says which of them, in one sentence or in two that follow each other, are enough.

use serde::Deserialize;

use crate::lexicon::{Cue, Hit, Tag};
use crate::text::Text;

/// What a part stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    /// Crisis: something to do it with.
    Means,
    /// Crisis: a height, water, rails.
    Place,
    /// Crisis: it is at hand.
    AtHand,
    /// Crisis: standing there, going there.
    Poised,
    /// Crisis: leave is taken.
    Farewell,
    /// Crisis: tonight, in an hour.
    Soon,
    /// Crisis: there will be no tomorrow.
    NoFuture,
    /// Crisis: the person can't be reached.
    Unreachable,
    /// Crisis: it is taken, it is cut.
    Taken,
    /// Crisis: it is about dying.
    Dying,
    /// Crisis: it goes on, every night, again.
    Ongoing,
    /// Crisis: it is meant, it is a secret, it frightens.
    Earnest,
    /// Crisis: hurting oneself.
    SelfHarm,
    /// Emergency: how somebody looks or is who may be dying.
    Failing,
    /// Emergency: a place of the body where a sudden sign is grave.
    Vital,
    /// Emergency: it is strong.
    Grave,
    /// Emergency: it began today.
    Onset,
    /// Emergency: taken in, breathed in.
    Ingested,
    /// Emergency: what poisons.
    Poison,
    /// Emergency: hurt by force.
    Trauma,
    /// Emergency: very young, pregnant, just delivered, operated.
    Frail,
    /// Emergency: what shall we do?
    Asking,
    /// Emergency: a textbook case.
    Textbook,
    /// Emergency: it is long over, or how it ended.
    Over,
    /// Safety: somebody means to.
    Intend,
    /// Safety: what is done to a person or a place.
    Harm,
    /// Safety: whom it is meant for.
    Target,
    /// Safety: a weapon, fire, accomplices.
    Weapon,
    /// Safety: a hint ("I know where you park").
    Veiled,
    /// Safety: who does it.
    Perpetrator,
    /// Safety: what is done.
    Act,
    /// Safety: to whom.
    Victim,
    /// Safety: what it leaves, bruises or fear.
    Wound,
    /// Privacy: a disease, a test, a treatment that people keep to themselves.
    Delicate,
    /// Privacy: any other.
    Condition,
    /// Privacy: it was said, sent or shown.
    Told,
    /// Privacy: where it should not be.
    Elsewhere,
    /// Privacy: whose it is.
    Whose,
    /// Privacy: a record, a chart, a result.
    Record,
    /// Privacy: those who should keep it.
    Keeper,
    /// It is happening; the cue of that name.
    Present,
    /// The writer speaks of themselves; the cue of that name.
    First,
    /// Somebody else is meant; the cue of that name.
    Third,
}

impl Part {
    const fn bit(self) -> u64 {
        1 << (self as u64)
    }
}

/// Parts that say something where they stand together.
pub(crate) struct Together<L: 'static> {
    /// All of them must be found.
    pub parts: &'static [Part],
    /// In two sentences that follow each other; else in one.
    pub near: bool,
    /// What they say.
    pub says: L,
    /// Why, in plain words.
    pub because: &'static str,
}

/// A group of parts that was found.
#[derive(Debug)]
pub(crate) struct Found {
    /// Which of the rules.
    pub rule: usize,
    /// The words of each part that says something.
    pub hits: Vec<Hit>,
}

/// Finds the rules that hold, once for every place where they do.
///
/// A text that is added can only add parts, or join two sentences: what was found stays found.
pub(crate) fn together<L>(text: &Text, hits: &[Hit], rules: &[Together<L>]) -> Vec<Found> {
    let parts: Vec<(Part, Hit)> = hits
        .iter()
        .filter_map(|hit| match hit.tag {
            Tag::Part(part) => Some((part, *hit)),
            Tag::Cue(Cue::First) => Some((Part::First, *hit)),
            Tag::Cue(Cue::Third) => Some((Part::Third, *hit)),
            Tag::Cue(Cue::Now) => Some((Part::Present, *hit)),
            _ => None,
        })
        .collect();
    let sentences = by_sentence(text, &parts);
    let mut out = Vec::new();
    for (at, here) in sentences.iter().enumerate() {
        let next = sentences.get(at + 1).filter(|next| next.number == here.number + 1);
        for (rule, of_rule) in rules.iter().enumerate() {
            let wanted = of_rule.parts.iter().fold(0, |bits, part| bits | part.bit());
            let until = if wanted & here.bits == wanted {
                here.until
            } else if let Some(next) = next.filter(|next| of_rule.near && wanted & (here.bits | next.bits) == wanted) {
                next.until
            } else {
                continue;
            };
            let within = &parts[here.from..until];
            let first = |part: &Part| within.iter().find(|(of_hit, _)| of_hit == part).map(|(_, hit)| *hit);
            let shown = of_rule.parts.iter().filter(|part| !matches!(part, Part::First | Part::Third | Part::Present));
            let hits: Vec<Hit> = shown.filter_map(first).collect();
            out.push(Found { rule, hits });
        }
    }
    out
}

impl Found {
    /// More than one word or phrase was found, not one that stands for several parts.
    pub fn several(&self) -> bool {
        self.hits.iter().any(|hit| hit.from >= self.hits[0].to || hit.to <= self.hits[0].from) || self.hits.len() < 2
    }
}

/// A part stands anywhere in the text.
pub(crate) fn anywhere(hits: &[Hit], part: Part) -> bool {
    hits.iter().any(|hit| hit.tag == Tag::Part(part))
}

/// The parts of one sentence.
struct Sentence {
    number: u32,
    bits: u64,
    from: usize,
    until: usize,
}

fn by_sentence(text: &Text, parts: &[(Part, Hit)]) -> Vec<Sentence> {
    let mut out: Vec<Sentence> = Vec::new();
    for (at, (part, hit)) in parts.iter().enumerate() {
        let number = text.word(hit.from).sentence;
        match out.last_mut() {
            Some(last) if last.number == number => {
                last.bits |= part.bit();
                last.until = at + 1;
            }
            _ => out.push(Sentence { number, bits: part.bit(), from: at, until: at + 1 }),
        }
    }
    out
}
