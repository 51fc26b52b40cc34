//! The measurements of the card, as a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use bedside_understand::language::letters::Script;
use bedside_understand::language::model::Model;
use bedside_understand::language::{Language, language_by};
use serde::Deserialize;

use super::corpora::{Corpora, Own};
use super::measure::{Case, Figures, Reliability, lingua, measure};
use super::{Drawn, draw, fit};
use crate::datasets::{Datasets, folded, folds};
use crate::metrics::median_and_range;

/// Something that tells languages, by name.
pub type Reader<'r> = (&'r str, &'r dyn Fn(&str) -> String);

const KINDS: [&str; 3] = ["sentence", "pair", "word"];

/// Measures a model, and others, on the test texts of `lingua` and on the own ones.
pub fn evaluate(datasets: &Datasets, model: &Model, others: &[Reader]) -> Result<String> {
    let ours = |text: &str| language_by(model, text).tag.to_owned();
    let mut readers: Vec<Reader> = vec![("Bedside", &ours)];
    readers.extend(others);
    let cases = lingua(&datasets.folder("language")?)?;
    let (listed, outside): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.tag != "und");
    let own: Vec<Case> = datasets
        .annotated::<Own>("language", "test")?
        .rows
        .into_iter()
        .map(|row| Case { kind: row.kind, of: row.lang.clone(), tag: row.lang, text: row.text })
        .collect();
    let own: Vec<&Case> = own.iter().collect();
    let mut out = String::new();
    for (title, cases) in [("22 languages, lingua's test texts", &listed), ("23 languages, own test texts", &own)] {
        table(&mut out, title, cases, &readers);
    }
    outside_table(&mut out, &outside, &readers);
    details(&mut out, &measure(&listed, ours));
    let mut reliability = Reliability::default();
    for case in &listed {
        let Language { tag, score } = language_by(model, &case.text);
        if tag != "und" {
            reliability.add(score, tag == case.tag);
        }
    }
    writeln!(out, "### How honest the score is\n\nMean distance {:.3}.\n", reliability.error())?;
    writeln!(out, "{}", reliability.table())?;
    Ok(out)
}

fn table(out: &mut String, title: &str, cases: &[&Case], readers: &[Reader]) {
    writeln!(out, "### {title}\n").ok();
    let mut kinds: Vec<&str> = cases.iter().map(|case| case.kind.as_str()).collect();
    kinds.sort_unstable_by_key(|kind| (KINDS.iter().position(|of| of == kind).unwrap_or(KINDS.len()), *kind));
    kinds.dedup();
    let counts = kinds.iter().map(|kind| cases.iter().filter(|case| case.kind == *kind).count());
    let heads: Vec<String> = kinds.iter().zip(counts).map(|(kind, count)| format!("{kind}, n = {count}")).collect();
    writeln!(out, "| | {} |\n|---|{}", heads.join(" | "), "---|".repeat(kinds.len())).ok();
    for (name, read) in readers {
        let figures = measure(cases, read);
        let cells: Vec<String> = kinds.iter().map(|kind| format!("{:.4}", figures[*kind].macro_accuracy())).collect();
        writeln!(out, "| {name} | {} |", cells.join(" | ")).ok();
    }
    writeln!(out).ok();
}

fn outside_table(out: &mut String, cases: &[&Case], readers: &[Reader]) {
    writeln!(out, "### Languages outside the list: share answered `und`\n").ok();
    writeln!(out, "| | sentence | pair | word |\n|---|---|---|---|").ok();
    for (name, read) in readers {
        let figures = measure(cases, read);
        let cells = KINDS.map(|kind| format!("{:.3}", figures[kind].macro_accuracy()));
        writeln!(out, "| {name} | {} |", cells.join(" | ")).ok();
    }
    writeln!(out).ok();
    let figures = measure(cases, readers[0].1);
    for kind in KINDS {
        let figures = &figures[kind];
        let mut by: Vec<_> =
            figures.by_name.iter().map(|(of, (right, all))| (*right as f64 / *all as f64, of)).collect();
        by.sort_by(|left, right| left.0.total_cmp(&right.0));
        let said: Vec<String> = by.iter().take(14).map(|(share, of)| format!("{of} {share:.2}")).collect();
        writeln!(
            out,
            "{kind}, n = {}; lowest: {}. Most frequent: {}.\n",
            figures.texts(),
            said.join(", "),
            figures.worst(12)
        )
        .ok();
    }
}

fn details(out: &mut String, figures: &BTreeMap<String, Figures>) {
    writeln!(out, "### By language, lingua's test texts\n\n| | sentence | pair | word | n |\n|---|---|---|---|---|")
        .ok();
    for tag in figures["sentence"].by_name.keys() {
        let of = KINDS.map(|kind| figures[kind].by_name[tag]);
        let cells = of.map(|(right, all)| format!("{:.3}", right as f64 / all as f64));
        let counts = of.map(|(_, all)| all.to_string());
        writeln!(out, "| {tag} | {} | {} |", cells.join(" | "), counts.join(", ")).ok();
    }
    writeln!(out).ok();
    for kind in KINDS {
        writeln!(out, "Confusions, {kind}: {}.\n", figures[kind].worst(14)).ok();
    }
}

#[derive(Deserialize)]
struct ByHand {
    row: usize,
    lang: String,
}

