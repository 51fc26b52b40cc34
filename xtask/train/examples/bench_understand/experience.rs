//! What the reader says: sentiment, themes, intents, alerts, in five folds and on the blind halves.

use anyhow::Result;
use bedside_train::claims;
use bedside_train::evaluate::{ALERTS, Alert, Alerts, Figure, Unseen, alerts, intents, sentiment, themes, unseen};
use bedside_train::metrics::{Counts, macro_f1, micro_f1, one_of};
use bedside_train::reader::{feeling, folded_to_three};
use bedside_train::samples::{Sample, Set, licensed, own};
use bedside_understand::{Assessment, Context, assess};

use crate::Workshop;
use crate::page::{CRISIS, Check, EMERGENCY, Part, Row, SENTIMENT, THEMES, classes, folds, median, percent, share};
use crate::python::Python;

/// The share of ordinary comments that an alert may be raised for.
const ALARMED: f64 = 0.005;

/// Five folds over the own training halves and the licensed sets.
pub fn measure(workshop: &mut Workshop) -> Result<Part> {
    let mut origins = Vec::new();
    let mut samples = own(&workshop.datasets, "train", &mut origins)?;
    samples.extend(licensed(&workshop.datasets, &mut origins)?);
    let all = unseen(&samples)?;
    let firsts: Vec<&Unseen<'_>> = all.iter().filter(|one| one.first).collect();
    let mut part = Part::default();
    feelings(&mut part, &firsts, &mut workshop.python)?;
    topics(&mut part, &firsts);
    let table = intents(&all);
    part.more.push(both("intents and added themes, own training half, micro/macro-F1", &table));
    part.details.push(classes("**Intents and added themes**, five folds together", &table.pooled()));
    for alert in ALERTS {
        let found = alerts(alert, firsts.iter().map(|one| (one.sample, one.fold, &one.said)));
        let (first_row, mut row) = alert_rows(alert, &found);
        if alert == Alert::Crisis {
            row.baseline = keywords(&firsts.iter().map(|one| one.sample).collect::<Vec<_>>(), &mut workshop.python)?;
        }
        if first_row {
            part.rows.push(row)
        } else {
            part.more.push(row)
        }
        part.details.push(by_label(&format!("**{alert:?}**, five folds of the own training half"), &found));
    }
    Ok(part)
}

