//! Where in a text the concepts of a claim meet: in one sentence or in neighbours, not on the same words.

use super::phrases::{Found, Place};
use crate::text::Text;

/// Concepts that are further apart than so many words do not meet.
const APART: u32 = 40;
/// So many places of a concept before and after a word are looked at.
const AROUND: usize = 4;
/// So many meetings of one claim are weighed, the closest first.
const KEPT: usize = 4;

/// One meeting of all concepts of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meeting {
    /// The concepts, in the order of the claim.
    pub about: Vec<Place>,
    /// First word.
    pub from: u32,
    /// One past the last.
    pub to: u32,
    /// How many sentences it spans beyond the first.
    pub sentences: u32,
}

impl Meeting {
    /// Words between the concepts.
    pub fn gap(&self) -> u32 {
        let covered: u32 = self.about.iter().map(|place| place.to - place.from).sum();
        (self.to - self.from).saturating_sub(covered)
    }
}

/// The sentences of a text, by the words of its line.
pub(crate) struct Sentences {
    /// First word of each, and the end.
    starts: Vec<u32>,
    /// Those with a question mark.
    asked: Vec<bool>,
}

impl Sentences {
    /// Reads them off a text.
    pub fn new(text: &Text) -> Self {
        let count = text.sentences as usize + 1;
        let mut starts = vec![text.len() as u32; count + 1];
        for at in (0..text.len()).rev() {
            starts[text.word(at).sentence as usize] = at as u32;
        }
        // A sentence of fillers has no word in the line: it begins where the next does.
        for sentence in (0..count).rev() {
            starts[sentence] = starts[sentence].min(starts[sentence + 1]);
        }
        let mut asked = vec![false; count];
        if text.question_marks > 0 {
            for unit in text.units.iter().filter(|unit| unit.len == 1 && text.unit(unit) == "?") {
                asked[text.words[unit.word as usize].sentence as usize] = true;
            }
        }
        Self { starts, asked }
    }

    /// The words of some sentences, first and last given, no more than [`APART`] around a stretch.
    pub fn stretch(&self, first: u32, last: u32, from: u32, to: u32) -> (u32, u32) {
        let last = (last as usize + 1).min(self.starts.len() - 1);
        (self.starts[first as usize].max(from.saturating_sub(APART)), self.starts[last].min(to + APART))
    }

    /// A question mark ends one of some sentences.
    pub fn asked(&self, first: u32, last: u32) -> bool {
        self.asked[first as usize..=last as usize].iter().any(|asked| *asked)
    }

    /// The first word of a sentence.
    pub fn start(&self, sentence: u32) -> u32 {
        self.starts[sentence as usize]
    }
}

/// The meetings of some concepts, closest first. For each place of the first concept the others are looked for around
/// it, a fixed number of them, so that the work grows with the text only.
pub(crate) fn meetings(text: &Text, found: &Found, about: &[u16]) -> Vec<Meeting> {
    let sentence = |place: Place| text.word(place.from as usize).sentence;
    // The flu of "flu shot" is no flu.
    let part_of_another = |concept: u16, place: Place| {
        about.iter().filter(|other| **other != concept).any(|other| {
            let around = found.within(*other, place.from.saturating_sub(3), place.to);
            around.iter().any(|whole| whole.from <= place.from && place.to <= whole.to && *whole != place)
        })
    };
    let mut out: Vec<Meeting> = Vec::new();
    'places: for &anchor in found.of(about[0]) {
        if part_of_another(about[0], anchor) {
            continue;
        }
        let mut met = vec![anchor];
        for &concept in &about[1..] {
            let places = found.of(concept);
            let near = places.partition_point(|place| place.from < anchor.from);
            let around = &places[near.saturating_sub(AROUND)..(near + AROUND).min(places.len())];
            let nearest = around
                .iter()
                .filter(|place| !met.iter().any(|other| other.meets(**place)) && !part_of_another(concept, **place))
                .filter(|place| place.gap(anchor) <= APART && sentence(**place).abs_diff(sentence(anchor)) <= 1)
                .min_by_key(|place| (sentence(**place).abs_diff(sentence(anchor)), place.gap(anchor)));
            match nearest {
                Some(place) => met.push(*place),
                None => continue 'places,
            }
        }
        let from = met.iter().map(|place| place.from).min().unwrap_or_default();
        let to = met.iter().map(|place| place.to).max().unwrap_or_default();
        let sentences = text.word(to as usize - 1).sentence - text.word(from as usize).sentence;
        let meeting = Meeting { about: met, from, to, sentences };
        let rank = |meeting: &Meeting| (meeting.sentences, meeting.gap(), meeting.from);
        let at = out.partition_point(|other| rank(other) <= rank(&meeting));
        if at < KEPT {
            out.insert(at, meeting);
            out.truncate(KEPT);
        }
    }
    out
}
