//! Finding the words of concepts in the normalised line.
//!
//! Phrases lie in a trie over words. Before it is walked, one bit for each word of the line tells whether any word
//! occurs from which a claim could be built at all; for almost every text that is the whole work.

use std::collections::{HashMap, HashSet};

use crate::lexicon::variants;
use crate::quick::{ByHash, Kept};
use crate::text::{Text, is_filler, normalise, word_key};
use crate::weights::hash;

/// Words of everyday English, which are never taken for a misspelt concept.
const COMMON: &str = include_str!("../../../../data/understand/common_words.toml");
/// The shortest word that is also found with one letter wrong.
const MISSPELT_FROM: usize = 7;
/// The longest; a longer one is no word.
const MISSPELT_TO: usize = 24;
/// Bits of the first look; two of them stand for a word.
const BITS: usize = 1 << 17;

/// Where a concept was found: words of the line, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// First word.
    pub from: u32,
    /// One past the last.
    pub to: u32,
}

impl Place {
    /// They share a word.
    pub fn meets(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Words between the two; 0 where they touch or meet.
    pub fn gap(self, other: Self) -> u32 {
        other.from.saturating_sub(self.to).max(self.from.saturating_sub(other.to))
    }
}

/// All places of all concepts in a text.
#[derive(Debug)]
pub(crate) struct Found {
    starts: Vec<u32>,
    places: Vec<Place>,
}

impl Found {
    /// The places of a concept, in order.
    pub fn of(&self, concept: u16) -> &[Place] {
        let concept = concept as usize;
        &self.places[self.starts[concept] as usize..self.starts[concept + 1] as usize]
    }

    /// The concept occurs.
    pub fn has(&self, concept: u16) -> bool {
        !self.of(concept).is_empty()
    }

