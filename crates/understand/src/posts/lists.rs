//! Hand-written words and pictures of feeling, by language.

use std::collections::HashMap;

use serde::Deserialize;

use super::tokens::{Token, tokens};

const WORDS: &str = include_str!("../../../../data/understand/posts_words.toml");
const PICTURES: &str = include_str!("../../../../data/understand/posts_emoji.toml");

/// The languages of the model, in the order of its numbers.
pub const LANGUAGES: [&str; 8] = ["ar", "de", "en", "es", "fr", "hi", "it", "pt"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    source: String,
    reviewed_on: String,
    effective_from: String,
    language: Vec<Language>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    tag: String,
    positive: String,
    negative: String,
    negation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pictures {
    source: String,
    reviewed_on: String,
    effective_from: String,
    positive: String,
    negative: String,
    neutral: String,
}

/// What a word or picture says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Good.
    Positive,
    /// Bad.
    Negative,
    /// It turns around what follows.
    Negation,
    /// A picture that says neither.
    Neutral,
}

/// The lists, ready to be looked up.
#[derive(Debug)]
pub struct Lists {
    /// By language: whole words.
    words: Vec<HashMap<String, Says>>,
    /// By language: beginnings of words.
    stems: Vec<HashMap<String, Says>>,
    pictures: HashMap<String, Says>,
}

impl Lists {
    /// Reads the lists that are built in.
    pub fn read() -> Result<Self, String> {
        let file: Words = toml::from_str(WORDS).map_err(|error| format!("posts_words: {error}"))?;
        dated(&[&file.source, &file.reviewed_on, &file.effective_from])?;
        let mut lists = Self {
            words: vec![HashMap::new(); LANGUAGES.len()],
            stems: vec![HashMap::new(); LANGUAGES.len()],
            pictures: HashMap::new(),
        };
        for language in &file.language {
            let at = place(&language.tag).ok_or_else(|| format!("posts_words: no language {}", language.tag))?;
            for (words, says) in [
                (&language.negation, Says::Negation),
                (&language.positive, Says::Positive),
                (&language.negative, Says::Negative),
            ] {
                words.split_whitespace().for_each(|word| lists.add(at, word, says));
            }
        }
        let file: Pictures = toml::from_str(PICTURES).map_err(|error| format!("posts_emoji: {error}"))?;
        dated(&[&file.source, &file.reviewed_on, &file.effective_from])?;
        for (pictures, says) in
            [(&file.positive, Says::Positive), (&file.negative, Says::Negative), (&file.neutral, Says::Neutral)]
        {
            for picture in tokens(pictures) {
                lists.pictures.entry(picture.letters).or_insert(says);
            }
        }
        Ok(lists)
    }

    fn add(&mut self, language: usize, word: &str, says: Says) {
        let (stem, is_stem) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
        let Some(letters) = tokens(stem).pop().map(|token| token.letters) else { return };
        let to = if is_stem { &mut self.stems[language] } else { &mut self.words[language] };
        to.entry(letters).or_insert(says);
    }

    /// What a word says in a language: the whole word, or the longest beginning that is listed.
    pub fn word(&self, language: usize, token: &Token) -> Option<Says> {
        let letters = token.letters.as_str();
        if let Some(says) = self.words[language].get(letters) {
            return Some(*says);
        }
        letters
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .rev()
            .find_map(|end| self.stems[language].get(&letters[..end]))
            .copied()
    }

    /// What a picture says.
    pub fn picture(&self, token: &Token) -> Option<Says> {
        self.pictures.get(token.letters.as_str()).copied()
    }
}

/// The place of a language among those of the model.
pub fn place(language: &str) -> Option<usize> {
    let main = language.split('-').next().unwrap_or_default();
    LANGUAGES.iter().position(|tag| *tag == main)
}

fn dated(parts: &[&str; 3]) -> Result<(), String> {
    let whole = !parts[0].is_empty() && parts[1].len() == 10 && parts[2].len() == 10;
    if whole { Ok(()) } else { Err("posts: a list names its source and dates".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_their_endings() {
        let lists = Lists::read().expect("the lists are well formed");
        let says = |language: &str, word: &str| {
            lists.word(place(language).expect("a language of the model"), &tokens(word)[0])
        };
        assert_eq!(says("es", "maravillosa"), Some(Says::Positive));
        assert_eq!(says("de", "schlechter"), Some(Says::Negative));
        assert_eq!(says("fr", "jamais"), Some(Says::Negation));
        assert_eq!(says("hi-Latn", "bakwas"), Some(Says::Negative));
        assert_eq!(says("de", "tisch"), None);
        assert_eq!(lists.picture(&tokens("😍")[0]), Some(Says::Positive));
        assert_eq!(place("zh"), None);
    }
}
