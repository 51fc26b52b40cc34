//! The word lists of `data/understand/`, compiled once into one automaton.
//!
//! Every list is a dated file with its source. A line is a phrase; `(a|b)` are alternatives, `[x]`
//! and `(x)?` are optional, ` = 1.5` at the end is its weight (1 where none stands). Phrases are brought into
//! the same form as the text ([`crate::text`]) and matched in one pass for all heads.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use bedside_model::label::{Intent, RiskLevel};
use serde::Deserialize;

use crate::assessment::Span;
use crate::text::{Text, normalise};

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Tag {
    /// A crisis phrase, with the level it has when nothing lowers it.
    Crisis(RiskLevel),
    /// Something that changes how another phrase is to be read.
    Cue(Cue),
    /// A red flag of an emergency.
    Emergency(Flag),
    /// A threat or abuse.
    Safety(Harm),
    /// A medicine, vaccine or device.
    Product,
    /// A symptom that may be a reaction.
    Reaction,
    /// Words that tie a reaction to a product ("made me", "after taking").
    Link,
    /// Information in the wrong hands; `true` where the phrase is enough by itself.
    Privacy(bool),
    /// A cue of an intent; its weight counts.
    Intent(Intent),
    /// A cue of a theme, by its index in `themes.toml`; its weight counts.
    Theme(u16),
    /// A feeling; its weight is its polarity, -3 to 3.
    Feeling,
    /// A learnt weight towards positive.
    Leaning,
}

/// What changes how a phrase is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cue {
    /// Turns around what follows.
    Negation,
    /// It lies in the past, by a time that is named.
    Past,
    /// It is told as a story, by the verbs.
    Narrative,
    /// It is happening.
    Now,
    /// Somebody else is meant.
    Third,
    /// News, campaigns, research, training.
    News,
    /// Songs, films, books, games.
    Fiction,
    /// A figure of speech.
    Idiom,
    /// Asked in general, or imagined.
    General,
    /// It makes a feeling stronger.
    Stronger,
    /// It makes a feeling weaker.
    Weaker,
    /// The writer speaks of themselves.
    First,
    /// Somebody has died.
    Bereaved,
    /// Speaks of care that is long done ("saved my life").
    Resolved,
}

/// Red flags of an emergency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flag {
    /// Says by itself that it is now.
    Now,
    /// A red flag; whether it is now the rest of the sentence tells.
    Sign,
    /// A cry for help that needs a red flag or stands for one.
    Help,
}

/// Kinds of harm by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Harm {
    /// The writer threatens.
    Threat,
    /// The writer or another is hurt.
    Abuse,
    /// Might be.
    Possible,
}

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
    /// `crisis`, `cue`, `emergency`, `safety`, `product`, `reaction`, `link`, `privacy`, `intent`, `feeling`, `leaning`.
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
    bias: f32,
    /// Learnt by counting.
    #[serde(default)]
    counted: String,
    /// Written by hand.
    #[serde(default)]
    phrases: String,
}

/// A theme and its bias.
#[derive(Debug)]
pub(crate) struct ThemeName {
    /// Published name of the subcategory.
    pub label: String,
    /// Published name of the category.
    pub category: String,
    /// Log-odds where no cue is found.
    pub bias: f32,
}

const FILES: &[(&str, &str)] = &[
    ("adverse", include_str!("../../../data/understand/adverse.toml")),
    ("crisis", include_str!("../../../data/understand/crisis.toml")),
    ("crisis_other", include_str!("../../../data/understand/crisis_other.toml")),
    ("cues", include_str!("../../../data/understand/cues.toml")),
    ("emergency", include_str!("../../../data/understand/emergency.toml")),
    ("feelings", include_str!("../../../data/understand/feelings.toml")),
    ("intents", include_str!("../../../data/understand/intents.toml")),
    ("leanings", include_str!("../../../data/understand/leanings.toml")),
    ("safety", include_str!("../../../data/understand/safety.toml")),
];
const THEMES: &str = include_str!("../../../data/understand/themes.toml");

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

/// All lists, compiled.
pub(crate) struct Lexicon {
    automaton: AhoCorasick,
    /// Per pattern: a stretch of `meanings`.
    patterns: Vec<(u32, u32)>,
    meanings: Vec<(Tag, f32)>,
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
        let mut phrases: HashMap<String, Vec<(Tag, f32)>> = HashMap::new();
        let mut add = |line: &str, tag: Tag, weight: f32| {
            let (phrase, weight) = match line.rsplit_once(" = ") {
                Some((phrase, number)) => (phrase, number.trim().parse().map_err(|_| format!("no weight: {line}"))?),
                None => (line, weight),
            };
            for variant in variants(phrase)? {
                let normal = normalise(&variant);
                let normal = normal.trim_end_matches(". ").to_string();
                if normal.len() < 2 {
                    return Err(format!("nothing is left of {line}"));
                }
                let meanings = phrases.entry(normal).or_default();
                match meanings.iter_mut().find(|(seen, _)| *seen == tag) {
                    Some((_, seen)) if tag == Tag::Feeling => *seen = weight,
                    Some((_, seen)) => *seen = seen.max(weight),
                    None => meanings.push((tag, weight)),
                }
            }
            Ok::<(), String>(())
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
            for line in lines(&theme.counted).chain(lines(&theme.phrases)) {
                add(line, Tag::Theme(index as u16), 2.0)?;
            }
        }
        let themes = file
            .theme
            .into_iter()
            .map(|theme| ThemeName { label: theme.label, category: theme.category, bias: theme.bias })
            .collect();
        let mut sorted: Vec<_> = phrases.into_iter().collect();
        sorted.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut patterns = Vec::with_capacity(sorted.len());
        let mut meanings = Vec::with_capacity(sorted.len());
        for (_, of_phrase) in &sorted {
            patterns.push((meanings.len() as u32, of_phrase.len() as u32));
            meanings.extend_from_slice(of_phrase);
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(sorted.iter().map(|(phrase, _)| phrase))
            .map_err(|error| error.to_string())?;
        meanings.shrink_to_fit();
        Ok(Self { automaton, patterns, meanings, themes })
    }

