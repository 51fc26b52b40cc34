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
    /// Emergency: it is mild or old, or somebody is well.
    Mild,
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

/// The parts of a text, sentence by sentence.
pub(crate) struct Parts {
    hits: Vec<OfPart>,
    sentences: Vec<Sentence>,
    /// Every part of the text.
    bits: u64,
}

/// The words of one part.
struct OfPart {
    part: Part,
    hit: Hit,
    /// They stand in a figure of speech.
    idiom: bool,
}

/// The parts of one sentence.
struct Sentence {
    number: u32,
    bits: u64,
    from: usize,
    until: usize,
}

impl Parts {
    /// Sorts the parts of a text by sentence.
    pub fn new(text: &Text, hits: &[Hit]) -> Self {
        let idioms: Vec<&Hit> = hits.iter().filter(|hit| matches!(hit.tag, Tag::Cue(Cue::Idiom))).collect();
        let mut out = Self { hits: Vec::new(), sentences: Vec::new(), bits: 0 };
        for hit in hits {
            let part = match hit.tag {
                Tag::Part(part) => part,
                Tag::Cue(Cue::First) => Part::First,
                Tag::Cue(Cue::Third) => Part::Third,
                Tag::Cue(Cue::Now) => Part::Present,
                _ => continue,
            };
            let number = text.word(hit.from).sentence;
            let from = out.hits.len();
            let idiom = idioms.iter().any(|idiom| idiom.from < hit.to && hit.from < idiom.to);
            out.hits.push(OfPart { part, hit: *hit, idiom });
            out.bits |= part.bit();
            match out.sentences.last_mut() {
                Some(last) if last.number == number => {
                    last.bits |= part.bit();
                    last.until = from + 1;
                }
                _ => out.sentences.push(Sentence { number, bits: part.bit(), from, until: from + 1 }),
            }
        }
        out
    }

    /// A part stands anywhere in the text.
    pub fn anywhere(&self, part: Part) -> bool {
        self.bits & part.bit() != 0
    }

    /// Finds the rules that hold, once for every place where they do.
    ///
    /// A text that is added can only add parts, or join two sentences: what was found stays found.
    pub fn together<L>(&self, rules: &[Together<L>]) -> Vec<Found> {
        let mut out = Vec::new();
        for (rule, of_rule) in rules.iter().enumerate() {
            if !of_rule.parts.iter().all(|part| self.anywhere(*part)) {
                continue;
            }
            let wanted = of_rule.parts.iter().fold(0, |bits, part| bits | part.bit());
            for (at, here) in self.sentences.iter().enumerate() {
                let next = self.sentences.get(at + 1).filter(|next| next.number == here.number + 1);
                let near = next.filter(|next| of_rule.near && wanted & (here.bits | next.bits) == wanted);
                let until = match (wanted & here.bits == wanted, near) {
                    (true, _) => here.until,
                    (false, Some(next)) => next.until,
                    (false, None) => continue,
                };
                let within = &self.hits[here.from..until];
                // What is meant as it is said comes before a figure of speech.
                let first = |part: &Part| {
                    let of_part = within.iter().filter(|of_hit| of_hit.part == *part);
                    of_part.min_by_key(|of_hit| of_hit.idiom).map(|of_hit| of_hit.hit)
                };
                let shown =
                    of_rule.parts.iter().filter(|part| !matches!(part, Part::First | Part::Third | Part::Present));
                out.push(Found { rule, hits: shown.filter_map(first).collect() });
            }
        }
        out
    }
}

impl Found {
    /// More than one word or phrase was found, not one that stands for several parts.
    pub fn several(&self) -> bool {
        self.hits.iter().any(|hit| hit.from >= self.hits[0].to || hit.to <= self.hits[0].from) || self.hits.len() < 2
    }
}
