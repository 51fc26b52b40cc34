//! The models travel within the program: together they stay small, and each says on a card what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// What all of them together may weigh.
const MOST: u64 = 16_000_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models")
}

/// The files that the program carries, with their sizes, in order.
fn models() -> Vec<(String, u64)> {
    let mut out: Vec<(String, u64)> = fs::read_dir(folder())
        .expect("the folder of the models is part of the repository")
        .map(|entry| entry.expect("an entry can be read"))
        .map(|entry| {
            (entry.file_name().into_string().expect("a name in ASCII"), entry.metadata().expect("a size").len())
        })
        .filter(|(name, _)| [".bin", ".toml", ".json"].iter().any(|end| name.ends_with(end)))
        .collect();
    out.sort();
    out
}

#[test]
fn the_models_together_weigh_less_than_sixteen_megabytes() {
    let models = models();
    assert!(models.len() >= 9, "models are missing: {models:?}");
    let sum: u64 = models.iter().map(|(_, size)| size).sum();
    assert!(sum < MOST, "{sum} bytes: {models:?}");
}

#[test]
fn every_model_has_a_card_and_stands_in_the_table_with_its_size() {
    let table = fs::read_to_string(folder().join("README.md")).expect("the table of the models");
    for (name, size) in models() {
        let row = table.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("{name} does not stand in data/models/README.md"));
        let grouped = grouped(size);
        assert!(row.contains(&format!("| {grouped} |")), "{name} has {grouped} bytes, and the table says: {row}");
        let card = row.split('(').nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
        let text = fs::read_to_string(folder().join(card)).unwrap_or_else(|_| panic!("{name} has no card `{card}`"));
        assert!(text.contains(&name), "{card} does not speak of {name}");
    }
}

/// 1234567 as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
