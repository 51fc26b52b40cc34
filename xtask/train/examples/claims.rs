//! Measures the matcher of claims (`BEDSIDE_DATASETS=<folder>`): `claims crossed` cross-validates the model on the training
//! half and on ordinary comments; `claims measure train|test` measures the crate as it is; `claims wrong train` prints the rows
//! that are got wrong; `claims ordinary` prints what is found in ordinary comments; `claims signs TEXT` prints the numbers of a text; `claims unreached` prints the rows of
//! the training half whose claim is not even a candidate.

use std::path::PathBuf;

use anyhow::{Result, bail};
use bedside_train::claims::*;
use bedside_train::datasets::Datasets;
use bedside_understand::{Claims, claims};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    #[expect(clippy::disallowed_methods, reason = "an example of the workshop, not the program")]
    let folder = std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from);
    let datasets = Datasets::new(folder, ".".into());
    match words.as_slice() {
        ["crossed"] => crossed(&datasets),
        ["measure", half, ..] => {
            let rows = rows(&datasets, half)?.rows;
            let measured = measure(&rows);
            println!("{} rows", rows.len());
            for (stance, counts) in &measured.stances {
                println!(
                    "{stance:8} n {:3}  precision {:.3}  recall {:.3}  F1 {:.3}",
                    counts.truths(),
                    counts.precision(),
                    counts.recall(),
                    counts.f1()
                );
            }
            let claim = measured.claim;
            println!(
                "claim    n {:3}  precision {:.3}  recall {:.3}",
                claim.truths(),
                claim.precision(),
                claim.recall()
            );
            println!("of {} rows about no claim {} were given one", measured.none.0, measured.none.1);
            println!("stances where the claim is right (asserts, asks, denies): {:?}", measured.confusion);
            for lang in ["en", "es"] {
                let of_lang: Vec<_> = rows.iter().filter(|row| row.lang == lang).cloned().collect();
                let claim = measure(&of_lang).claim;
                println!(
                    "{lang}: n {} precision {:.3} recall {:.3}",
                    claim.truths(),
                    claim.precision(),
                    claim.recall()
                );
            }
            Ok(())
        }
        ["wrong", "train", ..] => {
            let rows = rows(&datasets, "train")?.rows;
            for (id, given) in measure(&rows).wrong {
                let row = rows.iter().find(|row| row.id == id);
                let Some(row) = row else { continue };
                println!("{} {} -> {given}\n      {}", row.claim.as_deref().unwrap_or("-"), row.stance, row.text);
            }
            Ok(())
        }
        ["unreached", ..] => {
            for row in rows(&datasets, "train")?.rows {
                let Some(claim) = &row.claim else { continue };
                let there = Claims::get().candidates(&row.text, None);
                if there.iter().all(|one| one.id != *claim) {
                    println!("{claim} | {} | {}", row.stance, row.text);
                }
            }
            Ok(())
        }
        ["signs", text, ..] => {
            for one in Claims::get().candidates(text, None) {
                let there = Claims::signs().iter().zip(&one.signs).filter(|(_, value)| **value != 0.0);
                println!(
                    "{} {:?}",
                    one.id,
                    there.map(|(sign, value)| format!("{sign} {value:.2}")).collect::<Vec<_>>()
                );
            }
            println!("{:?}", claims(text));
            Ok(())
        }
        ["ordinary", ..] => {
            let texts = ordinary(&datasets)?;
            let mut found = 0;
            for text in &texts {
                for one in claims(text) {
                    found += 1;
                    println!("{} {:?} {:.2}: {text}", one.id, one.stance, one.score);
                }
            }
            println!(
                "{found} matches in {} comments, {:.2} in a thousand",
                texts.len(),
                found as f64 * 1000.0 / texts.len() as f64
            );
            Ok(())
        }
        _ => bail!("say crossed, measure train|test, wrong train, unreached or ordinary"),
    }
}

fn crossed(datasets: &Datasets) -> Result<()> {
    let rows = rows(datasets, "train")?.rows;
    let ordinary = ordinary(datasets)?;
    let samples = samples(&rows, &ordinary);
    let reached = samples.iter().filter(|sample| sample.right && sample.row.is_some()).count();
    let wanted = rows.iter().filter(|row| row.claim.is_some()).count();
    let of_ordinary = samples.iter().filter(|sample| sample.row.is_none() && !sample.right).count();
    println!(
        "{} candidates; {reached} of {wanted} claims are among them; {of_ordinary} in {} ordinary comments",
        samples.len(),
        ordinary.len()
    );
    for cost in [0.3, 1.0, 3.0, 10.0] {
        let settings = bedside_train::logistic::Settings { cost, ..SETTINGS };
        let scored = cross_validated(&rows, &samples, settings);
        for threshold in [0.5, 0.6, 0.7] {
            let (mut right, mut given, mut none, mut everyday) = (0, 0, 0, 0);
            let from_library = |sample: &Sample| sample.row.is_none() && sample.right;
            let pairs = samples.iter().zip(&scored).filter(|(sample, _)| !from_library(sample));
            for (sample, (stance, _)) in pairs.filter(|(_, (_, score))| *score >= threshold) {
                given += 1;
                right += usize::from(sample.stance == Some(*stance));
                none += usize::from(!sample.right);
                everyday += usize::from(sample.row.is_none());
            }
            println!(
                "cost {cost} threshold {threshold}: precision {:.3} recall {:.3}, wrong claim {none}, of them ordinary {everyday}",
                right as f64 / given as f64,
                right as f64 / wanted as f64
            );
        }
    }
    let scored = cross_validated(&rows, &samples, SETTINGS);
    let pairs: Vec<_> = samples
        .iter()
        .zip(&scored)
        .filter(|(sample, _)| sample.row.is_some() || !sample.right)
        .map(|(sample, (stance, score))| (*score, sample.stance == Some(*stance)))
        .collect();
    for (count, mean, share) in reliability(&pairs) {
        println!("{count:4} scores, mean {mean:.2}, right {share:.2}");
    }
    Ok(())
}