    /// All phrases in a text, also those within others, in the order of their ends.
    pub fn hits(&self, text: &Text) -> Vec<Hit> {
        let mut hits = Vec::new();
        for found in self.automaton.find_overlapping_iter(&text.line) {
            let from = text.piece_at(found.start() + 1);
            let to = text.piece_at(found.end() - 2) + 1;
            let (start, count) = self.patterns[found.pattern().as_usize()];
            for &(tag, weight) in &self.meanings[start as usize..(start + count) as usize] {
                hits.push(Hit { tag, weight, from, to });
            }
        }
        hits
    }

    /// Phrases and bytes of the automaton.
    #[cfg(test)]
    pub fn size(&self) -> (usize, usize) {
        (self.patterns.len(), self.automaton.memory_usage())
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim()).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn dated(name: &str, source: &str, reviewed_on: &str, effective_from: &str) -> Result<(), String> {
    let date = |text: &str| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if source.is_empty() || !date(reviewed_on) || !date(effective_from) {
        return Err(format!("{name}: a list names its source and dates"));
    }
    Ok(())
}

fn tag(family: &str, label: &str) -> Result<Tag, String> {
    fn parse<T: serde::de::DeserializeOwned>(label: &str) -> Result<T, String> {
        serde_json::from_value(serde_json::Value::String(label.to_string())).map_err(|error| error.to_string())
    }
    Ok(match family {
        "crisis" => Tag::Crisis(parse(label)?),
        "cue" => Tag::Cue(parse(label)?),
        "emergency" => Tag::Emergency(parse(label)?),
        "safety" => Tag::Safety(parse(label)?),
        "product" => Tag::Product,
        "reaction" => Tag::Reaction,
        "link" => Tag::Link,
        "privacy" => Tag::Privacy(label == "sure"),
        "intent" => Tag::Intent(parse(label)?),
        "feeling" => Tag::Feeling,
        "leaning" => Tag::Leaning,
        other => return Err(format!("no such family: {other}")),
    })
}

/// Writes out the alternatives of a phrase.
fn variants(phrase: &str) -> Result<Vec<String>, String> {
    let Some(open) = phrase.find(['(', '[']) else {
        return Ok(vec![phrase.to_string()]);
    };
    let bytes = phrase.as_bytes();
    let (opens, closes) = if bytes[open] == b'(' { (b'(', b')') } else { (b'[', b']') };
    let mut depth = 0_i32;
    let mut close = None;
    for (at, &byte) in bytes.iter().enumerate().skip(open) {
        depth += i32::from(byte == opens) - i32::from(byte == closes);
        if depth == 0 {
            close = Some(at);
            break;
        }
    }
    let close = close.ok_or_else(|| format!("a bracket stays open: {phrase}"))?;
    let inside = &phrase[open + 1..close];
    let optional = opens == b'[' || bytes.get(close + 1) == Some(&b'?');
    let rest = if optional && opens == b'(' { close + 2 } else { close + 1 };
    let mut choices: Vec<&str> = Vec::new();
    let (mut level, mut from) = (0_i32, 0);
    for (at, byte) in inside.bytes().enumerate() {
        level += i32::from(matches!(byte, b'(' | b'[')) - i32::from(matches!(byte, b')' | b']'));
        if byte == b'|' && level == 0 {
            choices.push(&inside[from..at]);
            from = at + 1;
        }
    }
    choices.push(&inside[from..]);
    if optional {
        choices.push("");
    }
    let mut out = Vec::new();
    for choice in choices {
        out.extend(variants(&format!("{}{}{}", &phrase[..open], choice, &phrase[rest..]))?);
    }
    if out.len() > 4_000 {
        return Err(format!("too many variants: {phrase}"));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_compile_and_stay_small() {
        let lexicon = Lexicon::compile().expect("every list is well formed");
        let (phrases, bytes) = lexicon.size();
        assert!(phrases > 3_000, "{phrases}");
        assert!(bytes < 4 << 20, "the automaton must stay small for small machines: {bytes}");
    }

    #[test]
    fn alternatives_are_written_out() {
        let found = variants("want to (die|be [so] dead)").expect("well formed");
        assert_eq!(found, ["want to die", "want to be so dead", "want to be  dead"]);
        assert!(variants("(a|b").is_err());
    }
}
