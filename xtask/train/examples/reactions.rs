//! Measures the model of reactions:
//! `BEDSIDE_DATASETS=<folder> cargo run --release -p bedside-train --example reactions -- report|speed`, in the root
//! of the repository.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use bedside_train::datasets::Datasets;
use bedside_train::{nhs, reactions};
use bedside_understand::reactions::Prepared;

fn main() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "an example of the workshop, not the program")]
    let folder = std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from);
    let datasets = Datasets::new(folder, PathBuf::from("."));
    match std::env::args().nth(1).as_deref() {
        Some("report") => println!("{}", reactions::report(&datasets)?),
        Some("speed") => speed(&datasets)?,
        _ => bail!("say report or speed"),
    }
    Ok(())
}

/// Mean time on a comment, with the words cut already: the best of several rounds, since others may use the machine.
fn speed(datasets: &Datasets) -> Result<()> {
    let texts: Vec<Prepared> = nhs::older(datasets)?.rows.iter().map(|row| Prepared::new(&row.text)).collect();
    let mut best = f64::INFINITY;
    let mut asked = 0;
    for _ in 0..20 {
        let start = Instant::now();
        asked = texts.iter().filter(|text| text.tells().is_some()).count();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{:.2} µs a comment; the model is asked for {asked} of {}", best * 1e6 / texts.len() as f64, texts.len());
    Ok(())
}
