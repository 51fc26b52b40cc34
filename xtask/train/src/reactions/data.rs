//! The sets: sentences of PsyTAR, and ordinary comments.

use anyhow::Result;
use bedside_understand::reactions::dense::HEADS;
use bedside_understand::reactions::looks::Look;
use bedside_understand::reactions::{Passage, Reader};
use bedside_understand::weights::Origin;
use serde::Deserialize;

use super::Knobs;
use crate::datasets::{Datasets, Loaded, firsts};
use crate::nhs;

#[derive(Deserialize)]
struct Sentence {
    text: String,
    label: u8,
    #[serde(rename = "WD")]
    withdrawal: bool,
    #[serde(rename = "EF")]
    benefit: bool,
    #[serde(rename = "INF")]
    failed: bool,
    drug: String,
}

#[derive(Deserialize)]
struct Own {
    text: String,
}

/// A text with what is known of it.
pub struct Case {
    /// What was written.
    pub text: String,
    /// Per head.
    pub truth: [bool; HEADS],
    /// The post it is from.
    pub group: String,
    /// What is seen of it as one sentence: what is learnt from.
    pub look: Look,
    /// What is seen of it when the program reads it: what is measured.
    pub passage: Passage,
    /// The lists tie a reaction to a product.
    pub listed: bool,
    /// It is no sentence of PsyTAR.
    pub ordinary: bool,
    /// What a mistake costs.
    pub weight: f32,
}

impl Case {
    /// A word of it stands in a symptom.
    pub fn seen(&self) -> bool {
        !self.passage.looks.is_empty()
    }

    /// The medicine that it is about.
    pub fn drug(&self) -> String {
        self.group.split('.').next().unwrap_or_default().to_lowercase()
    }
}

/// All sets.
pub struct Sets {
    /// Copies removed; ordinary ones only where a symptom is named.
    pub cases: Vec<Case>,
    /// Where they are from.
    pub origins: Vec<Origin>,
    /// Ordinary texts by set, the ones without a symptom too.
    pub ordinary: Vec<(&'static str, usize)>,
}

/// Loads the sets.
pub fn load(datasets: &Datasets, reader: &Reader, knobs: &Knobs) -> Result<Sets> {
    let loaded: Loaded<Sentence> = datasets.licensed("psytar_sent.train.jsonl", "CC BY 4.0")?;
    let first = firsts(loaded.rows.iter().map(|row| row.text.as_str()));
    let mut sets = Sets { cases: Vec::new(), origins: vec![loaded.origin], ordinary: Vec::new() };
    for (row, _) in loaded.rows.into_iter().zip(first).filter(|(_, first)| *first) {
        sets.cases.push(Case {
            listed: bedside_understand::adverse_by_lists(&row.text),
            look: reader.look_of(&row.text),
            passage: reader.passage_of(&row.text),
            truth: [row.label == 1, row.withdrawal, row.benefit, row.failed],
            group: row.drug,
            text: row.text,
            ordinary: false,
            weight: 1.0,
        });
    }
    let newer = nhs::comments(datasets)?;
    sets.origins.push(newer.origin);
    sets.add(reader, knobs, "nhs", newer.rows.into_iter().map(|row| row.text).collect());
    let older = nhs::older(datasets)?;
    sets.origins.push(older.origin);
    sets.add(reader, knobs, "nhs_older", older.rows.into_iter().map(|row| row.text).collect());
    let own: Loaded<Own> = datasets.annotated("intents", "train")?;
    sets.origins.push(own.origin);
    sets.add(reader, knobs, "intents", own.rows.into_iter().map(|row| row.text).collect());
    Ok(sets)
}

impl Sets {
    /// Adds ordinary texts; each of their sentences that names a symptom is an example of its own.
    fn add(&mut self, reader: &Reader, knobs: &Knobs, name: &'static str, texts: Vec<String>) {
        let first = firsts(texts.iter().map(String::as_str));
        let texts: Vec<String> =
            texts.into_iter().zip(first).filter(|(_, first)| *first).map(|(text, _)| text).collect();
        self.ordinary.push((name, texts.len()));
        for (at, text) in texts.into_iter().enumerate() {
            let passage = reader.passage_of(&text);
            for look in passage.looks.clone() {
                let passage = Passage { looks: vec![look.clone()], doubtful: passage.doubtful };
                self.cases.push(Case {
                    text: text.clone(),
                    truth: [false; HEADS],
                    group: format!("{name}:{at}"),
                    listed: bedside_understand::adverse_by_lists(&text),
                    look,
                    passage,
                    ordinary: true,
                    weight: knobs.ordinary,
                });
            }
        }
    }
}
