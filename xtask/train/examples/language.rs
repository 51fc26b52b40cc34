//! Measures the model of languages beside others:
//! `BEDSIDE_DATASETS=<folder> cargo run --release -p bedside-train --example language -- evaluate|tweets|speed`, in the
//! root of the repository.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use bedside_train::datasets::Datasets;
use bedside_train::language::report::{self, Reader};
use bedside_understand::language::model::Model;

/// Where the model lies.
const FILE: &str = "data/models/language.bin";

fn main() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "an example of the workshop, not the program")]
    let folder = std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from);
    let datasets = Datasets::new(folder, PathBuf::from("."));
    let mut say = |line: &str| eprintln!("{line}");
    let others: [Reader; 2] = [("whichlang 0.1", &whichlang), ("whatlang 0.18", &whatlang)];
    match std::env::args().nth(1).as_deref() {
        Some("evaluate") => {
            println!("{}", report::evaluate(&datasets, &Model::read(std::fs::read(FILE)?.leak())?, &others)?)
        }
        Some("tweets") => println!("{}", report::tweets(&datasets, &others, &mut say)?),
        Some("speed") => speed(&others),
        _ => bail!("say evaluate, tweets or speed"),
    }
    Ok(())
}

/// The best of many short rounds, since others may use the machine.
fn speed(others: &[Reader]) {
    let text = "I waited three hours for the nurse and nobody could tell me what was wrong!!";
    let ours = |text: &str| bedside_understand::language(text).tag.to_owned();
    for (text, what) in [(text.to_owned(), "76 characters"), (text.repeat(1_000), "76,000 characters")] {
        for (name, read) in std::iter::once(&("Bedside", &ours as &dyn Fn(&str) -> String)).chain(others) {
            let rounds = if text.len() > 1_000 { 3 } else { 2_000 };
            let best = (0..rounds).map(|_| {
                let start = Instant::now();
                for _ in 0..20 {
                    std::hint::black_box(read(std::hint::black_box(&text)));
                }
                start.elapsed() / 20
            });
            println!("{name}, {what}: {:.2?}", best.min().unwrap_or_default());
        }
    }
}

fn whichlang(text: &str) -> String {
    tag(whichlang::detect_language(text).three_letter_code())
}

fn whatlang(text: &str) -> String {
    whatlang::detect(text).map_or_else(|| "und".to_owned(), |found| tag(found.lang().code()))
}

/// The tag of a three-letter code; `und` for languages outside the list.
fn tag(code: &str) -> String {
    const CODES: [(&str, &str); 24] = [
        ("ara", "ar"),
        ("ben", "bn"),
        ("cmn", "zh"),
        ("deu", "de"),
        ("eng", "en"),
        ("fra", "fr"),
        ("hin", "hi"),
        ("ita", "it"),
        ("jpn", "ja"),
        ("kor", "ko"),
        ("nld", "nl"),
        ("pes", "fa"),
        ("fas", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("rus", "ru"),
        ("som", "so"),
        ("spa", "es"),
        ("tgl", "tl"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("vie", "vi"),
        ("zho", "zh"),
    ];
    CODES.iter().find(|(of, _)| *of == code).map_or("und", |(_, tag)| tag).to_owned()
}
