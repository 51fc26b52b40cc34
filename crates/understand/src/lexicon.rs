//! The word lists of `data/understand/`, compiled once into one tree of words.
//!
//! Every list is a dated file with its source. A line is a phrase; `(a|b)` are alternatives, `[x]`
//! and `(x)?` are optional, ` = 1.5` at the end is its weight (1 where none stands). Phrases are brought into
//! the same form as the text ([`crate::text`]) and matched in one pass for all heads.

mod tags;
mod trie;
mod wordings;

use std::collections::{HashMap, VecDeque};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::assessment::Span;
use crate::text::{Text, normalise};
use crate::themes::ThemeName;
use tags::tag;
pub(crate) use tags::{Cue, Flag, Grave, Harm, Tag};
use trie::{Match, Trie};
use wordings::split;
pub(crate) use wordings::variants;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    reviewed_on: String,
    effective_from: String,
    #[serde(default)]
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    /// `crisis`, `cue`, `emergency`, `safety`, `product`, `reaction`, `link`, `part`, `privacy`, `intent`, `feeling`, `grave`.
    family: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    weight: Option<f32>,
    phrases: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    source: String,
    reviewed_on: String,
    effective_from: String,
    theme: Vec<ThemeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeEntry {
    label: String,
    category: String,
    /// For languages that the reader does not know.
    #[serde(default)]
    phrases: String,
    /// For English too.
    #[serde(default)]
    english: String,
}

const FILES: &[(&str, &str)] = &[
    ("adverse", include_str!("../../../data/understand/adverse.toml")),
    ("crisis", include_str!("../../../data/understand/crisis.toml")),
    ("crisis_other", include_str!("../../../data/understand/crisis_other.toml")),
    ("crisis_parts", include_str!("../../../data/understand/crisis_parts.toml")),
    ("cues", include_str!("../../../data/understand/cues.toml")),
    ("emergency", include_str!("../../../data/understand/emergency.toml")),
    ("emergency_other", include_str!("../../../data/understand/emergency_other.toml")),
    ("emergency_parts", include_str!("../../../data/understand/emergency_parts.toml")),
    ("feelings", include_str!("../../../data/understand/feelings.toml")),
    ("intents", include_str!("../../../data/understand/intents.toml")),
    ("privacy", include_str!("../../../data/understand/privacy.toml")),
    ("severity", include_str!("../../../data/understand/severity.toml")),
    ("safety", include_str!("../../../data/understand/safety.toml")),
    ("safety_parts", include_str!("../../../data/understand/safety_parts.toml")),
];
const THEMES: &str = include_str!("../../../data/themes/themes.toml");

/// The weight of a phrase that names a theme in English too.
pub(crate) const IN_ENGLISH_TOO: f32 = 2.0;

/// A phrase found in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// What it says.
    pub tag: Tag,
    /// How strongly.
    pub weight: f32,
    /// First word of the line.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

impl Hit {
    /// Where it lies in the text.
    pub fn span(&self, text: &Text) -> Span {
        text.span(self.from, self.to)
    }
}

/// What a phrase stands for.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// A phrase.
    Says(Tag, f32),
    /// The left half of a phrase.
    Left(u32),
    /// The right half.
    Right(u32),
}

impl Meaning {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Says(left, _), Self::Says(right, _)) => left == right,
            (Self::Left(left), Self::Left(right)) | (Self::Right(left), Self::Right(right)) => left == right,
            _ => false,
        }
    }
}

/// A phrase in two halves, so that m times n wordings need m plus n patterns.
#[derive(Debug, Clone, Copy)]
struct Pair {
    tag: Tag,
    weight: f32,
    /// How many words may stand between.
    gap: u8,
}

/// So many words may stand between the halves of a phrase written with ` ~ `.
const MAX_GAP: usize = 3;
/// A line with more wordings than this is matched in two halves.
const WHOLE_UP_TO: usize = 40;

/// All lists, compiled.
pub(crate) struct Lexicon {
    trie: Trie,
    /// Per phrase: a stretch of `meanings`.
    patterns: Vec<(u32, u32)>,
    meanings: Vec<Meaning>,
    pairs: Vec<Pair>,
    /// Themes in the order of the file.
    pub themes: Vec<ThemeName>,
}

