//! What labels say is shown to people: each reason for a level, and each theme, stands in the texts of the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bedside_understand::{Context, Engine, theme_names};
use serde_json::Value;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The reasons that a sample of the texts written by hand gives.
fn given() -> BTreeSet<String> {
    let engine = Engine::default();
    let mut out = BTreeSet::new();
    for set in ["crisis", "emergency", "safety", "privacy"] {
        let rows = read(&format!("data/annotated/{set}/train.jsonl"));
        for line in rows.lines().step_by(4) {
            let row: Value = serde_json::from_str(line).expect("a row");
            let said = engine.read(row["text"].as_str().expect("a text"), &Context::default());
            out.extend(said.risks.into_iter().flat_map(|risk| risk.because));
            out.extend(said.hcat.into_iter().flat_map(|hcat| hcat.because));
        }
    }
    out
}

/// The entries of a table of a language's page: what stands between `  name: {` and its end.
fn table(language: &str, name: &str) -> String {
    // A long text stands on a line of its own.
    let page = read(&format!("web/src/i18n/{language}/understand.ts")).replace(":\n      \"", ": \"");
    let (_, rest) = page.split_once(&format!("\n  {name}: {{")).unwrap_or_else(|| panic!("{language} has no {name}"));
    rest.split("\n  } as").next().unwrap_or_default().to_owned()
}

fn has(table: &str, key: &str) -> bool {
    table.contains(&format!("\n    \"{key}\": \"")) || table.contains(&format!("\n    {key}: \""))
}

#[test]
fn every_reason_has_words_in_each_language_of_the_pages() {
    let given = given();
    assert!(given.len() > 25, "the sample is too small to say anything: {given:?}");
    for language in ["en", "es"] {
        let table = table(language, "reasons");
        let missing: Vec<&String> = given.iter().filter(|reason| !has(&table, reason)).collect();
        assert!(missing.is_empty(), "add to web/src/i18n/{language}/understand.ts: {missing:?}");
    }
}

#[test]
fn every_theme_has_a_name_in_each_language_of_the_pages() {
    for language in ["en", "es"] {
        let table = table(language, "themeNames");
        for theme in theme_names() {
            assert!(has(&table, &theme.label), "add to web/src/i18n/{language}/understand.ts: {}", theme.label);
        }
    }
}
