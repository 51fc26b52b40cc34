//! How good the model is on posts, and on medicines, that it has not seen.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use bedside_understand::reactions::{Reader, UNSURE};

use super::{Case, KNOBS, Sets, Trained, load};
use crate::datasets::{Datasets, folded, folds};
use crate::metrics::{Counts, mean, median_and_range};

/// What one part of a cross-validation gave.
struct Part {
    name: String,
    counts: Counts,
    texts: usize,
    /// Ordinary texts that were taken for a reaction.
    alarms: BTreeSet<String>,
    /// With what the lists add where the model is not sure: what the program does.
    with_lists: Counts,
}

/// The figures of both cross-validations, by what was held out, with what the lists add.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Five folds by post.
    pub by_post: Vec<Counts>,
    /// One medicine left out each time.
    pub by_medicine: Vec<Counts>,
    /// Sentences.
    pub sentences: usize,
    /// As a page.
    pub page: String,
}

/// Cross-validation over posts, then over medicines, as a page.
pub fn report(datasets: &Datasets) -> Result<String> {
    Ok(figures(datasets)?.page)
}

/// Cross-validation over posts, then over medicines.
pub fn figures(datasets: &Datasets) -> Result<Figures> {
    let reader = Reader::new().map_err(|error| anyhow!(error))?;
    let sets = load(datasets, &reader, &KNOBS)?;
    let mut out = String::new();
    let own: Vec<&Case> = sets.cases.iter().filter(|case| !case.ordinary).collect();
    let reactions = own.iter().filter(|case| case.truth[0]).count();
    let missed = own.iter().filter(|case| case.truth[0] && !case.seen()).count();
    writeln!(out, "PsyTAR: {} sentences, {reactions} of them tell of a reaction.", own.len())?;
    writeln!(
        out,
        "Not looked at: {} sentences, {missed} of them with a reaction.",
        own.iter().filter(|c| !c.seen()).count()
    )?;
    let keys: Vec<(String, String)> = sets.cases.iter().map(|case| (case.group.clone(), folded(&case.text))).collect();
    let fold = folds(&keys, 5);
    let parts: Vec<Part> =
        (0..5).map(|part| measure(&sets, &reader, format!("fold {part}"), |at| fold[at] == part)).collect();
    table(&mut out, "5 folds by post", &parts, &sets);
    let by_post = parts.iter().map(|part| part.with_lists).collect();
    let sentences = own.len();
    let drugs: BTreeSet<String> = own.iter().map(|case| case.drug()).collect();
    let parts: Vec<Part> = drugs
        .into_iter()
        .enumerate()
        .map(|(index, drug)| {
            let held = |at: usize| {
                let case = &sets.cases[at];
                if case.ordinary { fold[at] == index } else { case.drug() == drug }
            };
            measure(&sets, &reader, drug.clone(), held)
        })
        .collect();
    table(&mut out, "one medicine left out", &parts, &sets);
    let by_medicine = parts.iter().map(|part| part.with_lists).collect();
    Ok(Figures { by_post, by_medicine, sentences, page: out })
}

/// Trains on what is not held out and measures on what is.
fn measure(sets: &Sets, reader: &Reader, name: String, held: impl Fn(usize) -> bool) -> Part {
    let (test, rest): (Vec<usize>, Vec<usize>) = (0..sets.cases.len()).partition(|&at| held(at));
    let rest: Vec<&Case> = rest.into_iter().map(|at| &sets.cases[at]).collect();
    let trained = Trained::new(&rest, reader, &KNOBS);
    let mut part =
        Part { name, counts: Counts::default(), texts: 0, alarms: BTreeSet::new(), with_lists: Counts::default() };
    for case in test.into_iter().map(|at| &sets.cases[at]) {
        let margin = trained.margin(reader, case);
        let told = margin.is_some_and(|margin| margin >= 0.0);
        let told_with_lists = told || case.listed && margin.is_some_and(|margin| margin >= -UNSURE);
        if !case.ordinary {
            part.counts.add(case.truth[0], told);
            part.with_lists.add(case.truth[0], told_with_lists);
            part.texts += 1;
        } else if told_with_lists {
            part.alarms.insert(case.group.clone());
        }
    }
    part
}

fn table(out: &mut String, title: &str, parts: &[Part], sets: &Sets) {
    writeln!(out, "\n### {title}\n\n| held out | n | reactions | precision | recall | F1 | F1 with the lists |\n|---|---|---|---|---|---|---|")
        .ok();
    for part in parts {
        writeln!(
            out,
            "| {} | {} | {} | {:.3} | {:.3} | {:.3} | {:.3} |",
            part.name,
            part.texts,
            part.counts.truths(),
            part.counts.precision(),
            part.counts.recall(),
            part.counts.f1(),
            part.with_lists.f1()
        )
        .ok();
    }
    let f1s: Vec<f64> = parts.iter().map(|part| part.counts.f1()).collect();
    let (median, low, high) = median_and_range(&f1s);
    writeln!(out, "\nF1 median {median:.3} ({low:.3}-{high:.3}), mean {:.3}.", mean(&f1s)).ok();
    let f1s: Vec<f64> = parts.iter().map(|part| part.with_lists.f1()).collect();
    let (median, low, high) = median_and_range(&f1s);
    writeln!(out, "With the lists: median {median:.3} ({low:.3}-{high:.3}), mean {:.3}.", mean(&f1s)).ok();
    for (name, count) in &sets.ordinary {
        let start = format!("{name}:");
        let alarms = parts.iter().flat_map(|part| &part.alarms).filter(|group| group.starts_with(&start)).count();
        writeln!(
            out,
            "Taken for a reaction in {name}: {alarms} of {count} ({:.2}%).",
            100.0 * alarms as f64 / *count as f64
        )
        .ok();
    }
}