impl Lexicon {
    /// The lists that this program carries.
    pub fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::compile().expect("the lists are part of the program and a test compiles them"))
    }

    fn compile() -> Result<Self, String> {
        let mut phrases: HashMap<String, Vec<Meaning>> = HashMap::new();
        let mut pairs: Vec<Pair> = Vec::new();
        let mut put = |part: &str, meaning: Meaning| {
            for variant in variants(part)? {
                let normal = normalise(&variant);
                let normal = normal.trim_end_matches(". ").to_string();
                // A filler word alone is not in the line either.
                if normal.len() < 2 {
                    continue;
                }
                let meanings = phrases.entry(normal).or_default();
                match (meanings.iter_mut().find(|seen| seen.same(&meaning)), meaning) {
                    (Some(Meaning::Says(tag, seen)), Meaning::Says(_, weight)) if *tag == Tag::Feeling => {
                        *seen = weight
                    }
                    (Some(Meaning::Says(_, seen)), Meaning::Says(_, weight)) => *seen = seen.max(weight),
                    (Some(_), _) => {}
                    (None, meaning) => meanings.push(meaning),
                }
            }
            Ok::<(), String>(())
        };
        let mut add = |line: &str, tag: Tag, weight: f32| {
            let (phrase, weight) = match line.rsplit_once(" = ") {
                Some((phrase, number)) => (phrase, number.trim().parse().map_err(|_| format!("no weight: {line}"))?),
                None => (line, weight),
            };
            match split(phrase) {
                None => put(phrase, Meaning::Says(tag, weight)),
                Some((left, right, gap)) => {
                    let pair = pairs.len() as u32;
                    pairs.push(Pair { tag, weight, gap });
                    put(left, Meaning::Left(pair))?;
                    put(right, Meaning::Right(pair))
                }
            }
        };
        for (name, content) in FILES {
            let file: File = toml::from_str(content).map_err(|error| format!("{name}: {error}"))?;
            dated(name, &file.source, &file.reviewed_on, &file.effective_from)?;
            for group in &file.group {
                let tag = tag(&group.family, &group.label).map_err(|error| format!("{name}: {error}"))?;
                let _ = &group.lang;
                for line in lines(&group.phrases) {
                    add(line, tag, group.weight.unwrap_or(1.0))?;
                }
            }
        }
        let file: ThemeFile = toml::from_str(THEMES).map_err(|error| format!("themes: {error}"))?;
        dated("themes", &file.source, &file.reviewed_on, &file.effective_from)?;
        for (index, theme) in file.theme.iter().enumerate() {
            for line in lines(&theme.phrases) {
                add(line, Tag::Theme(index as u16), 1.0)?;
            }
            for line in lines(&theme.english) {
                add(line, Tag::Theme(index as u16), IN_ENGLISH_TOO)?;
            }
        }
        let themes =
            file.theme.into_iter().map(|theme| ThemeName { label: theme.label, category: theme.category }).collect();
        let mut sorted: Vec<_> = phrases.into_iter().collect();
        sorted.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut patterns = Vec::with_capacity(sorted.len());
        let mut meanings = Vec::with_capacity(sorted.len());
        for (_, of_phrase) in &sorted {
            patterns.push((meanings.len() as u32, of_phrase.len() as u32));
            meanings.extend_from_slice(of_phrase);
        }
        let trie = Trie::new(sorted.iter().map(|(phrase, _)| phrase.as_str()))?;
        meanings.shrink_to_fit();
        Ok(Self { trie, patterns, meanings, pairs, themes })
    }

    /// All phrases in a text, also those within others, in the order of their ends.
    pub fn hits(&self, text: &Text) -> Vec<Hit> {
        self.walk(text).0
    }

    /// The phrases, and how many steps it took to find them: a word, a step through the tree, a phrase found, a half
    /// looked back at.
    pub fn walk(&self, text: &Text) -> (Vec<Hit>, usize) {
        let mut back = 0;
        let mut hits = Vec::with_capacity(text.len());
        // The left halves seen last, each with its pair; a right half looks back over these.
        let mut lefts: VecDeque<(u32, usize, usize)> = VecDeque::new();
        let steps = self.trie.find(text, |Match { phrase, from, to }| {
            back += 1;
            let (start, count) = self.patterns[phrase as usize];
            while lefts.front().is_some_and(|&(_, _, end)| end + MAX_GAP + 16 < from) {
                lefts.pop_front();
            }
            for meaning in &self.meanings[start as usize..(start + count) as usize] {
                match *meaning {
                    Meaning::Says(tag, weight) => hits.push(Hit { tag, weight, from, to }),
                    Meaning::Left(pair) => lefts.push_back((pair, from, to)),
                    Meaning::Right(pair) => {
                        let Pair { tag, weight, gap } = self.pairs[pair as usize];
                        let sentence = text.word(from).sentence;
                        let left = lefts.iter().rev().find(|&&(of, begin, end)| {
                            back += 1;
                            of == pair
                                && end <= from
                                && from - end <= gap as usize
                                && text.word(begin).sentence == sentence
                        });
                        if let Some(&(_, begin, _)) = left {
                            hits.push(Hit { tag, weight, from: begin, to });
                        }
                    }
                }
            }
        });
        (hits, steps + back)
    }

    /// Phrases and bytes of the tree.
    #[cfg(test)]
    pub fn size(&self) -> (usize, usize) {
        (self.patterns.len(), self.trie.size())
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn dated(name: &str, source: &str, reviewed_on: &str, effective_from: &str) -> Result<(), String> {
    let date = |text: &str| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if source.is_empty() || !date(reviewed_on) || !date(effective_from) {
        return Err(format!("{name}: a list names its source and dates"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::wordings::wordings;
    use super::*;

    #[test]
    fn the_lists_compile_and_stay_small() {
        let lexicon = Lexicon::compile().expect("every list is well formed");
        let (phrases, bytes) = lexicon.size();
        assert!(phrases > 3_000, "{phrases}");
        assert!(bytes < 8 << 20, "the tree must stay small for small machines: {bytes}");
    }

    /// What the tree of words finds is what a search for the phrases as strings in the line finds, in the same order.
    #[test]
    fn the_tree_finds_what_a_search_in_the_line_finds() {
        let mut phrases: Vec<String> = FILES
            .iter()
            .flat_map(|(_, content)| toml::from_str::<File>(content).expect("well formed").group)
            .flat_map(|group| lines(&group.phrases).map(str::to_owned).collect::<Vec<_>>())
            .flat_map(|line| variants(line.split(" = ").next().unwrap_or_default()).expect("well formed"))
            .flat_map(|phrase| phrase.split(" ~ ").map(normalise).collect::<Vec<_>>())
            .map(|phrase| phrase.trim_end_matches(". ").to_owned())
            .filter(|phrase| phrase.len() > 1)
            .collect();
        phrases.sort_unstable();
        phrases.dedup();
        let strings = aho_corasick::AhoCorasick::new(&phrases).expect("it fits");
        let trie = Trie::new(phrases.iter().map(String::as_str)).expect("they are phrases");
        // All phrases, some of them one behind the other, in one sentence and in several, and parts of them.
        let texts = phrases.chunks(3).enumerate().step_by(7).map(|(at, three)| {
            let text = three.join([" ", ". ", " really! Really. 5 ", " im "][at % 4]);
            if at % 5 == 0 { text.split_once(' ').map_or("", |(_, rest)| rest.trim_start()).to_owned() } else { text }
        });
        for text in texts.chain(["No. I do not. . want 5 to 6 die", "", "..."].map(str::to_owned)) {
            let text = Text::new(&text);
            let words = |bytes: usize| text.line[..bytes].split(' ').filter(|word| !["", "."].contains(word)).count();
            let expected: Vec<Match> = strings
                .find_overlapping_iter(&text.line)
                .map(|found| {
                    let (from, to) = (words(found.start()), words(found.end()));
                    Match { phrase: found.pattern().as_u32(), from, to }
                })
                .collect();
            let mut found = Vec::new();
            trie.find(&text, |one| found.push(one));
            assert_eq!(found, expected, "{}", text.line);
        }
    }

    #[test]
    fn alternatives_are_written_out() {
        let found = variants("(i )?want to (die|be [so] dead)").expect("well formed");
        assert_eq!(found.len(), 6);
        assert!(found.contains(&"i want to be so dead".to_string()) && found.contains(&"want to die".to_string()));
        assert_eq!(wordings("(i )?want to (die|be [so] dead)"), (6, false));
        assert_eq!(wordings("(a )?(b)?"), (4, true));
        assert!(variants("(a|b").is_err());
    }
}
