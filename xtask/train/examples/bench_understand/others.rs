//! Posts, adverse events, and the gate.

use std::collections::BTreeMap;

use anyhow::Result;
use bedside_train::datasets::{Loaded, firsts};
use bedside_train::metrics::{Counts, macro_f1, mean, one_of};
use bedside_train::posts::{self, KNOBS};
use bedside_train::reactions;
use bedside_train::replies::report::{Figures, Share, as_built, crossed};
use serde::Deserialize;

use crate::Workshop;
use crate::page::{ADVERSE, Check, GUARD, Part, Row, TWEETS, folds, median, percent, share};

#[derive(Deserialize)]
struct Tweet {
    text: String,
    label: String,
    lang: String,
}

/// Tweets in five folds.
pub fn posts(workshop: &mut Workshop) -> Result<Part> {
    let figures = posts::figures(&workshop.datasets, &KNOBS)?;
    let tweets: Vec<_> = figures.languages.iter().filter(|one| one.tag != "en").collect();
    let by_fold: Vec<f64> =
        (0..5).map(|fold| mean(&tweets.iter().map(|one| one.by_fold[fold]).collect::<Vec<_>>())).collect();
    let rows: Loaded<Tweet> = workshop.datasets.licensed("xlmt.train.jsonl", "Apache-2.0")?;
    let first = firsts(rows.rows.iter().map(|row| row.text.as_str()));
    let rows: Vec<&Tweet> = rows
        .rows
        .iter()
        .zip(first)
        .filter(|(row, first)| *first && row.lang != "english")
        .map(|(row, _)| row)
        .collect();
    let given = workshop.python.vader(&rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>())?;
    let place = |name: &str| ["negative", "neutral", "positive"].iter().position(|of| *of == name).unwrap_or(1);
    let mut by_language: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (row, given) in rows.iter().zip(&given) {
        by_language.entry(&row.lang).or_default().push((place(&row.label), place(given)));
    }
    let theirs: Vec<f64> = by_language.into_values().map(|pairs| macro_f1(&one_of(3, pairs))).collect();
    let row = Row {
        what: format!("{TWEETS}: the 7 that are no English; the English ones of the file are all negative"),
        measured: folds(&by_fold),
        n: tweets.iter().map(|one| one.n).sum::<usize>().to_string(),
        baseline: format!("VADER (an English list) {:.3}", mean(&theirs)),
        checks: vec![Check::at_least("macro-F1", median(&by_fold), 0.57)],
        ..Row::owed(TWEETS)
    };
    let detail = format!("**Tweets** (`en`: comments to hospitals). {}", figures.page);
    Ok(Part { rows: vec![row], details: vec![detail], ..Part::default() })
}

/// Sentences of PsyTAR, held out by post and by medicine.
pub fn adverse(workshop: &mut Workshop) -> Result<Part> {
    let figures = reactions::figures(&workshop.datasets)?;
    let f1 = |parts: &[Counts]| -> Vec<f64> { parts.iter().map(Counts::f1).collect() };
    let (by_post, by_medicine) = (f1(&figures.by_post), f1(&figures.by_medicine));
    let row = Row {
        measured: format!("{}; a medicine never seen: {}", folds(&by_post), folds(&by_medicine)),
        n: figures.sentences.to_string(),
        baseline: "none".into(),
        checks: vec![
            Check::at_least("F1, folds by post", median(&by_post), 0.80),
            Check::at_least("F1, one medicine left out", median(&by_medicine), 0.80),
        ],
        ..Row::owed(ADVERSE)
    };
    let detail = format!("**Adverse events.** {}", figures.page.replace("\n### ", "\n#### "));
    Ok(Part { rows: vec![row], details: vec![detail], ..Part::default() })
}

fn sum(map: &BTreeMap<String, Share>) -> Share {
    map.values().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1))
}

/// The gate: five folds of the training half, and the blind half as it ships.
pub fn guard(workshop: &mut Workshop) -> Result<Part> {
    let folded = crossed(&workshop.datasets)?;
    let blind = as_built(&workshop.datasets, "test")?;
    let of_fold = |pick: fn(&(Share, Share)) -> Share| -> Vec<f64> {
        folded.by_fold.iter().map(pick).map(|(hits, all)| share(hits, all)).collect()
    };
    let (stopped, safe) = (of_fold(|fold| fold.0), of_fold(|fold| fold.1));
    let ((hits, must), (wrong, harmless)) = (sum(&blind.stopped), sum(&blind.safe_stopped));
    let row = Row {
        measured: format!(
            "blind, as it ships: {:.3} / {}; five folds: {} / {}",
            share(hits, must),
            percent(wrong, harmless),
            folds(&stopped),
            folds(&safe)
        ),
        n: format!("blind {must} / {harmless}; folds {} / {}", sum(&folded.stopped).1, sum(&folded.safe_stopped).1),
        baseline: "none exists".into(),
        checks: vec![
            Check::at_least("must-block recall, blind", share(hits, must), 0.97),
            Check::at_most("safe replies blocked, blind", share(wrong, harmless), 0.03),
            Check::at_least("must-block recall, folds", median(&stopped), 0.97),
            Check::at_most("safe replies blocked, folds", median(&safe), 0.03),
        ],
        ..Row::owed(GUARD)
    };
    let details = [("five folds of the training half", &folded), ("blind half", &blind)]
        .map(|(title, figures)| format!("**Guard**, {title}:\n\n{}", lines(figures)));
    Ok(Part { rows: vec![row], details: details.to_vec(), ..Part::default() })
}

fn lines(figures: &Figures) -> String {
    figures.lines().iter().map(|line| format!("- {line}\n")).collect()
}
