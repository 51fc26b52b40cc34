//! The sets: tweets in eight languages, and, since the English ones are all negative, comments to hospitals for English.

use anyhow::{Result, bail};
use bedside_understand::posts::lists::{LANGUAGES, Lists};
use bedside_understand::posts::looks::{CLASS_NAMES, Look};
use bedside_understand::weights::Origin;
use serde::Deserialize;

use super::Knobs;
use crate::datasets::{Datasets, Loaded, firsts, folded};
use crate::nhs;

#[derive(Deserialize)]
struct Tweet {
    text: String,
    label: String,
    lang: String,
}

/// A post with what is known of it.
pub struct Case {
    /// The text by which copies are told.
    pub key: String,
    /// What is seen of it.
    pub look: Look,
    /// Its class.
    pub class: usize,
    /// It is a tweet.
    pub tweet: bool,
    /// What a mistake costs.
    pub weight: f32,
}

/// All sets, copies removed.
pub struct Sets {
    /// The posts.
    pub cases: Vec<Case>,
    /// Where they are from.
    pub origins: Vec<Origin>,
    /// Copies that were left out.
    pub copies: usize,
}

/// Names of the languages in the set.
const NAMES: [&str; LANGUAGES.len()] =
    ["arabic", "german", "english", "spanish", "french", "hindi", "italian", "portuguese"];

/// Loads the sets.
pub fn load(datasets: &Datasets, lists: &Lists, knobs: &Knobs) -> Result<Sets> {
    let loaded: Loaded<Tweet> = datasets.licensed("xlmt.train.jsonl", "Apache-2.0 (texts: terms of the network)")?;
    let keys: Vec<String> = loaded.rows.iter().map(|row| key(&row.text)).collect();
    let first = firsts(keys.iter().map(String::as_str));
    let mut sets = Sets { cases: Vec::new(), origins: vec![loaded.origin], copies: 0 };
    for ((row, key), first) in loaded.rows.into_iter().zip(keys).zip(first) {
        if !first {
            sets.copies += 1;
            continue;
        }
        let Some(language) = NAMES.iter().position(|name| *name == row.lang) else {
            bail!("no such language: {}", row.lang)
        };
        let Some(class) = CLASS_NAMES.iter().position(|name| *name == row.label) else {
            bail!("no such class: {}", row.label)
        };
        let look = Look::new(lists, language, &row.text);
        sets.cases.push(Case { key, look, class, tweet: true, weight: 1.0 });
    }
    let english = nhs::comments(datasets)?;
    sets.origins.push(english.origin);
    let language = NAMES.iter().position(|name| *name == "english").unwrap_or_default();
    let first = firsts(english.rows.iter().map(|row| row.text.as_str()));
    let mut left = [knobs.english; 3];
    for (row, _) in english.rows.into_iter().zip(first).filter(|(_, first)| *first) {
        let class = match row.sentiment {
            Some(1 | 2) => 2,
            Some(3) => 1,
            Some(4 | 5) => 0,
            _ => continue,
        };
        if left[class] > 0 {
            left[class] -= 1;
            let look = Look::new(lists, language, &row.text);
            sets.cases.push(Case { key: key(&row.text), look, class, tweet: false, weight: knobs.english_weight });
        }
    }
    Ok(sets)
}

/// A text without what differs between copies: accounts, links, the mark of a copy.
fn key(text: &str) -> String {
    folded(text)
        .split(' ')
        .filter(|word| !matches!(*word, "rt" | "user" | "http" | "https"))
        .collect::<Vec<_>>()
        .join(" ")
}
