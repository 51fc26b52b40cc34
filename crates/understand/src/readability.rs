//! How hard a text is to read.
//!
//! Flesch-Kincaid grade = 0.39 words/sentences + 11.8 syllables/words - 15.59; SMOG = 1.0430
//! sqrt(30 polysyllables/sentences) + 3.1291. Both mislead on little text, so the grade stands only
//! from 100 words and SMOG only from 30 sentences; a shorter text carries the "short text" mark,
//! its sentence lengths and its hard words.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::assessment::{HardWord, Readability, Span};
use crate::quick::Quick;
use crate::text::{Text, fold};

/// Under so many words no grade is given.
pub const SHORT_TEXT_WORDS: usize = 100;
/// Under so many sentences SMOG is not given.
pub const SMOG_SENTENCES: usize = 30;

const FILE: &str = include_str!("../../../data/understand/hard_words.toml");

#[derive(Deserialize)]
struct File {
    words: String,
}

fn list() -> &'static HashMap<&'static str, &'static str, Quick> {
    static LIST: OnceLock<HashMap<&'static str, &'static str, Quick>> = OnceLock::new();
    LIST.get_or_init(|| {
        // The list keeps its text for as long as the program runs; it is read once.
        let file: File = toml::from_str(FILE).expect("the list is part of the program and a test reads it");
        let words: &'static str = Box::leak(file.words.into_boxed_str());
        words.lines().filter_map(|line| line.split_once(" = ")).collect()
    })
}

/// Counts words and sentences, grades the text and names its hard words.
///
/// ```
/// let found = bedside_understand::readability("Please utilize the entrance.");
/// assert!(found.short_text);
/// assert_eq!(found.hard_words[0].plainer.as_deref(), Some("use"));
/// ```
pub fn readability(text: &str) -> Readability {
    of(text, &Text::new(text))
}

pub(crate) fn of(raw: &str, text: &Text) -> Readability {
    let mut longest = 0;
    let mut length = 0;
    let mut sentence = 0;
    let mut words = 0;
    let mut syllable_count = 0;
    let mut polysyllables = 0;
    let mut hard_words = Vec::new();
    let mut chars = raw.chars().enumerate().peekable();
    let mut lower = String::new();
    for word in &text.words {
        if word.sentence != sentence {
            sentence = word.sentence;
            length = 0;
        }
        lower.clear();
        let mut letters = false;
        while let Some(&(at, c)) = chars.peek() {
            if at >= word.end as usize {
                break;
            }
            if at >= word.start as usize && c != '\'' && c != '’' {
                letters |= c.is_alphabetic();
                lower.extend(fold(c));
            }
            chars.next();
        }
        words += 1;
        length += 1;
        longest = longest.max(length);
        let count = if letters { syllables(&lower) } else { 1 };
        syllable_count += count;
        polysyllables += usize::from(count >= 3);
        if lower.len() >= 5
            && hard_words.len() < 200
            && let Some(plainer) = plainer(&lower)
        {
            let span = Span { start: word.start as usize, end: word.end as usize };
            hard_words.push((span, plainer));
        }
    }
    let sentences = text.sentences as usize;
    let per_sentence = if sentences == 0 { 0.0 } else { words as f64 / sentences as f64 };
    let short_text = words < SHORT_TEXT_WORDS;
    let fk_grade = (!short_text && sentences > 0).then(|| flesch_kincaid(words, sentences, syllable_count));
    let smog =
        (sentences >= SMOG_SENTENCES).then(|| 1.043 * (polysyllables as f64 * 30.0 / sentences as f64).sqrt() + 3.1291);
    let chars: Vec<char> = if hard_words.is_empty() { vec![] } else { raw.chars().collect() };
    Readability {
        words,
        sentences,
        words_per_sentence: round(per_sentence),
        longest_sentence: longest,
        fk_grade: fk_grade.map(round),
        smog: smog.map(round),
        short_text,
        hard_words: hard_words
            .into_iter()
            .map(|(span, plainer)| HardWord {
                span,
                word: chars[span.start..span.end].iter().collect(),
                plainer: (plainer != "-").then(|| plainer.to_string()),
            })
            .collect(),
    }
}

fn flesch_kincaid(words: usize, sentences: usize, syllables: usize) -> f64 {
    0.39 * (words as f64 / sentences as f64) + 11.8 * (syllables as f64 / words as f64) - 15.59
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A plainer word for a hard one, also for its plural and its past.
fn plainer(word: &str) -> Option<&'static str> {
    let list = list();
    list.get(word)
        .or_else(|| word.strip_suffix('s').and_then(|stem| list.get(stem)))
        .or_else(|| word.strip_suffix('d').and_then(|stem| list.get(stem)))
        .or_else(|| word.strip_suffix("ed").and_then(|stem| list.get(stem)))
        .or_else(|| word.strip_suffix("ing").and_then(|stem| list.get(stem)))
        .copied()
}

/// Syllables of an English word: groups of vowels, less the silent e.
fn syllables(word: &str) -> usize {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut count = 0;
    let mut before = false;
    for c in word.chars() {
        let is = vowel(c);
        count += usize::from(is && !before);
        before = is;
    }
    let silent = (word.ends_with('e') && !word.ends_with("le") && !word.ends_with("ee"))
        || (word.ends_with("es")
            && !word.ends_with("ses")
            && !word.ends_with("ces")
            && !word.ends_with("ges")
            && !word.ends_with("xes"))
        || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"));
    if silent && count > 1 {
        count -= 1;
    }
    // "ia" and "io" part into two, but for "-tion", "-sion", "-cial" and their like.
    let bytes = word.as_bytes();
    let parted = (1..bytes.len().saturating_sub(1))
        .filter(|&at| {
            bytes[at] == b'i'
                && matches!(bytes[at + 1], b'a' | b'o')
                && !matches!(bytes[at - 1], b't' | b's' | b'c' | b'g' | b'x')
        })
        .count()
        + word.matches("rea").count() * usize::from(word.ends_with("rea"));
    (count + parted).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_as_spoken() {
        for (word, expected) in [
            ("cat", 1),
            ("table", 2),
            ("hospital", 3),
            ("care", 1),
            ("waited", 2),
            ("called", 1),
            ("medication", 4),
            ("area", 3),
        ] {
            assert_eq!(syllables(word), expected, "{word}");
        }
    }

    #[test]
    fn a_grade_needs_a_hundred_words() {
        let sentence = "The nurse came to see me and she was very kind to us. ";
        let short = readability(sentence);
        assert!(short.short_text && short.fk_grade.is_none() && short.words == 13);
        let long = readability(&sentence.repeat(9));
        assert!(!long.short_text && long.smog.is_none());
        assert!(long.fk_grade.is_some_and(|grade| (0.0..5.0).contains(&grade)), "{:?}", long.fk_grade);
        assert!(readability(&sentence.repeat(31)).smog.is_some());
    }

    #[test]
    fn hard_words_come_with_a_plainer_one() {
        assert!(list().len() >= 150, "{}", list().len());
        let found = readability("We utilized a catheter.");
        let words: Vec<_> = found.hard_words.iter().map(|hard| (hard.word.as_str(), hard.plainer.as_deref())).collect();
        assert_eq!(words, [("utilized", Some("use")), ("catheter", Some("thin tube"))]);
        assert_eq!(readability("").sentences, 0);
    }
}
