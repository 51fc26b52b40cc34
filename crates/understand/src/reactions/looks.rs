//! What the model sees of a sentence: its words, pairs, character n-grams, triples and pairs with a gap, and patterns of
//! tags, each with the clause it ends in; and a row of numbers for the second stage.

use std::ops::Range;

use super::lists::{Lists, Tag};
use crate::text::{Case, Text};
use crate::weights::{grams, pair};

/// The kinds of features.
pub const KINDS: usize = 5;
const WORD: usize = 0;
const PAIR: usize = 1;
const GRAM: usize = 2;
const TRIPLE: usize = 3;
const PATTERN: usize = 4;

/// How much each kind counts beside the others.
pub const KIND_VALUES: [f32; KINDS] = [1.0, 1.0, 1.0, 1.0, 1.5];

/// The longest pattern of tags.
const LONGEST_PATTERN: usize = 4;
/// A longer sentence is cut.
const MOST_UNITS: usize = 300;

/// Stands for every name of a medicine.
const DRUG: u64 = 0x6472_7567_6e61_6d65;
/// Stands for every symptom in a pattern.
const SYM: u64 = 0x73_796d;
/// Stands for a word that is neither tagged nor kept.
const GAP: u64 = 0x67_6170;

/// A feature of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// What it is, with its kind.
    pub hash: u64,
    /// The clause it ends in, from 0.
    pub clause: u16,
    /// The unit it ends at.
    pub unit: u32,
}

/// A tagged phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tagged {
    /// What it is.
    pub tag: Tag,
    /// First unit of the text.
    pub from: u32,
    /// One past the last.
    pub to: u32,
    /// Its place in the pattern.
    pub place: u16,
}

/// What is seen of a sentence.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Features by kind.
    pub features: [Vec<Feature>; KINDS],
    /// Tagged phrases in order.
    pub tags: Vec<Tagged>,
    /// How many clauses it has, 1 or more.
    pub clauses: usize,
    /// Its first unit.
    pub start: usize,
    /// How many units.
    pub units: usize,
    /// How many words are all capitals.
    pub loud: usize,
    /// It asks.
    pub asks: bool,
    /// It speaks of the writer.
    pub first: bool,
    /// How many places the pattern has.
    pub places: usize,
}

/// What a glance leaves for the features.
pub(crate) struct Rest {
    clause: Vec<u16>,
    places: Vec<Place>,
}

/// One place of the pattern.
struct Place {
    hash: u64,
    clause: u16,
    unit: u32,
}

impl Look {
    /// Looks at the units of a text that lie in a range: the tagged phrases, and what is counted. The features follow with
    /// [`Look::fill`].
    pub(crate) fn glance(lists: &Lists, text: &Text, range: Range<usize>) -> (Self, Rest) {
        let range = range.start..range.end.min(range.start + MOST_UNITS);
        let mut look = Self { start: range.start, units: range.len(), clauses: 1, ..Self::default() };
        let clause = clauses(text, range.clone());
        look.clauses = clause.last().map_or(1, |last| usize::from(*last) + 1);
        let places = look.tag(lists, text, range.clone(), &clause);
        for unit in &text.units[range] {
            look.loud += usize::from(text.words[unit.word as usize].case == Case::Upper && unit.len > 2);
            let letters = text.unit(unit);
            look.asks |= letters == "?";
            look.first |= matches!(letters, "i" | "me" | "my" | "myself");
        }
        (look, Rest { clause, places })
    }

    /// Finds the features.
    pub(crate) fn fill(&mut self, drug: Tag, text: &Text, rest: &Rest) {
        let range = self.start..self.start + self.units;
        let mut hashes: Vec<u64> = text.units[range.clone()].iter().map(|unit| unit.hash).collect();
        for tagged in self.tags.iter().filter(|tagged| tagged.tag == drug) {
            hashes[tagged.from as usize - range.start..tagged.to as usize - range.start].fill(DRUG);
        }
        self.words(text, range.start, &hashes, &rest.clause);
        self.patterns(&rest.places);
    }

    /// Finds the tagged phrases and gives the pattern they make with the kept words.
    fn tag(&mut self, lists: &Lists, text: &Text, range: Range<usize>, clause: &[u16]) -> Vec<Place> {
        let units = &text.units[range.clone()];
        let mut places: Vec<Place> = Vec::with_capacity(units.len());
        let mut at = 0;
        while at < units.len() {
            let unit = (range.start + at) as u32;
            let (hash, length) = match lists.longest(units[at..].iter().map(|unit| unit.hash)) {
                Some((tag, length)) => {
                    let place = places.len() as u16;
                    self.tags.push(Tagged { tag, from: unit, to: unit + length as u32, place });
                    (if lists.is_symptom(tag) { SYM } else { 0x7461_6700 | u64::from(tag) }, length)
                }
                None if lists.is_kept(units[at].hash) => (units[at].hash, 1),
                None => (GAP, 1),
            };
            let last = at + length - 1;
            places.push(Place { hash, clause: clause[last], unit: (range.start + last) as u32 });
            at += length;
        }
        self.places = places.len();
        places
    }

    fn put(&mut self, kind: usize, hash: u64, clause: u16, unit: usize) {
        self.features[kind].push(Feature { hash: pair(kind as u64 + 11, hash), clause, unit: unit as u32 });
    }

    fn words(&mut self, text: &Text, start: usize, hashes: &[u64], clause: &[u16]) {
        for (at, hash) in hashes.iter().enumerate() {
            let (unit, of) = (start + at, clause[at]);
            self.put(WORD, *hash, of, unit);
            if at > 0 {
                self.put(PAIR, pair(hashes[at - 1], *hash), of, unit);
            }
            if at > 1 {
                self.put(TRIPLE, pair(pair(hashes[at - 2], hashes[at - 1]), *hash), of, unit);
                self.put(TRIPLE, pair(pair(hashes[at - 2], GAP), *hash), of, unit);
            }
            if *hash != DRUG {
                for gram in grams(text.unit(&text.units[unit])) {
                    self.put(GRAM, gram.hash, of, unit);
                }
            }
        }
    }

    fn patterns(&mut self, places: &[Place]) {
        for (at, place) in places.iter().enumerate() {
            let mut hash = place.hash;
            self.put(PATTERN, hash, place.clause, place.unit as usize);
            for before in places[..at].iter().rev().take(LONGEST_PATTERN - 1) {
                hash = pair(before.hash, hash);
                self.put(PATTERN, hash, place.clause, place.unit as usize);
            }
        }
        for index in 0..self.tags.len() {
            let tagged = self.tags[index];
            let place = &places[usize::from(tagged.place)];
            // The group itself, which patterns do not tell.
            self.put(PATTERN, 0x6772_6f75_7000 | u64::from(tagged.tag), place.clause, place.unit as usize);
        }
    }
}

/// The clause of each unit, counted from 0 within the range.
fn clauses(text: &Text, range: Range<usize>) -> Vec<u16> {
    let mut now = None;
    let mut count: u16 = 0;
    text.units[range]
        .iter()
        .map(|unit| {
            let clause = text.words[unit.word as usize].clause;
            if now.is_some_and(|now| now != clause) {
                count = count.saturating_add(1);
            }
            now = Some(clause);
            count
        })
        .collect()
}

/// The units of each sentence.
pub(crate) fn sentences(text: &Text) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for (at, unit) in text.units.iter().enumerate() {
        let sentence = text.words[unit.word as usize].sentence;
        match out.last_mut() {
            Some(range) if last == Some(sentence) => range.end = at + 1,
            _ => out.push(at..at + 1),
        }
        last = Some(sentence);
    }
    out
}
