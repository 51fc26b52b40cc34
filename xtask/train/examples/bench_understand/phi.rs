//! Identifiers.

use std::collections::HashMap;

use anyhow::Result;
use bedside_train::identifiers::crf::Settings;
use bedside_train::identifiers::data::{Case, annotated};
use bedside_train::identifiers::evaluate::{Of, Report, Span, score};
use bedside_train::identifiers::{crossed, material, ours};
use bedside_understand::identifiers::lists::Lists;

use crate::Workshop;
use crate::page::{ASQ, Check, PRESIDIO, Part, Row, folds, median};
use crate::python::Python;

/// Five folds of both licensed sets and of the own rows, and the blind half as the program ships.
pub fn measure(workshop: &mut Workshop) -> Result<Part> {
    let material = material(&workshop.datasets, &workshop.folder)?;
    let crossed = crossed(&material, Settings::shipped())?;
    let mut part = Part::default();
    let of = |name: &str, figure: fn(&Report) -> f64| -> Vec<f64> {
        crossed.reports.get(name).into_iter().flatten().map(figure).collect()
    };
    let three = |name: &str| [of(name, Report::recall), of(name, Report::full), of(name, Report::untouched)];
    let asq = three("asq");
    let theirs = baseline(&material.asq, &mut workshop.python)?;
    part.rows.push(Row {
        measured: asq.each_ref().map(|values| folds(values)).join(" / "),
        n: cases(&material.asq),
        baseline: format!(
            "Presidio patterns {:.3} / {:.3} / {:.3}",
            theirs.recall(),
            theirs.full(),
            theirs.untouched()
        ),
        checks: vec![
            Check::at_least("entity recall", median(&asq[0]), 0.96),
            Check::at_least("messages fully covered", median(&asq[1]), 0.88),
            Check::at_least("clean untouched", median(&asq[2]), 0.95),
        ],
        ..Row::owed(ASQ)
    });
    let presidio = three("presidio");
    let theirs = baseline(&material.presidio, &mut workshop.python)?;
    let doubtful = of("presidio", Report::recall_of_all);
    part.rows.push(Row {
        measured: format!("{}; with titles, ages, peoples, organisations {}", folds(&presidio[0]), folds(&doubtful)),
        n: cases(&material.presidio),
        baseline: format!("Presidio patterns {:.3}; {:.3}", theirs.recall(), theirs.recall_of_all()),
        checks: vec![Check::at_least("entity recall", median(&presidio[0]), 0.85)],
        ..Row::owed(PRESIDIO)
    });
    let own = three("own rows");
    let what = "identifiers, own training half: recall / fully covered / clean untouched";
    part.more.push(Row::further(what, own.each_ref().map(|values| folds(values)).join(" / "), cases(&material.own)));
    for (title, name) in [("ASQ", "asq"), ("presidio-research", "presidio"), ("own training half", "own rows")] {
        let mut all = Report::default();
        crossed.reports.get(name).into_iter().flatten().for_each(|report| all.plus(report));
        part.details.push(kinds(&format!("**Identifiers, {title}**, five folds together"), &all));
    }
    blind(&mut part, workshop)?;
    Ok(part)
}

fn blind(part: &mut Part, workshop: &mut Workshop) -> Result<()> {
    let own = annotated(&workshop.datasets, "test")?;
    let report = score(&own.iter().collect::<Vec<_>>(), ours(Lists::get()), |_| {});
    let theirs = baseline(&own, &mut workshop.python)?;
    let three = |report: &Report| format!("{:.3} / {:.3} / {:.3}", report.recall(), report.full(), report.untouched());
    let what = "blind: identifiers: recall / fully covered / clean untouched";
    part.more.push(Row {
        baseline: format!("Presidio patterns {}", three(&theirs)),
        ..Row::further(what, three(&report), cases(&own))
    });
    part.details.push(kinds("**Identifiers**, blind half", &report));
    Ok(())
}

fn cases(cases: &[Case]) -> String {
    let entities: usize = cases.iter().map(|case| case.gold.iter().filter(|gold| gold.counts).count()).sum();
    format!("{} texts, {entities} entities", cases.len())
}

fn baseline(cases: &[Case], python: &mut Python) -> Result<Report> {
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let found: HashMap<&str, Vec<Span>> = texts.iter().copied().zip(python.presidio(&texts)?).collect();
    let find = |text: &str| found.get(text).cloned().unwrap_or_default();
    Ok(score(&cases.iter().collect::<Vec<_>>(), find, |_| {}))
}

fn kinds(title: &str, report: &Report) -> String {
    let said = |kinds: &std::collections::BTreeMap<String, Of>| -> Vec<String> {
        kinds.iter().map(|(kind, of)| format!("{kind} {}/{} (right type {})", of.covered, of.all, of.right)).collect()
    };
    let mut out = format!("{title}, covered by type: {}.", said(&report.counted).join(", "));
    if !report.doubtful.is_empty() {
        out += &format!(
            " Doubtful ones, which 45 CFR 164.514(b)(2) does not list: {}.",
            said(&report.doubtful).join(", ")
        );
    }
    out += &format!(" Right type {:.3}, precision of the spans {:.3}.", report.right(), report.precision());
    out
}
