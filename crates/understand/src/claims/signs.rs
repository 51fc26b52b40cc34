//! What a meeting of concepts says about its claim, as numbers: does a relation tie the concepts, is it turned around, is
//! it asked, told of others, called a myth; how near the words stand and how like known wordings they are.

use super::phrases::{Phrases, Place};
use crate::quick::ByHash;
use crate::text::{Text, normalise, word_key};

/// The numbers, by name. The model names the same, so that a file fitted for others is refused.
pub(crate) const SIGNS: [&str; 42] = [
    "relation",
    "relation_close",
    "relation_gap",
    "opposite",
    "both",
    "bare_alone",
    "nothing",
    "hint",
    "unless",
    "gap",
    "neighbours",
    "single",
    "similar",
    "asserting",
    "denying",
    "negated",
    "turned_alone",
    "no_first",
    "debunk",
    "debunk_near",
    "assent",
    "assent_near",
    "report",
    "asked",
    "ask",
    "begins_like_a_question",
    "asked_and_ask",
    "asked_and_begins",
    "asked_elsewhere",
    "asked_and_assent",
    "story",
    "service",
    "news",
    "length",
    "similar_denying",
    "opposite_negated",
    "one_clause",
    "between",
    "usual_order",
    "begins_unmarked",
    "unturned",
    "asked_and_service",
];

/// One number for each of [`SIGNS`].
pub(crate) type Signs = [f64; SIGNS.len()];

/// The places of the frames among the lists; `data/claims/frames.toml` says what each is.
#[derive(Debug)]
pub(crate) struct Frames {
    pub negation: u16,
    pub concord: u16,
    pub quantifier: u16,
    pub idle: u16,
    pub debunk: u16,
    pub assent: u16,
    pub report: u16,
    pub ask: u16,
    pub story: u16,
    pub service: u16,
    pub news: u16,
}

impl Frames {
    /// Finds them by name.
    pub fn find(index: impl Fn(&str) -> Option<u16>) -> Result<Self, String> {
        let at = |name: &str| index(name).ok_or_else(|| format!("no frame is called {name}"));
        Ok(Self {
            negation: at("negation")?,
            concord: at("concord")?,
            quantifier: at("quantifier")?,
            idle: at("idle")?,
            debunk: at("debunk")?,
            assent: at("assent")?,
            report: at("report")?,
            ask: at("ask")?,
            story: at("story")?,
            service: at("service")?,
            news: at("news")?,
        })
    }
}

/// A claim as the matcher sees it.
#[derive(Debug)]
pub(crate) struct Matcher {
    /// All must be there.
    pub about: Vec<u16>,
    /// Says what the myth says.
    pub relation: Vec<u16>,
    /// Weaker signs of it.
    pub hint: Vec<u16>,
    /// Says the contrary.
    pub opposite: Vec<u16>,
    /// Something else is meant.
    pub unless: Vec<u16>,
    /// The concepts need no relation.
    pub bare: bool,
    /// In which share of the known wordings the first concept stands before the second.
    pub first_first: f64,
    /// The known wordings: words and what each is worth, without the words of the concepts themselves.
    pub says: Vec<Vec<(u64, f32)>>,
}

/// The key of a word without its ending, near enough: of its first five letters.
pub(crate) fn stem(word: &str) -> u64 {
    let end = word.char_indices().nth(5).map_or(word.len(), |(at, _)| at);
    word_key(&word[..end])
}

/// Words of a known wording, weighed by how rare they are among all wordings.
pub(crate) fn wording(says: &str, about: &[u16], phrases: &Phrases, rarity: &ByHash<f32>) -> Vec<(u64, f32)> {
    let text = Text::new(says);
    let found = phrases.find(&text);
    let covered = |at: u32| about.iter().any(|concept| found.of(*concept).iter().any(|place| place.meets(word(at))));
    let mut words: Vec<(u64, f32)> = (0..text.len())
        .filter(|at| !covered(*at as u32))
        .map(|at| stem(text.piece(at)))
        .map(|key| (key, rarity.get(&key).copied().unwrap_or(0.0)))
        .collect();
    words.sort_unstable_by_key(|(key, _)| *key);
    words.dedup_by_key(|(key, _)| *key);
    words
}

/// How rare each word is among wordings: the logarithm of one over the share that hold it.
pub(crate) fn rarity<'s>(all: impl Iterator<Item = &'s String>) -> ByHash<f32> {
    let mut counts: ByHash<u32> = ByHash::default();
    let mut total = 0_u32;
    for says in all {
        total += 1;
        let line = normalise(says);
        let mut keys: Vec<u64> = line.split(' ').filter(|word| !word.is_empty()).map(stem).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    }
    counts.into_iter().map(|(key, count)| (key, (total as f32 / count as f32).ln())).collect()
}

/// In which share of some wordings the first concept stands before the second; a half where there is no second.
pub(crate) fn first_first<'s>(all: impl Iterator<Item = &'s String>, about: &[u16], phrases: &Phrases) -> f64 {
    let [one, other, ..] = about else { return 0.5 };
    let (mut first, mut both) = (1.0, 2.0);
    for says in all {
        let found = phrases.find(&Text::new(says));
        if let (Some(one), Some(other)) = (found.of(*one).first(), found.of(*other).first()) {
            both += 1.0;
            first += f64::from(u8::from(one.from < other.from));
        }
    }
    first / both
}

fn word(at: u32) -> Place {
    Place { from: at, to: at + 1 }
}