/// What five folds of the tweets gave.
#[derive(Debug)]
pub struct OfTweets {
    /// Our folds.
    pub by_fold: Vec<Figures>,
    /// The others, all tweets.
    pub others: Vec<Figures>,
    /// As a page.
    pub page: String,
}

/// Five models, each trained without a fifth of the tweets and measured on it, as a page.
pub fn tweets(datasets: &Datasets, others: &[Reader], say: &mut dyn FnMut(&str)) -> Result<String> {
    Ok(of_tweets(datasets, others, say)?.page)
}

/// Five models, each trained without a fifth of the tweets and measured on it.
pub fn of_tweets(datasets: &Datasets, others: &[Reader], say: &mut dyn FnMut(&str)) -> Result<OfTweets> {
    const FOLDS: usize = 5;
    let mut corpora = Corpora::read(datasets)?;
    // No tweet is in another script.
    let mut drawn = draw(&mut corpora, &[Script::Latin, Script::Arabic])?;
    let by_hand = datasets.annotated::<ByHand>("language", "hindi_tweets")?.rows;
    let by_hand: BTreeMap<usize, String> = by_hand.into_iter().map(|row| (row.row, row.lang)).collect();
    let keys: Vec<(String, String)> =
        corpora.tweets.iter().map(|tweet| (folded(&tweet.text), folded(&tweet.text))).collect();
    let fold_of = folds(&keys, FOLDS);
    let first = crate::datasets::firsts(corpora.tweets.iter().map(|tweet| tweet.text.as_str()));
    let mut all = vec![Figures::default(); FOLDS];
    let mut hindi = Figures::default();
    let mut of_others = vec![Figures::default(); others.len()];
    let mut by_others = vec![Figures::default(); others.len()];
    for (fold, of_fold) in all.iter_mut().enumerate() {
        let model = fold_model(&corpora, &mut drawn, &|at| fold_of[at] != fold, say)?;
        for (at, tweet) in corpora.tweets.iter().enumerate().filter(|(at, _)| fold_of[*at] == fold && first[*at]) {
            let given = language_by(&model, &tweet.text).tag;
            if let Some(tag) = by_hand.get(&at) {
                hindi.add(tag, tag, given);
                for ((_, read), figures) in others.iter().zip(&mut by_others) {
                    figures.add(tag, tag, &read(&tweet.text));
                }
            }
            if tweet.tag != "hi-Latn" {
                of_fold.add(tweet.tag, tweet.tag, given);
                for ((_, read), figures) in others.iter().zip(&mut of_others) {
                    figures.add(tweet.tag, tweet.tag, &read(&tweet.text));
                }
            }
        }
        say(&format!("fold {fold}: {:.4}; by hand {:.4}", of_fold.macro_accuracy(), hindi.macro_accuracy()));
    }
    let (middle, low, high) = median_and_range(&all.iter().map(Figures::macro_accuracy).collect::<Vec<_>>());
    let count: usize = all.iter().map(Figures::texts).sum();
    let mut out = format!("### Tweets, 7 languages, n = {count}\n\n| | macro-accuracy |\n|---|---|\n");
    writeln!(out, "| Bedside, five folds: median (range) | {middle:.4} ({low:.4} to {high:.4}) |")?;
    for ((name, _), figures) in others.iter().zip(&of_others) {
        writeln!(out, "| {name} | {:.4} |", figures.macro_accuracy())?;
    }
    let mut sum = Figures::default();
    for figures in &all {
        for (name, (right, of)) in &figures.by_name {
            let entry = sum.by_name.entry(name.clone()).or_default();
            *entry = (entry.0 + right, entry.1 + of);
        }
        for (names, times) in &figures.confused {
            *sum.confused.entry(names.clone()).or_default() += times;
        }
    }
    let by: Vec<String> = sum
        .by_name
        .iter()
        .map(|(tag, (right, of))| format!("{tag} {:.3} ({of})", *right as f64 / *of as f64))
        .collect();
    writeln!(out, "\nBy language: {}. Confusions: {}.\n", by.join(", "), sum.worst(14))?;
    writeln!(
        out,
        "### Tweets of the Hindi part, read by hand, n = {}\n\n| | hi-Latn | en |\n|---|---|---|",
        hindi.texts()
    )?;
    let readers = std::iter::once("Bedside, five folds").chain(others.iter().map(|(name, _)| *name));
    for (name, figures) in readers.zip(std::iter::once(&hindi).chain(&by_others)) {
        let of = |tag: &str| figures.by_name.get(tag).map_or(0.0, |(right, all)| *right as f64 / *all as f64);
        writeln!(out, "| {name} | {:.3} | {:.3} |", of("hi-Latn"), of("en"))?;
    }
    writeln!(out, "\nConfusions: {}.", hindi.worst(8))?;
    Ok(OfTweets { by_fold: all, others: of_others, page: out })
}

fn fold_model(
    corpora: &Corpora,
    drawn: &mut Drawn,
    keep: &dyn Fn(usize) -> bool,
    say: &mut dyn FnMut(&str),
) -> Result<Model> {
    let (mut held, mut kept) = (Vec::new(), Vec::new());
    for (at, tweet) in corpora.tweets.iter().enumerate().filter(|(at, _)| keep(*at)) {
        if at % 10 == 0 { held.push(tweet) } else { kept.push(tweet) }
    }
    let file = fit(corpora, drawn, &kept, &held, super::OF_FOLDS, say)?;
    // Five of them, a few megabytes each.
    Model::read(file.leak()).context("a model that was just trained")
}
