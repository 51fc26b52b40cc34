//! `cargo xtask train [MODEL...]`: trains models and writes their files into `data/models/`, in the root of the repository.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bedside_train::datasets::Datasets;
use bedside_train::samples::{licensed, own};
use bedside_train::{claims, identifiers, language, posts, reactions, reader, replies};

/// Trains a model and writes its file.
type Train = fn(&Datasets) -> Result<()>;

/// The models by name.
const MODELS: [(&str, Train); 7] = [
    ("language", train_language),
    ("names", train_names),
    ("reader", train_reader),
    ("reactions", train_reactions),
    ("posts", train_posts),
    ("claims", train_claims),
    ("replies", train_replies),
];

fn main() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "a tool of the workshop, not the program")]
    let folder = std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from);
    let datasets = Datasets::new(folder, PathBuf::from("."));
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = names.iter().find(|name| !MODELS.iter().any(|(model, _)| model == name)) {
        bail!("there is no model `{unknown}`; known are {}", MODELS.map(|(name, _)| name).join(", "));
    }
    for (name, train) in MODELS.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|one| one == name)) {
        println!("training {name}");
        train(&datasets)?;
    }
    Ok(())
}

fn train_language(datasets: &Datasets) -> Result<()> {
    let trained = language::train(datasets, &mut |line| println!("  {line}"))?;
    write(datasets, "language.bin", &trained.file)
}

fn train_names(datasets: &Datasets) -> Result<()> {
    let folder = datasets.folder(".")?;
    identifiers::workshop(&["train".to_owned(), folder.display().to_string()])
}

fn train_claims(datasets: &Datasets) -> Result<()> {
    write(datasets, "claims.toml", claims::train(datasets)?.as_bytes())
}

fn train_reactions(datasets: &Datasets) -> Result<()> {
    write(datasets, "reactions.bin", &reactions::train(datasets)?)
}

fn train_posts(datasets: &Datasets) -> Result<()> {
    write(datasets, "posts.bin", &posts::train(datasets)?)
}

fn train_replies(datasets: &Datasets) -> Result<()> {
    let trained = replies::train(datasets, &mut |line| println!("  {line}"))?;
    write(datasets, "replies.bin", &trained.file)
}

fn train_reader(datasets: &Datasets) -> Result<()> {
    let mut origins = Vec::new();
    let mut samples = own(datasets, "train", &mut origins)?;
    samples.extend(licensed(datasets, &mut origins)?);
    let files = reader::reader(&samples.iter().collect::<Vec<_>>(), &origins);
    write(datasets, "experience.bin", &files.experience)?;
    write(datasets, "messages.bin", &files.messages)?;
    write(datasets, "layers.json", files.layers.as_bytes())
}

fn write(datasets: &Datasets, name: &str, bytes: &[u8]) -> Result<()> {
    let path: &Path = &datasets.repository().join("data/models").join(name);
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    println!("  {}: {} bytes", path.display(), bytes.len());
    Ok(())
}