    /// The places of a concept that begin in a stretch of the line.
    pub fn within(&self, concept: u16, from: u32, to: u32) -> &[Place] {
        let places = self.of(concept);
        let first = places.partition_point(|place| place.from < from);
        let last = places.partition_point(|place| place.from < to);
        &places[first..last.max(first)]
    }
}

fn bits(hash: u64) -> [usize; 2] {
    [hash as usize % BITS, (hash >> 32) as usize % BITS]
}

fn edge(node: u32, word: u64) -> u64 {
    word ^ (u64::from(node) + 1).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// The phrases of all concepts, compiled.
#[derive(Debug)]
pub(crate) struct Phrases {
    edges: ByHash<u32>,
    /// Per node: the concepts whose phrase ends there.
    ends: Vec<Vec<u16>>,
    /// Two bits for each word from which a claim could be built.
    first_look: Vec<u64>,
    /// A word, or a word without one of its letters: which of `misspelt` it may stand for.
    near: ByHash<Vec<u32>>,
    misspelt: Vec<(String, Vec<u16>)>,
    common: HashSet<String>,
    /// Every word of every phrase.
    vocabulary: HashSet<u64, Kept>,
    concepts: usize,
}

impl Phrases {
    /// Compiles the lists of all concepts. `anchors` are those without which no claim is there, `things` those that are
    /// found with one letter wrong, too; `right` are words that are never taken for misspelt ones.
    pub fn compile(lists: &[String], anchors: &[bool], things: &[bool], right: &str) -> Result<Self, String> {
        let mut out = Self {
            edges: ByHash::default(),
            ends: vec![Vec::new()],
            first_look: vec![0; BITS / 64],
            near: ByHash::default(),
            misspelt: Vec::new(),
            common: COMMON.split_whitespace().chain(right.split_whitespace()).map(str::to_owned).collect(),
            vocabulary: HashSet::default(),
            concepts: lists.len(),
        };
        let mut indices: HashMap<String, u32> = HashMap::new();
        // Every word is brought into the form of the line once, whatever number of phrases it stands in.
        let mut normal: HashMap<String, String> = HashMap::new();
        for (concept, list) in lists.iter().enumerate() {
            for line in list.lines().filter(|line| !line.trim().is_empty()) {
                for phrase in variants(&format!("({line})"))? {
                    // A filler is not in the line: "simply a cold" would be found in every cold.
                    if let Some(filler) = phrase.split_whitespace().find(|word| is_filler(word)) {
                        return Err(format!("{phrase}: {filler:?} is not in the line"));
                    }
                    let mut words = String::new();
                    for word in phrase.split_whitespace() {
                        words.push_str(normal.entry(word.to_owned()).or_insert_with(|| normalise(word)));
                    }
                    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty() && *word != ".").collect();
                    if words.is_empty() {
                        continue;
                    }
                    out.add(concept as u16, &words);
                    if anchors[concept] {
                        // The longest word is the rarest, near enough.
                        let rare = words.iter().max_by_key(|word| word.len()).copied().unwrap_or_default();
                        out.set(hash(rare));
                    }
                    if things[concept] && words.len() == 1 && words[0].len() >= MISSPELT_FROM {
                        out.add_misspelt(concept as u16, words[0], &mut indices);
                    }
                }
            }
        }
        Ok(out)
    }

    fn add(&mut self, concept: u16, words: &[&str]) {
        let mut node = 0;
        for word in words {
            self.vocabulary.insert(word_key(word));
            let key = edge(node, word_key(word));
            let next = self.ends.len() as u32;
            node = *self.edges.entry(key).or_insert(next);
            if node == next {
                self.ends.push(Vec::new());
            }
        }
        let ends = &mut self.ends[node as usize];
        if !ends.contains(&concept) {
            ends.push(concept);
        }
    }

    fn add_misspelt(&mut self, concept: u16, word: &str, indices: &mut HashMap<String, u32>) {
        if !word.is_ascii() {
            return;
        }
        let next = self.misspelt.len() as u32;
        let index = *indices.entry(word.to_owned()).or_insert(next);
        if index == next {
            self.misspelt.push((word.to_owned(), Vec::new()));
            for key in std::iter::once(word_key(word)).chain(cuts(word)) {
                self.near.entry(key).or_default().push(index);
            }
        }
        let concepts = &mut self.misspelt[index as usize].1;
        if !concepts.contains(&concept) {
            concepts.push(concept);
        }
    }

    /// Adds the words of a sentence to those that are known.
    pub fn learn(&mut self, says: &str) {
        let line = normalise(says);
        self.vocabulary.extend(line.split(' ').map(word_key));
    }

    /// The share of the words of a text that stand in the library, in English or Spanish.
    pub fn known(&self, text: &Text) -> f64 {
        let known = (0..text.len()).filter(|at| self.vocabulary.contains(&word_key(text.piece(*at)))).count();
        known as f64 / text.len().max(1) as f64
    }

    fn set(&mut self, hash: u64) {
        for bit in bits(hash) {
            self.first_look[bit / 64] |= 1 << (bit % 64);
        }
    }

    /// A word occurs from which a claim could be built. Rarely says yes without reason.
    pub fn may_be_there(&self, text: &Text) -> bool {
        text.units.iter().any(|unit| bits(unit.hash).iter().all(|bit| self.first_look[bit / 64] >> (bit % 64) & 1 == 1))
    }

    /// Finds every concept. Of the phrases of one concept that begin at the same word only the longest counts.
    pub fn find(&self, text: &Text) -> Found {
        self.find_counting(text).0
    }

    /// The same, with the steps taken, for the test that they grow with the text only.
    fn find_counting(&self, text: &Text) -> (Found, usize) {
        let words: Vec<&str> = text.line.split(' ').filter(|word| !word.is_empty() && *word != ".").collect();
        debug_assert_eq!(words.len(), text.len(), "the line is its words");
        let keys: Vec<u64> = words.iter().map(|word| word_key(word)).collect();
        let mut all: Vec<(u16, Place)> = Vec::new();
        let mut steps = 0;
        for (from, word) in words.iter().enumerate() {
            let before = all.len();
            let mut node = 0;
            for (at, key) in keys.iter().enumerate().skip(from) {
                steps += 1;
                let Some(&next) = self.edges.get(&edge(node, *key)) else { break };
                node = next;
                for &concept in &self.ends[node as usize] {
                    let place = Place { from: from as u32, to: at as u32 + 1 };
                    match all[before..].iter_mut().find(|(seen, _)| *seen == concept) {
                        Some((_, longer)) => *longer = place,
                        None => all.push((concept, place)),
                    }
                }
            }
            if all.len() == before {
                steps += self.misspelt_at(word, from as u32, &mut all);
            }
        }
        (self.group(&all), steps)
    }

    /// A word with one letter too many, too few, wrong or swapped with its neighbour.
    fn misspelt_at(&self, word: &str, from: u32, all: &mut Vec<(u16, Place)>) -> usize {
        let fits = (MISSPELT_FROM - 1..=MISSPELT_TO).contains(&word.len());
        if !fits || !word.bytes().all(|byte| byte.is_ascii_lowercase()) || self.common.contains(word) {
            return 0;
        }
        let mut steps = 0;
        for key in std::iter::once(word_key(word)).chain(cuts(word)) {
            steps += 1;
            for &index in self.near.get(&key).map(Vec::as_slice).unwrap_or_default() {
                let (meant, concepts) = &self.misspelt[index as usize];
                if one_letter_off(word.as_bytes(), meant.as_bytes()) {
                    let place = Place { from, to: from + 1 };
                    all.extend(concepts.iter().map(|concept| (*concept, place)));
                    return steps;
                }
            }
        }
        steps
    }

    /// Sorts what was found by concept, in one pass.
    fn group(&self, all: &[(u16, Place)]) -> Found {
        let mut starts = vec![0_u32; self.concepts + 1];
        for (concept, _) in all {
            starts[*concept as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![Place { from: 0, to: 0 }; all.len()];
        for (concept, place) in all {
            let slot = &mut next[*concept as usize];
            places[*slot as usize] = *place;
            *slot += 1;
        }
        Found { starts, places }
    }
}

/// The keys of a word without one of its letters.
fn cuts(word: &str) -> impl Iterator<Item = u64> + '_ {
    (0..word.len()).map(|at| word_key(&format!("{}{}", &word[..at], &word[at + 1..])))
}

/// One letter is missing, added, wrong or swapped with its neighbour; the first is right.
fn one_letter_off(left: &[u8], right: &[u8]) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.first() != long.first() || long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(left, right)| left == right).count();
    if short.len() < long.len() {
        return short[same..] == long[same + 1..];
    }
    if same == short.len() {
        return false;
    }
    let swapped = same + 1 < short.len() && short[same] == long[same + 1] && short[same + 1] == long[same];
    short[same + 1..] == long[same + 1..] || (swapped && short[same + 2..] == long[same + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> Phrases {
        let lists = ["vaccine(s)?|flu shot|shot", "flu", "5g"].map(str::to_owned);
        Phrases::compile(&lists, &[true, false, true], &[true, false, false], "vaccina").expect("well formed")
    }

    fn found(text: &str, concept: u16) -> Vec<(u32, u32)> {
        phrases().find(&Text::new(text)).of(concept).iter().map(|place| (place.from, place.to)).collect()
    }

    #[test]
    fn the_longest_wording_at_a_word_counts() {
        assert_eq!(found("The flu shot gave me the flu", 0), [(1, 3), (2, 3)]);
        assert_eq!(found("The flu shot gave me the flu", 1), [(1, 2), (6, 7)]);
    }

    #[test]
    fn a_letter_may_be_wrong() {
        for text in ["vacine", "vaccinne", "vaccnie", "vaxcine", "VACCINE"] {
            assert_eq!(found(text, 0), [(0, 1)], "{text}");
        }
        for text in ["vain", "medicine", "raccine", "shop", "vaccina"] {
            assert!(found(text, 0).is_empty(), "{text}");
        }
    }

    #[test]
    fn digits_are_told_apart() {
        assert_eq!(found("5G towers", 2), [(0, 1)]);
        assert!(found("4G towers", 2).is_empty());
    }

    #[test]
    fn steps_grow_with_the_text_only() {
        let phrases = phrases();
        let steps = |times: usize| {
            let text = "the flu shot, vacine vaccinne ünïcödé 🙂 \u{200d}xxxxxxxxx. ".repeat(times);
            phrases.find_counting(&Text::new(&text)).1
        };
        let (once, many) = (steps(10), steps(1_000));
        assert!(many <= once * 101, "{once} {many}");
    }

    #[test]
    fn the_first_look_lets_no_anchor_pass_unseen() {
        let phrases = phrases();
        assert!(phrases.may_be_there(&Text::new("no flu shot for me")));
        assert!(!phrases.may_be_there(&Text::new("the nurse was kind and the tea was hot")));
    }
}
