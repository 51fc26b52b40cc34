//! The annotated replies as requests to the gate.

use anyhow::Result;
use bedside_guard::{Account, InReplyTo, Request};
use bedside_understand::weights::Origin;
use serde::Deserialize;

use crate::datasets::{Datasets, folded};

/// One annotated draft.
#[derive(Debug, Clone, Deserialize)]
pub struct Reply {
    /// Its id.
    pub id: String,
    /// What is answered.
    pub message: Message,
    /// The draft.
    pub draft: String,
    /// `block` or `safe`.
    pub label: String,
    /// The rules it breaks.
    #[serde(default)]
    pub rules: Vec<String>,
    /// `en` or `es`.
    pub lang: String,
    /// The words that break them, in characters; not every row has them.
    #[serde(default)]
    pub spans: Vec<(usize, usize)>,
}

/// A message.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// Display name of its author.
    #[serde(default)]
    pub author: String,
    /// Its text.
    #[serde(default)]
    pub text: String,
    /// Stars.
    #[serde(default)]
    pub rating: Option<f64>,
}

impl Reply {
    /// Must it be stopped?
    pub fn must_block(&self) -> bool {
        self.label == "block"
    }

    /// The request that the gate gets.
    pub fn request(&self) -> Request {
        Request {
            account: account(),
            in_reply_to: Some(InReplyTo {
                author: self.message.author.clone(),
                text: self.message.text.clone(),
                rating: self.message.rating,
                ..InReplyTo::default()
            }),
            kind: Default::default(),
            visibility: Default::default(),
            now: None,
            draft: self.draft.clone(),
        }
    }
}

/// The account that all drafts were written for.
pub fn account() -> Account {
    Account {
        name: "Lakeside Health".into(),
        phone: Some("(312) 555-0148".into()),
        email: Some("care@lakesidehealth.example".into()),
        url: Some("https://lakesidehealth.example/contact".into()),
        staff: vec!["Dr. Priya Raman".into(), "Tom Okafor".into()],
        sites: vec!["Lakeside Health North Clinic".into(), "410 Shoreline Avenue".into()],
        allowed_urls: ["https://lakesidehealth.example", "https://www.cdc.gov", "https://medlineplus.gov"]
            .map(Into::into)
            .to_vec(),
        country: Some("US".into()),
        ..Account::default()
    }
}

/// Reads a half of the set.
pub fn read(datasets: &Datasets, half: &str) -> Result<(Vec<Reply>, Origin)> {
    let loaded = datasets.annotated("replies", half)?;
    Ok((loaded.rows, loaded.origin))
}

/// The fold of each row: drafts that differ in signs and capitals only lie in one.
pub fn folds(rows: &[Reply], folds: usize) -> Vec<usize> {
    let keys: Vec<(String, String)> = rows.iter().map(|row| (row.id.clone(), folded(&row.draft))).collect();
    crate::datasets::folds(&keys, folds)
}
