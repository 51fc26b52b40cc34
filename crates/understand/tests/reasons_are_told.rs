//! What a label says of why its level changed is shown to people: each reason stands in the texts of the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bedside_understand::{Context, Engine};
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

#[test]
fn every_reason_has_words_in_each_language_of_the_pages() {
    let given = given();
    assert!(given.len() > 25, "the sample is too small to say anything: {given:?}");
    for language in ["en", "es"] {
        // A long text stands on a line of its own.
        let page = read(&format!("web/src/i18n/{language}/understand.ts")).replace(":\n      \"", ": \"");
        let reasons = page.split("  reasons: {").nth(1).and_then(|rest| rest.split("  } as").next()).expect("reasons");
        let has = |reason: &str| {
            let bare = format!("\n    {reason}: \"");
            reasons.contains(&format!("\"{reason}\": \"")) || reasons.contains(&bare)
        };
        let missing: Vec<&String> = given.iter().filter(|reason| !has(reason)).collect();
        assert!(missing.is_empty(), "add to web/src/i18n/{language}/understand.ts: {missing:?}");
    }
}
