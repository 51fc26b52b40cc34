//! Measures the model of short posts:
//! `BEDSIDE_DATASETS=<folder> cargo run --release -p bedside-train --example posts -- report|speed`, in the root of
//! the repository.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use bedside_train::datasets::{Datasets, Loaded};
use bedside_train::posts::{self, KNOBS};
use bedside_understand::posts::sentiment;
use serde_json::Value;

fn main() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "an example of the workshop, not the program")]
    let folder = std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from);
    let datasets = Datasets::new(folder, PathBuf::from("."));
    match std::env::args().nth(1).as_deref() {
        Some("report") => println!("{}", posts::report(&datasets, &KNOBS)?),
        Some("speed") => speed(&datasets)?,
        _ => bail!("say report or speed"),
    }
    Ok(())
}

/// Mean time on a tweet: the best of several rounds, since others may use the machine.
fn speed(datasets: &Datasets) -> Result<()> {
    let loaded: Loaded<Value> = datasets.licensed("xlmt.train.jsonl", "")?;
    let texts: Vec<&str> = loaded.rows.iter().filter_map(|row| row["text"].as_str()).collect();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        let read = texts.iter().filter(|text| sentiment(text, "es").is_some()).count();
        best = best.min(start.elapsed().as_secs_f64() / read.max(1) as f64);
    }
    println!("{:.1} µs a post", best * 1e6);
    Ok(())
}
