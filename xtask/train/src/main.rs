//! `cargo xtask train`: trains a model and writes its file into `data/models/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use bedside_train::datasets::Datasets;
use bedside_train::samples::{licensed, own};

fn main() -> Result<()> {
    let datasets = Datasets::new(std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from), ".".into());
    reader(&datasets)
}

fn reader(datasets: &Datasets) -> Result<()> {
    let mut origins = Vec::new();
    let mut samples = own(datasets, "train", &mut origins)?;
    samples.extend(licensed(datasets, &mut origins)?);
    let files = bedside_train::reader::reader(&samples.iter().collect::<Vec<_>>(), &origins);
    for (name, bytes) in [
        ("experience.bin", files.experience.as_slice()),
        ("risks.bin", &files.risks),
        ("layers.json", files.layers.as_bytes()),
    ] {
        let path = datasets.repository().join("data/models").join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}: {} bytes", path.display(), bytes.len());
    }
    Ok(())
}
