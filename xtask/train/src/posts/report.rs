//! How good the model is on posts that it has not seen.

use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use bedside_understand::posts::lists::{LANGUAGES, Lists};
use bedside_understand::posts::looks::CLASSES;

use super::{Case, Knobs, Trained, load};
use crate::datasets::{Datasets, folds};
use crate::metrics::{Counts, macro_f1, mean, median_and_range, one_of};

/// A post, its class, the class given and how sure the model was.
struct Answer {
    fold: usize,
    language: usize,
    tweet: bool,
    truth: usize,
    given: usize,
    sure: f64,
}

/// The figures of one language.
#[derive(Debug, Clone)]
pub struct OfLanguage {
    /// Its tag.
    pub tag: &'static str,
    /// Posts.
    pub n: usize,
    /// Macro-F1 of each fold.
    pub by_fold: Vec<f64>,
    /// All folds together: negative, neutral, positive.
    pub all: Vec<Counts>,
}

/// The figures of a cross-validation.
#[derive(Debug, Clone)]
pub struct Figures {
    /// By language; `en` are comments to hospitals.
    pub languages: Vec<OfLanguage>,
    /// As a page.
    pub page: String,
}

/// Cross-validation in five folds, by language, as a page.
pub fn report(datasets: &Datasets, knobs: &Knobs) -> Result<String> {
    Ok(figures(datasets, knobs)?.page)
}

/// Cross-validation in five folds, by language.
pub fn figures(datasets: &Datasets, knobs: &Knobs) -> Result<Figures> {
    let lists = Lists::read().map_err(|error| anyhow!(error))?;
    let sets = load(datasets, &lists, knobs)?;
    let keys: Vec<(String, String)> = sets.cases.iter().map(|case| (case.key.clone(), case.key.clone())).collect();
    let fold = folds(&keys, 5);
    let mut answers: Vec<Answer> = Vec::new();
    for part in 0..5 {
        let rest: Vec<&Case> = (0..sets.cases.len()).filter(|&at| fold[at] != part).map(|at| &sets.cases[at]).collect();
        let trained = Trained::new(&rest, knobs);
        for at in (0..sets.cases.len()).filter(|&at| fold[at] == part) {
            answers.push(answer(&trained, &sets.cases[at], part));
        }
    }
    let mut out = format!("{} posts, {} copies left out.\n\n", sets.cases.len(), sets.copies);
    writeln!(
        out,
        "| language | n | macro-F1, median of 5 folds (range) | all folds | negative | neutral | positive |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    let mut means = Vec::new();
    let mut languages = Vec::new();
    for (language, tag) in LANGUAGES.iter().enumerate() {
        let of: Vec<&Answer> =
            answers.iter().filter(|answer| answer.language == language && answer.tweet == (*tag != "en")).collect();
        let all = one_of(CLASSES, of.iter().map(|answer| (answer.truth, answer.given)));
        let by_fold: Vec<f64> = (0..5)
            .map(|part| {
                let here = of.iter().filter(|answer| answer.fold == part);
                macro_f1(&one_of(CLASSES, here.map(|answer| (answer.truth, answer.given))))
            })
            .collect();
        let (median, low, high) = median_and_range(&by_fold);
        let name = if *tag == "en" { "en (comments to hospitals)" } else { tag };
        writeln!(
            out,
            "| {name} | {} | {median:.3} ({low:.3}-{high:.3}) | {:.3} | {:.3} | {:.3} | {:.3} |",
            of.len(),
            macro_f1(&all),
            all[0].f1(),
            all[1].f1(),
            all[2].f1()
        )?;
        languages.push(OfLanguage { tag, n: of.len(), by_fold, all: all.clone() });
        if *tag != "en" {
            means.push((median, macro_f1(&all)));
        }
    }
    let medians: Vec<f64> = means.iter().map(|(median, _)| *median).collect();
    let wholes: Vec<f64> = means.iter().map(|(_, whole)| *whole).collect();
    writeln!(
        out,
        "\nMean over the seven languages with posts of all classes: medians {:.3}, all folds {:.3}.",
        mean(&medians),
        mean(&wholes)
    )?;
    calibration(&mut out, &answers);
    Ok(Figures { languages, page: out })
}

fn answer(trained: &Trained, case: &Case, fold: usize) -> Answer {
    let logits = trained.logits(case);
    let given = (1..CLASSES).fold(0, |best, next| if logits[next] > logits[best] { next } else { best });
    let sum: f32 = logits.iter().map(|logit| libm::expf(logit - logits[given])).sum();
    let sure = 1.0 / f64::from(sum);
    Answer { fold, language: case.look.language, tweet: case.tweet, truth: case.class, given, sure }
}

/// How often the model is right where it says how sure it is.
fn calibration(out: &mut String, answers: &[Answer]) {
    writeln!(out, "\n| said | n | right |\n|---|---|---|").ok();
    let mut off = 0.0;
    let tweets: Vec<&Answer> = answers.iter().filter(|answer| answer.tweet).collect();
    for from in [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] {
        let here: Vec<&&Answer> =
            tweets.iter().filter(|answer| answer.sure >= from && answer.sure < from + 0.1).collect();
        if here.is_empty() {
            continue;
        }
        let said = mean(&here.iter().map(|answer| answer.sure).collect::<Vec<_>>());
        let right = here.iter().filter(|answer| answer.truth == answer.given).count() as f64 / here.len() as f64;
        off += (said - right).abs() * here.len() as f64 / tweets.len() as f64;
        writeln!(out, "| {said:.2} | {} | {right:.2} |", here.len()).ok();
    }
    writeln!(out, "\nMean distance {off:.3}.").ok();
}
