//! The five risks. Each is a function from the phrases found to at most one [`Risk`]; crisis and
//! emergency phrases are only ever lowered in level, never dropped.

pub(crate) mod adverse;
pub(crate) mod crisis;
pub(crate) mod emergency;
pub(crate) mod parts;
pub(crate) mod privacy;
pub(crate) mod safety;

use crate::assessment::{Context, Risk, Span};
use crate::identifiers::identifiers;
use crate::lexicon::{Cue, Hit, Lexicon, Tag};
use crate::text::Text;

/// The risks that the rules alone find, without any model; for measuring them.
#[doc(hidden)]
pub fn by_rules(text: &str) -> Vec<Risk> {
    let read = Text::new(text);
    let hits = Lexicon::get().hits(&read);
    let around = Around::new(&read, &hits);
    let found = [
        crisis::crisis(&read, &hits, &around),
        emergency::emergency(&read, &hits, &around),
        safety::safety(&read, &hits, &around),
        adverse::adverse(&read, &hits, &around, &Context::default()),
        privacy::privacy(&read, &hits, &around, &identifiers(text)),
    ];
    found.into_iter().flatten().collect()
}

/// Whether the lists alone tie a reaction to a product. For measuring what they add to the model.
#[doc(hidden)]
pub fn adverse_by_lists(text: &str) -> bool {
    let read = Text::new(text);
    let hits = Lexicon::get().hits(&read);
    let around = Around::new(&read, &hits);
    adverse::by_lists(&read, &hits, &around, &Context::default()).is_some_and(|risk| risk.because.is_empty())
}

/// What the words around a phrase say about it.
pub(crate) struct Around<'a> {
    text: &'a Text,
    /// Cues in the order of their ends.
    cues: Vec<(Cue, Hit)>,
    /// Per sentence, a bit for every cue in it.
    sentences: Vec<u32>,
    /// Parts of a risk, by sentence.
    pub parts: parts::Parts,
}

impl<'a> Around<'a> {
    /// Sorts the cues of a text by where they stand.
    pub fn new(text: &'a Text, hits: &[Hit]) -> Self {
        let cues: Vec<_> = hits
            .iter()
            .filter_map(|hit| match hit.tag {
                Tag::Cue(cue) => Some((cue, *hit)),
                _ => None,
            })
            .collect();
        let mut sentences = vec![0; text.sentences as usize + 1];
        for (cue, hit) in &cues {
            sentences[text.word(hit.from).sentence as usize] |= 1 << (*cue as u32);
        }
        Self { text, cues, sentences, parts: parts::Parts::new(text, hits) }
    }

    /// The sentence of a phrase holds a cue.
    pub fn in_sentence(&self, hit: &Hit, cue: Cue) -> bool {
        self.has(self.text.word(hit.from).sentence as usize, cue)
    }

    /// The sentence of a phrase, the one before or the one after holds a cue.
    pub fn nearby(&self, hit: &Hit, cue: Cue) -> bool {
        let at = self.text.word(hit.from).sentence as usize;
        self.has(at, cue) || self.has(at + 1, cue) || (at > 0 && self.has(at - 1, cue))
    }

    /// The text holds a cue.
    pub fn anywhere(&self, cue: Cue) -> bool {
        self.cues.iter().any(|(found, _)| *found == cue)
    }

    /// The sentence of a phrase names a time that is over: "last year", "in 2015", not "an hour ago".
    pub fn long_past(&self, hit: &Hit) -> bool {
        let sentence = self.text.word(hit.from).sentence;
        if !self.in_sentence(hit, Cue::Past) {
            return false;
        }
        let of_sentence = |at: &Hit| self.text.word(at.from).sentence == sentence;
        let first = self.cues.partition_point(|(_, found)| self.text.word(found.from).sentence < sentence);
        let here = self.cues[first..].iter().take_while(|(_, found)| of_sentence(found));
        here.enumerate().any(|(at, (cue, past))| {
            let from = (first + at).saturating_sub(4);
            let near = &self.cues[from..self.cues.len().min(first + at + 5)];
            let recent = |(other, now): &(Cue, Hit)| *other == Cue::Now && now.from < past.to && now.to > past.from;
            *cue == Cue::Past && self.text.piece(past.from) != "previously" && !near.iter().any(recent)
        })
    }

