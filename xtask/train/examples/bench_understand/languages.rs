//! Languages.

use std::collections::HashMap;

use anyhow::Result;
use bedside_train::datasets::Loaded;
use bedside_train::language::corpora::Own;
use bedside_train::language::measure::{Case, Figures, lingua, measure as by_kind};
use bedside_train::language::report::{Reader, of_tweets};
use serde::Deserialize;

use crate::Workshop;
use crate::page::{Check, OF_TWEETS, Part, Row, SENTENCES, folds, median};
use crate::python::Python;

#[derive(Deserialize)]
struct Tweet {
    text: String,
}

/// The baselines.
const OTHERS: [&str; 2] = ["lingua", "langdetect"];

/// What a baseline said of each text.
type Said = HashMap<String, String>;

/// Sentences, and the blind half, by the model that ships, which saw none of them.
pub fn measure(workshop: &mut Workshop) -> Result<Part> {
    let cases = lingua(&workshop.datasets.folder("language")?)?;
    let sentences: Vec<&Case> = cases.iter().filter(|case| case.tag != "und" && case.kind == "sentence").collect();
    let rows: Loaded<Own> = workshop.datasets.annotated("language", "test")?;
    let own: Vec<Case> = rows
        .rows
        .into_iter()
        .map(|row| Case { kind: row.kind, of: row.lang.clone(), tag: row.lang, text: row.text })
        .collect();
    let mut texts: Vec<&str> = sentences.iter().map(|case| case.text.as_str()).collect();
    texts.extend(own.iter().map(|case| case.text.as_str()));
    let said = [ask(&mut workshop.python, OTHERS[0], &texts)?, ask(&mut workshop.python, OTHERS[1], &texts)?];
    let readers = said.each_ref().map(|said| move |text: &str| said.get(text).cloned().unwrap_or_default());
    let ours = figures(&sentences, |text| bedside_understand::language(text).tag.to_owned());
    let theirs = readers.each_ref().map(|read| figures(&sentences, read));
    let mut part = Part::default();
    part.rows.push(Row {
        measured: format!("{:.4}", ours.macro_accuracy()),
        n: sentences.len().to_string(),
        baseline: named(&theirs),
        checks: vec![Check::at_least("mean accuracy over languages", ours.macro_accuracy(), 0.985)],
        ..Row::owed(SENTENCES)
    });
    part.details.push(format!(
        "**Languages, sentences** of lingua's test texts (not trained on; the same newspapers as its counts, which flatters both). \
         Confusions: {}.",
        ours.worst(14)
    ));
    of_own(&mut part, &own, &readers);
    Ok(part)
}

/// Tweets in five folds: five models are trained, which takes most of the time of the whole run.
pub fn tweets(workshop: &mut Workshop) -> Result<Part> {
    let tweets: Loaded<Tweet> = workshop.datasets.licensed("xlmt.train.jsonl", "Apache-2.0")?;
    let texts: Vec<&str> = tweets.rows.iter().map(|row| row.text.as_str()).collect();
    let said = [ask(&mut workshop.python, OTHERS[0], &texts)?, ask(&mut workshop.python, OTHERS[1], &texts)?];
    let readers = said.each_ref().map(|said| move |text: &str| said.get(text).cloned().unwrap_or_default());
    let others: [Reader<'_>; 2] = [(OTHERS[0], &readers[0]), (OTHERS[1], &readers[1])];
    let found = of_tweets(&workshop.datasets, &others, &mut |line| eprintln!("{line}"))?;
    let by_fold: Vec<f64> = found.by_fold.iter().map(Figures::macro_accuracy).collect();
    let row = Row {
        measured: folds(&by_fold),
        n: found.by_fold.iter().map(Figures::texts).sum::<usize>().to_string(),
        baseline: named(&found.others),
        checks: vec![Check::at_least("mean accuracy over languages", median(&by_fold), 0.96)],
        ..Row::owed(OF_TWEETS)
    };
    let detail = format!("**Languages, tweets.**\n\n{}", found.page.replace("### ", "#### "));
    Ok(Part { rows: vec![row], details: vec![detail], ..Part::default() })
}

fn named(theirs: &[Figures]) -> String {
    let said = OTHERS.iter().zip(theirs).map(|(name, figures)| format!("{name} {:.4}", figures.macro_accuracy()));
    said.collect::<Vec<_>>().join("; ")
}

fn of_own(part: &mut Part, own: &[Case], readers: &[impl Fn(&str) -> String; 2]) {
    let cases: Vec<&Case> = own.iter().collect();
    let ours = by_kind(&cases, |text| bedside_understand::language(text).tag.to_owned());
    let theirs = readers.each_ref().map(|read| by_kind(&cases, read));
    for (kind, figures) in &ours {
        let cells: Vec<String> =
            OTHERS.iter().zip(&theirs).map(|(name, of)| format!("{name} {:.3}", of[kind].macro_accuracy())).collect();
        let what = format!("blind: language, {kind}, mean over tags");
        let row = Row::further(&what, format!("{:.3}", figures.macro_accuracy()), figures.texts());
        part.more.push(Row { baseline: cells.join("; "), ..row });
        part.details.push(format!("**Languages, blind half, {kind}.** Confusions: {}.", figures.worst(14)));
    }
}

fn figures(cases: &[&Case], read: impl Fn(&str) -> String) -> Figures {
    by_kind(cases, read).remove("sentence").unwrap_or_default()
}

fn ask(python: &mut Python, which: &str, texts: &[&str]) -> Result<Said> {
    let answers = python.languages(which, texts)?;
    Ok(texts.iter().map(|text| (*text).to_owned()).zip(answers).collect())
}
