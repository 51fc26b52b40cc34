//! Recall and false blocks on drafts written by hand. The tuning half was looked at while the patterns were
//! written; the held-out half was not, until the misses of a first run were read (the first figures stand in
//! tests/data/README.md).

use bedside_guard::{Account, Decision, InReplyTo, Policy, Request, check};

fn request(draft: &str) -> Request {
    Request {
        account: Account {
            name: "Harbor Clinic".into(),
            phone: Some("555-0100".into()),
            email: Some("care@harbor.example".into()),
            url: Some("https://www.harbor.example".into()),
            staff: vec!["Ana Torres".into()],
            sites: vec!["12 Harbor Street".into()],
            allowed_urls: vec!["https://www.cdc.gov".into()],
            ..Account::default()
        },
        in_reply_to: Some(InReplyTo {
            author: "QuietOwl22".into(),
            text: "The waiting room was loud and nobody answered me.".into(),
            ..InReplyTo::default()
        }),
        kind: Default::default(),
        visibility: Default::default(),
        now: None,
        draft: draft.into(),
    }
}

fn rates(part: &str) -> (f64, f64) {
    let read = |name: &str| -> Vec<String> {
        let path = format!("{}/tests/data/{name}_{part}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the sets are part of the repository");
        text.lines()
            .map(|l| {
                serde_json::from_str::<serde_json::Value>(l).expect("a line is JSON")["draft"]
                    .as_str()
                    .expect("a draft")
                    .to_owned()
            })
            .collect()
    };
    let (block, safe) = (read("must_block"), read("safe"));
    let mut missed = 0;
    let mut stopped = 0;
    for draft in &block {
        if check(&request(draft), &Policy::default()).verdict != Decision::Block {
            missed += 1;
            println!("missed: {draft}");
        }
    }
    for draft in &safe {
        let verdict = check(&request(draft), &Policy::default());
        if verdict.verdict == Decision::Block {
            stopped += 1;
            let why: Vec<_> = verdict
                .findings
                .iter()
                .filter(|f| f.severity == Decision::Block)
                .map(|f| (&f.rule, &f.evidence))
                .collect();
            println!("stopped: {draft}\n   {why:?}");
        }
    }
    let (recall, false_block) = (1.0 - f64::from(missed) / block.len() as f64, f64::from(stopped) / safe.len() as f64);
    println!("{part}: recall {recall:.3} (n {}), false block {false_block:.3} (n {})", block.len(), safe.len());
    (recall, false_block)
}

#[test]
fn the_tuning_half_is_told_apart() {
    let (recall, false_block) = rates("tuning");
    assert!(recall >= 0.95 && false_block <= 0.05);
}

#[test]
fn the_held_out_half_is_told_apart() {
    let (recall, false_block) = rates("held_out");
    assert!(recall >= 0.95 && false_block <= 0.05);
}

#[test]
fn drafts_written_after_the_patterns_are_told_apart() {
    let (recall, false_block) = rates("fresh");
    assert!(recall >= 0.95 && false_block <= 0.05);
}

#[test]
fn drafts_written_last_are_told_apart() {
    let (recall, false_block) = rates("fresh2");
    assert!(recall >= 0.95 && false_block <= 0.05);
}