fn feelings(part: &mut Part, firsts: &[&Unseen<'_>], python: &mut Python) -> Result<()> {
    let (three, five) = sentiment(firsts.iter().copied());
    let figure = three.figure("", macro_f1);
    let known: Vec<(&str, usize)> = firsts
        .iter()
        .filter(|one| one.said.sentiment.is_some())
        .filter_map(|one| Some((one.sample.text.as_str(), folded_to_three(feeling(one.sample)?))))
        .collect();
    let texts: Vec<&str> = known.iter().map(|(text, _)| *text).collect();
    let given = python.vader(&texts)?;
    let place = |name: &String| ["positive", "neutral", "negative"].iter().position(|of| of == name).unwrap_or(1);
    let theirs = one_of(3, known.iter().map(|(_, truth)| *truth).zip(given.iter().map(place)));
    part.rows.push(Row {
        measured: folds(&figure.by_fold),
        n: figure.n.to_string(),
        baseline: format!("VADER {:.3}", macro_f1(&theirs)),
        checks: vec![Check::at_least("macro-F1", median(&figure.by_fold), 0.71)],
        ..Row::owed(SENTIMENT)
    });
    let accuracy = five.figure("", micro_f1);
    part.more.push(Row::further("NHS sentiment on five points, accuracy", folds(&accuracy.by_fold), accuracy.n));
    let macro_five = five.figure("", macro_f1);
    part.more.push(Row::further("NHS sentiment on five points, macro-F1", folds(&macro_five.by_fold), macro_five.n));
    part.details.push(classes("**NHS sentiment, three points**, five folds together", &three.pooled()));
    part.details.push(classes("**NHS sentiment, five points**, five folds together", &five.pooled()));
    Ok(())
}

fn topics(part: &mut Part, firsts: &[&Unseen<'_>]) {
    let (coarse, fine) = themes(firsts.iter().copied());
    let (micro, of_macro) = (coarse.figure("", micro_f1), coarse.figure("", macro_f1));
    part.rows.push(Row {
        measured: format!("{} / {}", folds(&micro.by_fold), folds(&of_macro.by_fold)),
        n: micro.n.to_string(),
        baseline: "none".into(),
        checks: vec![
            Check::at_least("micro-F1", median(&micro.by_fold), 0.77),
            Check::at_least("macro-F1", median(&of_macro.by_fold), 0.65),
        ],
        ..Row::owed(THEMES)
    });
    part.more.push(both("NHS themes, subcategories, micro/macro-F1", &fine));
    part.details.push(classes("**NHS themes, categories**, five folds together", &coarse.pooled()));
    part.details.push(classes("**NHS themes, subcategories**, five folds together", &fine.pooled()));
}

fn both(what: &str, table: &bedside_train::evaluate::Table) -> Row {
    let figures: [Figure; 2] = [table.figure("", micro_f1), table.figure("", macro_f1)];
    let measured = figures.each_ref().map(|figure| folds(&figure.by_fold)).join(" / ");
    Row::further(what, measured, table.n)
}

/// The row of an alert, and whether it is one of the issue's.
fn alert_rows(alert: Alert, found: &Alerts) -> (bool, Row) {
    let recalls: Vec<f64> = found.own.iter().map(Counts::recall).collect();
    let sum = found.own.iter().fold(Counts::default(), |sum, counts| sum.plus(counts));
    let (alarms, ordinary) = found.ordinary;
    let (of_issue, row) = match alert {
        Alert::Crisis => (true, Row::owed(CRISIS)),
        Alert::Emergency => (true, Row::owed(EMERGENCY)),
        Alert::Safety | Alert::Privacy => {
            (false, Row::further(&format!("{alert:?} recall / ordinary comments alerted"), String::new(), ""))
        }
    };
    let checks = vec![
        Check::at_least("recall", median(&recalls), 0.95),
        Check::at_most("share of ordinary comments alerted", share(alarms, ordinary), ALARMED),
    ];
    let row = Row {
        measured: format!("{} / {} ({alarms})", folds(&recalls), percent(alarms, ordinary)),
        n: format!("{} / {ordinary}", sum.truths()),
        // The issue sets no goal for the other two.
        checks: if of_issue { checks } else { Vec::new() },
        ..row
    };
    (of_issue, row)
}

fn keywords(samples: &[&Sample], python: &mut Python) -> Result<String> {
    let texts: Vec<&str> = samples.iter().map(|one| one.text.as_str()).collect();
    let hit = python.keywords(&texts)?;
    let count = |of: &dyn Fn(&Sample) -> bool| {
        let here = samples.iter().zip(&hit).filter(|(one, _)| of(one));
        here.fold((0, 0), |sum, (_, hit)| (sum.0 + usize::from(*hit), sum.1 + 1))
    };
    let own = count(&|one| Alert::Crisis.truth(one) == Some(true));
    let ordinary = count(&|one| matches!(one.set, Set::Nhs | Set::NhsOlder));
    if ordinary.1 == 0 {
        return Ok(format!("keyword list {:.3}", share(own.0, own.1)));
    }
    Ok(format!("keyword list {:.3} / {}", share(own.0, own.1), percent(ordinary.0, ordinary.1)))
}

fn by_label(title: &str, found: &Alerts) -> String {
    let sum = found.own.iter().fold(Counts::default(), |sum, counts| sum.plus(counts));
    let labels: Vec<String> =
        found.by_label.iter().map(|(label, (given, all))| format!("`{label}` {given} of {all}")).collect();
    format!(
        "{title}: missed {}, raised wrongly {}. Raised by label: {}.",
        sum.misses,
        sum.false_alarms,
        labels.join(", ")
    )
}

/// The own test halves, by the program as it ships: counts only.
pub fn blind(workshop: &mut Workshop) -> Result<Part> {
    let samples = own(&workshop.datasets, "test", &mut Vec::new())?;
    let said: Vec<Assessment> = samples.iter().map(|one| assess(&one.text, &Context::default())).collect();
    let mut part = Part::default();
    for alert in ALERTS {
        let found = alerts(alert, samples.iter().zip(&said).map(|(sample, said)| (sample, 0, said)));
        let counts = found.own[0];
        let others: usize = found.by_label.values().map(|(_, all)| all).sum::<usize>() - counts.truths();
        let what = match alert {
            Alert::Crisis => "blind: crisis C2+C3 recall / other rows of the set alerted",
            Alert::Emergency => "blind: emergency-now recall / other rows alerted",
            Alert::Safety => "blind: threat or abuse recall / other rows alerted",
            Alert::Privacy => "blind: privacy exposure recall / other rows alerted",
        };
        let measured = format!("{:.3} / {}", counts.recall(), percent(counts.false_alarms, others));
        let mut row = Row::further(what, measured, format!("{} / {others}", counts.truths()));
        if matches!(alert, Alert::Crisis | Alert::Emergency) {
            row.goal = "≥ 0.95".into();
            row.checks = vec![Check::at_least("recall", counts.recall(), 0.95)];
        }
        if alert == Alert::Crisis {
            row.baseline = keywords(&samples.iter().collect::<Vec<_>>(), &mut workshop.python)?;
        }
        part.more.push(row);
        part.details.push(by_label(&format!("**{alert:?}**, blind half"), &found));
    }
    let read: Vec<Unseen<'_>> =
        samples.iter().zip(said).map(|(sample, said)| Unseen { sample, fold: 0, first: true, said }).collect();
    let table = intents(&read);
    let of_all = table.pooled();
    let counts: Vec<Counts> = of_all.iter().map(|(_, counts)| *counts).collect();
    let measured = format!("{:.3} / {:.3}", micro_f1(&counts), macro_f1(&counts));
    part.more.push(Row::further("blind: intents and added themes, micro/macro-F1", measured, table.n));
    part.details.push(classes("**Intents and added themes**, blind half", &of_all));
    of_claims(&mut part, workshop)?;
    Ok(part)
}

fn of_claims(part: &mut Part, workshop: &Workshop) -> Result<()> {
    let rows = claims::rows(&workshop.datasets, "test")?.rows;
    let measured = claims::measure(&rows);
    let cells = format!("{:.3} / {:.3}", measured.claim.precision(), measured.claim.recall());
    part.more.push(Row::further("blind: the right claim, precision / recall", cells, measured.claim.truths()));
    let (none, given) = measured.none;
    part.more.push(Row::further("blind: texts about no claim that were given one", percent(given, none), none));
    let stances: Vec<(String, Counts)> =
        measured.stances.iter().map(|(stance, counts)| ((*stance).to_owned(), *counts)).collect();
    part.details.push(classes("**Claims with the right stance**, blind half", &stances));
    Ok(())
}