    fn has(&self, sentence: usize, cue: Cue) -> bool {
        self.sentences.get(sentence).is_some_and(|bits| bits & (1 << (cue as u32)) != 0)
    }

    /// A cue shares a word with a phrase.
    pub fn overlaps(&self, hit: &Hit, cue: Cue) -> bool {
        // Cues end in order: those that end before the phrase begins cannot share a word with it.
        let first = self.cues.partition_point(|(_, found)| found.to <= hit.from);
        self.cues[first..]
            .iter()
            .take_while(|(_, found)| found.to <= hit.to + 12)
            .any(|(found, other)| *found == cue && other.from < hit.to)
    }

    /// The phrase is denied by a negation within three words before it, in the same clause. Two
    /// negations cancel out ("can't stop thinking of …"), "I don't know why …" denies nothing, and
    /// the "no" of an answer ("No, I don't …") is none of the two.
    pub fn negated(&self, hit: &Hit) -> bool {
        if self.begins_with_negation(hit) {
            return false;
        }
        let clause = self.text.word(hit.from).clause;
        let from = hit.from.saturating_sub(4);
        let first = self.cues.partition_point(|(_, found)| found.to <= from);
        let mut ends: Vec<usize> = self.cues[first..]
            .iter()
            .take_while(|(_, found)| found.to <= hit.from)
            .filter(|(cue, found)| {
                *cue == Cue::Negation
                    && found.from >= from
                    && self.text.word(found.from).clause == clause
                    && !self.idle(found, hit)
            })
            .map(|(_, found)| found.to)
            .collect();
        // "can not" and the "not" in it are one.
        ends.dedup();
        ends.len() % 2 == 1
    }

    /// "Don't want to live", "não acorda": a phrase that is itself a denial is denied by nothing.
    fn begins_with_negation(&self, hit: &Hit) -> bool {
        let first = self.cues.partition_point(|(_, found)| found.to <= hit.from);
        self.cues[first..].iter().take_while(|(_, found)| found.to <= hit.from + 4).any(|(cue, found)| {
            *cue == Cue::Negation && found.from >= hit.from && found.from < (hit.from + 2).min(hit.to)
        })
    }

    /// A negation that says nothing of the phrase.
    fn idle(&self, negation: &Hit, hit: &Hit) -> bool {
        let word = |at: usize| if at < self.text.len() { self.text.piece(at) } else { "" };
        let next = word(negation.to);
        let before = if negation.from > 0 { word(negation.from - 1) } else { "" };
        let answer = word(negation.from) == "no"
            && matches!(
                next,
                "i" | "im" | "he" | "she" | "they" | "we" | "not" | "no" | "he's" | "yo" | "ella" | "el" | "es"
            );
        // The Vietnamese "nào cũng" without its accents is no Portuguese "não".
        answer
            || (word(negation.from) == "nao" && next == "cung")
            || matches!(
                next,
                "know"
                    | "sure"
                    | "only"
                    | "help"
                    | "lie"
                    | "idea"
                    | "longer"
                    | "care"
                    | "wonder"
                    | "joke"
                    | "joking"
                    | "kidding"
            )
            || (matches!(before, "why" | "if") && negation.to == hit.from)
    }
}

/// The stretches of phrases, in order, overlapping ones joined, at most twelve of them.
pub(crate) fn spans<'h>(text: &Text, hits: impl IntoIterator<Item = &'h Hit>) -> Vec<Span> {
    let mut found: Vec<Span> = hits.into_iter().map(|hit| hit.span(text)).collect();
    found.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for span in found {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out.truncate(12);
    out
}
