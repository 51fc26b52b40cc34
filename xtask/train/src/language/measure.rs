//! Measures readers of languages on texts that they have not seen.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::metrics;

/// A text with its tag.
#[derive(Debug, Clone)]
pub struct Case {
    /// What kind of text: `sentence`, `pair`, `word`, `tweet`.
    pub kind: String,
    /// Its tag; `und` for a language outside the list.
    pub tag: String,
    /// The language as its source names it.
    pub of: String,
    /// The text.
    pub text: String,
}

/// Names in `lingua` of the languages of the list, with their tags.
pub const LISTED: [(&str, &str); 22] = [
    ("arabic", "ar"),
    ("bengali", "bn"),
    ("german", "de"),
    ("english", "en"),
    ("spanish", "es"),
    ("persian", "fa"),
    ("french", "fr"),
    ("hindi", "hi"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("dutch", "nl"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("somali", "so"),
    ("tagalog", "tl"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("vietnamese", "vi"),
    ("chinese", "zh"),
];

/// The test texts that lie beside the models of `lingua`. Nothing is trained or tuned on them.
pub fn lingua(folder: &Path) -> Result<Vec<Case>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} is not there", folder.display()))?;
    let mut folders = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    folders.sort();
    let mut out = Vec::new();
    for path in folders {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = name.strip_prefix("lingua-").and_then(|name| name.strip_suffix("-language-model"));
        let Some(name) = name else { continue };
        let tag = LISTED.iter().find(|(of, _)| *of == name).map_or("und", |(_, tag)| tag);
        for (file, kind) in [("sentences", "sentence"), ("word-pairs", "pair"), ("single-words", "word")] {
            let text = fs::read_to_string(path.join(format!("testdata/{file}.txt")))?;
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let (kind, tag) = (kind.to_owned(), tag.to_owned());
                out.push(Case { kind, tag, of: name.to_owned(), text: line.to_owned() });
            }
        }
    }
    Ok(out)
}

/// How a reader did on one kind of text.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By name: how many were right, of how many.
    pub by_name: BTreeMap<String, (usize, usize)>,
    /// What was taken for what, how often.
    pub confused: BTreeMap<(String, String), usize>,
}

impl Figures {
    /// Counts the answer to one case.
    pub fn add(&mut self, name: &str, tag: &str, given: &str) {
        let of_name = self.by_name.entry(name.to_owned()).or_default();
        of_name.1 += 1;
        if given == tag {
            of_name.0 += 1;
        } else {
            *self.confused.entry((name.to_owned(), given.to_owned())).or_default() += 1;
        }
    }

    /// The mean share of right answers over the names.
    pub fn macro_accuracy(&self) -> f64 {
        metrics::mean(&self.by_name.values().map(|(right, all)| *right as f64 / *all as f64).collect::<Vec<_>>())
    }

    /// How many texts.
    pub fn texts(&self) -> usize {
        self.by_name.values().map(|(_, all)| all).sum()
    }

    /// The most frequent confusions: "es as pt 12".
    pub fn worst(&self, most: usize) -> String {
        let mut all: Vec<_> = self.confused.iter().collect();
        all.sort_by_key(|(names, count)| (std::cmp::Reverse(**count), *names));
        let said = all.iter().take(most).map(|((name, given), count)| format!("{name} as {given} {count}"));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// Measures a reader, by kind of text.
pub fn measure(cases: &[&Case], read: impl Fn(&str) -> String) -> BTreeMap<String, Figures> {
    let mut out: BTreeMap<String, Figures> = BTreeMap::new();
    for case in cases {
        let name = if case.tag == "und" { &case.of } else { &case.tag };
        out.entry(case.kind.clone()).or_default().add(name, &case.tag, &read(&case.text));
    }
    out
}

/// How well scores tell the share that is right: by tenths of the score, how many answers, their mean score, the share
/// of them that was right.
#[derive(Debug, Clone, Default)]
pub struct Reliability([(usize, f64, usize); 10]);

impl Reliability {
    /// Counts an answer.
    pub fn add(&mut self, score: f64, right: bool) {
        let tenth = &mut self.0[((score * 10.0) as usize).min(9)];
        tenth.0 += 1;
        tenth.1 += score;
        tenth.2 += usize::from(right);
    }

    /// How far the score is from the truth, on average over the answers.
    pub fn error(&self) -> f64 {
        let all: usize = self.0.iter().map(|(count, ..)| count).sum();
        let off: f64 = self.0.iter().map(|(_, score, right)| (score - *right as f64).abs()).sum();
        off / all.max(1) as f64
    }

    /// One line for each tenth in which there was an answer.
    pub fn table(&self) -> String {
        let mut out = String::from("| score | answers | mean score | right |\n|---|---|---|---|\n");
        for (at, (count, score, right)) in self.0.iter().enumerate().filter(|(_, (count, ..))| *count > 0) {
            let of = |sum: f64| sum / *count as f64;
            let (low, high) = (at as f64 / 10.0, (at + 1) as f64 / 10.0);
            let (score, right) = (of(*score), of(*right as f64));
            writeln!(out, "| {low:.1} to {high:.1} | {count} | {score:.3} | {right:.3} |").ok();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_counts_the_same() {
        let mut figures = Figures::default();
        for given in ["es", "es", "pt", "es"] {
            figures.add("es", "es", given);
        }
        figures.add("pt", "pt", "es");
        assert_eq!(figures.macro_accuracy(), 0.375);
        assert_eq!(figures.texts(), 5);
        assert_eq!(figures.worst(1), "es as pt 1");
    }

    #[test]
    fn a_score_that_tells_the_share_has_no_error() {
        let mut honest = Reliability::default();
        let mut boasting = Reliability::default();
        for at in 0..10 {
            honest.add(0.7, at < 7);
            boasting.add(0.95, at < 7);
        }
        assert!(honest.error() < 1e-9);
        assert!((boasting.error() - 0.25).abs() < 1e-9);
    }
}
