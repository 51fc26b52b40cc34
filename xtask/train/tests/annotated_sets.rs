//! What `data/annotated/README.md` promises of the sets written by hand. Rows are never printed, only their ids: the test
//! halves are not to be read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bedside_train::datasets::folded;
use serde_json::Value;

/// Sets of which a text says what it is by one label, and the labels.
const LABELS: [(&str, &[&str]); 6] = [
    ("crisis", &["C3", "C2", "C1", "C0", "none"]),
    ("emergency", &["now", "past", "possible", "none"]),
    ("safety", &["threat", "abuse", "none"]),
    ("privacy", &["exposure", "none"]),
    ("replies", &["block", "safe"]),
    ("other_languages", &["C3", "C2", "C1", "C0", "now", "past", "possible", "none"]),
];
const INTENTS: [&str; 7] =
    ["complaint", "question_service", "question_health", "suggestion", "praise", "job_media_legal", "spam_offtopic"];
const THEMES: [&str; 3] = ["Cost, billing & insurance", "Scheduling & portal", "Privacy"];
const STANCES: [&str; 4] = ["asserts", "asks", "denies", "none"];
/// Sets that one model learns from together.
const TOGETHER: [&str; 5] = ["crisis", "emergency", "safety", "privacy", "intents"];
/// So many words in a row make a piece; a shorter text is one piece.
const PIECE: usize = 5;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/annotated")
}

/// The rows of a half of each set that has it.
fn half(name: &str) -> Vec<(String, Value)> {
    let mut sets: Vec<PathBuf> =
        fs::read_dir(folder()).expect("the sets").map(|entry| entry.expect("an entry").path()).collect();
    sets.sort();
    let mut out = Vec::new();
    for set in sets.iter().filter(|path| path.join(name).is_file()) {
        let of = set.file_name().and_then(|name| name.to_str()).expect("a name in ASCII").to_owned();
        let text = fs::read_to_string(set.join(name)).expect("a set in UTF-8");
        for (at, line) in text.lines().enumerate() {
            let row = serde_json::from_str(line).unwrap_or_else(|_| panic!("{of}/{name}, line {}: no JSON", at + 1));
            out.push((of.clone(), row));
        }
    }
    assert!(out.len() > 1_000, "the half {name} is missing");
    out
}

fn text<'r>(set: &str, row: &'r Value) -> &'r str {
    let field = if set == "replies" { "draft" } else { "text" };
    row[field].as_str().unwrap_or_else(|| panic!("{} has no {field}", row["id"]))
}

fn all_listed(row: &Value, field: &str, allowed: &[&str]) -> bool {
    let given = row[field].as_array().unwrap_or_else(|| panic!("{} has no {field}", row["id"]));
    given.iter().all(|one| one.as_str().is_some_and(|one| allowed.contains(&one)))
}

#[test]
fn every_row_has_an_id_of_its_own_a_text_and_a_listed_label() {
    let mut ids = BTreeSet::new();
    for name in ["train.jsonl", "test.jsonl"] {
        let of_half = name.trim_end_matches(".jsonl");
        for (set, row) in half(name) {
            let id = row["id"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
            let has_one_half = set == "other_languages";
            assert!(has_one_half || id.contains(&format!("-{of_half}-")), "{id} stands in {name}");
            assert!(row["kind"].is_string() && row["lang"].is_string(), "{id} lacks its kind or language");
            assert!(!text(&set, &row).trim().is_empty(), "{id} says nothing");
            let label = row["label"].as_str();
            if let Some((_, labels)) = LABELS.iter().find(|(of, _)| *of == set) {
                assert!(label.is_some_and(|label| labels.contains(&label)), "{id} has no listed label");
            }
            match set.as_str() {
                "intents" => {
                    assert!(all_listed(&row, "intents", &INTENTS) && all_listed(&row, "themes", &THEMES), "{id}")
                }
                "claims" => assert!(row["stance"].as_str().is_some_and(|one| STANCES.contains(&one)), "{id}"),
                _ => {}
            }
        }
    }
}

#[test]
fn no_text_to_train_on_is_a_near_copy_of_one_to_test_with() {
    let tested = half("test.jsonl");
    let tested: Vec<(&str, &Value, BTreeSet<String>)> =
        tested.iter().map(|(set, row)| (set.as_str(), row, pieces(text(set, row)))).collect();
    let mut by_piece: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, (.., pieces)) in tested.iter().enumerate() {
        pieces.iter().for_each(|piece| by_piece.entry(piece).or_default().push(at));
    }
    let mut pairs = Vec::new();
    for (set, row) in half("train.jsonl") {
        let pieces = pieces(text(&set, &row));
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for at in pieces.iter().filter_map(|piece| by_piece.get(piece.as_str())).flatten() {
            *shared.entry(*at).or_default() += 1;
        }
        for (at, shared) in shared {
            let (of, other, theirs) = &tested[at];
            if one_model(&set, of) && 2 * shared > pieces.len().min(theirs.len()) {
                pairs.push(format!("{} {}", row["id"], other["id"]));
            }
        }
    }
    assert!(pairs.is_empty(), "remove the row to train on of each: {pairs:?}");
}

fn one_model(left: &str, right: &str) -> bool {
    left == right || (TOGETHER.contains(&left) && TOGETHER.contains(&right))
}

/// All runs of five words; marks of identifiers are no words.
fn pieces(text: &str) -> BTreeSet<String> {
    let folded = folded(&without_marks(text));
    let words: Vec<&str> = folded.split(' ').collect();
    if words.len() < PIECE {
        return BTreeSet::from([folded.clone()]);
    }
    words.windows(PIECE).map(|run| run.join(" ")).collect()
}

/// `[[name:Mary Green]]` as `Mary Green`.
fn without_marks(text: &str) -> String {
    let mut parts = text.split("[[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += part.split_once(':').map_or(part, |(_, rest)| rest);
    }
    out.replace("]]", "")
}

#[test]
fn near_copies_are_told_whatever_their_marks_and_capitals() {
    let left = pieces("Call [[name:Mary Green]] at noon, please do it today");
    let right = pieces("call mary green at NOON please do it tomorrow");
    assert_eq!(left.intersection(&right).count(), 4);
    assert_eq!(pieces("No words"), pieces("no  words!"));
}
