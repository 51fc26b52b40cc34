//! The list `data/understand/reactions.toml`: which words and phrases are symptoms, and which tell a reaction from an
//! illness, a benefit, a withdrawal or hearsay.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use crate::lexicon::variants;
use crate::text::Text;
use crate::weights::pair;

const FILE: &str = include_str!("../../../../data/understand/reactions.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    reviewed_on: String,
    effective_from: String,
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    tag: String,
    phrases: String,
}

/// What a phrase is, as its place among the groups of the file.
pub type Tag = u8;

/// A word that is no tag but stays itself in patterns of tags.
const KEPT: &str = "kept";
/// Groups of medicines.
const PRODUCTS: [&str; 2] = ["drug_name", "product"];
/// Groups whose words may be the telling ones of a symptom.
const TELLING: [&str; 5] = ["condition", "body", "failed", "benefit", "cause"];
/// Words that are no tag and send no text to the model.
const IDLE: &str = "idle";
/// Groups whose names begin so hold symptoms.
const SYMPTOM: &str = "sym_";

/// The list, ready to be matched.
#[derive(Debug)]
pub struct Lists {
    /// Names of the tags, in the order of the file.
    pub names: Vec<String>,
    /// How many of the first tags are symptoms.
    pub symptoms: usize,
    /// By the hash of the words so far: the tag that ends here, if any.
    steps: HashMap<u64, Option<Tag>, Plain>,
    kept: HashSet<u64, Plain>,
    /// The telling word of each symptom.
    keys: HashSet<u64, Plain>,
    /// Words for a medicine.
    products: HashSet<u64, Plain>,
}

/// Keys that are hashes already need no second hashing.
#[derive(Debug, Clone, Copy, Default)]
struct Plain(u64);

impl std::hash::BuildHasher for Plain {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        Self(0)
    }
}

impl std::hash::Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Where a phrase begins: the state before its first word.
const START: u64 = 0x5245_4143_5449_4f4e;

impl Lists {
    /// Reads the list that is built in.
    pub fn read() -> Result<Self, String> {
        let file: File = toml::from_str(FILE).map_err(|error| format!("reactions: {error}"))?;
        if file.source.is_empty() || file.reviewed_on.len() != 10 || file.effective_from.len() != 10 {
            return Err("reactions: a list names its source and dates".to_owned());
        }
        let mut lists = Self {
            names: Vec::new(),
            symptoms: 0,
            steps: HashMap::default(),
            kept: HashSet::default(),
            keys: HashSet::default(),
            products: HashSet::default(),
        };
        let mut plain: HashSet<u64> = HashSet::new();
        let mut symptoms: Vec<Vec<(u64, usize)>> = Vec::new();
        for group in &file.group {
            let is_symptom = group.tag.starts_with(SYMPTOM);
            if is_symptom && lists.names.len() > lists.symptoms {
                return Err("reactions: symptoms stand first".to_owned());
            }
            let tag = lists.names.len() as Tag;
            for phrase in group.phrases.lines().map(str::trim).filter(|line| !line.is_empty()) {
                for variant in variants(phrase)? {
                    let words = words(&variant);
                    if group.tag == KEPT {
                        lists.kept.extend(words.iter().map(|(hash, _)| *hash));
                    } else if group.tag != IDLE {
                        lists.add(&words, tag);
                    }
                    if PRODUCTS.contains(&group.tag.as_str()) && words.len() == 1 && words[0].1 > 3 {
                        lists.products.insert(words[0].0);
                    }
                    if is_symptom {
                        symptoms.push(words);
                    } else if words.len() == 1 && !TELLING.contains(&group.tag.as_str()) {
                        plain.insert(words[0].0);
                    }
                }
            }
            if group.tag != KEPT && group.tag != IDLE {
                lists.names.push(group.tag.clone());
                lists.symptoms += usize::from(is_symptom);
            }
        }
        for words in &symptoms {
            let telling = words.iter().filter(|(hash, _)| !plain.contains(hash)).max_by_key(|(_, length)| *length);
            lists.keys.extend(telling.map(|(hash, _)| *hash));
        }
        Ok(lists)
    }

    /// The first group that lists a phrase has it.
    fn add(&mut self, words: &[(u64, usize)], tag: Tag) {
        let mut state = START;
        for (at, (hash, _)) in words.iter().enumerate() {
            state = pair(state, *hash);
            let ends = self.steps.entry(state).or_insert(None);
            if at + 1 == words.len() && ends.is_none() {
                *ends = Some(tag);
            }
        }
    }

    /// The longest phrase at the beginning of some words: its tag and how many words it has.
    pub fn longest(&self, words: impl Iterator<Item = u64>) -> Option<(Tag, usize)> {
        let mut state = START;
        let mut found = None;
        for (at, hash) in words.enumerate() {
            state = pair(state, hash);
            match self.steps.get(&state) {
                None => break,
                Some(Some(tag)) => found = Some((*tag, at + 1)),
                Some(None) => {}
            }
        }
        found
    }

    /// A common word that stays itself.
    pub fn is_kept(&self, hash: u64) -> bool {
        self.kept.contains(&hash)
    }

    /// The word stands in a symptom and says something by itself.
    pub fn is_key(&self, hash: u64) -> bool {
        self.keys.contains(&hash)
    }

    /// The word is common, or listed by itself.
    pub fn is_word(&self, hash: u64) -> bool {
        self.is_kept(hash) || self.steps.contains_key(&pair(START, hash))
    }

    /// The word speaks of a medicine.
    pub fn is_product(&self, hash: u64) -> bool {
        self.products.contains(&hash)
    }

    /// The tag is a symptom.
    pub fn is_symptom(&self, tag: Tag) -> bool {
        usize::from(tag) < self.symptoms
    }

    /// The tags by their names.
    pub fn by_name(&self) -> BTreeMap<&str, Tag> {
        self.names.iter().enumerate().map(|(at, name)| (name.as_str(), at as Tag)).collect()
    }
}

/// Hash and length of the words of a phrase, in the form of the line.
fn words(phrase: &str) -> Vec<(u64, usize)> {
    let text = Text::new(phrase);
    text.units.iter().map(|unit| (unit.hash, text.unit(unit).len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(lists: &Lists, phrase: &str) -> Option<String> {
        let words = words(phrase);
        let (tag, length) = lists.longest(words.iter().map(|(hash, _)| *hash))?;
        (length == words.len()).then(|| lists.names[usize::from(tag)].clone())
    }

    #[test]
    fn the_longest_phrase_speaks_and_the_first_group_has_it() {
        let lists = Lists::read().expect("the list is well formed");
        assert_eq!(tag(&lists, "couldn't sleep").as_deref(), Some("sym_sleepless"));
        assert_eq!(tag(&lists, "gained 25 pounds").as_deref(), Some("sym_weight_up"));
        assert_eq!(tag(&lists, "no side effects").as_deref(), Some("gone"));
        assert_eq!(tag(&lists, "side effects").as_deref(), Some("sym_general"));
        assert_eq!(tag(&lists, "waiting room"), None);
        assert!(lists.symptoms > 20, "{}", lists.symptoms);
    }

    #[test]
    fn words_that_say_nothing_by_themselves_are_no_keys() {
        let lists = Lists::read().expect("the list is well formed");
        let key = |word: &str| lists.is_key(crate::weights::hash(word));
        assert!(key("insomnia") && key("libido") && key("zaps"));
        assert!(!key("no") && !key("not") && !key("more") && !key("in"));
    }
}
